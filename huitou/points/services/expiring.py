"""Expire what is past: the nightly sweep."""

from datetime import date, datetime

from huitou.points.types import Swept


def expire_due(today: date, *, now: datetime, programme_id: int | None = None) -> Swept:
    """Expire every lot whose last usable day is before ``today`` (the programme's business day).

    In chunks, each its own transaction; twice changes nothing. None = every programme."""
    raise NotImplementedError
