"""The six steps of a case and what each needs; lists, titles and limits. Pure.

Source: collect, classify, summarise, handle, answer, close, each with a time limit and a
responsible person (收集→分类→汇总→处理→反馈→闭环).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from huitou.voice import clocks

COLLECT: Final = "collect"
CLASSIFY: Final = "classify"
SUMMARISE: Final = "summarise"
HANDLE: Final = "handle"
ANSWER: Final = "answer"
CLOSE: Final = "close"
STEPS: Final = (COLLECT, CLASSIFY, SUMMARISE, HANDLE, ANSWER, CLOSE)

COMPLAINT: Final = "complaint"
PRAISE: Final = "praise"

WAITING: Final = "waiting"
WORKING: Final = "working"
CONFIRMING: Final = "confirming"
CLOSED: Final = "closed"

# Which events of a case move the clock of its answer; what is not named here moves none.
ANSWER_CLOCK: Final = {
    "received": clocks.STARTED,
    "reopened": clocks.RESTARTED,
    "answered": clocks.STOPPED,
    "answer_lost": clocks.VOIDED,
}
TITLE_LENGTH: Final = 40  # characters of the customer's own words that name a case in a list


class Limits(NamedTuple):
    """How long each step may take: the first five in hours since the clock began, closing in open
    days since the answer; ``warn_hours`` before the answer is due the warning comes."""

    step_hours: Sequence[int]  # collect, classify, summarise, handle, answer: rising
    close_days: int
    warn_hours: int

    @property
    def answer(self) -> clocks.Target:
        """The clock of the answer: every hour counts, nothing stops it (P13)."""
        hours = self.step_hours[4]
        warn = timedelta(hours=min(self.warn_hours, hours))
        return clocks.Target(timedelta(hours=hours), warn)

    @property
    def close(self) -> clocks.Target:
        """The clock of closing: days on which the company is open, from the answer."""
        return clocks.Target(timedelta(days=self.close_days), counts=clocks.OPEN_DAYS)


def has_clock(kind: str) -> bool:
    """Whether a case of this kind must be answered in time: praise gets thanks, no clock."""
    return kind != PRAISE


def due_of(
    step: str,
    *,
    kind: str,
    clock_from: datetime,
    begun_at: datetime,
    limits: Limits,
    calendar: clocks.Calendar,
) -> datetime | None:
    """When ``step`` should be done; None = no limit.

    The first five count from the start of the clock, so that they fit into the time of the answer
    however long one of them took; closing counts from its own beginning.
    """
    if not has_clock(kind):
        return None
    if step != CLOSE:
        return clock_from + timedelta(hours=limits.step_hours[STEPS.index(step)])
    begun = [clocks.Moment(begun_at, clocks.STARTED)]
    return clocks.deadline(begun, calendar, limits.close, now=begun_at).due_at


def passed(current: str, reached: str) -> tuple[str, ...]:
    """The steps entered on the way from ``current`` to ``reached``, the last one included."""
    return STEPS[STEPS.index(current) + 1 : STEPS.index(reached) + 1]


def missing_for_answer(*, kind: str, has_owner: bool, topic: str, remedy: str) -> tuple[str, ...]:
    """What is still missing before the customer can get the result: a complaint needs its topic,
    a person in charge and a remedy; everything else only a person."""
    wanted = {"owner": has_owner}
    if kind == COMPLAINT:
        wanted |= {"topic": bool(topic), "remedy": bool(remedy)}
    return tuple(name for name, there in wanted.items() if not there)


def missing_for_close(*, is_answered: bool, open_promises: int) -> tuple[str, ...]:
    """What keeps a case open: no answer given, or a promise neither kept nor taken back."""
    reasons = []
    if not is_answered:
        reasons.append("answer")
    if open_promises:
        reasons.append("promises")
    return tuple(reasons)


def list_of(*, is_closed: bool, is_answered: bool, is_replied: bool) -> str:
    """The list a case stands on: waiting, working, confirming, closed."""
    if is_closed:
        return CLOSED
    if is_answered:
        return CONFIRMING
    return WORKING if is_replied else WAITING


def customer_sees(*, is_closed: bool, is_answered: bool, has_owner: bool, step: str) -> str:
    """One of the four things the customer sees, and whether somebody is named: received, named,
    working, answered, closed."""
    if is_closed:
        return "closed"
    if is_answered:
        return "answered"
    if step in {SUMMARISE, HANDLE, ANSWER}:
        return "working"
    return "named" if has_owner else "received"


def title_of(text: str) -> str:
    """A case in one line of a list: its first sentence, cut where it is long."""
    first = " ".join(text.split())
    for mark in "。！？!?；;\n":
        first = first.split(mark, 1)[0]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1].rstrip() + "…"


def next_look(
    *, warn_at: datetime | None, due_at: datetime | None, now: datetime
) -> datetime | None:
    """When the clock of a case must be looked at again: at its warning, then right after it is
    due."""
    late_at = due_at + timedelta(microseconds=1) if due_at is not None else None
    ahead = [at for at in (warn_at, late_at) if at is not None and at > now]
    return min(ahead, default=None)
