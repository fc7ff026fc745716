"""The parts of the report that describe the base: people, windows, layers, stages, money."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import horizons, layers, shares, stages, windows
from huitou.insights.building import Built
from huitou.insights.frames import Frames, Scores
from huitou.insights.inputs import Inputs
from huitou.insights.kernels import gamma_gamma
from huitou.insights.kernels.lifetime import Term, lifetime_value, total_interval
from huitou.insights.kernels.models import MODELS

BUYERS_DAYS: Final = 360
INTERVAL_CUSTOMERS: Final = 1_000
INTERVAL_STEP_DAYS: Final = 120  # coarser steps move the total and its interval alike


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everyone known on D in ascending customer_id, and where the buyers are among them."""

    customer_id: NDArray[np.int64]
    buyer_rows: NDArray[np.intp]
    stage: NDArray[Any]
    quiet: NDArray[np.bool_]
    life: stages.Life


def population(frames: Frames, everyone: Everyone) -> dict[str, Any]:
    """Who and what the run is about."""
    orders = frames.orders
    known = orders.customer_id.notnull()
    bought = orders.is_counted
    net = orders.net_minor
    sums = frames.engine.one(
        orders.agg(
            orders=bought.sum().cast("int64"),
            known_net=net.sum(where=bought & known).cast("int64"),
            anonymous_net=net.sum(where=bought & ~known).cast("int64"),
            unmatched=orders.unmatched_minor.sum().cast("int64"),
            first_day=orders.ordered_on.min(where=bought),
            last_day=orders.ordered_on.max(where=bought),
            stores=orders.store_id.nunique(where=bought).cast("int64"),
        )
    )
    known_net, anonymous = sums["known_net"] or 0, sums["anonymous_net"] or 0
    total = known_net + anonymous
    return {
        "customers": len(everyone.customer_id),
        "buyers": frames.size,
        "buyers_360": int((frames.column("dormancy_days") < BUYERS_DAYS).sum()),
        "orders": sums["orders"] or 0,
        "net_minor": total - (sums["unmatched"] or 0),
        "known_net_minor": known_net,
        "anonymous_net_minor": anonymous,
        "unmatched_returns_minor": sums["unmatched"] or 0,
        "known_share": known_net / total if total > 0 else None,
        "first_day": sums["first_day"].isoformat() if sums["first_day"] else None,
        "last_day": sums["last_day"].isoformat() if sums["last_day"] else None,
        "stores": sums["stores"] or 0,
    }


def money(frames: Frames) -> dict[str, Any]:
    """Whether the page may say profit."""
    basis = frames.context.money
    return {
        "name": basis.name,
        "cost_coverage": basis.cost_coverage,
        "estimated_share": basis.estimated_share,
        "margin": basis.margin,
        "currency": frames.context.currency.code,
    }


def windows_in_force(built: Built, inputs: Inputs, scores: Scores) -> dict[str, Any]:
    """The windows in force beside those the shop's own gaps suggest; never set by themselves."""
    frames = built.frames
    found = windows.suggestion(
        built.followed, history_days=built.history_days, preset=inputs.preset
    )
    moved = None
    if found.windows is not None:
        other = windows.recounted(frames.days, frames.people, found.windows)
        under = frames.engine.columns(other.order_by("customer_id"))["layer"]
        moved = int((under != scores["layer"]).sum())
    return {
        "in_force": list(inputs.windows),
        "origin": inputs.windows_origin,
        "suggested": list(found.windows) if found.windows else None,
        "reason": found.reason,
        "would_change": moved,
        "quantiles": list(found.quantiles),
        "base": found.customers,
        "follow_up_days": found.follow_up_days,
        "closed_days": sum(len(days) for days in inputs.closed_days.values()),
    }


def layer_table(frames: Frames, scores: Scores, everyone: Everyone) -> dict[str, Any]:
    """Customers and money per layer; the counts add up to all customers."""
    layer = scores["layer"]
    net = layers.by_layer(layer, frames.column("net_360_minor"))
    ones = layers.by_layer(layer, np.ones(frames.size, dtype=np.int64))
    ones["no_purchase"] = len(everyone.customer_id) - frames.size
    expected = scores["expected_margin_365"]
    table: dict[str, Any] = {}
    for code in layers.LAYERS:
        mine = expected[layer == code]
        known = None if np.isnan(mine).any() else float(mine.sum())
        table[code] = {
            "customers": ones[code],
            "net_360_minor": net[code],
            "expected_margin_365": known,
        }
    return table


def stage_board(frames: Frames, scores: Scores, everyone: Everyone) -> dict[str, Any]:
    """The five stages, who is quiet in each, the steps between them, and health beside them."""
    counts = {code: int((everyone.stage == code).sum()) for code in stages.STAGES}
    quiet = {code: int(((everyone.stage == code) & everyone.quiet).sum()) for code in stages.STAGES}
    return {
        "counts": counts,
        "quiet": quiet,
        "steps": stages.steps(everyone.life, frames.context.as_of),
        "health": {code: int((scores["health"] == code).sum()) for code in stages.HEALTH},
        "first_gap_quartile_days": stages.first_gap_quartile(frames.column("first_gap_days")),
        # Referrals, ambassadors and published reviews are not recorded by any room yet.
        "advocate_evidence": "not_recorded",
    }


