"""What more retention is worth: by the model, and beside it the textbook's calculators (A29, A30).

A calculator multiplies what a reader types; it is never filled from our data, and a claim is
called a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import benchmarks
from huitou.insights.frames import Frames, ModelInForce, Scores
from huitou.insights.kernels.lifetime import Term, drawn_parameters, lifetime_value
from huitou.insights.kernels.models import MODELS
from huitou.insights.kernels.newton import Fit

Floats = NDArray[np.float64]

POINTS: Final = (1, 2, 3, 5, 10)
YEAR_DAYS: Final = 365
CLAIMED_GAIN: Final = (0.25, 1.0)  # N7, per five points of retention
CLAIMED_MULTIPLE: Final = 5.0  # N8
CLAIMED_UPLIFT: Final = 0.31  # N10
SAMPLE: Final = 20_000
DRAW_SAMPLE: Final = 500
DRAW_STEP_DAYS: Final = 365
DRAWS: Final = 200
DRAWN_AT: Final = 5  # points
_HALVINGS: Final = 30


def multiple(retention: float, discount: float) -> float:
    """How many yearly margins a customer is worth at a constant yearly retention.

    Args:
        retention: share that stays each year, 0 .. below 1 + discount.
        discount: per year, 0.10 for 10 %.

    Raises:
        ValueError: retention is negative, or so high that the sum has no end.

    Source:
        Gupta & Lehmann (2003): rho / (1 + i - rho).
    """
    if not 0 <= retention < 1 + discount:
        raise ValueError("retention must lie between 0 and 1 + discount")
    return retention / (1 + discount - retention)


def sbg_multiple(alpha: float, beta: float, discount: float, *, years: int = 500) -> float:
    """The multiple where customers differ in how long they stay: what a constant rate misses.

    Source:
        Fader & Hardie (2010): sum of S(t) / (1 + i)^t with the shifted-beta-geometric survivor
        S(t) = S(t-1) (beta + t - 1) / (alpha + beta + t - 1), t = 1, 2, ... years.
    """
    t = np.arange(1, years + 1)
    survivors = np.cumprod((beta + t - 1) / (alpha + beta + t - 1))
    return float((survivors / (1 + discount) ** t).sum())


def gain(before: float, after: float, discount: float) -> float:
    """By how much the multiple rises when retention goes from ``before`` to ``after``."""
    worth = multiple(before, discount)
    if worth == 0:
        raise ValueError("nothing can be compared with a retention of 0")
    return multiple(after, discount) / worth - 1


def company_value(
    customers: int, margin_minor: float, worth: float, *, won: int, cost_to_win_minor: float
) -> float:
    """N x m x multiple - A x new customers, minor units."""
    return customers * margin_minor * worth - cost_to_win_minor * won


def claimed_profit(profit_minor: int) -> tuple[int, int]:
    """What the claim "+5 points of retention, +25 to +100 % profit" makes of a profit."""
    low, high = CLAIMED_GAIN
    return round(profit_minor * (1 + low)), round(profit_minor * (1 + high))


def claimed_cost_to_keep(cost_to_win_minor: int) -> int:
    """What the claim "winning costs five times as much as keeping" makes of a cost to win."""
    return round(cost_to_win_minor / CLAIMED_MULTIPLE)


def claimed_existing_order(new_order_minor: int) -> int:
    """What the claim "existing customers spend 31 % more" makes of a new customer's order."""
    return round(new_order_minor * (1 + CLAIMED_UPLIFT))


def win_over_keep(
    spent_winning: float, new_buyers: int, spent_keeping: float, retained: int
) -> float | None:
    """Own cost to win / own cost to keep of one period; None where a side has no customers or no
    cost (A30)."""
    if new_buyers <= 0 or retained <= 0 or spent_keeping <= 0:
        return None
    return (spent_winning / new_buyers) / (spent_keeping / retained)


