# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""What BG/NBD and MBG/NBD share: a customer may drop out after a purchase.

While alive a customer buys at rate λ ~ Gamma(r, α); after each purchase they drop out with
probability p ~ Beta(a, b). MBG/NBD lets them drop out after the first purchase too. Written with
the later b (``b + 1`` for MBG/NBD) the two are
one model, but for δ: BG/NBD knows no dropped-out one-time buyer.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import betaincinv, betaln, digamma, gammaln, hyp2f1, polygamma

from huitou.insights.kernels import chebyshev
from huitou.insights.kernels.columns import DAYS_PER_WEEK, Columns, Days, Floats, Triples, triples
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

NAMES: Final = ("r", "alpha", "a", "b")
_START: Final = (1.0, 3.0, 1.0, 3.0)  # in weeks
_BLOCK: Final = 16_384  # rows whose columns stay in the processor's cache together
_REMOVABLE: Final = 1e-7  # distance to a = 1 at which the formula is taken beside its hole
_QUANTILES: Final = 64
_BY_THE_CLOCK: Final = 1e4  # a base that all but buys by the clock: series would overflow


@dataclass(frozen=True, slots=True)
class Geometric:
    """One of the two models."""

    name: str
    one_time_may_be_gone: bool  # δ = 1 at x = 0

    def fit(
        self,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        *,
        weights: Columns | None = None,
        start: Parameters | None = None,
    ) -> Fit:
        """The parameters of the highest likelihood.

        Args:
            x, t_x_days, T_days: customers, shape (n,), 0 <= t_x <= T.
            weights: customers per row; None = 1 each.
            start: yesterday's parameters, a warm start; None = a pilot on 50,000 customers.

        Returns:
            The fit, parameters in weeks.

        Raises:
            NoModel: fewer than 50 customers, or nobody came back.

        Source:
            Fader, Hardie & Lee (2005), Marketing Science 24(2), eq. 6; Batislam et al. (2007), IJRM
            24(3).
        """
        customers = triples(x, t_x_days, T_days, weights)
        check_can_fit(customers)
        at = [start[name] for name in NAMES] if start is not None else list(_START)
        evaluations = 0
        if start is None and customers.n > 2 * PILOT_CUSTOMERS:
            pilot = customers.thinned(PILOT_CUSTOMERS)
            ahead = climb(Likelihood(self, pilot), at, pilot.n)
            at, evaluations = list(ahead.at), ahead.evaluations
        summit = climb(Likelihood(self, customers), at, customers.n)
        spread = covariance(summit.hessian)
        parameters = {name: float(value) for name, value in zip(NAMES, summit.at, strict=True)}
        return Fit(
            name=self.name,
            parameters=parameters,
            standard_errors=standard_errors(NAMES, spread),
            covariance=spread,
            log_likelihood=summit.log_likelihood,
            converged=summit.converged,
            evaluations=evaluations + summit.evaluations,
            gradient_norm=summit.gradient_norm,
            n=customers.n,
            warnings=_warnings(parameters, summit.converged) + warnings_of_data(customers),
        )

    def p_alive(
        self, parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns
    ) -> Floats:
        """The probability that the customer had not dropped out by day T.

        Under BG/NBD it is 1 for every one-time buyer, however long silent: never show that as
        loyalty.
        """
        r, alpha, a, b = self._values(parameters)
        alive = np.empty(len(x))
        for first in range(0, len(x), _BLOCK):
            rows = slice(first, first + _BLOCK)
            count, odds = x[rows], alive[rows]
            age = T_days[rows] / DAYS_PER_WEEK + alpha
            np.divide(t_x_days[rows] / DAYS_PER_WEEK + alpha, age, out=odds)
            np.log(odds, out=odds)
            odds *= count + r
            # Dropping out right after the last purchase has the odds a / (b+x-1); none where δ = 0.
            odds -= np.log(a / np.maximum(count + (b - 1), 1e-300))
            # e^700 to one is as good as gone, and still a number.
            np.exp(np.maximum(odds, -700.0, out=odds), out=odds)
            odds /= 1 + odds
            if not self.one_time_may_be_gone:
                odds[count == 0] = 1.0
        return alive

    def p_repeat(
        self,
        parameters: Parameters,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        horizon_days: Days,
    ) -> Floats:
        """The probability of at least one purchase in the ``horizon_days`` after T (one number, or
        one each).

        A living customer can drop out only after a purchase, so no purchase in the horizon means
        only a long gap.

        Raises:
            ValueError: a horizon of no days.
        """
        r, alpha, _, _ = self._values(parameters)
        age = T_days / DAYS_PER_WEEK + alpha
        silent = np.log1p(weeks_ahead(horizon_days) / age)
        silent *= x + r
        return np.asarray(
            self.p_alive(parameters, x, t_x_days, T_days) * -np.expm1(-silent), dtype=float
        )

    def expected_purchases(
        self,
        parameters: Parameters,
        x: Columns,
        t_x_days: Columns,
        T_days: Columns,
        horizon_days: Days,
    ) -> Floats:
        """The expected number of purchases in the ``horizon_days`` after T.

        Raises:
            ValueError: a horizon of no days.
        """
        alive = self.p_alive(parameters, x, t_x_days, T_days)
        weeks = weeks_ahead(horizon_days)
        if np.ndim(weeks) == 0:
            alive *= self.path_if_alive(parameters, x, T_days, np.array([weeks]), np.ones(1))
            return alive
        _, alpha, _, _ = self._values(parameters)
        return alive * self._if_alive(parameters, x, weeks / (T_days / DAYS_PER_WEEK + alpha))

    def path_if_alive(
        self, parameters: Parameters, x: Columns, T_days: Columns, weeks: Floats, weights: Floats
    ) -> Floats:
        """Σ_k weights_k × expected purchases in the first ``weeks_k`` weeks, if alive at T.

        The path depends on (x, T) only, and for one x it is smooth in ln(α+T): it is computed at a
        few T and read off for the others to 1e-12.
        """
        alpha = parameters["alpha"]

        def path(count: Columns, log_age: Floats) -> Floats:
            ahead = weeks[None, :] / np.exp(log_age)[:, None]
            values = self._if_alive(
                parameters, count[:, None, None].astype(float), ahead[None, :, :]
            )
            return np.asarray(values @ weights, dtype=float)

        return chebyshev.read_off(
            path, x, T_days, lambda days: np.log(days / DAYS_PER_WEEK + alpha)
        )

    def _if_alive(self, parameters: Parameters, x: Columns, ahead: Floats) -> Floats:
        """Expected purchases in H, if alive at T; ``ahead`` = H / (α+T).

        (c / (a-1)) [1 - (1-z)^(r+x) ₂F₁(r+x, b+x; c; z)], c = a+b+x-1, z = H/(α+T+H). Euler's
        transformation writes it as (1-z)^(a-1) ₂F₁(a+b-1-r, a-1; c; z), which does not overflow
        after hundreds of purchases. Two holes are removable: a = 1 and c = 0; ₂F₁ may be negative
        there, so no logarithm of it is taken.
        """
        r, _, a, b = self._values(parameters)
        if abs(a - 1) < _REMOVABLE:
            a = 1 + _REMOVABLE
        if abs(a + b - 1) < _REMOVABLE:
            b += _REMOVABLE
        c = a + b - 1 + x
        z = ahead / (1 + ahead)
        if max(r, a, b) > _BY_THE_CLOCK:
            return _by_quantiles((r, a, b), *np.broadcast_arrays(x, ahead))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            series = hyp2f1(a + b - 1 - r, a - 1, c, z)
            no_purchase = np.exp(-(a - 1) * np.log1p(ahead)) * series
            found = np.asarray(c / (a - 1) * (1 - no_purchase), dtype=float)
        beyond = ~np.isfinite(found)
        if beyond.any():
            count, wide = (np.broadcast_to(each, found.shape)[beyond] for each in (x, ahead))
            found[beyond] = _by_quantiles((r, a, b), count, wide)
        return found

    def _values(self, parameters: Parameters) -> tuple[float, float, float, float]:
        """r, α, a and the later b."""
        r, alpha, a, b = (float(parameters[name]) for name in NAMES)
        return r, alpha, a, b + 1 if self.one_time_may_be_gone else b


