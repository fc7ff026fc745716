"""Where the next page of a list by time begins, as an address writes it: instant~number."""

from datetime import UTC, datetime


def read(text: str) -> tuple[datetime, int] | None:
    """The place an address names; ``None`` if it names none."""
    at, _sign, number = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        instant.astimezone(UTC)  # an instant beyond what there is fails here, not in the database
    except (ValueError, OverflowError):
        return None
    is_id = number.isascii() and number.isdigit() and len(number) < 19
    return (instant, int(number)) if is_id and instant.tzinfo else None


def written(place: tuple[datetime, int] | None) -> str:
    """A place as an address names it; "" for none."""
    return "" if place is None else f"{place[0].isoformat()}~{place[1]}"
