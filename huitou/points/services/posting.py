"""Post requests: one of them, or many in one transaction."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from huitou.kit.clock import zone as zone_named
from huitou.platform import logs, prepared
from huitou.points import errors, queries
from huitou.points.services import calls
from huitou.points.types import (
    Adjust,
    Answers,
    Award,
    ClawBack,
    Entry,
    GiveBack,
    Posted,
    Redeem,
    Refusal,
    State,
)
from huitou.staff import queries as staff

log = logging.getLogger("huitou.points")

REQUESTS_AT_ONCE: Final = 1_000
ATTEMPTS: Final = 3
_ANSWERED: Final = frozenset(State)
_ERRORS: Final = {
    error.code: error
    for error in (
        errors.PointsShort,
        errors.KeyConflict,
        errors.NothingToReverse,
        errors.ReversedBeyond,
    )
}


def post(
    programme_id: int, requests: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None = None
) -> list[Posted]:
    """Post ``requests`` in their order, all or nothing; one answer for each.

    Joins the caller's transaction if there is one. Asking again with the same keys and requests
    changes nothing and gives the same answers. ``zone`` is the programme's, in which the day of a
    redemption or reversal decides what has expired; None = the company's.

    Raises:
        PointsShort: a member has fewer usable points than asked for.
        KeyConflict: a key was posted before with another request.
        NothingToReverse, ReversedBeyond: a claw-back or give-back does not fit what it reverses.
    """
    return _retried(programme_id, requests, now=now, zone=zone, is_strict=True).posted


def post_all(
    programme_id: int, requests: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None = None
) -> Answers:
    """Post ``requests`` in their order; what is refused is listed and does not stop the others."""
    return _retried(programme_id, requests, now=now, zone=zone, is_strict=False)


def post_today(
    programme_id: int, entry: Award | Adjust, *, now: datetime, zone: ZoneInfo | None = None
) -> Posted:
    """Post one entry whose days and rules the caller took from the clock.

    Asked again on a later day, or under newer rules, it is the same request all the same: it is
    answered as it was posted first.

    Raises:
        PointsShort: a member has fewer usable points than are taken.
        KeyConflict: the key was posted before for another member or other points.
    """
    try:
        (posted,) = post(programme_id, [entry], now=now, zone=zone)
    except errors.KeyConflict:
        first = queries.dated(entry.source, entry.external_id)
        if first is None or entry.points < 0:
            raise
        if isinstance(entry, Adjust):
            again: Entry = replace(entry, expires_on=first.expires_on)
        elif first.rule_version is None:
            raise
        else:
            again = replace(
                entry,
                effective_on=first.effective_on,
                expires_on=first.expires_on,
                rule_version=first.rule_version,
            )
        (posted,) = post(programme_id, [again], now=now, zone=zone)
    return posted


def _retried(
    programme_id: int,
    requests: Sequence[Entry],
    *,
    now: datetime,
    zone: ZoneInfo | None,
    is_strict: bool,
) -> Answers:
    """The same key posted by someone else at this instant fails the statement; then it is known."""
    where = zone or _company_zone(requests)
    is_guarded = len(requests) > 1 or connection.in_atomic_block
    for attempt in count(1):
        try:
            with transaction.atomic() if is_guarded else nullcontext():
                answers = _post(programme_id, requests, now=now, zone=where)
                if is_strict and answers.refused:
                    first = answers.refused[0]
                    raise _ERRORS[first.code](**first.facts)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            break
    shown = [n for posted in answers.posted[:3] for n in posted.transfers]
    tell(programme_id, requests=len(requests), refused=len(answers.refused), transfers=shown)
    return answers


def tell(programme_id: int, *, requests: int, refused: int, transfers: Sequence[int]) -> None:
    """The line that every posting has in the log, with the first of its ``transfers``."""
    if log.isEnabledFor(logging.INFO):
        fields = {
            "programme_id": programme_id,
            "requests": requests,
            "refused": refused,
            "transfers": transfers,
        }
        log.info("points.posted", extra={"fields": fields})


def _company_zone(requests: Sequence[Entry]) -> ZoneInfo | None:
    """The zone of the day of what is not an award; an award brings its own days."""
    if all(isinstance(entry, Award) for entry in requests):
        return None
    company = staff.company()
    return zone_named(company.zone if company else "UTC")


def _post(
    programme_id: int, requests: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None
) -> Answers:
    runs = list(_runs(requests))
    posted: list[Posted] = []
    refused: list[Refusal] = []
    if len(runs) > 1 or (len(requests) > 1 and not isinstance(requests[0], Award)):
        prepared.rows(*calls.lock(programme_id, requests))
    for start, run in runs:
        for row in _rows(programme_id, run, now=now, zone=zone):
            place = start + int(row[0]) - 1
            entry = requests[place]
            if row[1] in _ANSWERED:
                posted.append(_answer(entry, row))
            else:
                refused.append(_refusal(place, entry, row))
    return Answers(posted, refused)


def _rows(
    programme_id: int, run: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None
) -> list[tuple[Any, ...]]:
    """The answers of the database: place from 1, state, transfers, balance, what is available."""
    first, actor = run[0], logs.actor()
    if len(run) > 1 or isinstance(first, ClawBack | GiveBack):
        return prepared.rows(*calls.call(programme_id, run, actor=actor, now=now, zone=zone))
    call = calls.one(programme_id, first, actor=actor, now=now, zone=zone)
    ((state, transfer, balance, available),) = prepared.texts(*call)
    return [(1, state, [int(transfer or 0)], int(balance or 0), int(available or 0))]


def _runs(requests: Sequence[Entry]) -> Iterator[tuple[int, Sequence[Entry]]]:
    """Parts that are one statement each: of one kind, no key twice, not too many; with their
    place."""
    start, keys = 0, set[tuple[str, str, int]]()
    for place, entry in enumerate(requests):
        key = (entry.source, entry.external_id, entry.leg)
        first = requests[start]
        is_other = calls.kind(entry) != calls.kind(first)
        if place > start and (is_other or key in keys or place - start == REQUESTS_AT_ONCE):
            yield start, requests[start:place]
            start, keys = place, set()
        keys.add(key)
    if requests:
        yield start, requests[start:]


def _answer(entry: Entry, row: Sequence[Any]) -> Posted:
    return Posted(
        source=entry.source,
        external_id=entry.external_id,
        leg=entry.leg,
        state=State(row[1]),
        transfers=tuple(row[2]),
        balance=row[3],
    )


def _refusal(place: int, entry: Entry, row: Sequence[Any]) -> Refusal:
    code, facts = _reason(entry, row)
    return Refusal(place, entry.source, entry.external_id, entry.leg, code, facts)


def _reason(entry: Entry, row: Sequence[Any]) -> tuple[str, dict[str, object]]:
    state = row[1]
    if state == "short" and isinstance(entry, Redeem | Adjust):
        return errors.PointsShort.code, {"needed": abs(entry.points), "available": row[4]}
    if state == "conflict":
        key: dict[str, object] = {"source": entry.source, "external_id": entry.external_id}
        return errors.KeyConflict.code, key
    assert isinstance(entry, ClawBack | GiveBack), state
    of: dict[str, object] = {
        "of_source": entry.of_source,
        "of_external_id": entry.of_external_id,
    }
    if state == "missing":
        return errors.NothingToReverse.code, of
    return errors.ReversedBeyond.code, {**of, "left": row[4]}
