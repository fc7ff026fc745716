"""How a forecast is held against what happened: cells with intervals, and a few figures over
all."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huitou.insights.kernels.columns import Columns, Floats
from huitou.insights.shares import NONE_BELOW, is_few, wilson

CELLS: Final = 10
CHECKED_FROM: Final = 200  # customers; a smaller cell gives a point only, "not yet checked"
BANDS: Final = (("low", 0.0, 0.30), ("middle", 0.30, 0.70), ("high", 0.70, 1.0))
ORIGINS_FOR_A_VERDICT: Final = 3
Cell = NDArray[np.intp]


class Tally(NamedTuple):
    """Customers, outcomes and sums of forecasts per origin (rows) and cell (columns)."""

    n: Floats
    happened: Floats
    predicted: Floats


class Deviation(NamedTuple):
    """Observed minus predicted share over origins, in shares; ``half`` is None for one origin."""

    mean: float
    half: float | None
    between: float  # standard deviation between origins beyond chance
    origins: int


def decile_edges(forecasts: list[Floats]) -> Floats:
    """Inner edges of the deciles of all forecasts together; fewer where many are equal."""
    together = np.concatenate(forecasts) if forecasts else np.empty(0)
    if not len(together):
        return np.empty(0)
    steps = np.arange(1, CELLS) * len(together) // CELLS
    edges = np.unique(np.partition(together, steps)[steps])
    return np.asarray(edges[edges > together.min()], dtype=float)


def cell_of(edges: Floats, forecast: Columns) -> Cell:
    """The cell of each forecast: cell i holds edges[i-1] <= P < edges[i]."""
    return np.searchsorted(edges, forecast, side="right")


def band_of(p_repeat: Columns) -> Cell:
    """0 low (<= .30), 1 middle, 2 high (>= .70), on unrounded values; both limits belong to the
    outer band."""
    return (p_repeat > BANDS[0][2]).astype(np.intp) + (p_repeat >= BANDS[2][1])


def tally(cells: list[Cell], forecasts: list[Floats], outcomes: list[Columns], count: int) -> Tally:
    """Count per origin and cell."""
    parts = [
        (
            np.bincount(cell, minlength=count),
            np.bincount(cell, weights=outcome, minlength=count),
            np.bincount(cell, weights=forecast, minlength=count),
        )
        for cell, forecast, outcome in zip(cells, forecasts, outcomes, strict=True)
    ]
    return Tally(*(np.array(side, dtype=float) for side in zip(*parts, strict=True)))


def deviation(n: Floats, happened: Floats, predicted: Floats) -> Deviation:
    """How far the forecast was off, per origin and beyond chance.

    Args:
        n: customers per origin, shape (K,); origins without customers are left out.
        happened: outcomes per origin.
        predicted: sums of forecasts per origin.

    Returns:
        mean δ; half width t_{K-1} SE with SE² = τ²/K + p(1-p)/(K n̄), τ² = max(0, var(δ) -
        p(1-p)/n̄).
    """
    seen = n > 0
    n, off = n[seen], (happened[seen] - predicted[seen]) / n[seen]
    origins = len(n)
    if origins < 2:
        return Deviation(float(off.mean()) if origins else 0.0, None, 0.0, origins)
    share = float(happened[seen].sum() / n.sum())
    chance = share * (1 - share) / float(n.mean())
    between = max(0.0, float(off.var(ddof=1)) - chance)
    error = float(np.sqrt((between + chance) / origins))
    half = float(stats.t.ppf(0.975, origins - 1)) * error
    return Deviation(float(off.mean()), half, float(np.sqrt(between)), origins)


def pooled_interval(n: Floats, happened: Floats, predicted: Floats) -> tuple[float, float]:
    """The interval of a cell's observed share over origins: share ± t_{K-1} SE, at least
    Wilson's."""
    total, count = float(n.sum()), float(happened.sum())
    lo, hi = wilson(count, total)
    found = deviation(n, happened, predicted)
    if found.half is None:
        return lo, hi
    share = count / total
    return max(0.0, min(lo, share - found.half)), min(1.0, max(hi, share + found.half))


