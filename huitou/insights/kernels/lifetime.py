# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""Lifetime value: expected money of the coming days, discounted per year."""

from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from huitou.insights.kernels import gamma_gamma
from huitou.insights.kernels.columns import DAYS_PER_WEEK, Columns, Floats
from huitou.insights.kernels.newton import Fit, Parameters

DAYS_PER_YEAR: Final = 365
DRAWS: Final = 200


class Paths(Protocol):
    """A purchase model that can add up its expected purchases over several horizons in one pass."""

    def p_alive(
        self, parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns
    ) -> Floats:
        """The probability of not having dropped out by day T."""
        ...

    def path_if_alive(
        self, parameters: Parameters, x: Columns, T_days: Columns, weeks: Floats, weights: Floats
    ) -> Floats:
        """Σ_k weights_k × expected purchases in the first ``weeks_k`` weeks, if alive at T."""
        ...


class Term(NamedTuple):
    """How far ahead value is counted, and at what price of waiting. ``discount_percent_per_year``
    is per year."""

    value_days: int = 1_095
    discount_percent_per_year: float = 10.0
    step_days: int = 30


THREE_YEARS: Final = Term()


def lifetime_value(
    model: Any,
    parameters: Parameters,
    spend: Columns,
    customers: tuple[Columns, Columns, Columns],
    *,
    term: Term = THREE_YEARS,
    margin: float = 1.0,
) -> tuple[Floats, Floats]:
    """Expected margin of the next ``term.value_days`` per customer.

    Args:
        model: one of ``models.MODELS``.
        parameters: of the model, in weeks.
        spend: expected money per purchase day (``gamma_gamma.expected_spend``), shape (n,).
        customers: (x, t_x_days, T_days), shape (n,) each.
        term: days, discount per year, days per step; the last step is cut at the end.
        margin: contribution margin share g; 1 gives expected sales, never called value.

    Returns:
        (discounted, undiscounted), both margin × spend × purchases, shape (n,):
        Σ_k [E(d_k) - E(d_{k-1})] / (1+i)^(d_k/365) with d_k = 30, 60, … days.

    Raises:
        ValueError: a term or a step without days.

    Source:
        Fader, Hardie & Lee (2005), Journal of Marketing Research 42(4); here in discrete
        steps, discounted per year.
    """
    x, t_x_days, T_days = customers
    ends, discount = discount_steps(term)
    # Σ D_k [E(d_k) - E(d_{k-1})] = Σ (D_k - D_{k+1}) E(d_k): one weighted sum of expected
    # purchases.
    weights = discount - np.append(discount[1:], 0.0)
    money = model.p_alive(parameters, x, t_x_days, T_days)
    money *= spend
    money *= margin
    path = model.path_if_alive(parameters, x, T_days, ends / DAYS_PER_WEEK, weights)
    whole = model.path_if_alive(parameters, x, T_days, ends[-1:] / DAYS_PER_WEEK, np.ones(1))
    path *= money
    whole *= money
    return path, whole


def discount_steps(term: Term) -> tuple[Floats, Floats]:
    """The days each step ends on, and what one unit of money of that step is worth today."""
    if term.value_days < 1 or term.step_days < 1:
        raise ValueError("a lifetime and its steps have at least one day")
    ends = np.append(
        np.arange(term.step_days, term.value_days, term.step_days), term.value_days
    ).astype(float)
    return ends, (1 + term.discount_percent_per_year / 100) ** (-ends / DAYS_PER_YEAR)


def drawn_parameters(fit: Fit, *, seed: int, draws: int = DRAWS) -> list[dict[str, float]]:
    """Parameters drawn from the fit's uncertainty, for intervals of totals.

    Drawn in ln(parameter), so that none is negative. A fit too flat to have a
    covariance gives its own parameters once.
    """
    names = list(fit.parameters)
    at = np.array([fit.parameters[name] for name in names])
    by_log = fit.covariance / np.outer(at, at)
    if not np.all(np.isfinite(by_log)):
        return [dict(fit.parameters)]
    generator = np.random.default_rng(seed)
    # A ridge's spread of e^3 and more says "unknown", not "10^9 weeks"; cut there.
    drawn = np.clip(generator.multivariate_normal(np.zeros(len(at)), by_log, size=draws), -3, 3)
    return [dict(zip(names, (at * np.exp(row)).tolist(), strict=True)) for row in drawn]


def total_interval(
    model: Any,
    purchases: Fit,
    money: Fit | None,
    customers: tuple[Columns, Columns, Columns, Columns],
    *,
    term: Term = THREE_YEARS,
    seed: int,
) -> tuple[float, float]:
    """The 95 % interval of the total discounted lifetime value, margin 1, by the parametric
    bootstrap.

    Args:
        model: one of ``models.MODELS``, fitted as ``purchases``.
        purchases: fit of the purchases.
        money: fit of the money; None takes the money column as each customer's expected spend.
        customers: (x, t_x_days, T_days, money).
        term: as in ``lifetime_value``.
        seed: of the draws.

    Returns:
        (lower, upper) of Σ lifetime value. Above 20,000 customers each draw is taken on every
        k-th and scaled up: what varies between draws are the parameters, not who is in.
    """
    x, t_x, T, amounts = (column[:: max(1, len(customers[0]) // 20_000)] for column in customers)
    scale = len(customers[0]) / max(len(x), 1)
    monies: list[dict[str, float] | None] = (
        list(drawn_parameters(money, seed=seed + 1)) if money is not None else [None]
    )
    totals = []
    for position, parameters in enumerate(drawn_parameters(purchases, seed=seed)):
        drawn = monies[position % len(monies)]
        spend = amounts if drawn is None else gamma_gamma.expected_spend(drawn, x, amounts)
        discounted, _ = lifetime_value(
            model, parameters, np.nan_to_num(spend), (x, t_x, T), term=term
        )
        totals.append(float(discounted.sum()) * scale)
    lo, hi = np.quantile(totals, [0.025, 0.975])
    return float(lo), float(hi)
