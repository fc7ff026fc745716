"""The clocks of cases: when an answer is due, how much of the time is used, and why. Pure.

The clock of an answer counts every hour, nights and holidays too (P13: 24 hours are clock time).
The clock of closing counts the days on which the company is open. Both are the same function with
another target; a target may also let pauses count, and then the clock stands still in them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from huitou.kit.clock import civil_day

EVERY_HOUR: Final = "every_hour"
OPEN_DAYS: Final = "open_days"
LONGEST_SEARCH_DAYS: Final = 3_660  # a calendar without any open day in ten years has no deadline

STARTED: Final = "started"
PAUSED: Final = "paused"
RESUMED: Final = "resumed"
STOPPED: Final = "stopped"
RESTARTED: Final = "restarted"
VOIDED: Final = "voided"  # what stopped it did not happen after all: it never stood still

RUNNING: Final = "running"
STANDING: Final = "paused"
OVERDUE: Final = "overdue"
IN_TIME: Final = "in_time"
LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class Target:
    """How long something may take: ``limit`` of counted time, with a warning ``warn`` before.

    ``counts`` is ``every_hour`` or ``open_days``; ``pauses`` says whether a pause stops the clock.
    """

    limit: timedelta
    warn: timedelta = timedelta(0)
    counts: str = EVERY_HOUR
    pauses: bool = False

    def __post_init__(self) -> None:
        if self.limit <= timedelta(0) or not timedelta(0) <= self.warn <= self.limit:
            raise ValueError("a target needs a limit above zero and a warning inside it")
        if self.counts not in {EVERY_HOUR, OPEN_DAYS}:
            raise ValueError(f"{self.counts!r} is no way of counting")


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version of the days on which the company is open; a day without a row is open."""

    zone: ZoneInfo
    closed_on: frozenset[date] = frozenset()
    version: str = ""

    def is_open(self, day: date) -> bool:
        """Whether hours of this civil day count."""
        return day not in self.closed_on


class Moment(NamedTuple):
    """Something that moves a clock: started, paused, resumed, stopped, restarted or voided."""

    at: datetime
    what: str


class Line(NamedTuple):
    """One line of an explanation: a code and its facts; doors have the words."""

    code: str
    facts: Mapping[str, Any]


class Round(NamedTuple):
    """One run of the clock, from a start to a stop; the last one may still run."""

    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Deadline:
    """Where a clock stands. ``due_at`` is None while it stands still; ``left`` is negative when
    over."""

    state: str  # running, paused, overdue, in_time, late
    due_at: datetime | None
    warn_at: datetime | None
    stopped_at: datetime | None
    elapsed: timedelta
    left: timedelta
    rounds: tuple[Round, ...]
    explanation: tuple[Line, ...]

    @property
    def share(self) -> float:
        """How much of the allowed time is used: 0 at the start, 1 when due, more when over."""
        whole = self.elapsed + self.left
        return self.elapsed / whole if whole else 1.0


@dataclass(slots=True)
class _Run:
    """A round while it is read."""

    started_at: datetime
    counting_since: datetime | None
    elapsed: timedelta = timedelta(0)
    stopped_at: datetime | None = None
    lines: list[Line] = field(default_factory=list)


def deadline(
    events: Iterable[Moment], calendar: Calendar, target: Target, *, now: datetime
) -> Deadline:
    """Where the clock that ``events`` move stands at ``now``.

    Args:
        events: in any order; of equal instants the given order stands. The first is a start.
            A restart begins a new round with the whole limit; earlier rounds stay in ``rounds``.
        now: what happens after it is not looked at.

    Returns:
        The deadline of the latest round. An answer exactly at ``due_at`` is in time; late and
        overdue begin after it.

    Raises:
        ValueError: no start, or a naive instant.
    """
    # In UTC, because adding to a wall-clock time is wrong across a change of the clocks.
    moments = [Moment(_utc(moment.at), moment.what) for moment in events]
    now = _utc(now)
    runs = _read(sorted(moments, key=lambda moment: moment.at), calendar, target, now)
    rounds = tuple(_round(run, calendar, target, now) for run in runs)
    last, run = rounds[-1], runs[-1]
    left = target.limit - last.elapsed
    state = _state(last, left)
    warn_at = None
    if state in {RUNNING, OVERDUE} and run.counting_since is not None:
        warn_at = _advance(run.counting_since, _left(run, target) - target.warn, calendar, target)
    return Deadline(
        state=state,
        due_at=last.due_at,
        warn_at=warn_at,
        stopped_at=last.stopped_at,
        elapsed=last.elapsed,
        left=left,
        rounds=rounds,
        explanation=tuple(_explanation(run, last, left, calendar, target)),
    )