def rows(counted: Tally, edges: Floats) -> list[dict[str, Any]]:
    """One row per cell: its limits, n, mean forecast and observed share with interval."""
    limits = [0.0, *(float(edge) for edge in edges), 1.0]
    return [
        {"from": limits[i], "to": limits[i + 1], **figures(counted, i)}
        for i in range(counted.n.shape[1])
    ]


def cell_for(deciles: Sequence[Mapping[str, Any]], p: float) -> Mapping[str, Any] | None:
    """The row of ``rows`` a person's forecast falls into: "of 100 like this one about … came back".

    None where the cell is too small to speak, or there is none: the forecast is not yet checked.
    """
    inside = [row for row in deciles if row["from"] <= p < row["to"] or p == row["to"] == 1]
    return inside[0] if inside and inside[0]["checked"] else None


def figures(counted: Tally, cell: int) -> dict[str, Any]:
    """n, mean forecast and observed share of one cell; under 5 customers no figure."""
    n, happened, predicted = (side[:, cell] for side in counted)
    total = int(n.sum())
    if total < NONE_BELOW:
        gone = dict.fromkeys(("predicted", "observed", "lo", "hi"))
        return {"n": total, **gone, "few": True, "checked": False}
    lo, hi = pooled_interval(n, happened, predicted)
    return {
        "n": total,
        "predicted": float(predicted.sum() / total),
        "observed": float(happened.sum() / total),
        "lo": lo,
        "hi": hi,
        "few": is_few(total),
        "checked": total >= CHECKED_FROM,
    }


def verdict(found: Deviation, *, flag_points: float) -> str:
    """``checked``, ``runs_high``, ``runs_low`` or, before 3 origins, ``difference_only``."""
    if found.origins == 0:
        return "not_yet"
    if found.origins < ORIGINS_FOR_A_VERDICT or found.half is None:
        return "difference_only"
    if abs(found.mean) * 100 <= flag_points or abs(found.mean) <= found.half:
        return "checked"
    return "runs_low" if found.mean > 0 else "runs_high"


def brier(forecast: Floats, outcome: Columns) -> float:
    """The mean squared distance of forecast and outcome; lower is better."""
    return float(np.mean((forecast - outcome) ** 2))


def area_under_curve(forecast: Floats, outcome: Columns) -> float | None:
    """The chance that one who came back was scored above one who did not, ties half; None if all
    are alike."""
    came = np.asarray(outcome, dtype=bool)
    back, gone = np.sort(forecast[came]), np.sort(forecast[~came])
    if not len(back) or not len(gone):
        return None
    below = np.searchsorted(gone, back, side="left").sum(dtype=np.float64)
    not_above = np.searchsorted(gone, back, side="right").sum(dtype=np.float64)
    return float((below + not_above) / 2 / (len(back) * len(gone)))


def calibration_error(n: Floats, happened: Floats, predicted: Floats) -> float:
    """The expected calibration error of one origin: mean distance of observed and predicted over
    its customers."""
    return float(np.abs(happened - predicted).sum() / n.sum())


def last_purchase_forecast(learnt_on: tuple[Columns, Columns], dormancy_days: Columns) -> Floats:
    """What the day of the last purchase alone foretells: the share per dormancy decile one origin
    back.

    Args:
        learnt_on: (dormancy_days, came back) of the origin before.
        dormancy_days: of the customers to be scored.
    """
    earlier, outcome = learnt_on
    edges = decile_edges([np.asarray(earlier, dtype=float)])
    cells = cell_of(edges, earlier)
    size = np.bincount(cells, minlength=len(edges) + 1)
    came = np.bincount(cells, weights=outcome, minlength=len(edges) + 1)
    share = came / np.maximum(size, 1)
    return np.asarray(share[cell_of(edges, dormancy_days)], dtype=float)
