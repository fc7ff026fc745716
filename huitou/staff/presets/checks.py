"""What the value of a setting must be: each check returns the value as it is stored, or says why
not.
"""

import itertools
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from huitou.staff import errors

LONGEST_DAYS: Final = 3660
MODELS: Final = ("auto", "bgnbd", "mbgnbd", "paretonbd")


class Unfit(ValueError):
    """A value cannot be: which error says so, with its facts but for the setting's name."""

    def __init__(self, error: type[errors.SettingInvalid], **facts: object) -> None:
        self.error, self.facts = error, facts
        super().__init__(error.message)


def whole(value: Any, *, least: int, most: int) -> int:
    """``value`` as a whole number within ``least`` and ``most``."""
    unfit = Unfit(errors.NotWhole, least=least, most=most)
    try:
        number = int(str(value))  # of a float or a truth value the text is no whole number
    except ValueError as error:
        raise unfit from error
    if not least <= number <= most:
        raise unfit
    return number


def days(value: Any) -> int:
    """A number of days, 1 to ten years."""
    return whole(value, least=1, most=LONGEST_DAYS)


def days_or_none(value: Any) -> int | None:
    """A number of days, or empty."""
    return None if _is_empty(value) else days(value)


def days_or_all(value: Any) -> int | str:
    """A number of days, or ``all``."""
    return "all" if value == "all" else days(value)


def windows(value: Any) -> list[int]:
    """Four strictly rising numbers of days, such as 45/90/180/360."""
    parts = value.replace("/", " ").replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 4:
        raise Unfit(errors.NotWindows)
    found = [days(part) for part in parts]
    if any(later <= earlier for earlier, later in itertools.pairwise(found)):
        raise Unfit(errors.NotWindows)
    return found


def percent(value: Any) -> int | float:
    """A percentage from 0 to 100 with at most four decimals; a whole one stays whole."""
    try:
        number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation as error:
        raise Unfit(errors.NotPercent) from error
    if not number.is_finite() or not 0 <= number <= 100 or number != round(number, 4):
        raise Unfit(errors.NotPercent)
    return int(number) if number == int(number) else float(number)


def percent_or_none(value: Any) -> int | float | None:
    """A percentage, or empty."""
    return None if _is_empty(value) else percent(value)


def minor_or_none(value: Any) -> int | None:
    """An amount in minor units, not negative, or empty."""
    return None if _is_empty(value) else whole(value, least=0, most=10**15)


def points(value: Any) -> int:
    """Percentage points, 1 to 50."""
    return whole(value, least=1, most=50)


def model(value: Any) -> str:
    """The code of a model, or ``auto``."""
    if value not in MODELS:
        raise Unfit(errors.NotKnown, known=", ".join(MODELS))
    return str(value)


def time_of_day(value: Any) -> str:
    """A time such as 03:30."""
    hour, colon, minute = str(value).partition(":")
    if not (colon and len(minute) == 2 and hour.isdigit() and minute.isdigit()):
        raise Unfit(errors.NotTime)
    if int(hour) > 23 or int(minute) > 59:
        raise Unfit(errors.NotTime)
    return f"{int(hour):02d}:{minute}"


def cap(value: Any) -> list[int] | None:
    """How often in how many days, such as 4/30; empty = no cap."""
    if _is_empty(value):
        return None
    parts = value.replace("/", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 2:
        raise Unfit(errors.NotCap)
    return [whole(parts[0], least=0, most=1000), days(parts[1])]


def limit_or_none(value: Any) -> list[int] | None:
    """At least once, in so many days, such as 3/30; empty = no limit."""
    found = cap(value)
    if found is not None:
        whole(found[0], least=1, most=1000)
    return found


def yes_or_no(value: Any) -> bool:
    """Yes or no."""
    text = str(value).strip().lower()
    if text not in {"yes", "no", "true", "false", "是", "否"}:
        raise Unfit(errors.NotKnown, known="yes, no")
    return text in {"yes", "true", "是"}


def hours_or_none(value: Any) -> str | None:
    """A span of the day such as 21:00-08:00, which may pass midnight; or empty."""
    if _is_empty(value):
        return None
    start, dash, end = str(value).replace("–", "-").partition("-")
    if not dash:
        raise Unfit(errors.NotHours)
    span = (time_of_day(start.strip()), time_of_day(end.strip()))
    if span[0] == span[1]:
        raise Unfit(errors.NotHours)
    return "-".join(span)


def tariff(value: Any) -> list[int] | None:
    """Minor units a month and a message, such as 1500/5; empty = not known."""
    if _is_empty(value):
        return None
    parts = value.replace("/", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 2:
        raise Unfit(errors.NotTariff)
    return [whole(part, least=0, most=10**12) for part in parts]


def email_or_none(value: Any) -> str | None:
    """An e-mail address, or empty."""
    if _is_empty(value):
        return None
    text = str(value).strip()
    name, at, host = text.rpartition("@")
    if not (name and at and "." in host and text.isprintable()) or any(c in text for c in " ,;<>"):
        raise Unfit(errors.NotEmail)
    return text


def signature_or_none(value: Any) -> str | None:
    """Two to sixteen characters without brackets, or empty."""
    if _is_empty(value):
        return None
    text = str(value).strip().strip("【】").strip()
    if not (2 <= len(text) <= 16 and text.isprintable()) or set(text) & set("【】[]"):
        raise Unfit(errors.NotSignature)
    return text


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value in {"", "auto", "none"})


def case_hours(value: Any) -> list[int]:
    """Five rising whole numbers of hours, the last at most 24: the answer's, which is a promise."""
    parts = value.replace("/", " ").replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 5:
        raise Unfit(errors.NotCaseHours)
    found = [whole(part, least=1, most=24) for part in parts]
    if any(later <= earlier for earlier, later in itertools.pairwise(found)):
        raise Unfit(errors.NotCaseHours)
    return found


def warn_hours(value: Any) -> int:
    """Whole hours, 1 to 23."""
    return whole(value, least=1, most=23)


def control_share(value: Any) -> int:
    """Whole percent held back from all marketing: 0, or 1 to 5."""
    return whole(value, least=0, most=5)


def compensation(value: Any) -> int:
    """Points or minor units that may be given for one case, 0 to a million."""
    return whole(value, least=0, most=1_000_000)
