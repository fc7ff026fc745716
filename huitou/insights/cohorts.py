"""Cohorts by period of first purchase, in three named definitions that are never mixed in a table.

In period k · in period k or later · returned within H days. A cell whose period is not over is
marked and left out of averages.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares, survival
from huitou.insights.engine import Engine
from huitou.insights.frames import Frames, Scores

UNITS: Final = ("month", "week", "quarter")
# Bits of a whole number that also a null on its way through a float leaves exact.
_BITS: Final = 52
RETURN_DAYS: Final = (30, 60, 90, 180, 365)
_MONDAY: Final = date(1970, 1, 5)  # the first Monday on record: weeks are counted from it
Counts = NDArray[np.int64]


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``cohorts``."""
    unit = UNITS[0]  # what the screens name; weeks and quarters are the same counts
    as_of = frames.context.as_of
    sizes, bought, last = counted(frames.engine, frames.days, as_of, unit)
    in_period = _table(sizes, bought, as_of, unit)
    later = _table(sizes, last[:, ::-1].cumsum(axis=1)[:, ::-1], as_of, unit)
    # Who bought within the horizon may well be between two purchases: such a cell still rises.
    settled = as_of - timedelta(days=frames.context.horizon_days)
    for row in later["rows"]:
        for cell in row["cells"]:
            cohort = _number(date.fromisoformat(row["month"]), unit)
            cell["will_rise"] = _last_day(cohort + cell["k"], unit) > settled
    later["averages"] = averages(later["rows"])
    return {
        "unit": unit,
        "in_period": in_period,
        "in_period_or_later": later,
        "returned_within": returned_within(
            frames.column("first_on"),
            frames.column("T_days"),
            frames.column("first_gap_days"),
            unit,
        ),
    }


