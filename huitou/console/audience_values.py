"""What is typed into a form as the value of a condition, and the value back as text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from huitou.kit.conditions.types import Field, Kind, Op
from huitou.kit.money import Currency, major_text, minor_units

KNOWN = Field("known", Kind.FLAG, "")


@dataclass(frozen=True, slots=True)
class Ground:
    """What values hang on: the company's currency and zone."""

    currency: Currency
    zone: ZoneInfo


def as_json(field: Field, op: Op, typed: Sequence[str], ground: Ground) -> Any:
    """The JSON value of what was typed; ``None`` where something is missing or unreadable."""
    if op is Op.KNOWN:
        return _scalar(KNOWN, typed[0] if typed else "", ground)
    values = [_scalar(field, one, ground) for one in typed if one.strip()]
    if not values or None in values:
        return None
    if op is Op.IN:
        return values
    if op is Op.BETWEEN:
        return values[:2] if len(values) >= 2 else None
    return values[0]


def as_typed(field: Field, op: Op, value: Any, ground: Ground) -> list[str]:
    """A JSON value as the form shows it."""
    if op is Op.KNOWN:
        return ["yes" if value else "no"]
    listed = value if isinstance(value, list) else [value]
    return [_text(field, one, ground) for one in listed]


def _scalar(field: Field, typed: str, ground: Ground) -> Any:
    text = unicodedata.normalize("NFKC", typed).strip()
    try:
        if field.kind in (Kind.DATE, Kind.INSTANT):
            return _day(field, date.fromisoformat(text), ground)
        match field.kind:
            case Kind.FLAG:
                return {"yes": True, "no": False}.get(text)
            case Kind.MONEY:
                return minor_units(text.replace(",", ""), ground.currency)
            case Kind.NUMBER:
                return _number(field, text.replace(",", "").rstrip("%"))
        return typed.strip()
    except (ValueError, InvalidOperation):
        return None


def _day(field: Field, day: date, ground: Ground) -> str:
    """A day as it is; where an instant is asked for, its first moment."""
    if field.kind is Kind.DATE:
        return day.isoformat()
    return datetime.combine(day, time(), ground.zone).isoformat()


def _number(field: Field, text: str) -> int | float:
    number = Decimal(text)
    if field.unit == "percent":
        number /= 100
    if not number.is_finite() or abs(number) > 10**15:
        raise ValueError("not a number a person would type")
    return int(number) if number == number.to_integral_value() else float(number)


def _text(field: Field, value: Any, ground: Ground) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind is Kind.MONEY:
        return major_text(value, ground.currency)
    if field.kind is Kind.INSTANT:
        return datetime.fromisoformat(value).astimezone(ground.zone).date().isoformat()
    if isinstance(value, int | float):
        number = Decimal(str(value)) * (100 if field.unit == "percent" else 1)
        return f"{number.normalize():f}"
    return str(value)
