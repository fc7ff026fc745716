"""How far ahead is looked: the shop's headline horizon, and each customer's own.

Both follow from the gaps between purchase days, each customer weighing 1 in all: a café is asked
about the coming month, a furniture shop about the coming year.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np

from huitou.insights.kernels.columns import Columns, Floats, Ints

GRID: Final = (14, 30, 60, 90, 120, 180, 270, 365)
_GAPS_AHEAD: Final = 2.5
_PRIOR_GAPS: Final = 3  # how many gaps the base's median weighs in a customer's own gap
_CUSTOMERS_AT_LEAST: Final = 50
_WITHOUT_GAPS: Final = 180


class Horizon(NamedTuple):
    """The headline horizon in days, and why: ``gaps``, ``few_gaps`` or ``rare_purchase``."""

    days: int
    reason: str


def median_gap(gap_days: Columns, weight: Columns) -> float | None:
    """The median gap of the base in days, every customer weighing 1 in all.

    Args:
        gap_days: closed gaps, or distinct lengths of gaps, in days; shape (n,).
        weight: per gap 1 / (closed gaps of the customer), or their sum per length; shape (n,).

    Returns:
        The smallest gap with at least half of the weight at or below it; None without a gap.
    """
    if not len(gap_days):
        return None
    order = np.argsort(gap_days, kind="stable")
    heights = np.cumsum(np.asarray(weight, dtype=float)[order])
    # A hair below one half, so that exact halves do not depend on the rounding of the sum.
    return float(gap_days[order][np.searchsorted(heights, heights[-1] * (0.5 - 1e-12))])


def headline(median_gap_days: float | None, customers_with_gap: int) -> Horizon:
    """The smallest horizon of the grid that is at least 2.5 median gaps.

    >>> headline(6, 900), headline(62, 900), headline(150, 900)
    (Horizon(days=30, reason='gaps'), Horizon(days=180, reason='gaps'), Horizon(days=365,
    reason='rare_purchase'))
    """
    if median_gap_days is None or customers_with_gap < _CUSTOMERS_AT_LEAST:
        return Horizon(_WITHOUT_GAPS, "few_gaps")
    days = int(_on_grid(np.array([median_gap_days * _GAPS_AHEAD]))[0])
    return Horizon(days, "rare_purchase" if median_gap_days * _GAPS_AHEAD > GRID[-1] else "gaps")


def end_on(as_of: date, horizon_days: int, closed: Collection[date]) -> date:
    """The civil day on which ``horizon_days`` open days after ``as_of`` are over.

    >>> end_on(date(2026, 2, 10), 10, [date(2026, 2, day) for day in range(16, 23)])
    datetime.date(2026, 2, 27)
    """
    day, left = as_of, horizon_days
    while left > 0:
        day += timedelta(days=1)
        left -= day not in closed
    return day


def own_gap_days(x: Columns, t_x_days: Columns, median_gap_days: float) -> Floats:
    """A customer's own mean gap, drawn to the median gap of the base: (3G + t_x) / (3 + x)."""
    return np.asarray((_PRIOR_GAPS * median_gap_days + t_x_days) / (_PRIOR_GAPS + x), dtype=float)


def own_days(x: Columns, t_x_days: Columns, median_gap_days: float) -> Ints:
    """A customer's own horizon H_i: the smallest of the grid that is at least 2.5 own gaps, else
    365."""
    return _on_grid(own_gap_days(x, t_x_days, median_gap_days) * _GAPS_AHEAD)


def _on_grid(wanted_days: Floats) -> Ints:
    grid = np.array(GRID)
    # Rounding must not push a gap of exactly 2.5 steps to the next one.
    return grid[np.minimum(np.searchsorted(grid, wanted_days * (1 - 1e-12)), len(grid) - 1)]
