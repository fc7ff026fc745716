"""Civil days and instants. Nothing here reads the clock: ``now`` is always an argument."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> ZoneInfo:
    """The time zone called ``name`` (IANA).

    Raises:
        ValueError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone") from error


def civil_day(instant: datetime, where: ZoneInfo) -> date:
    """The date on a wall calendar in ``where`` at ``instant``."""
    if instant.tzinfo is None:
        raise ValueError("a civil day needs an aware instant")
    return instant.astimezone(where).date()


def noon(day: date, where: ZoneInfo) -> datetime:
    """Midday of ``day`` in ``where``, as UTC: the instant a bare date stands for."""
    return datetime.combine(day, time(12), where).astimezone(UTC)