def _by_quantiles(parameters: tuple[float, float, float], x: Columns, ahead: Floats) -> Floats:
    """Expected purchases if alive, as a mean over the drop-out chance: good to about 1e-3.

    Σ over q of [1 - ((α+T)/(α+T+qH))^(r+x)] / q, q at the middles of equal parts of
    Beta(a, b+x): no term of it can overflow.
    """
    r, a, b = parameters
    distinct, at = np.unique(x, return_inverse=True)
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    chances = np.maximum(betaincinv(a, b + distinct[:, None], shares), np.finfo(float).tiny)
    total = np.zeros(x.shape)
    for place in range(_QUANTILES):
        q = chances[at.reshape(x.shape), place]
        total += -np.expm1(-(r + x) * np.log1p(q * ahead)) / q
    return total / _QUANTILES


class Likelihood:
    """Log-likelihood, gradient and Hessian at (r, α, a, b) in weeks.

    Small tables over distinct x and T, and one pass over the triples:

    ℓ = Σ n_x [lnΓ(r+x) - lnΓ(r) + ln B(a, b+x) - ln B(a, b)] + n r ln α - Σ (r n_T + X_T) ln(α+T)
      + Σ w ln(1 + e^d), d = ln a - ln(b+x-1) + (r+x) ln((α+T)/(α+t_x)),
    with the later b in b+x and in d for MBG/NBD. BG/NBD has the last term for x > 0 only.
    """

    def __init__(self, model: Geometric, customers: Triples) -> None:
        self.shift = 1.0 if model.one_time_may_be_gone else 0.0
        self.n = customers.n
        self.counts = customers.counts
        self.weeks = customers.days / DAYS_PER_WEEK
        self.at_count = np.bincount(customers.x, customers.weight, len(self.counts))
        self.at_age = np.bincount(customers.T, customers.weight, len(self.weeks))
        bought = customers.weight * self.counts[customers.x]
        self.bought_at_age = np.bincount(customers.T, bought, len(self.weeks))
        in_sum = slice(None)
        if not model.one_time_may_be_gone and len(self.counts) and self.counts[0] == 0:
            in_sum = slice(
                int(np.searchsorted(customers.x, 1)), None
            )  # sorted by x: the rows with δ = 1
        self.x, self.t_x = customers.x[in_sum], customers.t_x[in_sum]
        self.T, self.weight = customers.T[in_sum], customers.weight[in_sum]

    def __call__(self, at: Floats) -> Evaluation:
        r, alpha, a, b = at
        value, gradient, hessian = self._tables(r, alpha, a, b)
        logs, inverse = np.log(alpha + self.weeks), 1 / (alpha + self.weeks)
        with np.errstate(divide="ignore"):
            late = b + self.shift + self.counts - 1  # 0 or less only where δ = 0
            chance = np.where(late > 0, np.log(a) - np.log(np.where(late > 0, late, 1.0)), 0.0)
            per_late = np.where(late > 0, 1 / np.where(late > 0, late, 1.0), 0.0)
        for first in range(0, len(self.weight), _BLOCK):
            rows = slice(first, first + _BLOCK)
            x, t_x, T, w = self.x[rows], self.t_x[rows], self.T[rows], self.weight[rows]
            size = r + self.counts[x]
            stretch = logs[T]
            stretch -= logs[t_x]
            early = inverse[t_x]
            drop = inverse[T]
            total = early + drop
            drop -= early
            slope = np.empty((4, len(w)))
            slope[0], slope[2] = stretch, 1 / a
            np.multiply(size, drop, out=slope[1])
            np.negative(per_late[x], out=slope[3])
            d = size * stretch
            d += chance[x]
            less = np.exp(-np.abs(d))
            value += float(
                w @ (np.maximum(d, 0.0) + np.log(1 + less))
            )  # ln(1 + e^d), never infinite
            gone = np.where(d > 0, 1.0, less) / (1 + less)
            pull = w * gone
            gradient += slope @ pull
            hessian += (slope * (pull * (1 - gone))) @ slope.T
            bend = float(pull @ drop)
            hessian[0, 1] += bend
            hessian[1, 0] += bend
            hessian[1, 1] -= float(pull @ (slope[1] * total))
            hessian[2, 2] -= float(pull.sum()) / a**2
            hessian[3, 3] += float(pull @ slope[3] ** 2)
        return value, gradient, hessian

    def _tables(self, r: float, alpha: float, a: float, b: float) -> Evaluation:
        """Everything but the last sum: tables over distinct x and distinct T."""
        n, n_x, x = self.n, self.at_count, self.counts
        late = b + self.shift + x
        logs, inverse = np.log(alpha + self.weeks), 1 / (alpha + self.weeks)
        exposure = r * self.at_age + self.bought_at_age
        value = n_x @ (gammaln(r + x) + betaln(a, late)) - n * (gammaln(r) + betaln(a, b))
        value += n * r * np.log(alpha) - exposure @ logs
        both = digamma(a + late)
        gradient = np.array(
            [
                n_x @ digamma(r + x) - n * digamma(r) + n * np.log(alpha) - self.at_age @ logs,
                n * r / alpha - exposure @ inverse,
                n * digamma(a + b) - n_x @ both,
                n_x @ (digamma(late) - both) - n * (digamma(b) - digamma(a + b)),
            ]
        )
        hessian = np.zeros((4, 4))
        hessian[0, 0] = n_x @ polygamma(1, r + x) - n * polygamma(1, r)
        hessian[0, 1] = hessian[1, 0] = n / alpha - self.at_age @ inverse
        hessian[1, 1] = -n * r / alpha**2 + exposure @ inverse**2
        ends = polygamma(1, a + late)
        mixed = n * polygamma(1, a + b) - n_x @ ends
        hessian[2, 2] = hessian[2, 3] = hessian[3, 2] = mixed
        hessian[3, 3] = mixed + n_x @ polygamma(1, late) - n * polygamma(1, b)
        return float(value), gradient, hessian


