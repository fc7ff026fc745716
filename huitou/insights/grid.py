"""Current value against headroom: where more attention could pay (B12, B13)."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from huitou.insights import shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# (current high, headroom high) -> cell
CELLS: Final = ("standard", "maintain", "develop", "keep_and_reward")
POPULATION_DAYS: Final = 720
PEERS_FROM: Final = 30
PEER_PERCENTILE: Final = 80
CLEARANCE: Final = 0.05  # of the line: nobody flickers across it
SAME_ABOVE: Final = 0.7
YEAR_DAYS: Final = 365
_CATEGORIES: Final = 30


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the grid is cut, in minor units of money per year."""

    current: float
    headroom: float


def peers_best(current: Floats, category: NDArray[Any], tenure_years: NDArray[np.int64]) -> Floats:
    """What the best fifth of alike customers bring: the 80th percentile of current value.

    Args:
        current: current value per customer, shape (n,).
        category: of the first purchase; "" and null are a category of their own.
        tenure_years: whole years since the first purchase.

    Returns:
        Of the same category and tenure year where at least 30 are alike, else of the tenure year;
        where even that has fewer than 30, of everyone.
    """
    best = np.full(len(current), np.percentile(current, PEER_PERCENTILE) if len(current) else 0.0)
    _, codes = category_codes(category)
    for keys in (tenure_years, tenure_years * (len(current) + 1) + codes):
        order = np.argsort(keys, kind="stable")
        starts = np.nonzero(np.append(True, keys[order][1:] != keys[order][:-1]))[0]
        for rows in np.split(order, starts[1:]) if len(order) else []:
            if len(rows) >= PEERS_FROM:
                best[rows] = np.percentile(current[rows], PEER_PERCENTILE)
    return best


