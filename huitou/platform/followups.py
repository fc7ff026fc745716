"""Which followers have still to hear of which fact: written with the fact, claimed one by one.

Who follows what is told from above at start (``let_follow``); nothing here knows a room.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from huitou.platform import models

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
STUCK_ATTEMPTS: Final = 3  # from here on somebody should look

_followers: dict[str, tuple[str, ...]] = {}


class Due(NamedTuple):
    """A follower to be called with a fact."""

    id: int
    follower: str
    fact_id: int
    name: str
    payload: Mapping[str, Any]
    attempts: int


class WaitingRow(NamedTuple):
    """A call that has still to go well."""

    id: int
    fact_id: int
    name: str
    follower: str
    attempts: int
    due_at: datetime | None
    error: str
    recorded_at: datetime


def let_follow(followers: Mapping[str, tuple[str, ...]]) -> None:
    """From now on, facts of these names are noted down for these followers."""
    _followers.clear()
    _followers.update(followers)


def note(fact_id: int, name: str) -> bool:
    """Note who has to hear of the fact, in its transaction; whether anybody has."""
    wanted = _followers.get(name, ())
    if wanted:
        models.Followup.objects.bulk_create(
            [models.Followup(fact_id=fact_id, follower=follower) for follower in wanted]
        )
    return bool(wanted)


def claim(now: datetime) -> Due | None:
    """The next call that is due, held until the end of the transaction; None if there is none.

    In the order of the facts; rows another worker holds are passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.follower, f.id, f.name, f.payload::text, u.attempts "
            "FROM platform_followup u JOIN platform_fact f ON f.id = u.fact_id "
            "WHERE u.due_at IS NULL OR u.due_at <= %s "
            "ORDER BY u.fact_id, u.id LIMIT 1 FOR UPDATE OF u SKIP LOCKED",
            [now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Due(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5])


def tick_off(due: Due) -> None:
    """The follower has heard; in the transaction of what it wrote."""
    models.Followup.objects.filter(id=due.id).delete()


def put_off(due: Due, *, error: str, now: datetime) -> None:
    """The call failed: it is tried again after 1, 2, 4 … minutes, at most every six hours."""
    wait = min(FIRST_WAIT * 2 ** min(due.attempts, 20), LONGEST_WAIT)
    models.Followup.objects.filter(id=due.id).update(
        attempts=due.attempts + 1, due_at=now + wait, error=error[:200]
    )


def waiting(*, only_failed: bool = False, limit: int = 100) -> list[WaitingRow]:
    """Calls that have still to go well, the oldest fact first."""
    rows = models.Followup.objects.order_by("fact_id", "id")
    if only_failed:
        rows = rows.filter(attempts__gt=0)
    fields = (
        "id", "fact_id", "fact__name", "follower", "attempts", "due_at", "error",
        "fact__recorded_at",
    )  # fmt: skip
    return [WaitingRow(*row) for row in rows.values_list(*fields)[:limit]]


def counts() -> tuple[int, int]:
    """How many calls wait, and how many of them failed so often that somebody should look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE attempts >= %s) FROM platform_followup",
            [STUCK_ATTEMPTS],
        )
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def retry_all() -> int:
    """Make every failed call due at once; returns how many."""
    return models.Followup.objects.filter(attempts__gt=0).update(due_at=None)
