"""The difference of two means of skewed money, tested by drawing the arms again."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from huitou.insights.proof.difference import LEVEL, Difference

REDRAWS: Final = 9_999
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a mean and its spread need of one arm: number, sum, sum of squares."""

    n: int
    total: Floats
    squares: Floats


def mean_difference(
    treated: ArrayLike, held_out: ArrayLike, *, seed: int, level: float = LEVEL,
    redraws: int = REDRAWS,
) -> Difference:  # fmt: skip
    """The difference of the means per unit; interval and p from the same re-drawn quantiles.

    t = difference / sqrt(s1^2/n1 + s0^2/n0). The arms are drawn again ``redraws`` times with their
    sizes; the interval is [d - t*(1 - level/2) SE, d - t*(level/2) SE].

    Args:
        treated: one amount per unit treated, zeros included.
        held_out: the same of the held out; at least 2 in each arm.
        seed: of the redraws; the same seed gives the same bits.
        level: 1 - confidence, 0..1.
        redraws: how many.

    Returns:
        The difference in the unit of the amounts. Where no amount differs from another, the
        interval is the whole line: nothing can be said.

    Source:
        Chung & Romano (2013), Annals of Statistics 41, 484-507 (studentized permutation).
    """
    ones, zeros = np.asarray(treated, dtype=float), np.asarray(held_out, dtype=float)
    observed, error = _t_parts(_sums(ones), _sums(zeros))
    difference, se = float(observed[0]), float(error[0])
    if not se > 0:
        return Difference(difference, se, float("-inf"), float("inf"), 1.0)
    t = redrawn_t(np.concatenate([ones, zeros]), len(zeros), seed=seed, redraws=redraws)
    low, high = ends(t, level)
    return Difference(
        difference, se, difference - high * se, difference - low * se,
        p_value(difference / se, t),
    )  # fmt: skip


def redrawn_t(values: Floats, n_smaller: int, *, seed: int, redraws: int = REDRAWS) -> Floats:
    """t of ``redraws`` random arms over the same ``values``: first arm less the arm of
    ``n_smaller``.

    Units that bought nothing add nothing to any sum: how many of the others fall into an arm is
    hypergeometric, and only those are drawn.
    """
    generator = np.random.default_rng(seed)
    spent = values[values != 0]
    squared = spent**2
    n, m = len(values), len(spent)
    is_swapped = n_smaller > n - n_smaller
    drawn_n = n - n_smaller if is_swapped else n_smaller
    counts = generator.hypergeometric(m, n - m, drawn_n, size=redraws)
    total, squares = np.empty(redraws), np.empty(redraws)
    for place, count in enumerate(counts):
        chosen = generator.choice(m, int(count), replace=False, shuffle=False)
        total[place] = spent[chosen].sum()
        squares[place] = squared[chosen].sum()
    drawn = Sums(drawn_n, total, squares)
    rest = Sums(n - drawn_n, spent.sum() - total, squared.sum() - squares)
    difference, error = _t_parts(drawn, rest) if is_swapped else _t_parts(rest, drawn)
    return np.divide(difference, error, out=np.zeros(redraws), where=error > 0)


def ends(redrawn: Floats, level: float) -> tuple[float, float]:
    """The draws between which all but ``level`` of them lie, as the test counts them.

    Not interpolated between neighbours: of 9,999 draws at .05 the 250th and the 9,750th, so that
    the interval leaves out 0 just where ``p_value`` is not above the level.
    """
    low, high = np.quantile(redrawn, [level / 2, 1 - level / 2], method="weibull")
    return float(low), float(high)


def p_value(observed: float, redrawn: Floats) -> float:
    """Two-sided: twice the smaller tail, the observed draw counted as one of the draws."""
    above = 1 + int((redrawn >= observed).sum())
    below = 1 + int((redrawn <= observed).sum())
    return min(1.0, 2 * min(above, below) / (len(redrawn) + 1))


def welch(treated: ArrayLike, held_out: ArrayLike) -> tuple[float, float]:
    """(difference of the means, its standard error with a spread of its own for each arm)."""
    difference, error = _t_parts(
        _sums(np.asarray(treated, dtype=float)), _sums(np.asarray(held_out, dtype=float))
    )
    return float(difference[0]), float(error[0])


def _sums(values: Floats) -> Sums:
    return Sums(len(values), np.array([values.sum()]), np.array([(values**2).sum()]))


def _t_parts(ones: Sums, zeros: Sums) -> tuple[Floats, Floats]:
    """Difference and standard error of each draw."""
    difference = ones.total / ones.n - zeros.total / zeros.n
    return difference, np.sqrt(_variance(ones) / ones.n + _variance(zeros) / zeros.n)


def _variance(arm: Sums) -> Floats:
    spread = arm.squares - arm.total**2 / arm.n
    # A sum of squares of equal values may come out a hair below zero.
    tiny = 1e-12 * np.maximum(arm.squares, sqrt(np.finfo(float).tiny))
    return np.where(spread > tiny, spread, 0.0) / max(arm.n - 1, 1)
