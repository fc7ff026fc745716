"""The models of one million simulated customers, against the package ``lifetimes`` in the same
process."""

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from huitou.insights.kernels import bgnbd, gamma_gamma, lifetime

CUSTOMERS = 1_000_000
HISTORY_DAYS = 731
OURS, THEIRS = 5, 3  # runs of which the median is taken; theirs last seconds each
TOLERANCE = 1e-4  # the two must find the same parameters, or the race is void
MONTH_DAYS = 30


class Base(NamedTuple):
    """Simulated customers: repeat purchases, days, mean money of the repeat days."""

    x: np.ndarray
    t_x_days: np.ndarray
    T_days: np.ndarray
    money: np.ndarray


def simulated(customers: int = CUSTOMERS, *, seed: int = 20260630) -> Base:
    """Customers of a shop who buy, drop out and spend as the models say, in whole days."""
    generator = np.random.default_rng(seed)
    age = generator.integers(1, HISTORY_DAYS + 1, customers)
    gap = 7 / generator.gamma(0.8, 1 / 2.2, customers)  # days between purchases
    leaving = generator.beta(0.6, 7.0, customers)
    x = np.zeros(customers, dtype=np.int64)
    last = np.zeros(customers, dtype=np.int64)
    at = np.zeros(customers)
    here = np.arange(customers)
    while len(here):
        at[here] += generator.exponential(gap[here])
        here = here[at[here] <= age[here]]
        day = at[here].astype(np.int64)
        new = here[day > last[here]]
        x[new] += 1
        last[here] = day
        here = here[generator.random(len(here)) >= leaving[here]]
    scale = 15 / generator.gamma(4.0, 1.0, customers)
    money = generator.gamma(6.0 * np.maximum(x, 1)) / np.maximum(x, 1) * scale
    return Base(x, last, age, np.where(x > 0, money, np.nan))


def median_seconds(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The median duration of ``work``, and what it gave."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), found


def row(name: str, bar: float, theirs: float, ours: float, equal: float) -> dict[str, Any]:
    """One line of the results; unequal answers hold no bar."""
    ratio = theirs / ours
    detail = f"lifetimes {theirs:.3f} s, ours {ours:.4f} s, largest relative difference {equal:.1e}"
    holds = ratio >= bar and equal <= TOLERANCE
    return {"name": name, "ratio": round(ratio, 1), "bar": bar, "holds": holds, "detail": detail}


def difference(ours: Any, theirs: Any) -> float:
    """The largest relative difference of two sets of numbers."""
    one, other = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    return float(np.nanmax(np.abs(one - other) / np.maximum(np.abs(other), 1e-9)))


def fits(base: Base, peers: Any) -> tuple[list[dict[str, Any]], Any, Any]:
    """The two fits, and the peer's fitted models."""
    weeks = (base.x, base.t_x_days / 7, base.T_days / 7)
    again = base.x > 0
    ours, purchases = median_seconds(lambda: bgnbd.fit(base.x, base.t_x_days, base.T_days), OURS)
    theirs, buying = median_seconds(lambda: peers.BetaGeoFitter().fit(*weeks), THEIRS)
    equal = difference(list(purchases.parameters.values()), buying.params_)
    rows = [row("BG/NBD fit of 1 M customers", 30, theirs, ours, equal)]
    ours, money = median_seconds(lambda: gamma_gamma.fit(base.x, base.money), OURS)
    frequency, spent = base.x[again], base.money[again]
    theirs, spending = median_seconds(
        lambda: peers.GammaGammaFitter().fit(frequency, spent), THEIRS
    )
    equal = difference(list(money.parameters.values()), spending.params_)
    rows.append(row("Gamma-Gamma fit of the repeaters of 1 M", 15, theirs, ours, equal))
    return rows, buying, spending


def scores(base: Base, buying: Any, spending: Any) -> list[dict[str, Any]]:
    """The two scores, both packages at the same parameters."""
    weeks = (base.x, base.t_x_days / 7, base.T_days / 7)
    purchases, money = dict(buying.params_), dict(spending.params_)
    customers = (base.x, base.t_x_days, base.T_days)
    ours, expected = median_seconds(
        lambda: bgnbd.expected_purchases(purchases, *customers, 90), OURS
    )
    theirs, peer = median_seconds(
        lambda: buying.conditional_expected_number_of_purchases_up_to_time(90 / 7, *weeks), OURS
    )
    rows = [row("Expected purchases of 1 M", 10, theirs, ours, difference(expected, peer))]
    # Their months have 4.345 weeks and their discount is per month; ours is given the same days.
    month = 4.345 * 7
    term = lifetime.Term(value_days=360, discount_percent_per_year=10.0, step_days=MONTH_DAYS)

    def value() -> np.ndarray:
        spend = gamma_gamma.expected_spend(money, base.x, base.money)
        return lifetime.lifetime_value(bgnbd.MODEL, purchases, spend, customers, term=term)[0]

    ours, _ = median_seconds(value, OURS)
    monthly = 1.1 ** (month / 365) - 1
    series = [pd.Series(column) for column in (*weeks, np.nan_to_num(base.money))]
    theirs, peer = median_seconds(
        lambda: spending.customer_lifetime_value(
            buying, *series, time=12, discount_rate=monthly, freq="W"
        ),
        THEIRS,
    )
    equal = difference(_over_months(base, purchases, money, month), peer)
    rows.append(row("Discounted lifetime value of 1 M, 12 steps", 100, theirs, ours, equal))
    return rows


def _over_months(
    base: Base, purchases: dict[str, float], money: dict[str, float], month: float
) -> np.ndarray:
    """Our lifetime value over the peer's twelve months, for the comparison of the answers."""
    ends = month / 7 * np.arange(1, 13)
    discount = 1.1 ** (-ends * 7 / 365)
    path = bgnbd.path_if_alive(
        purchases, base.x, base.T_days, ends, discount - np.append(discount[1:], 0.0)
    )
    alive = bgnbd.p_alive(purchases, base.x, base.t_x_days, base.T_days)
    return path * alive * gamma_gamma.expected_spend(money, base.x, base.money)


def run() -> list[dict[str, Any]]:
    """Ratios of the models against their bars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's, about its own dependencies
        import lifetimes

        base = simulated()
        rows, buying, spending = fits(base, lifetimes)
        return rows + scores(base, buying, spending)
