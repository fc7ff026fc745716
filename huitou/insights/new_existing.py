"""New customers against existing ones, beside what is claimed elsewhere (A31)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import benchmarks, shares
from huitou.insights.frames import Frames, Scores

Numbers = NDArray[Any]
WINDOW_DAYS: Final = 365


def order_value(net_minor: Numbers, orders: Numbers, *, seed: int) -> dict[str, Any]:
    """Mean net of an order with its interval; orders of one customer are kept together.

    Args:
        net_minor: per customer, minor units.
        orders: per customer.
    """
    has = orders > 0
    count, customers = int(orders[has].sum()), int(has.sum())
    facts: dict[str, Any] = {
        "orders": count,
        "customers": customers,
        "few": shares.is_few(customers),
    }
    if customers < shares.NONE_BELOW:
        return {**facts, "mean_minor": None, "lo": None, "hi": None, "reason": "too_few"}
    lo, hi = shares.ratio_interval(net_minor[has], orders[has], seed=seed)
    return {
        **facts,
        "mean_minor": float(net_minor[has].sum()) / count,
        "lo": shares.number(lo),
        "hi": shares.number(hi),
        "reason": None,
    }


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``new_existing``: orders of the last 365 days, by first day and later days.

    A customer's first purchase day is new, all later ones are existing; a customer can stand on
    both sides, so the difference is a description. Who tries new products cannot be told without
    the day each product was launched.
    """
    as_of = np.datetime64(frames.context.as_of, "D")
    first_on = frames.column("first_on").astype("datetime64[D]")
    started = first_on > as_of - np.timedelta64(WINDOW_DAYS, "D")
    new_orders = np.where(started, scores["first_orders"], 0)
    new_net = np.where(started, frames.column("first_minor"), 0)
    old_orders = scores["orders_365"] - new_orders
    old_net = frames.column("net_365_minor") - new_net
    seed = frames.context.seed
    new = order_value(new_net, new_orders, seed=seed)
    existing = order_value(old_net, old_orders, seed=seed)
    both = new["mean_minor"] and existing["mean_minor"]
    return {
        "window_days": WINDOW_DAYS,
        "existing": existing,
        "new": new,
        "existing_over_new": existing["mean_minor"] / new["mean_minor"] - 1 if both else None,
        "tries_new_products": {"value": None, "reason": "no_launch_days"},
        "benchmarks": benchmarks.facts("spends_more", "tries_new_products"),
    }
