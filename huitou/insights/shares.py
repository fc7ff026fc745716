"""Shares, means and totals of groups with their 95 % intervals, and the rules for small groups.

Rows of one customer are never treated as independent: a caller adds them up per customer first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

Z95: Final = float(stats.norm.ppf(0.975))
NONE_BELOW: Final = 5  # fewer: no figure, and none by subtraction
FEW_BELOW: Final = 30  # fewer: the mark "few", no rank, no colour, no verdict
DRAWS: Final = 2_000
BOOTSTRAP_UP_TO: Final = (
    20_000  # customers; above, the influence-function interval says the same in one pass
)
_GATHERED_AT_ONCE: Final = 4_000_000  # drawn rows held in memory together


def wilson(k: ArrayLike, n: ArrayLike, *, z: float = Z95) -> tuple[Any, Any]:
    """The interval of the share ``k`` of ``n``: 95 % unless told otherwise.

    Args:
        k: successes, 0..n; a number or an array.
        n: trials; a number or an array of the same shape.
        z: how many standard errors wide, one way; 1.96 for 95 %.

    Returns:
        (lower, upper), shares 0..1, floats for numbers and arrays for arrays; NaN where n = 0.

    Source:
        Wilson, E. B. (1927), JASA 22, without continuity correction.
    """
    successes, trials = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        centre = share + z**2 / (2 * trials)
        half = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
        scale = 1 + z**2 / trials
        # At k = 0 and k = n the ends are exactly 0 and 1; subtraction would leave 1e-17 there.
        lower = np.where(successes == 0, np.where(trials > 0, 0.0, np.nan), (centre - half) / scale)
        upper = np.where(
            successes == trials, np.where(trials > 0, 1.0, np.nan), (centre + half) / scale
        )
    if lower.ndim == 0:
        return float(lower), float(upper)
    return lower, upper


def t_interval(mean: float, sd: float, n: float) -> tuple[float, float]:
    """The 95 % t interval of a mean of ``n`` independent values; ``n`` may be an effective number.

    Returns:
        (lower, upper) in the unit of the mean; NaN for n <= 1, where no spread is known.
    """
    if not n > 1:
        return float("nan"), float("nan")
    half = float(stats.t.ppf(0.975, n - 1)) * sd / float(np.sqrt(n))
    return mean - half, mean + half


@dataclass(frozen=True, slots=True)
class StratifiedMean:
    """A mean weighted back to the population, its interval and what it stands on."""

    mean: float
    lo: float
    hi: float
    se: float
    n: int
    n_eff: float


def stratified_mean(
    population: ArrayLike, n: ArrayLike, mean: ArrayLike, sd: ArrayLike
) -> StratifiedMean:
    """Weight the means of cells by the people each cell stands for.

    Args:
        population: people per cell N_h, > 0.
        n: answers per cell n_h, > 0.
        mean: mean of the answers per cell.
        sd: standard deviation within the cell; NaN where n_h = 1 takes the pooled one.

    Returns:
        Mean = sum N_h y_h / sum N_h; SE^2 = sum W_h^2 s_h^2 / n_h; n_eff = (sum w)^2 / sum w^2,
        w = N_h / n_h; the t interval with n_eff - 1. NaN everywhere for no cell.

    Source:
        Cochran (1977), Sampling Techniques, 5.3 and 5A.9; Kish (1965) for n_eff.
    """
    people, answers = np.asarray(population, dtype=float), np.asarray(n, dtype=float)
    means, spreads = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    if people.sum() <= 0:
        nan = float("nan")
        return StratifiedMean(nan, nan, nan, nan, 0, 0.0)
    degrees = np.maximum(answers - 1, 0)
    pooled = (
        np.sqrt(np.nansum(degrees * spreads**2) / degrees.sum()) if degrees.sum() else float("nan")
    )
    spreads = np.where(np.isnan(spreads), pooled, spreads)
    weight = people / people.sum()
    centre = float((weight * means).sum())
    error = float(np.sqrt((weight**2 * spreads**2 / answers).sum()))
    effective = float(people.sum() ** 2 / (people**2 / answers).sum())
    lo, hi = t_interval(centre, error * float(np.sqrt(effective)), effective)
    return StratifiedMean(centre, lo, hi, error, int(answers.sum()), effective)


def ratio_bootstrap(
    numerator: ArrayLike, denominator: ArrayLike, *, seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """The 95 % percentile bootstrap of sum(numerator) / sum(denominator), customers drawn whole.

    Args:
        numerator: one total per customer, shape (n,).
        denominator: one total per customer, shape (n,); ones give a mean.
        seed: of the random draws; the same seed gives the same bits.
        draws: how many.

    Returns:
        (lower, upper); NaN for no customer, or if over 2.5 % of the draws have a denominator of 0.

    Source:
        Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    n = len(top)
    if n == 0:
        return float("nan"), float("nan")
    generator = np.random.default_rng(seed)
    ratios = np.empty(draws)
    step = max(1, _GATHERED_AT_ONCE // n)
    for start in range(0, draws, step):
        count = min(step, draws - start)
        drawn = generator.integers(0, n, size=(count, n), dtype=np.int32)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios[start : start + count] = top[drawn].sum(axis=1) / bottom[drawn].sum(axis=1)
    finite = np.isfinite(ratios)
    if finite.mean() < 0.975:
        return float("nan"), float("nan")
    lo, hi = np.quantile(ratios[finite], [0.025, 0.975])
    return float(lo), float(hi)


def ratio_influence(numerator: ArrayLike, denominator: ArrayLike) -> tuple[float, float]:
    """The 95 % interval of sum(numerator) / sum(denominator) from each customer's influence on it.

    Returns:
        (lower, upper); NaN for fewer than 2 customers or a denominator of 0.

    Source:
        Hampel (1974); the influence of customer i on a ratio r is (a_i - r b_i) / mean(b)
        (Cochran 1977, 6.4).
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    n, total = len(top), float(bottom.sum())
    if n < 2 or total == 0:
        return float("nan"), float("nan")
    ratio = float(top.sum()) / total
    influence = (top - ratio * bottom) / (total / n)
    half = Z95 * float(influence.std(ddof=1)) / float(np.sqrt(n))
    return ratio - half, ratio + half


def ratio_interval(
    numerator: ArrayLike, denominator: ArrayLike, *, seed: int
) -> tuple[float, float]:
    """The 95 % interval of a ratio of customer totals: bootstrap to 20,000, influence above."""
    if np.size(numerator) > BOOTSTRAP_UP_TO:
        return ratio_influence(numerator, denominator)
    return ratio_bootstrap(numerator, denominator, seed=seed)


def total_interval(
    per_customer: ArrayLike, *, seed: int, by_influence: bool = False
) -> tuple[float, float]:
    """The 95 % interval of a sum over customers, the number of customers held fixed.

    Args:
        per_customer: one amount each, shape (n,).
        seed: of the bootstrap.
        by_influence: skip the bootstrap, for one of many parts of a large base.
    """
    values = np.asarray(per_customer, dtype=float)
    ones = np.ones_like(values)
    by_draws = not by_influence and len(values) <= BOOTSTRAP_UP_TO
    interval = (
        ratio_bootstrap(values, ones, seed=seed) if by_draws else ratio_influence(values, ones)
    )
    return interval[0] * len(values), interval[1] * len(values)


def benjamini_hochberg(p_values: ArrayLike, *, rate: float = 0.10) -> Flags:
    """Which of many tests stand when at most ``rate`` of those that stand may be chance.

    Args:
        p_values: one per test, 0..1; NaN = not tested, never stands and is not counted.
        rate: the false discovery rate, 0..1.

    Returns:
        Flags, shape of the input. Equal p-values share a verdict.

    Source:
        Benjamini & Hochberg (1995), JRSS B 57, the step-up procedure.
    """
    p = np.asarray(p_values, dtype=float)
    tested = p[~np.isnan(p)]
    if not len(tested):
        return np.zeros(p.shape, dtype=bool)
    ordered = np.sort(tested)
    passing = np.nonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / len(ordered))[0]
    cut = ordered[passing[-1]] if len(passing) else -1.0
    with np.errstate(invalid="ignore"):
        return np.asarray(p <= cut, dtype=bool)


def withheld(sizes: Sequence[int]) -> list[bool]:
    """Which parts of a whole must not show a figure, so that none is had by subtraction.

    Parts under 5 are withheld; where together they hold fewer than 5, or one stands alone and could
    be had from the total, the next smallest part goes with them. Empty parts hide nothing.
    """
    hidden = [0 < size < NONE_BELOW for size in sizes]
    if not any(hidden):
        return hidden
    for position in sorted(
        (i for i, size in enumerate(sizes) if size > 0), key=lambda i: (sizes[i], i)
    ):
        if (
            sum(hidden) >= 2
            and sum(s for s, hides in zip(sizes, hidden, strict=True) if hides) >= NONE_BELOW
        ):
            break
        hidden[position] = True
    return hidden


def is_few(n: float) -> bool:
    """Whether a figure on ``n`` carries the mark "few"."""
    return n < FEW_BELOW


def share_facts(k: int, n: int) -> dict[str, Any]:
    """``k`` of ``n`` for the report: share, interval, marks; under 5 only n and the reason."""
    if n < NONE_BELOW:
        return {
            "k": None,
            "n": int(n),
            "share": None,
            "lo": None,
            "hi": None,
            "few": True,
            "reason": "too_few",
        }
    lo, hi = wilson(k, n)
    return {
        "k": int(k),
        "n": int(n),
        "share": k / n,
        "lo": lo,
        "hi": hi,
        "few": is_few(n),
        "reason": None,
    }


def mean_facts(values: ArrayLike) -> dict[str, Any]:
    """The mean of ``values`` (NaN left out) for the report: t interval, marks of small groups."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    n = len(known)
    if n < NONE_BELOW:
        return {"mean": None, "lo": None, "hi": None, "n": n, "few": True, "reason": "too_few"}
    mean = float(known.mean())
    lo, hi = t_interval(mean, float(known.std(ddof=1)), n)
    return {"mean": mean, "lo": lo, "hi": hi, "n": n, "few": is_few(n), "reason": None}


def number(figure: float | None) -> float | None:
    """``figure`` for JSON: NaN and infinity, which JSON cannot say, become null."""
    return float(figure) if figure is not None and np.isfinite(figure) else None
