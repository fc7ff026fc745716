"""Answers as files write them: codes or Chinese words, and no number without its scale."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from huitou.voice.rules import REASONS, answer_in, scale
from huitou.voice.types import Rejected, Scale

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def read(on_scale=None, **cells):
    row = {"customer": "C1", "answered_at": "2026-06-01", "satisfaction": "满意", **cells}
    return answer_in(row, line=2, zone=ZONE, on_scale=on_scale, now=NOW)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("很满意", "very_satisfied"),
        ("比较满意", "fairly_satisfied"),
        ("满意", "satisfied"),
        ("不满意", "dissatisfied"),
        ("很不满意", "very_dissatisfied"),
        ("very_satisfied", "very_satisfied"),
        ("Satisfied", "satisfied"),
    ],
)
def test_satisfaction_is_a_word_of_the_glossary(text, code):
    assert read(satisfaction=text).satisfaction == code


@pytest.mark.parametrize(
    ("named", "number", "code"),
    [
        ("1-5", "5", "very_satisfied"),
        ("1-5", "1", "very_dissatisfied"),
        ("1-5", "3", "satisfied"),
        ("5-1", "1", "very_satisfied"),
        ("0-4", "4", "very_satisfied"),
        ("1-5", "4.0", "fairly_satisfied"),
    ],
)
def test_a_number_means_what_the_named_scale_says(named, number, code):
    assert read(scale(named), satisfaction=number).satisfaction == code


@pytest.mark.parametrize("text", ["0-10", "1-7", "1-3", "five", "5"])
def test_a_scale_without_five_steps_is_none(text):
    assert scale(text) is None


def test_a_scale_has_a_direction():
    assert (scale("1-5"), scale("5-1")) == (Scale(1, 5), Scale(5, 1))


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.85", 0.85), ("85%", 0.85), ("85％", 0.85), ("1", 1.0), ("0", 0.0), ("0.5%", 0.005)],
)
def test_a_probability_is_a_share_or_a_percentage_with_its_sign(text, share):
    assert read(repurchase_probability=text).repurchase_probability == pytest.approx(share)


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        pytest.param(
            {"satisfaction": "5"}, "satisfaction", "scale_needed", id="a number without a scale"
        ),
        pytest.param(
            {"satisfaction": "一般"}, "satisfaction", "not_a_satisfaction", id="the neutral one"
        ),
        pytest.param(
            {"repurchase_probability": "85"},
            "repurchase_probability",
            "not_a_probability",
            id="85 of what",
        ),
        pytest.param(
            {"repurchase_probability": "NaN"},
            "repurchase_probability",
            "not_a_probability",
            id="NaN",
        ),
        pytest.param(
            {"recommendation": "9"}, "recommendation", "not_a_recommendation", id="nine of ten"
        ),
        pytest.param({"prefers_us": "perhaps"}, "prefers_us", "not_a_yes_or_no", id="perhaps"),
        pytest.param({"benefit_staff": "6"}, "benefit_staff", "not_an_item", id="six of five"),
        pytest.param(
            {"reason_to_stay": "love"}, "reason_to_stay", "not_a_reason_to_stay", id="love"
        ),
        pytest.param({"answered_at": "2026-02-30"}, "answered_at", "not_a_date", id="30 February"),
        pytest.param({"answered_at": "2027-01-01"}, "answered_at", "in_the_future", id="next year"),
        pytest.param({"answered_at": "0001-01-01"}, "answered_at", "too_early", id="the year 1"),
        pytest.param({"satisfaction": ""}, "satisfaction", "says_nothing", id="no answer at all"),
        pytest.param({"customer": ""}, "customer", "empty", id="nobody"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_rejected(cells, field, reason):
    found = read(**cells)
    assert isinstance(found, Rejected)
    assert (found.field, found.reason) == (field, reason)
    assert reason in REASONS


def test_a_number_off_the_named_scale_is_rejected():
    assert read(Scale(1, 5), satisfaction="6").reason == "off_scale"
    assert read(Scale(1, 5), satisfaction="4.5").reason == "off_scale"


def test_the_day_of_an_answer_is_the_companys():
    found = read(answered_at="2026-05-31 16:30:00+00:00")
    assert (found.answered_at, found.answered_on) == (
        datetime(2026, 5, 31, 16, 30, tzinfo=UTC),
        date(2026, 6, 1),
    )
    assert read(answered_at="2026-06-01").answered_at == datetime(2026, 6, 1, 4, tzinfo=UTC)


def test_chinese_words_are_codes():
    found = read(
        recommendation="有可能",
        prefers_us="是",
        resists_offers="否",
        reason_to_stay="方便",
        cost_time="3",
    )
    assert (found.recommendation, found.prefers_us, found.resists_offers) == (
        "possible",
        True,
        False,
    )
    assert (found.reason_to_stay, found.items["cost_time"]) == ("convenience", 3)
