"""Customers simulated from a published model, with every purchase day, and their histories seen
from any day."""

import datetime as dt
from typing import NamedTuple

import numpy as np

from huitou.insights.calibration import OriginData

FIRST = dt.date(2024, 1, 1)


class Purchases(NamedTuple):
    """Purchase days of customers, sorted: customer and day, both from 0."""

    customer: np.ndarray
    day: np.ndarray
    last_day: int


def purchases(
    customers: int, *, history: int = 900, seed: int = 1, gap_days: float = 30.0
) -> Purchases:
    """Customers who arrive evenly, buy at Gamma rates and drop out after a purchase (MBG/NBD)."""
    generator = np.random.default_rng(seed)
    gap = 1 / generator.gamma(2.0, 1 / (2.0 * gap_days), customers)
    leaving = generator.beta(1.0, 6.0, customers)
    at = generator.integers(0, history, customers).astype(float)
    here = np.arange(customers)
    found = []
    while len(here):
        found.append(np.stack((here, np.floor(at[here]).astype(int))))
        here = here[generator.random(len(here)) >= leaving[here]]
        at[here] += generator.exponential(gap[here])
        here = here[at[here] < history]
    rows = np.unique(np.concatenate(found, axis=1), axis=1)
    return Purchases(rows[0], rows[1], history - 1)


def origin(bought: Purchases, day: int, horizon: int) -> OriginData:
    """The customers at the end of ``day`` and what they did in the ``horizon`` days after."""
    size = int(bought.customer.max()) + 1
    past = bought.day <= day
    count = np.bincount(bought.customer[past], minlength=size)
    first = np.full(size, 10**6)
    np.minimum.at(first, bought.customer[past], bought.day[past])
    last = np.full(size, -1)
    np.maximum.at(last, bought.customer[past], bought.day[past])
    soon = ~past & (bought.day <= day + horizon)
    later = np.bincount(bought.customer[soon], minlength=size)
    following = np.full(size, 10**6)
    np.minimum.at(following, bought.customer[~past], bought.day[~past])
    seen = count > 0
    return OriginData(
        as_of=FIRST + dt.timedelta(days=day),
        x=count[seen] - 1,
        t_x_days=last[seen] - first[seen],
        T_days=day - first[seen],
        purchases=later[seen],
        next_gap_days=np.where(following < 10**6, following - day, 0)[seen],
        observed_days=bought.last_day - day,
        store=np.flatnonzero(seen) % 4,
    )


def origins(bought: Purchases, horizon: int, count: int = 4) -> list[OriginData]:
    """Rolling origins, newest first."""
    return [origin(bought, bought.last_day - k * horizon, horizon) for k in range(1, count + 1)]
