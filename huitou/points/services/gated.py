"""Post one entry for the member whom a statement names, in one round trip with that statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError

from huitou.platform import logs, prepared
from huitou.points import errors
from huitou.points.services import calls, posting
from huitou.points.types import Award, Posted, Redeem, State

NAMED: Final = 0  # as the customer of an entry: whom the statement names


@dataclass(frozen=True, slots=True)
class Whom:
    """A statement that gives the ``id`` of one customer or no row, and its values as text, by
    names that are none of an entry's (``calls.as_text``)."""

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
    is_given = isinstance(entry, Award)
    statement = calls.statement_of_one(is_given=is_given, whom=whom.statement)
    asked = calls.as_text(programme_id, entry, actor=logs.actor(), now=now, day=day)
    values = {**whom.values, **asked}
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
    posting.tell(programme_id, requests=1, refused=0, transfers=transfers)
    return Posted(
        entry.source, entry.external_id, entry.leg, State(str(state)), transfers, int(balance or 0)
    )
