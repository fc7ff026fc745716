"""What members and cashiers read and type: rules, reasons of points, amounts, codes."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.utils import translation

from huitou.console.till_forms import amounts
from huitou.customers import codes
from huitou.kit.money import Currency
from huitou.programmes.types import Expiry, ExpiryKind, Rules, Tier
from huitou.ui import points_words, rule_words

CNY = Currency("CNY")
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
GOLD = Tier("gold", "黄金", "Gold", 2_000, multiplier_percent=150)
RULES = Rules(points_per_major=Fraction(1), tiers=(Tier("basic", "普通", "Basic", 0), GOLD))


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        pytest.param("28", [2_800], id="whole yuan"),
        pytest.param(" 28.5 ", [2_850], id="one decimal"),
        pytest.param("28 + 32.50", [2_800, 3_250], id="two amounts"),
        pytest.param("¥1,280.00", [128_000], id="as a receipt writes it"),
        pytest.param("２８＋３", [2_800, 300], id="full-width signs of a Chinese keyboard"),
        pytest.param("1+", [100], id="a plus too many"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, minor):
    assert amounts(typed, CNY) == minor


@pytest.mark.parametrize("typed", ["", "+", "-5", "0", "1.999", "1e3", "NaN", "abc", "1+x"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match=r".+"):
        amounts(typed, CNY)


def test_the_rules_read_as_sentences_in_both_languages():
    with translation.override("en"):
        english = rule_words.sentences(RULES, "CNY")
    with translation.override("zh-hans"):
        chinese = rule_words.sentences(RULES, "CNY")
    assert english[0] == "Every ¥1 you pay earns 1 point."
    assert chinese[0] == "每消费 ¥1 得 1 分。"
    assert any("12 个月" in sentence for sentence in chinese)


def test_a_rate_below_one_names_what_earns_a_point_and_a_broken_one_its_decimals():
    with translation.override("en"):
        tenth = rule_words.sentences(Rules(Fraction(1, 10)), "CNY")
        odd = rule_words.sentences(Rules(Fraction(3, 2)), "CNY")
    assert tenth[0] == "Every ¥10 you pay earns 1 point."
    assert odd[0] == "Every ¥1 you pay earns 1.5 points."


def test_a_tier_is_called_as_the_reader_speaks():
    with translation.override("zh-hans"):
        assert rule_words.tier_name(GOLD) == "黄金"
    with translation.override("en"):
        assert rule_words.tier_name(GOLD) == "Gold"


@pytest.mark.parametrize(
    ("expiry", "said"),
    [
        (Expiry(ExpiryKind.NEVER), "积分不到期。"),
        (Expiry(ExpiryKind.ROLLING, months=24), "24 个月"),
        (Expiry(ExpiryKind.FIXED, month=12, day=31), "12 月 31 日"),
    ],
)
def test_every_kind_of_expiry_is_said(expiry, said):
    with translation.override("zh-hans"):
        assert said in rule_words.expiry(expiry)


def test_a_tier_says_what_it_asks_and_gives():
    with translation.override("zh-hans"):
        assert rule_words.tier_sentence(GOLD, RULES) == "12 个月内满 2,000 分 · 积分 1.5 倍"


ORDER = {
    "what": "order",
    "base_minor": 4_860,
    "points_per_major": "1",
    "rounding": "floor",
    "multiplier_percent": 150,
    "qualifying": 48,
    "points": 72,
    "tier": "gold",
}


def test_the_sum_behind_an_order_ends_with_its_points():
    terms = points_words.Terms("CNY", {"gold": "Gold"})
    with translation.override("en"):
        lines = points_words.receipt(72, ORDER, terms)
        assert points_words.title("award", 72, ORDER, terms) == "Purchase of ¥48.60"
    assert [(line.words, line.figure) for line in lines] == [
        ("¥48.60 × 1 points, rounded down", "48"),
        ("Gold members get 1.5 times the points", "+24"),
        ("Total", "+72"),
    ]


def test_a_refund_says_what_had_been_earned_before():
    why = {**ORDER, "what": "order_changed", "base_minor": 0, "qualifying": 0, "points": 0}
    why |= {"multiplier_percent": 100, "points_before": 72}
    with translation.override("en"):
        lines = points_words.receipt(-72, why, points_words.Terms())
    assert [line.figure for line in lines] == ["0", "−72", "−72"]


def test_what_nobody_explained_has_no_receipt():
    assert points_words.receipt(-5, {}, points_words.Terms()) == []


def test_a_code_is_six_digits_and_forgives_how_it_is_typed():
    code = codes.new_code()
    assert len(code) == 6
    assert code.isdigit()
    assert codes.typed(" 12 34-５６ ") == "123456"


def test_a_code_counts_for_ten_minutes_less_an_instant():
    assert not codes.is_over(NOW, now=NOW + timedelta(minutes=10) - timedelta(microseconds=1))
    assert codes.is_over(NOW, now=NOW + timedelta(minutes=10))


def test_a_digest_of_six_digits_cannot_be_made_without_the_key():
    assert codes.keyed_digest("a", "123456") != codes.keyed_digest("b", "123456")
    assert codes.keyed_digest("a", "12", "3") != codes.keyed_digest("a", "1", "23")
