"""The six steps of a case: their limits, what each needs, what the customer sees of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huitou.voice import steps
from huitou.voice.clocks import Calendar

LIMITS = steps.Limits([1, 4, 8, 20, 24], close_days=7, warn_hours=4)
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"))
TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Shanghai


def test_there_are_six_steps_in_the_order_of_the_text():
    assert steps.STEPS == ("collect", "classify", "summarise", "handle", "answer", "close")


@pytest.mark.parametrize(
    ("step", "begun_after", "due_after"),
    [
        pytest.param("collect", 0, 1, id="collected within the first hour"),
        pytest.param("handle", 2, 20, id="begun early: the limit counts from receipt"),
        pytest.param("handle", 19, 20, id="begun late: no more time for it"),
        pytest.param("answer", 20, 24, id="the answer ends with the 24 hours"),
        pytest.param("close", 30, 30 + 7 * 24, id="closing has its own days, from the answer"),
    ],
)
def test_each_step_has_a_limit(step, begun_after, due_after):
    due = steps.due_of(
        step,
        kind="complaint",
        clock_from=TEN,
        begun_at=TEN + timedelta(hours=begun_after),
        limits=LIMITS,
        calendar=CALENDAR,
    )
    assert due == TEN + timedelta(hours=due_after)


def test_praise_has_no_clock_and_no_limits():
    due = steps.due_of(
        "answer", kind="praise", clock_from=TEN, begun_at=TEN, limits=LIMITS, calendar=CALENDAR
    )
    assert due is None
    assert not steps.has_clock("praise")


@pytest.mark.parametrize(
    ("kind", "topic", "remedy", "missing"),
    [
        pytest.param("complaint", "", "", ("topic", "remedy"), id="a complaint needs both"),
        pytest.param("complaint", "delivery", "", ("remedy",), id="cause and remedy first"),
        pytest.param("complaint", "delivery", "sent again", (), id="all there"),
        pytest.param("enquiry", "", "", (), id="a question can be answered at once"),
        pytest.param("praise", "", "", (), id="so can praise"),
    ],
)
def test_what_must_be_done_before_the_answer(kind, topic, remedy, missing):
    found = steps.missing_for_answer(kind=kind, has_owner=True, topic=topic, remedy=remedy)
    assert found == missing


def test_nobody_answers_for_a_case_without_a_person_in_charge():
    found = steps.missing_for_answer(kind="enquiry", has_owner=False, topic="", remedy="")
    assert found == ("owner",)


@pytest.mark.parametrize(
    ("is_answered", "open_promises", "missing"),
    [
        pytest.param(False, 0, ("answer",), id="no answer, no end"),
        pytest.param(True, 1, ("promises",), id="a promise still open"),
        pytest.param(False, 2, ("answer", "promises"), id="both"),
        pytest.param(True, 0, (), id="answered and kept"),
    ],
)
def test_a_case_ends_only_with_its_answer_and_its_promises(is_answered, open_promises, missing):
    found = steps.missing_for_close(is_answered=is_answered, open_promises=open_promises)
    assert found == missing


@pytest.mark.parametrize(
    ("closed", "answered", "replied", "listed"),
    [
        pytest.param(False, False, False, "waiting", id="nobody has said a word"),
        pytest.param(False, False, True, "working", id="a first word, no answer"),
        pytest.param(False, True, True, "confirming", id="answered: the customer's turn"),
        pytest.param(True, True, True, "closed", id="done"),
    ],
)
def test_every_case_stands_on_exactly_one_list(closed, answered, replied, listed):
    found = steps.list_of(is_closed=closed, is_answered=answered, is_replied=replied)
    assert found == listed


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(
            "外送两杯手冲，一杯洒了。电话没人接。", "外送两杯手冲，一杯洒了", id="one sentence"
        ),
        pytest.param("等了太久!!", "等了太久", id="without its mark"),
        pytest.param("a" * 60, "a" * 39 + "…", id="cut where it is long"),
        pytest.param("  多行\n文字 ", "多行 文字", id="lines become one"),
    ],
)
def test_a_case_is_called_by_the_customers_own_words(text, title):
    assert steps.title_of(text) == title


def test_steps_between_are_passed_one_by_one():
    assert steps.passed("classify", "answer") == ("summarise", "handle", "answer")
    assert steps.passed("close", "answer") == ()


def test_a_clock_is_looked_at_at_its_warning_and_right_after_its_end():
    warn, due = TEN + timedelta(hours=20), TEN + timedelta(hours=24)
    assert steps.next_look(warn_at=warn, due_at=due, now=TEN) == warn
    late = steps.next_look(warn_at=warn, due_at=due, now=warn)
    assert late == due + timedelta(microseconds=1)
    assert steps.next_look(warn_at=warn, due_at=due, now=due + timedelta(seconds=1)) is None
