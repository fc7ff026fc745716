"""20/80/30 (B10): what the best fifth of buyers brings, and what the last three tenths cost.

Every share names its denominator. Without known costs the same figures are of sales, and the second
half of the law cannot be judged: only returns make sales negative.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares
from huitou.insights.frames import Frames, Scores

Amounts = NDArray[np.int64]
Floats = NDArray[np.float64]
LORENZ_STEPS: Final = 100
_REVENUE_SHARE: Final = 80  # percent
_DRAWN_AT_ONCE: Final = 64


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``pareto``, over buyers of the last 365 days."""
    bought = frames.column("days_365") > 0
    net = frames.column("net_365_minor")[bought].astype(np.int64)
    basis = frames.context.money
    worth = net
    if basis.is_profit:
        margin = frames.column("margin_365_minor")[bought]
        worth = np.nan_to_num(margin.astype(float)).astype(np.int64)
    return law(worth, net, seed=frames.context.seed) | {"basis": basis.name}


def law(worth: Amounts, net: Amounts, *, seed: int) -> dict[str, Any]:
    """20/80/30 over one amount per buyer, in ascending customer id.

    Args:
        worth: profit, or sales where costs are not known; minor units, shape (n,).
        net: sales, minor units, shape (n,).
        seed: of the bootstrap of Gini.

    Returns:
        Members and sums of the top 20 % (rounded up) and the last 30 % (rounded down); shares with
        named denominators, None where a denominator is not positive; revenue; Lorenz and Gini.

    Source:
        The source texts with decision P9; Lorenz (1905).
    """
    n = len(worth)
    found: dict[str, Any] = {"n": n, "few": shares.is_few(n), "reason": None}
    if n < shares.NONE_BELOW:
        return found | _nothing() | {"reason": "too_few"}
    ranked = worth[np.argsort(-worth, kind="stable")]
    top, bottom = -(-n // 5), 3 * n // 10
    top_sum, bottom_sum = int(ranked[:top].sum()), int(ranked[n - bottom :].sum())
    actual = int(ranked.sum())
    potential = actual - bottom_sum
    concentration = gini_with_interval(worth, seed=seed)
    return found | {
        "top20": {"members": top, "sum_minor": top_sum},
        "bottom30": {"members": bottom, "sum_minor": bottom_sum},
        "actual_minor": actual,
        "potential_minor": potential,
        "top_over_actual": _over(top_sum, actual),
        "top_over_potential": _over(top_sum, potential),
        "actual_over_potential": _over(actual, potential),
        **_revenue(net, top, bottom),
        **dict(zip(("gini", "gini_lo", "gini_hi"), concentration, strict=True)),
        "gini_reason": None if concentration[0] is not None else "negative_or_no_total",
        "lorenz": lorenz(worth),
    }


def _nothing() -> dict[str, Any]:
    names = (
        "top20", "bottom30", "actual_minor", "potential_minor", "top_over_actual",
        "top_over_potential", "actual_over_potential", "customers_for_80", "revenue", "gini",
        "gini_lo", "gini_hi", "gini_reason",
    )  # fmt: skip
    return dict.fromkeys(names) | {"lorenz": []}


def _over(part: int, whole: int) -> float | None:
    """A share, or None where the denominator gives none."""
    return part / whole if whole > 0 else None


def _revenue(net: Amounts, top: int, bottom: int) -> dict[str, Any]:
    """How sales are spread: the shares of both ends, and the fewest buyers with 80 % of them."""
    ranked = np.sort(net)[::-1]
    total = int(ranked.sum())
    if total <= 0:
        return {"customers_for_80": None, "revenue": None}
    # Whole numbers: 100 × the running sum against 80 × the total has no rounding at the edge.
    count = int(np.argmax(np.cumsum(ranked) * 100 >= total * _REVENUE_SHARE)) + 1
    return {
        "customers_for_80": {"count": count, "share": count / len(net)},
        "revenue": {
            "top20_share": int(ranked[:top].sum()) / total,
            "bottom30_share": int(ranked[len(net) - bottom :].sum()) / total,
        },
    }


def lorenz(worth: Amounts) -> list[list[float]]:
    """At most 101 points (share of buyers, share of the total), poorest first, from (0, 0).

    With negative amounts the curve dips below zero; without a positive total there is none.
    """
    n, total = len(worth), int(worth.sum())
    if total <= 0:
        return []
    heights = np.concatenate(([0], np.cumsum(np.sort(worth))))
    places = np.unique(np.round(np.linspace(0, n, min(n, LORENZ_STEPS) + 1)).astype(np.int64))
    return [[int(i) / n, int(heights[i]) / total] for i in places]


def gini(worth: Amounts) -> float | None:
    """Σ (2i - n - 1) v_i / (n Σ v), i the ascending rank; None with negative values or no total."""
    n, total = len(worth), int(worth.sum())
    if total <= 0 or int(worth.min()) < 0:
        return None
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(ranks @ np.sort(worth).astype(float)) / (n * total)


def gini_with_interval(worth: Amounts, *, seed: int) -> tuple[float | None, ...]:
    """Gini with its 95 % interval: bootstrap up to 20,000 buyers, influence function above."""
    middle = gini(worth)
    if middle is None:
        return None, None, None
    by_draws = len(worth) <= shares.BOOTSTRAP_UP_TO
    lo, hi = gini_bootstrap(worth, seed=seed) if by_draws else gini_influence(worth)
    return middle, shares.number(lo), shares.number(hi)


def gini_bootstrap(worth: Amounts, *, seed: int, draws: int = shares.DRAWS) -> tuple[float, float]:
    """The percentile bootstrap of Gini, buyers drawn whole.

    Equal buyers drawn w times lie side by side in the order, so no draw is sorted again:
    Σ (2i - n - 1) v_i = Σ w v (2 C - w - n) with C the running sum of w.
    """
    values = np.sort(worth).astype(float)
    n = len(values)
    generator = np.random.default_rng(seed)
    found = np.empty(draws)
    for start in range(0, draws, _DRAWN_AT_ONCE):
        count = min(_DRAWN_AT_ONCE, draws - start)
        drawn = generator.integers(0, n, size=(count, n), dtype=np.int32)
        drawn += n * np.arange(count, dtype=np.int32)[:, None]
        times = np.bincount(drawn.reshape(-1), minlength=count * n).reshape(count, n)
        money = times * values
        heights = (2 * np.cumsum(times, axis=1) - times - n) * money
        with np.errstate(invalid="ignore"):
            found[start : start + count] = heights.sum(axis=1) / (n * money.sum(axis=1))
    lo, hi = np.nanquantile(found, [0.025, 0.975])
    return float(lo), float(hi)


def gini_influence(worth: Amounts) -> tuple[float, float]:
    """The interval of Gini from each buyer's influence on it.

    With h(v) = E|v - V|, Δ = E h(V) and mean μ, G = Δ / 2μ has the influence
    (h(v) - Δ) / μ - G (v - μ) / μ.

    Source:
        Monti (1991), The study of the Gini concentration ratio by means of the influence function.
    """
    values = np.sort(worth).astype(float)
    n, mean = len(values), float(values.mean())
    ranks = np.arange(1, n + 1)
    apart = (values * (2 * ranks - n) + values.sum() - 2 * np.cumsum(values)) / n
    spread = float(apart.mean())
    middle = spread / (2 * mean)
    influence = (apart - spread) / mean - middle * (values - mean) / mean
    half = shares.Z95 * float(influence.std(ddof=1)) / float(np.sqrt(n))
    return max(0.0, middle - half), min(1.0, middle + half)