def counted(start: datetime, end: datetime, calendar: Calendar, counts: str) -> timedelta:
    """How much of the time from ``start`` to ``end`` counts."""
    if counts == EVERY_HOUR:
        return end - start
    total = timedelta(0)
    for begins, ends in _open_spans(start, calendar, until=end):
        total += ends - begins
    return total


def _left(run: _Run, target: Target) -> timedelta:
    """What was left of the limit when the round last began to count."""
    return target.limit - run.elapsed


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("the moments of a clock are aware")
    return instant.astimezone(UTC)


def _read(events: list[Moment], calendar: Calendar, target: Target, now: datetime) -> list[_Run]:
    runs: list[_Run] = []
    for at, what in events:
        if at > now:
            break
        if what in {STARTED, RESTARTED} and (not runs or runs[-1].stopped_at is not None):
            runs.append(_Run(at, at))
        elif what == VOIDED and runs:
            runs[-1].stopped_at = None
            runs[-1].lines.append(Line("voided", {"at": at}))
        elif runs and runs[-1].stopped_at is None:
            _move(runs[-1], at, what, calendar, target)
    if not runs:
        raise ValueError("a clock that never started has no deadline")
    return runs


def _move(run: _Run, at: datetime, what: str, calendar: Calendar, target: Target) -> None:
    if what == PAUSED and target.pauses and run.counting_since is not None:
        run.elapsed += counted(run.counting_since, at, calendar, target.counts)
        run.counting_since = None
        run.lines.append(Line("paused", {"at": at}))
    elif what == RESUMED and run.counting_since is None:
        run.counting_since = at
        run.lines.append(Line("resumed", {"at": at}))
    elif what == STOPPED:
        run.stopped_at = at


def _round(run: _Run, calendar: Calendar, target: Target, now: datetime) -> Round:
    if run.counting_since is None:
        return Round(run.started_at, None, run.stopped_at, run.elapsed)
    end = run.stopped_at or now
    due_at = _advance(run.counting_since, _left(run, target), calendar, target)
    elapsed = run.elapsed + counted(run.counting_since, end, calendar, target.counts)
    return Round(run.started_at, due_at, run.stopped_at, elapsed)


def _state(last: Round, left: timedelta) -> str:
    if last.stopped_at is not None:
        return LATE if left < timedelta(0) else IN_TIME
    if last.due_at is None:
        return STANDING
    return OVERDUE if left < timedelta(0) else RUNNING


def _advance(
    start: datetime, amount: timedelta, calendar: Calendar, target: Target
) -> datetime | None:
    """The instant when ``amount`` of counted time has passed since ``start``."""
    if target.counts == EVERY_HOUR or amount <= timedelta(0):
        return start + amount
    for begins, ends in _open_spans(start, calendar):
        if amount <= ends - begins:
            return begins + amount
        amount -= ends - begins
    return None


def _open_spans(
    start: datetime, calendar: Calendar, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """The open part of each day from ``start``, in UTC; a day with a clock change has its own
    length."""
    day = civil_day(start, calendar.zone)
    for _ in range(LONGEST_SEARCH_DAYS):
        begins = max(_midnight(day, calendar.zone), start.astimezone(UTC))
        if until is not None and begins >= until:
            return
        ends = _midnight(day + timedelta(1), calendar.zone)
        if until is not None:
            ends = min(ends, until.astimezone(UTC))
        if calendar.is_open(day) and begins < ends:
            yield begins, ends
        day += timedelta(1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _explanation(
    run: _Run, last: Round, left: timedelta, calendar: Calendar, target: Target
) -> Iterator[Line]:
    hours = target.limit / timedelta(hours=1)
    yield Line("begun", {"at": run.started_at})
    if target.counts == EVERY_HOUR:
        yield Line("every_hour", {"hours": hours})
    else:
        yield Line("open_days", {"days": hours / 24, "version": calendar.version})
    yield from run.lines
    if not target.pauses:
        yield Line("no_pause", {})
    if last.due_at is not None:
        yield Line("due", {"at": last.due_at})
    if last.stopped_at is not None:
        yield Line("stopped", {"at": last.stopped_at, "used": last.elapsed})
    if left < timedelta(0):
        yield Line("over", {"by": -left})
