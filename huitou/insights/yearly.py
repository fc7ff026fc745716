"""Yearly buyers: those who come around the same date of each year and are silent in between.

At least two purchases in different years within 21 days of one date of the solar or the lunar year,
and at most a third of the purchases elsewhere.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from lunardate import LunarDate
from numpy.typing import NDArray

from huitou.insights.engine import Engine

SPREAD_DAYS: Final = 42  # 21 days to either side
APART_DAYS: Final = 365 - SPREAD_DAYS  # two visits of different years
ELSEWHERE: Final = 3  # at most one in so many
AT_MOST_PURCHASES: Final = 60
KEPT_AFTER_DAYS: Final = 35
SOLAR: Final = {"11-11": (11, 11), "06-18": (6, 18), "12-12": (12, 12), "03-08": (3, 8)}
LUNAR: Final = {
    "spring_festival": (1, 1),
    "dragon_boat": (5, 5),
    "double_seventh": (7, 7),
    "mid_autumn": (8, 15),
}
_YEAR: Final = {"solar": 365, "lunar": 354}


def marks(engine: Engine, days: ir.Table, people: ir.Table, as_of: date) -> ir.Table:
    """One row per yearly buyer: customer_id, mark (``yearly:11-11``), next_on (when it is next).

    Named dates are tried first; another date of the year is given as its month and day.
    """
    found = _clusters(engine, days, people)
    columns = engine.columns(found.order_by("customer_id", "is_lunar", "centre"))
    key = columns["centre"] * 2 + columns["is_lunar"].astype(np.int64)
    distinct, place = np.unique(key, return_inverse=True)
    named = [_named(int(one) // 2, bool(one % 2), as_of) for one in distinct]
    has_name = np.array([word is not None for word, _ in named], dtype=bool)[place]
    _, first = np.unique(columns["customer_id"][has_name], return_index=True)
    rows = np.flatnonzero(has_name)[first]
    return engine.put(
        "yearly_marks",
        pa.table(
            {
                "customer_id": pa.array(columns["customer_id"][rows], pa.int64()),
                "mark": pa.array([named[place[row]][0] for row in rows], pa.string()),
                "next_on": pa.array([named[place[row]][1] for row in rows], pa.date32()),
            }
        ),
    )


def waits(next_on: NDArray[Any], last_on: NDArray[Any], as_of: date) -> NDArray[np.bool_]:
    """Whether a marked buyer is not silent yet: the date, or 35 days after it, is still ahead.

    The last date that passed counts until 35 days after it; who bought since then waits again.
    """
    today = np.datetime64(as_of, "D")
    passed = next_on - np.timedelta64(365, "D")
    missed = (today - passed).astype("timedelta64[D]").astype(np.int64) > KEPT_AFTER_DAYS
    bought = last_on >= passed - np.timedelta64(SPREAD_DAYS // 2, "D")
    return np.asarray(~np.isnat(next_on) & (bought | ~missed))


def _clusters(engine: Engine, days: ir.Table, people: ir.Table) -> ir.Table:
    span = people.last_on.delta(people.first_on, unit="day")
    likely = people.filter(span >= APART_DAYS, people.purchases <= AT_MOST_PURCHASES).select(
        "customer_id", "purchases"
    )
    seasons = _seasons(engine, days, likely)
    own = days.semi_join(seasons, "customer_id").select("customer_id", "day")
    own = own.join(likely, "customer_id").select("customer_id", "day", purchases=likely.purchases)
    positions = _positions(engine, own)
    placed = engine.save("yearly_days", own.join(positions, "day"))
    parts = [_centred(placed, kind) for kind in ("solar", "lunar")]
    return parts[0].union(parts[1])


def _seasons(engine: Engine, days: ir.Table, likely: ir.Table) -> ir.Table:
    """Customers with two thirds of their purchases in three neighbouring months of the year."""
    own = days.semi_join(likely, "customer_id").select("customer_id", month=days.day.month())
    counts = own.group_by("customer_id").agg(
        n=own.count(), **{f"m{m}": (own.month == m).sum() for m in range(1, 13)}
    )
    three = [
        counts[f"m{m}"] + counts[f"m{m % 12 + 1}"] + counts[f"m{(m + 1) % 12 + 1}"]
        for m in range(1, 13)
    ]
    busiest = ibis.greatest(*three)
    kept = counts.filter((counts.n - busiest) * ELSEWHERE <= counts.n).select("customer_id")
    return engine.save("yearly_seasons", kept)


def _positions(engine: Engine, own: ir.Table) -> ir.Table:
    """One row per civil day of the purchases: its place in the solar and in the lunar year."""
    found = engine.columns(own.select("day").distinct().order_by("day"))["day"]
    civil: list[date] = found.astype("datetime64[D]").tolist()
    return engine.put(
        "yearly_positions",
        pa.table(
            {
                "day": pa.array(civil, pa.date32()),
                "solar": pa.array([solar_position(day) for day in civil], pa.int64()),
                "lunar": pa.array([lunar_position(day) for day in civil], pa.int64()),
            }
        ),
    )


def _centred(placed: ir.Table, kind: str) -> ir.Table:
    """Clusters of one calendar: the middle of the window that holds the most purchases."""
    year = _YEAR[kind]
    left = placed.select("customer_id", "purchases", start=placed[kind]).distinct()
    right = placed.select("customer_id", "day", position=placed[kind])
    after = (right.position - left.start + year) % year
    pairs = left.join(right, "customer_id").select(
        customer_id=left.customer_id,
        purchases=left.purchases,
        start=left.start,
        day=right.day,
        after=after,
    )
    inside = pairs.filter(pairs.after <= SPREAD_DAYS)
    sums = inside.group_by("customer_id", "purchases", "start").agg(
        n=inside.count(),
        first=inside.day.min(),
        last=inside.day.max(),
        reach=inside.after.max(),
    )
    fits = sums.filter(
        (sums.purchases - sums.n) * ELSEWHERE <= sums.purchases,
        sums.last.delta(sums.first, unit="day") >= APART_DAYS,
    )
    best = fits.mutate(
        rank=ibis.row_number().over(
            ibis.window(group_by=fits.customer_id, order_by=[-fits.n, fits.reach, fits.start])
        )
    )
    kept = best.filter(best["rank"] == 0)
    return kept.select(
        customer_id=kept.customer_id,
        is_lunar=ibis.literal(kind == "lunar"),
        centre=((kept.start + kept.reach // 2) % year).cast("int64"),
    )


def solar_position(day: date) -> int:
    """The place of ``day`` in a year of 365 days; 29 February shares the place of the 28th."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return (date(2023, day.month, day.day) - date(2023, 1, 1)).days


