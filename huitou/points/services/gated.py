"""Post one entry for the member whom a statement names, in one round trip with that statement."""

import json
import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final

from django.db import IntegrityError

from huitou.platform import logs, prepared
from huitou.points import errors
from huitou.points.types import Award, Posted, Redeem, State

log = logging.getLogger("huitou.points")

NAMED: Final = 0  # as the customer of an entry: whom the statement names

# The statement runs to its end first: nothing is posted for somebody who is not in it.
_FOR: Final = (
    "WITH whom AS MATERIALIZED ({whom}) "
    "SELECT o.state, o.transfers[1]::text, o.balance::text, {available} FROM whom, {posting} o"
)
_AWARD: Final = (
    "points_award_one('award', %(p_programme)s, %(p_actor)s, %(p_now)s, %(p_source)s, %(p_key)s, "
    "%(p_leg)s::smallint, whom.id, %(p_unit)s, %(p_points)s, %(p_at)s, %(p_day)s, %(p_until)s, "
    "%(p_rule)s, %(p_why)s::jsonb)"
)
_REDEEM: Final = (
    "points_redeem('redeem', %(p_programme)s, %(p_actor)s, %(p_now)s, ARRAY[%(p_source)s], "
    "ARRAY[%(p_key)s], ARRAY[%(p_leg)s]::smallint[], ARRAY[whom.id], ARRAY[%(p_unit)s], "
    "ARRAY[%(p_points)s]::bigint[], ARRAY[%(p_at)s]::timestamptz[], ARRAY[%(p_day)s]::date[], "
    "ARRAY[%(p_why)s])"
)


@dataclass(frozen=True, slots=True)
class Whom:
    """A statement that gives the ``id`` of one customer or no row, and its values as text."""

    statement: str
    values: dict[str, str]


def post_for(
    whom: Whom, programme_id: int, entry: Award | Redeem, *, day: date, now: datetime
) -> Posted | None:
    """Post ``entry`` for ``whom`` on ``day``, outside a transaction a commit of its own.

    None: nobody was named, or its key stands for something already that is not this; nothing was
    posted, and ``post`` or ``post_today`` say why.

    Raises:
        PointsShort: the member has fewer usable points than asked for.
    """
    statement = _statement(whom.statement, is_award=isinstance(entry, Award))
    values = {**whom.values, **_values(programme_id, entry, day, now)}
    try:
        rows = prepared.texts(statement, values)
    except IntegrityError:  # someone else posted the same key at this instant
        return None
    if not rows or rows[0][0] == "conflict":
        return None
    state, transfer, balance, available = rows[0]
    if state == "short":
        raise errors.PointsShort(needed=entry.points, available=int(available or 0))
    transfers = (int(transfer or 0),)
    _tell(programme_id, transfers)
    return Posted(
        entry.source, entry.external_id, entry.leg, State(str(state)), transfers, int(balance or 0)
    )


def _tell(programme_id: int, transfers: tuple[int, ...]) -> None:
    """The line that every posting has in the log."""
    if log.isEnabledFor(logging.INFO):
        counts = {"programme_id": programme_id, "requests": 1, "refused": 0}
        log.info("points.posted", extra={"fields": {**counts, "transfers": transfers}})


@cache
def _statement(whom: str, *, is_award: bool) -> str:
    return _FOR.format(
        whom=whom,
        available="NULL" if is_award else "o.available::text",
        posting=_AWARD if is_award else _REDEEM,
    )


def _values(
    programme_id: int, entry: Award | Redeem, day: date, now: datetime
) -> dict[str, str | None]:
    values: dict[str, str | None] = {
        "p_programme": str(programme_id),
        "p_actor": logs.actor(),
        "p_now": now.isoformat(),
        "p_source": entry.source,
        "p_key": entry.external_id,
        "p_leg": str(entry.leg),
        "p_unit": entry.unit,
        "p_points": str(entry.points),
        "p_at": entry.occurred_at.isoformat(),
        "p_day": day.isoformat(),
        "p_why": json.dumps(entry.why, ensure_ascii=False),
    }
    if isinstance(entry, Award):
        values["p_until"] = entry.expires_on.isoformat() if entry.expires_on else None
        values["p_rule"] = str(entry.rule_version)
    return values
