"""How a setting is typed into a form, and read back from it: one field for each part of it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from huitou.kit.money import Currency, major_text, minor_units
from huitou.kit.text import gettext_noop as _
from huitou.staff.presets import known

DAYS: Final = _("days")


@dataclass(frozen=True, slots=True)
class Part:
    """One field. ``kind``: whole, percent, money, time, email, text, choice, yes_no."""

    kind: str
    unit: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a setting. ``empty`` is the value that stands for nothing typed at all;
    without ``may_be_empty`` something must be typed."""

    parts: tuple[Part, ...]
    may_be_empty: bool = False
    empty: str | None = None
    join: str = ""  # between the parts of a value kept as text


def _days(may_be_empty: bool = False, empty: str | None = None) -> Shape:
    return Shape((Part("whole", DAYS),), may_be_empty, empty)


_TIMES: Final = Part("whole", _("messages"), _("At most"))
_WITHIN: Final = Part("whole", DAYS, _("within"))
_HOURS: Final = _("hours")
_SHAPES: Final[Mapping[str, Shape]] = {
    "windows": Shape(
        (
            Part("whole", DAYS, _("Cooling from")),
            Part("whole", DAYS, _("Easy to win back from")),
            Part("whole", DAYS, _("Hard to win back from")),
            Part("whole", DAYS, _("Lost from")),
        )
    ),
    "case_step_hours": Shape(
        (
            Part("whole", _HOURS, _("Collected within")),
            Part("whole", _HOURS, _("Classified within")),
            Part("whole", _HOURS, _("Summarised within")),
            Part("whole", _HOURS, _("Handled within")),
            Part("whole", _HOURS, _("Answered within")),
        )
    ),
    "horizon_days": _days(True),
    "money_window": _days(True, "all"),
    "discount_percent_per_year": Shape((Part("percent", "%"),)),
    "margin_percent": Shape((Part("percent", "%"),), True),
    "global_holdout_percent": Shape((Part("whole", "%"),)),
    "calibration_flag_points": Shape((Part("whole", _("percentage points")),)),
    "cost_to_serve_minor": Shape((Part("money"),), True),
    "acquisition_cost_minor": Shape((Part("money"),), True),
    "compensation_minor": Shape((Part("money"),)),
    "compensation_points": Shape((Part("whole", _("loyalty points")),)),
    "model": Shape((Part("choice"),)),
    "measure_at": Shape((Part("time"),)),
    "quiet_hours": Shape(
        (Part("time", "", _("From")), Part("time", "", _("until"))), True, None, "-"
    ),
    "contact_caps": Shape((_TIMES, _WITHIN), True),
    "soft_bounces": Shape((_TIMES, _WITHIN), True),
    "tariff_minor": Shape(
        (Part("money", "", _("In a month with messages")), Part("money", "", _("Each message"))),
        True,
    ),
    "mail_from": Shape((Part("email"),), True),
    "sms_signature": Shape((Part("text"),), True),
    "case_warn_hours": Shape((Part("whole", _HOURS),)),
    "letters_become_cases": Shape((Part("yes_no"),)),
}
_OF_UNIT: Final = {
    "days": _days(),
    "hours": Shape((Part("whole", _HOURS),)),
    "percent": Shape((Part("percent", "%"),)),
    "minor": Shape((Part("money"),)),
    "yes/no": Shape((Part("yes_no"),)),
    "time": Shape((Part("time"),)),
}


def shape_of(name: str) -> Shape:
    """The fields of a setting; of one nobody described here, by its unit, else a line of text."""
    own = _SHAPES.get(name)
    return own or _OF_UNIT.get(known.SETTINGS[name].unit) or Shape((Part("text"),), True)


def typed(shape: Shape, value: Any, currency: Currency) -> list[str]:
    """A value as the fields show it."""
    if value is None or (shape.may_be_empty and value == shape.empty):
        return [""] * len(shape.parts)
    if shape.join:
        parts: Sequence[Any] = str(value).split(shape.join)
    else:
        parts = value if isinstance(value, list) else [value]
    if len(parts) != len(shape.parts):  # of a setting nobody described here
        return ["/".join(map(str, parts)), *([""] * (len(shape.parts) - 1))]
    return [_text(part, one, currency) for part, one in zip(shape.parts, parts, strict=True)]


def as_value(shape: Shape, texts: Sequence[str], currency: Currency) -> Any:
    """What the fields say, as the check of the setting takes it.

    Raises:
        ValueError: money that is no amount.
    """
    cleaned = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    if shape.may_be_empty and not any(cleaned):
        return shape.empty
    parts = [_value(part, one, currency) for part, one in zip(shape.parts, cleaned, strict=True)]
    if shape.join:
        return shape.join.join(parts)
    return parts[0] if len(parts) == 1 else parts


def _text(part: Part, value: Any, currency: Currency) -> str:
    if part.kind == "money":
        return major_text(int(value), currency)
    if part.kind == "yes_no":
        return "yes" if value else "no"
    return str(value)


def _value(part: Part, text: str, currency: Currency) -> Any:
    if part.kind == "money":
        return minor_units(text.replace(",", ""), currency)
    if part.kind in ("whole", "percent"):
        return text.replace(",", "").rstrip("%")
    return text