def category_codes(category: NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """The names of the categories, "" for none, and each customer's place among them."""
    names = pa.array(category, type=pa.string(), from_pandas=True).fill_null("").dictionary_encode()
    found = [str(name) for name in names.dictionary.to_pylist()]
    return found, names.indices.to_numpy().astype(np.int64)


def headroom(current: Floats, best: Floats, p_repeat_365: Floats) -> Floats:
    """Margin per year that could be added: the way up to alike customers x seeing them at all."""
    room: Floats = np.maximum(0.0, best - current) * p_repeat_365
    return room


def lines(current: Floats, room: Floats) -> Lines:
    """The medians of both axes over the customers of the grid."""
    return Lines(float(np.median(current)), float(np.median(room)))


def is_high(values: Floats, line: float, was_high: Floats) -> Flags:
    """Which values are high; on the line counts as high, 0 never does.

    Args:
        values: one axis.
        line: where it is cut.
        was_high: 1 or 0 at the last run, NaN = new: a side is left only by clearing the line by
            5 % of it.
    """
    margin = CLEARANCE * abs(line)
    bar = np.where(was_high == 1, line - margin, np.where(was_high == 0, line + margin, line))
    return np.asarray((values >= bar) & (values > 0))


def cells(current: Floats, room: Floats, cut: Lines, previous: NDArray[Any] | None = None) -> Any:
    """The cell of each customer, given the cell of the last run ("" = none)."""
    was_current, was_room = np.full(len(current), np.nan), np.full(len(current), np.nan)
    if previous is not None:
        for place, name in enumerate(CELLS):
            was_current[previous == name] = place & 1
            was_room[previous == name] = place >> 1
    high = is_high(current, cut.current, was_current).astype(np.int8)
    has_room = is_high(room, cut.headroom, was_room).astype(np.int8)
    return np.array(CELLS, dtype=object)[high + 2 * has_room]


def current_value(frames: Frames) -> Floats:
    """Contribution margin of the last 365 days, minor units; sales where profit is not known."""
    if frames.context.money.is_profit:
        # Null is a customer without a purchase in these 365 days.
        known: Floats = np.nan_to_num(frames.column("margin_365_minor").astype(float))
        return known
    return frames.column("net_365_minor").astype(float)


def rank_correlation(current: Floats, room: Floats) -> float | None:
    """Spearman's correlation of the two axes; None where one of them does not vary."""
    if len(current) < 2 or np.ptp(current) == 0 or np.ptp(room) == 0:
        return None
    return shares.number(float(stats.spearmanr(current, room).statistic))


def columns(frames: Frames, scores: Scores) -> Columns:
    """Current value and headroom in minor units, and the cell; "" outside the grid."""
    inside = frames.column("dormancy_days") < POPULATION_DAYS
    current = current_value(frames)
    room = np.full(frames.size, np.nan)
    tenure = frames.column("T_days").astype(np.int64) // YEAR_DAYS
    category = frames.column("first_category")
    best = peers_best(current[inside], category[inside], tenure[inside])
    room[inside] = headroom(current[inside], best, scores["p_repeat_365"][inside])
    found = {"current_minor": current, "headroom_minor": room}
    words = np.full(frames.size, "", dtype=object)
    if _refusal(current[inside], room[inside]) is None:
        cut = lines(current[inside], room[inside])
        previous = scores.get("previous_grid_cell")
        was = None if previous is None else previous[inside]
        words[inside] = cells(current[inside], room[inside], cut, was)
    return {**found, "grid_cell": words}


def _refusal(current: Floats, room: Floats) -> str | None:
    """Why there is no grid, or None."""
    if len(current) < shares.FEW_BELOW:
        return "too_few"
    if np.isnan(room).any():
        return "no_model"
    correlation = rank_correlation(current, room)
    if correlation is not None and abs(correlation) > SAME_ABOVE:
        return "axes_say_the_same"
    return None


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``grid``: people and money per cell, the lines, and how alike the axes are."""
    inside = frames.column("dormancy_days") < POPULATION_DAYS
    current, room = scores["current_minor"][inside], scores["headroom_minor"][inside]
    cell = scores["grid_cell"][inside]
    reason = _refusal(current, room)
    facts: dict[str, Any] = {
        "reason": reason,
        "basis": frames.context.money.name,
        "population": int(inside.sum()),
        "negative": int((current < 0).sum()),
        "spearman": None if np.isnan(room).any() else rank_correlation(current, room),
        "by_category": _by_category(frames, current, inside),
        "cells": None,
        "cuts": None,
        "movements": [],
    }
    if reason is None:
        cut = lines(current, room)
        facts["cuts"] = {"current_minor": round(cut.current), "headroom_minor": round(cut.headroom)}
        facts["cells"] = {name: _cell(cell == name, current, room) for name in CELLS}
        facts["movements"] = _movements(scores.get("previous_grid_cell"), scores["grid_cell"])
    return facts


def _cell(mine: Flags, current: Floats, room: Floats) -> dict[str, int]:
    return {
        "customers": int(mine.sum()),
        "current_minor": round(float(current[mine].sum())),
        "headroom_minor": round(float(room[mine].sum())),
        "negative": int((current[mine] < 0).sum()),
    }


def _movements(before: NDArray[Any] | None, now: NDArray[Any]) -> list[dict[str, Any]]:
    if before is None:
        return []
    pairs = [(left, entered) for left in CELLS for entered in CELLS if left != entered]
    counted = [(a, b, int(((before == a) & (now == b)).sum())) for a, b in pairs]
    return [{"left": a, "entered": b, "customers": n} for a, b, n in counted if n]


def _by_category(frames: Frames, current: Floats, inside: Flags) -> list[dict[str, Any]]:
    """B13: what customers bring, by the category they first bought; the largest thirty."""
    found, codes = category_codes(frames.column("first_category")[inside])
    customers = np.bincount(codes, minlength=len(found))
    summed = np.bincount(codes, weights=current, minlength=len(found))
    order = np.lexsort((np.arange(len(found)), -summed))[:_CATEGORIES]
    return [
        {
            "category": found[place],
            "customers": int(customers[place]),
            "current_minor": round(float(summed[place])),
        }
        for place in order
    ]
