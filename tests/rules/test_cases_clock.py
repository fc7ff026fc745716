"""The clock of a case: when an answer is due, what is late, what pauses and what does not.

The numbers are those of the requirements: received at 10:00 is due at 10:00 the next day, late only
after it (N40, P13); nights, weekends and holidays count.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.voice.clocks import Calendar, Moment, Target, counted, deadline

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = Target(timedelta(hours=24), timedelta(hours=4))
ALWAYS = Calendar(SHANGHAI)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def moments(*pairs: tuple[str, str]) -> list[Moment]:
    return [Moment(at(when), what) for when, what in pairs]


@pytest.mark.parametrize(
    ("received", "answered", "state"),
    [
        pytest.param("2026-03-02T10:00", "2026-03-03T10:00", "in_time", id="exactly when due"),
        pytest.param("2026-03-02T10:00", "2026-03-03T10:00:01", "late", id="a second after"),
        pytest.param("2026-03-06T18:00", "2026-03-07T17:59", "in_time", id="over a Friday night"),
        pytest.param(
            "2026-03-07T09:00", "2026-03-09T09:00", "late", id="over a weekend: it counts"
        ),
        pytest.param("2026-02-16T23:00", "2026-02-18T08:00", "late", id="over Spring Festival"),
        pytest.param("2026-03-02T10:00", "2026-03-02T10:00", "in_time", id="at once"),
    ],
)
def test_an_answer_is_late_only_after_24_hours_by_the_clock(received, answered, state):
    found = deadline(
        moments((received, "started"), (answered, "stopped")),
        Calendar(SHANGHAI, frozenset({date(2026, 2, 17), date(2026, 3, 8)})),
        DAY,
        now=at("2026-04-01T00:00"),
    )
    assert found.state == state
    assert found.due_at == at(received) + timedelta(hours=24)


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        pytest.param("2026-03-02T10:00", "running", timedelta(hours=24), id="just received"),
        pytest.param(
            "2026-03-03T08:18", "running", timedelta(hours=1, minutes=42), id="1 h 42 left"
        ),
        pytest.param("2026-03-03T10:00", "running", timedelta(0), id="due this very instant"),
        pytest.param("2026-03-03T10:25", "overdue", timedelta(minutes=-25), id="25 minutes over"),
    ],
)
def test_while_nobody_answers_the_time_left_runs_down(now, state, left):
    found = deadline(moments(("2026-03-02T10:00", "started")), ALWAYS, DAY, now=at(now))
    assert (found.state, found.left) == (state, left)
    assert found.warn_at == at("2026-03-03T06:00")


def test_a_public_post_runs_from_when_it_was_posted_so_it_may_be_late_on_arrival():
    found = deadline(
        moments(("2026-03-01T08:00", "started")), ALWAYS, DAY, now=at("2026-03-02T09:00")
    )
    assert found.state == "overdue"


def test_a_day_with_a_clock_change_still_has_24_hours_by_the_clock():
    london = ZoneInfo("Europe/London")
    received = at("2026-03-28T20:00", london)
    found = deadline([Moment(received, "started")], Calendar(london), DAY, now=received)
    # The clocks go forward on 29 March: 24 hours later the wall clock shows 21:00.
    assert found.due_at is not None
    assert found.due_at.astimezone(london).hour == 21


def test_nothing_but_the_answer_stops_the_clock_of_an_answer():
    found = deadline(
        moments(
            ("2026-03-02T10:00", "started"),
            ("2026-03-02T11:00", "paused"),
            ("2026-03-02T15:00", "resumed"),
        ),
        ALWAYS,
        DAY,
        now=at("2026-03-02T16:00"),
    )
    assert found.due_at == at("2026-03-03T10:00")
    assert "no_pause" in [line.code for line in found.explanation]


def test_reopening_begins_a_whole_new_clock_and_keeps_the_old_one():
    found = deadline(
        moments(
            ("2026-03-02T10:00", "started"),
            ("2026-03-03T12:00", "stopped"),
            ("2026-03-05T09:00", "restarted"),
        ),
        ALWAYS,
        DAY,
        now=at("2026-03-05T10:00"),
    )
    assert found.due_at == at("2026-03-06T09:00")
    first, second = found.rounds
    assert (first.elapsed, second.elapsed) == (timedelta(hours=26), timedelta(hours=1))
    assert first.due_at == at("2026-03-03T10:00")


def test_an_answer_that_did_not_arrive_never_stopped_the_clock():
    found = deadline(
        moments(
            ("2026-03-02T10:00", "started"),
            ("2026-03-02T12:00", "stopped"),
            ("2026-03-03T11:00", "voided"),
        ),
        ALWAYS,
        DAY,
        now=at("2026-03-03T11:30"),
    )
    assert (found.state, found.due_at) == ("overdue", at("2026-03-03T10:00"))
    assert found.elapsed == timedelta(hours=25, minutes=30)
    assert "voided" in [line.code for line in found.explanation]


WEEK = Target(timedelta(days=2), counts="open_days", pauses=True)


@pytest.mark.parametrize(
    ("events", "due"),
    [
        pytest.param([("2026-03-02T10:00", "started")], "2026-03-04T10:00", id="two open days"),
        pytest.param([("2026-03-06T10:00", "started")], "2026-03-10T10:00", id="a closed weekend"),
        pytest.param([("2026-03-07T15:00", "started")], "2026-03-11T00:00", id="begun when closed"),
        pytest.param(
            [
                ("2026-03-02T10:00", "started"),
                ("2026-03-02T22:00", "paused"),
                ("2026-03-04T10:00", "resumed"),
            ],
            "2026-03-05T22:00",
            id="paused for a day and a half",
        ),
    ],
)
def test_open_days_leave_out_closed_days_and_pauses(events, due):
    weekend = frozenset({date(2026, 3, 7), date(2026, 3, 8)})
    found = deadline(
        moments(*events), Calendar(SHANGHAI, weekend, "2/2026"), WEEK, now=at("2026-03-12T00:00")
    )
    assert found.due_at == at(due)
    assert found.explanation[1].facts["version"] == "2/2026"


def test_while_it_stands_still_there_is_no_deadline():
    found = deadline(
        moments(("2026-03-02T10:00", "started"), ("2026-03-02T16:00", "paused")),
        ALWAYS,
        WEEK,
        now=at("2026-03-20T00:00"),
    )
    assert (found.state, found.due_at) == ("paused", None)
    assert found.left == timedelta(hours=42)


def test_a_company_that_never_opens_has_no_deadline():
    never = Calendar(SHANGHAI, frozenset(date(2026, 1, 1) + timedelta(n) for n in range(4_000)))
    found = deadline(
        moments(("2026-03-02T10:00", "started")), never, WEEK, now=at("2026-03-02T10:00")
    )
    assert found.due_at is None


def test_a_clock_that_never_started_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="never started"):
        deadline([], ALWAYS, DAY, now=at("2026-03-02T10:00"))


hours = st.integers(min_value=0, max_value=2_000)


@given(start=hours, length=hours, cut=st.floats(0, 1))
def test_counted_time_adds_up_however_it_is_cut(start, length, cut):
    """The open time of a span is the open time of its two parts, whatever days are closed."""
    closed = frozenset(date(2026, 1, 1) + timedelta(n) for n in range(0, 200, 3))
    calendar = Calendar(ZoneInfo("Europe/London"), closed)
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=start)
    ends = begins + timedelta(hours=length)
    middle = begins + timedelta(seconds=round(length * 3600 * cut))
    parts = [counted(begins, middle, calendar, "open_days")]
    parts.append(counted(middle, ends, calendar, "open_days"))
    assert sum(parts, timedelta()) == counted(begins, ends, calendar, "open_days")


@given(start=hours, limit=st.integers(min_value=1, max_value=240))
def test_until_the_deadline_exactly_the_limit_is_counted(start, limit):
    closed = frozenset(date(2026, 1, 1) + timedelta(n) for n in range(0, 400, 2))
    calendar = Calendar(ZoneInfo("Europe/London"), closed)
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=start)
    target = Target(timedelta(hours=limit), counts="open_days")
    found = deadline([Moment(begins, "started")], calendar, target, now=begins)
    assert found.due_at is not None
    assert counted(begins, found.due_at, calendar, "open_days") == timedelta(hours=limit)