def repeat(frames: Frames, scores: Scores, built: Built) -> dict[str, Any]:
    """Repeat probability over the base, its bands, and per store with the interval of its mean."""
    context = frames.context
    p = scores["p_repeat"]
    has_model = frames.model is not None and len(p) > 0
    return {
        "horizon_days": context.horizon_days,
        "horizon_reason": context.horizon_reason,
        "horizon_since": built.horizon_since.isoformat(),
        "horizon_ends_on": _horizon_end(frames).isoformat(),
        "is_rare_purchase": (
            horizons.headline(context.median_gap_days, context.gap_customers).reason
            == "rare_purchase"
        ),
        "median_gap_days": context.median_gap_days,
        "gap_customers": context.gap_customers,
        "mean": float(p.mean()) if has_model else None,
        "bands": {code: int((scores["band"] == code).sum()) for code in ("high", "middle", "low")},
        "expected_purchases_total": (
            float(scores["expected_purchases"].sum()) if has_model else None
        ),
        "by_store": _by_store(frames, p) if has_model else [],
    }


def _horizon_end(frames: Frames) -> date:
    """The civil day on which the horizon's open days are over; days all stores are closed are no
    part of it."""
    context = frames.context
    stores = set(frames.column("store_id").tolist())
    calendars = [set(context.closed_days.get(store, ())) for store in stores]
    closed = set.intersection(*calendars) if calendars else set()
    return horizons.end_on(context.as_of, context.horizon_days, closed)


def _by_store(frames: Frames, p: NDArray[np.float64]) -> list[dict[str, Any]]:
    store = frames.column("store_id")
    ids, place = np.unique(store, return_inverse=True)
    size = np.bincount(place)
    mean = np.bincount(place, weights=p) / size
    spread = np.bincount(place, weights=(p - mean[place]) ** 2)
    rows = []
    for code, n, value, squares in zip(ids.tolist(), size, mean, spread, strict=True):
        if n < shares.NONE_BELOW:
            rows.append({"store_id": code, "n": int(n), "mean": None, "reason": "too_few"})
            continue
        low, high = shares.t_interval(value, float(np.sqrt(squares / (n - 1))), n)
        rows.append(
            {
                "store_id": code,
                "n": int(n),
                "mean": float(value),
                "lo": max(0.0, low),
                "hi": min(1.0, high),
                "few": bool(n < shares.FEW_BELOW),
            }
        )
    return rows


def value(frames: Frames, scores: Scores, inputs: Inputs) -> dict[str, Any]:
    """Totals of expected money: the coming year, what is at risk, and the lifetime."""
    basis = {"basis": frames.context.money.name, "value_days": inputs.value_days}
    if frames.model is None or not frames.size:
        return basis | {"reason": "no_model"}
    at_risk = scores["value_at_risk"]
    low, high = shares.total_interval(at_risk, seed=frames.context.seed)
    total = float(scores["lifetime_value"].sum())
    lifetime = _lifetime_interval(frames, scores, inputs)
    return basis | {
        "margin_365_total": float(scores["expected_margin_365"].sum()),
        "at_risk": {
            "customers": int((at_risk > 0).sum()),
            "total": float(at_risk.sum()),
            "lo": shares.number(low),
            "hi": shares.number(high),
        },
        "probably_lost_total": float(scores["probably_lost"].sum()),
        "lifetime_total": total,
        "lifetime_lo": lifetime[0],
        "lifetime_hi": lifetime[1],
        "undiscounted_total": float(scores["lifetime_undiscounted"].sum()),
        "net_negative": int(((frames.column("x") > 0) & (frames.money_major() <= 0)).sum()),
        "reason": None,
    }


def _lifetime_interval(
    frames: Frames, scores: Scores, inputs: Inputs
) -> tuple[float | None, float | None]:
    """The parametric bootstrap of the lifetime total.

    What varies between draws are the parameters, so the draws are taken on every k-th customer and
    the interval is carried to the whole as a ratio to the same customers' own total.
    """
    model = frames.model
    if model is None or model.money is None:
        return None, None
    every = slice(None, None, max(1, frames.size // INTERVAL_CUSTOMERS))
    names = ("x", "t_x_days", "T_days")
    x, t_x, age = (frames.column(name)[every] for name in names)
    rate = float(frames.context.setting("discount_percent_per_year", 10))
    term = Term(inputs.value_days, rate, INTERVAL_STEP_DAYS)
    money = frames.money_major()[every]
    kernel, parameters = MODELS[model.name], dict(model.parameters)
    low, high = total_interval(
        kernel,
        model.purchases,
        model.money,
        (x, t_x, age, money),
        term=term,
        seed=frames.context.seed,
    )
    spend = gamma_gamma.expected_spend(model.money.parameters, x, money)
    value, _ = lifetime_value(kernel, parameters, np.nan_to_num(spend), (x, t_x, age), term=term)
    own = float(value.sum())
    if own <= 0:
        return None, None
    total = float(scores["lifetime_value"].sum())
    return total * low / own, total * high / own
