"""Gamma-Gamma: expected money per purchase day, a weighted mean of the base's money and the
customer's own.

Money of a purchase day ~ Gamma(p, ν), ν ~ Gamma(q, v) over customers; money and frequency are taken
as unrelated.
"""

from typing import Any, Final

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from huitou.insights.kernels.columns import Columns, Floats
from huitou.insights.kernels.newton import (
    CUSTOMERS_AT_LEAST,
    PILOT_CUSTOMERS,
    Evaluation,
    Fit,
    NoModel,
    Parameters,
    climb,
    covariance,
    ridge_warnings,
    standard_errors,
)

NAME: Final = "gamma_gamma"
NAMES: Final = ("p", "q", "v")
_RELATED: Final = 0.2  # |correlation of ln money and ln x| from which the assumption is doubted
_BLOCK: Final = 16_384


def fit(
    x: Columns, money: Columns, *, weights: Columns | None = None, start: Parameters | None = None
) -> Fit:
    """The parameters of the highest likelihood over customers with x > 0 and money > 0.

    Args:
        x: repeat purchases, shape (n,).
        money: mean net money per repeat purchase day, major units; NaN where x = 0.
        weights: customers per row; None = 1 each.
        start: earlier parameters, a warm start.

    Returns:
        The fit; v is in the unit of the money. Customers with net <= 0 are counted in a warning.

    Raises:
        NoModel: fewer than 50 customers with x > 0 and money > 0, or all with the same money.

    Source:
        Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value, note 025, eq. 1a; Colombo &
        Jiang (1999).
    """
    with np.errstate(invalid="ignore"):
        used = (x > 0) & (money > 0)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    n = float(w[used].sum())
    if n < CUSTOMERS_AT_LEAST:
        raise NoModel("too_few_repeaters_with_money", customers=int(n), needed=CUSTOMERS_AT_LEAST)
    counts, amounts, w = (
        np.asarray(x[used], dtype=np.int64),
        np.asarray(money[used], dtype=float),
        w[used],
    )
    if amounts.min() == amounts.max():
        raise NoModel("all_money_equal", money=float(amounts[0]))
    typical = float(w @ amounts) / n
    at = [start[name] for name in NAMES] if start is not None else [5.0, 4.0, typical]
    likelihood = Likelihood(counts, amounts, w)
    at, evaluations = (at, 0) if start is not None else _piloted(at, counts, amounts, w)
    summit = climb(likelihood, at, n)
    spread = covariance(summit.hessian)
    left_out = int((x > 0).sum()) - len(counts)
    related = _correlation(likelihood.log_counts[counts], likelihood.log_money, w)
    parameters = {name: float(value) for name, value in zip(NAMES, summit.at, strict=True)}
    return Fit(
        name=NAME,
        parameters=parameters,
        standard_errors=standard_errors(NAMES, spread),
        covariance=spread,
        log_likelihood=summit.log_likelihood,
        converged=summit.converged,
        evaluations=evaluations + summit.evaluations,
        gradient_norm=summit.gradient_norm,
        n=n,
        warnings=_warnings(parameters, summit.converged, left_out, related),
        time_unit=None,
    )


