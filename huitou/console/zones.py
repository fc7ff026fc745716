"""Time zones as choices of a form."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """Every time zone by its name, without the old abbreviations."""
    return tuple(
        (name, name.replace("_", " "))
        for name in sorted(available_timezones())
        if "/" in name or name == "UTC"
    )