@dataclass(frozen=True, slots=True)
class Base:
    """The customers the gain is computed for; money is the expected margin of a purchase day."""

    x: NDArray[Any]
    t_x_days: NDArray[Any]
    T_days: NDArray[Any]
    spend: Floats
    scale: float  # customers of the base / customers here

    def every(self, most: int) -> "Base":
        """At most ``most`` of the customers, evenly by id, standing for all of them."""
        step = max(1, -(-len(self.x) // most))
        picked = self.x[::step]
        columns = (picked, self.t_x_days[::step], self.T_days[::step], self.spend[::step])
        return Base(*columns, self.scale * len(self.x) / max(len(picked), 1))


def with_drop_out(model: str, parameters: Mapping[str, float], factor: float) -> dict[str, float]:
    """The parameters with the drop-out rate per purchase (or per time) times ``factor``.

    The mean drop-out of BG and MBG/NBD is a / (a + b); a + b, the certainty, stays.
    """
    changed = dict(parameters)
    if model == "paretonbd":
        changed["s"] = parameters["s"] * factor
        return changed
    whole = parameters["a"] + parameters["b"]
    changed["a"] = parameters["a"] * factor
    changed["b"] = whole - changed["a"]
    return changed


def drop_out_for(
    model: str, parameters: Mapping[str, float], base: Base, points: float
) -> float | None:
    """The factor that lifts the 365-day repeat share by ``points``; None if none is low enough."""

    def share(factor: float) -> float:
        changed = with_drop_out(model, parameters, factor)
        customers = (base.x, base.t_x_days, base.T_days)
        return float(MODELS[model].p_repeat(changed, *customers, YEAR_DAYS).mean())

    target = share(1.0) + points / 100
    low, high = 1e-4, 1.0
    if share(low) < target:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= target else (low, middle)
        if high - low < 1e-5:
            break
    return low


def gain_of(
    model: str, parameters: Mapping[str, float], base: Base, points: float, term: Term
) -> float | None:
    """Rise of the total lifetime value when the 365-day repeat share rises by ``points``."""
    factor = drop_out_for(model, parameters, base, points)
    if factor is None:
        return None
    customers = (base.x, base.t_x_days, base.T_days)
    totals = []
    for part in (factor, 1.0):
        changed = with_drop_out(model, parameters, part)
        value, _ = lifetime_value(MODELS[model], changed, base.spend, customers, term=term)
        totals.append(float(value.sum()))
    return (totals[0] - totals[1]) * base.scale


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``economics``: the model's gain per 1 .. 10 points, with its interval.

    Above 20,000 customers the gain is computed on every k-th and scaled up; the interval is the
    parametric bootstrap on every k-th again, because what varies are the parameters.
    """
    facts: dict[str, Any] = {
        "basis": frames.context.money.name,
        "value_days": frames.context.value_days,
        "more_retention": [],
        "reason": None,
        "benchmarks": benchmarks.facts("profit_gain_low", "profit_gain_high", "win_over_keep"),
    }
    if frames.model is None or not frames.size:
        return {**facts, "reason": "no_model"}
    spend = scores["expected_spend"] * scores["margin_share"]
    if np.isnan(spend).all():
        return {**facts, "reason": "no_money"}
    rate = float(frames.context.setting("discount_percent_per_year", 10))
    facts["more_retention"] = more_retention(
        frames.model,
        Base(
            frames.column("x"),
            frames.column("t_x_days"),
            frames.column("T_days"),
            np.nan_to_num(spend),
            1.0,
        ),
        Term(frames.context.value_days, rate),
        seed=frames.context.seed,
    )
    return facts


def more_retention(
    model: ModelInForce, whole: Base, term: Term, *, seed: int
) -> list[dict[str, Any]]:
    """The gain for each number of points, with the 95 % interval of the parametric bootstrap.

    The interval's ends stand in nearly one ratio to the gain whatever the points, so they are drawn
    once, for five points or the most that can be reached. A fit too flat to have an uncertainty
    gives no interval.
    """
    flat = is_flat(model.purchases)
    base = whole.every(DRAW_SAMPLE if flat else SAMPLE)  # kernels are slow at such parameters
    worth = {points: gain_of(model.name, model.parameters, base, points, term) for points in POINTS}
    reached = [points for points in POINTS if worth[points] and points <= DRAWN_AT]
    low, high = (None, None)
    if reached and not flat:
        low, high = _relative_interval(model, whole.every(DRAW_SAMPLE), reached[-1], term, seed)
    return [
        {
            "points": points,
            "gain": gain,
            "lo": None if gain is None or low is None else gain * low,
            "hi": None if gain is None or high is None else gain * high,
        }
        for points, gain in worth.items()
    ]


def is_flat(fit: Fit) -> bool:
    """Whether the likelihood hardly tells its parameters apart: draws from it would say nothing."""
    return not fit.converged or any(each["code"] == "flat_ridge" for each in fit.warnings)


def _relative_interval(
    model: ModelInForce, few: Base, points: float, term: Term, seed: int
) -> tuple[float | None, float | None]:
    """The interval of the gain as multiples of the gain, in steps that move both alike."""
    term = term._replace(step_days=DRAW_STEP_DAYS)
    here = gain_of(model.name, model.parameters, few, points, term)
    if not here:
        return None, None
    money = money_factors(model, seed=seed + 1)
    found = []
    for place, parameters in enumerate(drawn_parameters(model.purchases, seed=seed, draws=DRAWS)):
        gain = gain_of(model.name, parameters, few, points, term)
        if gain is not None:
            found.append(gain / here * money[place % len(money)])
    if len(found) < DRAWS / 2:
        return None, None
    lo, hi = np.quantile(found, [0.025, 0.975])
    return float(lo), float(hi)


def money_factors(model: ModelInForce, *, seed: int) -> list[float]:
    """How far mean expected money moves with each draw of the money model's parameters."""
    if model.money is None or is_flat(model.money):
        return [1.0]

    def mean(parameters: Mapping[str, float]) -> float:
        p, q, v = parameters["p"], parameters["q"], parameters["v"]
        return p * v / (q - 1) if q > 1 else float("nan")

    now = mean(model.money.parameters)
    drawn = [mean(each) / now for each in drawn_parameters(model.money, seed=seed, draws=DRAWS)]
    return [factor if np.isfinite(factor) else 1.0 for factor in drawn]