def _piloted(
    at: list[float], counts: Columns, amounts: Floats, weight: Floats
) -> tuple[list[float], int]:
    """A start near the summit of every k-th customer, and what it cost; small bases need none."""
    if len(counts) <= 2 * PILOT_CUSTOMERS:
        return at, 0
    every = slice(None, None, len(counts) // PILOT_CUSTOMERS)
    pilot = Likelihood(counts[every], amounts[every], weight[every])
    ahead = climb(pilot, at, pilot.n)
    return ahead.at.tolist(), ahead.evaluations


def expected_spend(parameters: Parameters, x: Columns, money: Columns) -> Floats:
    """Expected money per purchase day: p (v + x m) / (p x + q - 1), in the unit of the money.

    A net-negative m enters as it is, so the figure may be negative. NaN where the mean does not
    exist (p x + q <= 1): show the median of the repeaters' money there.
    """
    p, q, v = (float(parameters[name]) for name in NAMES)
    total = np.where(x > 0, np.nan_to_num(money) * x, 0.0)
    below = p * x + (q - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, p * (v + total) / below, np.nan)


class Likelihood:
    """Log-likelihood, gradient and Hessian at (p, q, v): one logarithm per customer, Γ functions
    per distinct x."""

    def __init__(self, x: Columns, money: Floats, weight: Floats) -> None:
        self.n_all = np.bincount(x, weight)
        self.counts = np.flatnonzero(self.n_all).astype(float)
        self.n_x = self.n_all[self.n_all > 0]
        self.n = float(self.n_x.sum())
        self.x = x.astype(float)
        self.weight = weight
        self.total = self.x * money
        self.log_money = np.log(money)
        self.log_counts = np.log(np.maximum(np.arange(len(self.n_all)), 1))
        self.sum_log_money = float(weight @ self.log_money)
        self.sum_x_log_total = float(
            (weight * self.x) @ self.log_money + (self.n_x * self.counts) @ np.log(self.counts)
        )

    def __call__(self, at: Floats) -> Evaluation:
        p, q, v = (float(value) for value in at)
        sums = self._passes(v)
        (log_1, log_x), (inverse_1, inverse_x), (square_1, square_x) = sums
        n, n_x, x = self.n, self.n_x, self.counts
        own, both = p * x, p * x + q
        value = n_x @ (gammaln(both) - gammaln(own)) - n * gammaln(q) + n * q * np.log(v)
        value += p * self.sum_x_log_total - self.sum_log_money - p * log_x - q * log_1
        slope = digamma(both)
        gradient = np.array(
            [
                (n_x * x) @ (slope - digamma(own)) + self.sum_x_log_total - log_x,
                n_x @ slope - n * digamma(q) + n * np.log(v) - log_1,
                n * q / v - p * inverse_x - q * inverse_1,
            ]
        )
        bend = polygamma(1, both)
        pp = (n_x * x * x) @ (bend - polygamma(1, own))
        pq = (n_x * x) @ bend
        qq = n_x @ bend - n * polygamma(1, q)
        pv, qv = -inverse_x, n / v - inverse_1
        vv = -n * q / v**2 + p * square_x + q * square_1
        return float(value), gradient, np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])

    def _passes(self, v: float) -> Floats:
        """Σ w f and Σ w x f for f = ln(xm+v), 1/(xm+v), 1/(xm+v)²; shape (3, 2)."""
        sums = np.zeros((3, 2))
        for first in range(0, len(self.total), _BLOCK):
            rows = slice(first, first + _BLOCK)
            sides = np.empty((2, len(self.weight[rows])))
            sides[0] = self.weight[rows]
            np.multiply(sides[0], self.x[rows], out=sides[1])
            whole = self.total[rows] + v
            inverse = 1 / whole
            sums[0] += sides @ np.log(whole)
            sums[1] += sides @ inverse
            sums[2] += sides @ (inverse * inverse)
        return sums


def _correlation(first: Floats, second: Floats, weight: Floats) -> float | None:
    """The weighted correlation; None where one side does not vary."""
    share = weight / weight.sum()
    one, two = first - share @ first, second - share @ second
    spread = float((share @ one**2) * (share @ two**2))
    return float((share * one) @ two / np.sqrt(spread)) if spread > 0 else None


def _warnings(
    parameters: dict[str, float], converged: bool, left_out: int, related: float | None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if parameters["q"] <= 1:
        found.append({"code": "money_too_unequal_for_a_mean", "facts": {"q": parameters["q"]}})
    if related is not None and abs(related) > _RELATED:
        found.append({"code": "money_and_frequency_related", "facts": {"correlation": related}})
    if left_out:
        found.append({"code": "net_negative_left_out_of_fit", "facts": {"customers": left_out}})
    found += ridge_warnings(parameters, ("p", "q"))
    if not converged:
        found.append({"code": "not_converged", "facts": {}})
    return found
