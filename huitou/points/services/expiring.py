"""Expire what is past: the nightly sweep."""

import logging
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from huitou.platform import logs
from huitou.points import queries
from huitou.points.types import Swept

log = logging.getLogger("huitou.points")

ACCOUNTS_AT_ONCE: Final = 2_000  # a chunk holds its locks well below a second
_EXPIRE: Final = "SELECT * FROM points_expire(%s, %s, %s, %s, %s, %s)"


def expire_due(today: date, *, now: datetime, programme_id: int | None = None) -> Swept:
    """Expire every lot whose last usable day is before ``today`` (the programme's business day).

    In chunks, each its own transaction; twice changes nothing. None = every programme."""
    chosen = queries.programmes() if programme_id is None else [programme_id]
    lots = points = accounts = 0
    for each in chosen:
        swept = _sweep(each, today, now)
        lots, points, accounts = lots + swept.lots, points + swept.points, accounts + swept.accounts
    return Swept(lots, points, accounts)


def _sweep(programme_id: int, today: date, now: datetime) -> Swept:
    lots = points = accounts = after = 0
    while True:
        with connection.cursor() as cursor:
            values: list[Any] = [programme_id, today, now, logs.actor(), after, ACCOUNTS_AT_ONCE]
            cursor.execute(_EXPIRE, values)
            last, more_accounts, more_lots, more_points = cursor.fetchone() or (None, 0, 0, 0)
        if last is None:
            break
        after = last
        lots, points, accounts = lots + more_lots, points + more_points, accounts + more_accounts
    if lots:
        fields = {"programme_id": programme_id, "lots": lots, "points": points}
        log.info("points.expired", extra={"fields": fields})
    return Swept(lots, points, accounts)
