"""From rows of units to the columns a judgement takes."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights.proof.guards import ceiling, winsorised
from huitou.insights.proof.verdict import Units

Floats = NDArray[np.float64]
YEAR_DAYS: Final = 360  # as the statement that reads the units counts them


def units(rows: Sequence[tuple[Any, ...]], *, windows: Sequence[int]) -> Units:
    """The columns of a judgement.

    Args:
        rows: (unit, treated, purchases, money, money W days before, purchases W days before,
            money 360 days before, purchases ever before, days since the last one or -1).
        windows: the four windows of the layers, in days; they cut dormancy into layers.
    """
    columns = list(zip(*rows, strict=True)) or [()] * 9
    purchases = np.array(columns[2], dtype=float)
    ever, dormancy = np.array(columns[7], dtype=float), np.array(columns[8], dtype=float)
    before = np.array(columns[4], dtype=float)
    came = np.array(columns[5], dtype=float) > 0
    year, in_year = np.array(columns[6], dtype=float), (dormancy >= 0) & (dormancy < YEAR_DAYS)
    habits = _habits(ever, dormancy, windows)
    return Units(
        is_treated=np.array(columns[1], dtype=bool),
        came_back=purchases > 0,
        money=np.array(columns[3], dtype=float),
        purchases=purchases,
        money_before=before,
        came_before=came,
        before=np.column_stack([_cut(before), _cut(year), *habits]),
        came_by=np.column_stack([came, in_year, *habits]).astype(float),
        known={"purchases": ever, "money_year": year},
    )


def _cut(before: Floats) -> Floats:
    return winsorised(before, most=ceiling(before)).values


def _habits(ever: Floats, dormancy: Floats, windows: Sequence[int]) -> list[Floats]:
    """Repeat purchases, days since the last one, and the layers those days lie in."""
    has_bought = dormancy >= 0
    silent = np.where(has_bought, dormancy, 0.0)
    layers = np.where(has_bought, np.searchsorted(np.array(windows), silent, side="right"), -1)
    return [
        np.maximum(ever - 1, 0.0),
        silent,
        *((layers == layer).astype(float) for layer in range(-1, len(windows) + 1)),
    ]


def spent(rows: Sequence[tuple[Any, ...]], *, share: float | None, serving_minor: int) -> Floats:
    """What each unit of an audience spent: profit with ``share`` of the sales whose cost is not
    known, or plain sales where that is None.

    Args:
        rows: (unit, sales, profit where the cost is known, sales where it is not, orders, …).
        share: margin of sales without a known cost, 0..1.
        serving_minor: cost of serving one order.
    """
    if share is None:
        return np.array([row[1] for row in rows], dtype=float)
    return np.array([row[2] + share * row[3] - serving_minor * row[4] for row in rows], dtype=float)


def history(money: Floats, *, units: int) -> tuple[float, float, float]:
    """(share of buyers, mean, variance) of an audience's last W days, winsorised; non-buyers are 0.

    Args:
        money: of each unit that bought, shape (buyers,).
        units: all of them, >= buyers.
    """
    if units == 0:
        return 0.0, 0.0, 0.0
    kept = winsorised(money, most=ceiling(money)).values
    mean = float(kept.sum()) / units
    variance = (float((kept**2).sum()) - units * mean**2) / max(units - 1, 1)
    return len(money) / units, mean, max(variance, 0.0)
