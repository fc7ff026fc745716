"""What hangs on the day: ages as thresholds on stored values, and when the next of them is crossed.

A question about an age is a question about a stored day or instant: "60 days since the last
purchase or more" is "the last purchase was on or before the day 60 days ago". So indexes serve it,
nobody keeps a timer per person, and the next crossing is the next stored value beyond the bound.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from lunardate import LunarDate

from huitou.kit.conditions.types import Clock, Op, Value

YEAR_DAYS: Final = 366
_LUNAR_YEARS: Final = range(1901, 2099)
_FLIPPED: Final[Mapping[Op, Op]] = {
    Op.EQ: Op.EQ,
    Op.NE: Op.NE,
    Op.LT: Op.GT,
    Op.LTE: Op.GTE,
    Op.GT: Op.LT,
    Op.GTE: Op.LTE,
    Op.BETWEEN: Op.BETWEEN,
    Op.IN: Op.IN,
}


class Bounds(NamedTuple):
    """Which stored values answer yes: above ``after`` and up to ``until``; None = no bound.

    ``outside`` turns it round: those that do not lie there.
    """

    after: date | datetime | None
    until: date | datetime | None
    outside: bool = False


def on_days(clock: Clock, op: Op, value: Value, today: date) -> tuple[Op, Value]:
    """The question about the stored day that answers a question about days since or until it."""
    sign = 1 if clock is Clock.DAYS_UNTIL else -1
    days = value if isinstance(value, tuple) else (value,)
    stored = [today + timedelta(days=sign * cast(int, one)) for one in days]
    if sign < 0:
        op, stored = _FLIPPED[op], stored[::-1]
    return op, tuple(stored) if isinstance(value, tuple) else stored[0]


def on_instants(op: Op, value: Value, now: datetime) -> Bounds:
    """Where the stored instant lies if so many whole hours have passed since it."""
    hours = value if isinstance(value, tuple) else (value,)
    first, last = cast(int, hours[0]), cast(int, hours[-1])
    match op:
        case Op.GTE:
            return Bounds(None, _ago(now, first))
        case Op.GT:
            return Bounds(None, _ago(now, first + 1))
        case Op.LT:
            return Bounds(_ago(now, first), None)
        case Op.LTE:
            return Bounds(_ago(now, first + 1), None)
        case Op.EQ | Op.NE | Op.BETWEEN:
            return Bounds(_ago(now, last + 1), _ago(now, first), outside=op is Op.NE)
    raise ValueError(f"{op} is no question about hours")


def yearly_keys(op: Op, value: Value, today: date) -> tuple[int, ...]:
    """The stored days of the year whose next return is as many days away as asked."""
    days = value if isinstance(value, tuple) else (value,)
    first = 0 if op is Op.LTE else cast(int, days[0])
    last = cast(int, days[-1])
    return tuple(key for key, away in yearly(today).items() if first <= away <= last)


@lru_cache(maxsize=8)
def yearly(today: date) -> Mapping[int, int]:
    """Days until each day of the year returns, by ``month * 100 + day``; negative keys are lunar.

    29 February is kept on the 28th where there is none, the 30th of a lunar month on the 29th;
    a leap month repeats no day.
    """
    away: dict[int, int] = {}
    for days in range(YEAR_DAYS + 1):
        day = today + timedelta(days=days)
        for key in (*_solar(day), *_lunar(day)):
            away.setdefault(key, days)
    return MappingProxyType(away)


def _solar(day: date) -> tuple[int, ...]:
    key = day.month * 100 + day.day
    ends_short = key == 228 and (day + timedelta(days=1)).day == 1
    return (key, 229) if ends_short else (key,)


def _lunar(day: date) -> tuple[int, ...]:
    if day.year not in _LUNAR_YEARS:
        return ()
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    if lunar.is_leap_month:
        return ()
    key = -(lunar.month * 100 + lunar.day)
    next_day = day + timedelta(days=1)
    after = LunarDate.from_solar_date(next_day.year, next_day.month, next_day.day)
    return (key, key - 1) if lunar.day == 29 and after.day == 1 else (key,)


def _ago(now: datetime, hours: int) -> datetime:
    return now - timedelta(hours=hours)
