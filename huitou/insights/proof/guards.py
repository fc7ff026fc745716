"""What stands between a draw and a verdict: was it the draw we planned, and what is cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
BROKEN_BELOW: Final = 0.001
CUT_AT: Final = 0.99  # of the audience's buyers in the W days before the draw


def sample_ratio_p(treated: int, held_out: int, *, holdout_percent: float) -> float:
    """How likely arms this far from the planned sizes are by chance (chi-square, one degree).

    Below .001 the assignment is broken: there is no result, whatever the figures say.
    """
    n = treated + held_out
    planned = n * holdout_percent / 100
    if n == 0 or planned in (0, n):
        return 1.0
    distance = (held_out - planned) ** 2
    return float(stats.chi2.sf(distance / planned + distance / (n - planned), 1))


@dataclass(frozen=True, slots=True)
class Cut:
    """Amounts with the largest cut off, how many were, and the mean before."""

    values: Floats
    cut: int
    uncut_mean: float


def ceiling(before: ArrayLike) -> float | None:
    """Where amounts are cut: the 99th percentile of the buyers before the draw; None = nowhere."""
    amounts = np.asarray(before, dtype=float)
    bought = amounts[amounts > 0]
    return float(np.quantile(bought, CUT_AT)) if len(bought) else None


def winsorised(values: ArrayLike, *, most: float | None) -> Cut:
    """``values`` with everything above ``most`` set to it."""
    amounts = np.asarray(values, dtype=float)
    mean = float(amounts.mean()) if len(amounts) else 0.0
    if most is None:
        return Cut(amounts, 0, mean)
    return Cut(np.minimum(amounts, most), int((amounts > most).sum()), mean)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values of secondary outcomes, raised so that all of them together keep the level.

    Source:
        Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    raised, running = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[place]))
        raised[place] = running
    return raised