def counted(
    engine: Engine, days: ir.Table, as_of: date, unit: str
) -> tuple[dict[int, int], Counts, Counts]:
    """Customers per cohort and period.

    The periods a customer bought in are bits of whole numbers: one pass, one row per customer.

    Returns:
        sizes: cohort number → customers, rising;
        bought: customers with a purchase in the k-th period after, one row per cohort, column k;
        last: customers whose last purchase lies in the k-th period after.
    """
    start = engine.one(days.agg(first=days.day.min()))["first"]
    if start is None:
        return {}, np.zeros((0, 1), dtype=np.int64), np.zeros((0, 1), dtype=np.int64)
    base = _number(start, unit)
    width = _number(as_of, unit) - base + 1
    placed = days.select("customer_id", at=_numbered(days.day, unit) - base)
    bits = {
        f"bits_{word}": (ibis.literal(1, "int64") << (placed.at % _BITS)).bit_or(
            where=(placed.at >= _BITS * word) & (placed.at < _BITS * (word + 1))
        )
        for word in range(-(-width // _BITS))
    }
    rows = engine.columns(
        placed.group_by("customer_id").agg(first=placed.at.min(), last=placed.at.max(), **bits)
    )
    numbers, cohort = np.unique(rows["first"], return_inverse=True)
    bought = np.zeros((len(numbers), width), dtype=np.int64)
    for at in range(width):
        word = np.nan_to_num(rows[f"bits_{at // _BITS}"]).astype(np.int64)
        counts = np.bincount(cohort, weights=word >> (at % _BITS) & 1, minlength=len(numbers))
        seen = numbers <= at
        bought[seen, at - numbers[seen]] = counts[seen]
    silence = cohort * width + rows["last"] - rows["first"]
    last = np.bincount(silence, minlength=bought.size).reshape(bought.shape)
    sizes = last.sum(axis=1).tolist()
    return dict(zip((numbers + base).tolist(), sizes, strict=True)), bought, last


def _table(sizes: dict[int, int], counts: Counts, as_of: date, unit: str) -> dict[str, Any]:
    """Rows of cells k = 1 … up to the period of D, and the averages over complete cells."""
    rows = []
    current = _number(as_of, unit)
    for place, (cohort, size) in enumerate(sizes.items()):
        cells = []
        for k in range(1, current - cohort + 1):
            count = int(counts[place, k]) if k < counts.shape[1] else 0
            is_over = _last_day(cohort + k, unit) <= as_of
            told = _of(shares.share_facts(count, size)) if is_over else _SO_FAR
            cells.append({"k": k, "count": count, "complete": is_over} | told)
        rows.append({"month": _start(cohort, unit).isoformat(), "size": size, "cells": cells})
    return {"rows": rows, "averages": averages(rows)}


# A period that goes on has a count so far, and no share yet.
_SO_FAR: Final = {"share": None, "lo": None, "hi": None, "few": False}


def averages(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per k Σ counts / Σ sizes over the cohorts whose cell is complete and no longer rising."""
    sums: dict[int, list[int]] = {}
    for row in rows:
        for cell in row["cells"]:
            if cell["complete"] and not cell.get("will_rise"):
                both = sums.setdefault(cell["k"], [0, 0])
                both[0] += cell["count"]
                both[1] += row["size"]
    found = []
    for k, (count, size) in sorted(sums.items()):
        facts = shares.share_facts(count, size)
        found.append({"k": k, "count": count, "size": size} | _of(facts))
    return found


def returned_within(
    first_on: NDArray[Any], age_days: NDArray[Any], first_gap_days: NDArray[Any], unit: str
) -> dict[str, Any]:
    """Definition 3: of those with f + H <= D, the share with a further purchase in (f, f + H].

    Beside it the estimate that uses everyone's waiting so far (Kaplan–Meier).
    """
    days = _days_since_epoch(first_on)
    numbers, at = np.unique(_cohort_numbers(days, unit), return_inverse=True)
    with np.errstate(invalid="ignore"):
        came_by = {h: (first_gap_days <= h) & (age_days >= h) for h in RETURN_DAYS}
    observed = {
        h: np.bincount(at, weights=age_days >= h, minlength=len(numbers)) for h in RETURN_DAYS
    }
    came = {h: np.bincount(at, weights=came_by[h], minlength=len(numbers)) for h in RETURN_DAYS}
    sizes = np.bincount(at, minlength=len(numbers))
    rows = [
        {
            "month": _start(int(number), unit).isoformat(),
            "size": int(sizes[i]),
            "cells": [_cell(h, int(came[h][i]), int(observed[h][i])) for h in RETURN_DAYS],
        }
        for i, number in enumerate(numbers)
    ]
    again = ~np.isnan(first_gap_days.astype(float))
    waited = np.where(again, first_gap_days, age_days)
    return {
        "days": list(RETURN_DAYS),
        "rows": rows,
        "averages": [_cell(h, int(came[h].sum()), int(observed[h].sum())) for h in RETURN_DAYS],
        "kaplan_meier": survival.returned_by(waited, again, RETURN_DAYS),
    }


def _cell(days: int, k: int, n: int) -> dict[str, Any]:
    facts = shares.share_facts(k, n)
    return {"days": days, "k": facts["k"], "n": n} | _of(facts)


def _of(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("share", "lo", "hi", "few")}


def _numbered(day: ir.DateValue, unit: str) -> ir.IntegerValue:
    """The number of the period a day lies in; neighbours differ by 1."""
    if unit == "week":
        monday = ibis.date(_MONDAY.year, _MONDAY.month, _MONDAY.day)
        return (day.delta(monday, unit="day") // 7).cast("int64")
    if unit == "quarter":
        return (day.year() * 4 + (day.month() - 1) // 3).cast("int64")
    return (day.year() * 12 + day.month() - 1).cast("int64")


def _number(day: date, unit: str) -> int:
    if unit == "week":
        return (day - _MONDAY).days // 7
    if unit == "quarter":
        return day.year * 4 + (day.month - 1) // 3
    return day.year * 12 + day.month - 1


def _start(number: int, unit: str) -> date:
    """The first day of a period."""
    if unit == "week":
        return _MONDAY + timedelta(days=7 * number)
    if unit == "quarter":
        return date(number // 4, number % 4 * 3 + 1, 1)
    return date(number // 12, number % 12 + 1, 1)


def _last_day(number: int, unit: str) -> date:
    return _start(number + 1, unit) - timedelta(days=1)


def _days_since_epoch(day: NDArray[Any]) -> Counts:
    return day.astype("datetime64[D]").astype(np.int64)


def _cohort_numbers(days: Counts, unit: str) -> Counts:
    if unit == "week":
        return (days - (_MONDAY - date(1970, 1, 1)).days) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return months // 3 if unit == "quarter" else months
