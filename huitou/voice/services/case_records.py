"""The record of one case: its lock, its steps, its events, and the rules in force when it began.

Every write of a case goes the same way: lock its row, ask the rules, store, append what happened,
record the fact.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from huitou.kit.clock import civil_day, zone
from huitou.staff import queries as staff
from huitou.voice import clocks, errors, models, steps
from huitou.voice.types import LONGEST_TEXT

_SETTINGS: Final = ("case_step_hours", "case_close_days", "case_warn_hours")


class Rulebook(NamedTuple):
    """The limits and the calendar in force on one day."""

    limits: steps.Limits
    calendar: clocks.Calendar


def rulebook(now: datetime) -> Rulebook:
    """The limits and the calendar in force at ``now``."""
    company = staff.company()
    where = zone(company.zone if company else "UTC")
    today = civil_day(now, where)
    values = {row.name: row.value for row in staff.settings_on(today) if row.name in _SETTINGS}
    limits = steps.Limits(
        values["case_step_hours"], values["case_close_days"], values["case_warn_hours"]
    )
    closed = [row.day_on for row in staff.store_calendar() if row.store_id is None]
    version = f"{len(closed)}/{max(closed).isoformat()}" if closed else ""
    return Rulebook(limits, clocks.Calendar(where, frozenset(closed), version))


def locked(public_id: str, *, open_only: bool = True) -> models.Case:
    """The case, locked until the end of the transaction.

    Raises:
        CaseMissing: there is none of this number.
        CaseClosed: it is closed, and ``open_only``.
    """
    case = models.Case.objects.select_for_update().filter(public_id=public_id).first()
    if case is None:
        raise errors.CaseMissing(case=public_id)
    if open_only and case.closed_at is not None:
        raise errors.CaseClosed(case=public_id)
    return case


def with_token(token: str) -> str:
    """The number of the case that this link follows.

    Raises:
        CaseMissing: the link leads nowhere.
    """
    found = models.Case.objects.filter(token=token).values_list("public_id", flat=True).first()
    if not token or found is None:
        raise errors.CaseMissing(case="")
    return found


def note(case: models.Case, what: str, *, actor: str, at: datetime, **facts: Any) -> None:
    """Append what happened: codes, ids and numbers."""
    models.CaseEvent.objects.create(
        case=case, round=case.round, at=at, what=what, actor=actor, facts=facts
    )


def enter(case: models.Case, to: str, *, rules: Rulebook, actor: str, at: datetime) -> None:
    """Go on to step ``to``, through the steps between; the case is not saved here."""
    for step in steps.passed(case.step, to):
        begin(case, step, rules=rules, actor=actor, at=at)


def begin(case: models.Case, step: str, *, rules: Rulebook, actor: str, at: datetime) -> None:
    """Begin ``step``, or give it to another person; the case is not saved here."""
    case.step = step
    models.CaseStep.objects.create(
        case=case,
        round=case.round,
        step=step,
        responsible_id=case.owner_id,
        begun_at=at,
        due_at=steps.due_of(
            step,
            kind=case.kind,
            clock_from=case.clock_from,
            begun_at=at,
            limits=rules.limits,
            calendar=rules.calendar,
        ),
        actor=actor,
    )


def start_clock(case: models.Case, *, rules: Rulebook, at: datetime, now: datetime) -> None:
    """Set the clock of the answer going for this round; praise has none."""
    case.clock_from = at
    case.due_at = case.warn_at = case.wake_at = None
    case.warned_at = case.overdue_at = None
    if steps.has_clock(case.kind):
        started = [clocks.Moment(at, clocks.STARTED)]
        found = clocks.deadline(started, rules.calendar, rules.limits.answer, now=max(at, now))
        case.due_at, case.warn_at = found.due_at, found.warn_at
        # What is over already is still looked at once, so that it is called overdue on record.
        case.wake_at = steps.next_look(warn_at=found.warn_at, due_at=found.due_at, now=at)


def user_of(actor: str) -> int | None:
    """The colleague an actor is: ``user:12`` is 12; members and systems are nobody of ours."""
    who, _sign, number = actor.partition(":")
    return int(number) if who == "user" and number.isdigit() else None


def words(text: str) -> str:
    """``text`` as it is kept.

    Raises:
        WordsMissing: nothing, or too much.
    """
    kept = text.replace("\x00", "").strip()
    if not kept or len(kept) > LONGEST_TEXT:
        raise errors.WordsMissing(field="text", given="", most=LONGEST_TEXT)
    return kept