@cache
def lunar_position(day: date) -> int:
    """The place of ``day`` in a lunar year of 354 days; a leap month shares its month's place."""
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    return min(353, (int(lunar.month) - 1) * 59 // 2 + int(lunar.day) - 1)


def _named(centre: int, is_lunar: bool, as_of: date) -> tuple[str | None, date]:
    year = _YEAR["lunar" if is_lunar else "solar"]
    names = LUNAR if is_lunar else SOLAR
    for name, (month, day) in names.items():
        place = (
            (month - 1) * 59 // 2 + day - 1 if is_lunar else solar_position(date(2023, month, day))
        )
        away = min((centre - place) % year, (place - centre) % year)
        if away <= SPREAD_DAYS // 2:
            return f"yearly:{name}", _next(month, day, is_lunar, as_of)
    if is_lunar:
        return None, as_of  # the solar year names the same weeks, and better
    middle = date(2023, 1, 1) + timedelta(centre)
    return f"yearly:{middle:%m-%d}", _next(middle.month, middle.day, False, as_of)


def _next(month: int, day: int, is_lunar: bool, as_of: date) -> date:
    candidates: Iterator[date] = (
        LunarDate(year, month, day).to_solar_date() if is_lunar else date(year, month, day)
        for year in range(as_of.year - 1, as_of.year + 3)
    )
    return next(one for one in candidates if one > as_of)