def weeks_ahead(horizon_days: Days) -> Floats:
    """The horizon in weeks.

    Raises:
        ValueError: it is not positive somewhere.
    """
    days = np.asarray(horizon_days, dtype=float)
    if not np.all(days > 0):
        raise ValueError("a horizon has at least one day")
    return days / DAYS_PER_WEEK


def check_can_fit(customers: Triples) -> None:
    """Refuse what cannot be fitted, with the reason."""
    if customers.n < CUSTOMERS_AT_LEAST:
        raise NoModel("too_few_customers", customers=int(customers.n), needed=CUSTOMERS_AT_LEAST)
    if customers.counts[-1] == 0:
        raise NoModel("nobody_came_back", customers=int(customers.n))


def warnings_of_data(customers: Triples) -> list[dict[str, Any]]:
    """What about the customers makes any model weak."""
    found: list[dict[str, Any]] = []
    counts = customers.counts[customers.x]
    again = counts > 0
    one_time = 1 - float(customers.weight[again].sum()) / customers.n
    if one_time > 0.30:
        found.append({"code": "many_one_time_buyers", "facts": {"share": one_time}})
    gaps = customers.days[customers.t_x[again]] / counts[again]
    order = np.argsort(gaps, kind="stable")
    heights = np.cumsum(customers.weight[again][order])
    middle = float(gaps[order][np.searchsorted(heights, heights[-1] / 2)])
    history = float(customers.days[customers.T].max())
    if history < 2 * middle:
        found.append(
            {"code": "short_history", "facts": {"history_days": history, "median_gap_days": middle}}
        )
    return found


def _warnings(parameters: dict[str, float], converged: bool) -> list[dict[str, Any]]:
    a, b = parameters["a"], parameters["b"]
    found: list[dict[str, Any]] = []
    if a / (a + b) < 0.01 or a < 0.01:
        found.append(
            {"code": "no_drop_out_visible", "facts": {"a": a, "b": b, "mean_drop_out": a / (a + b)}}
        )
    found += ridge_warnings(parameters, ("r", "a", "b"))
    if not converged:
        found.append({"code": "not_converged", "facts": {}})
    return found
