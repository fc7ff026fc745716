# ruff: noqa: N803 - T is the age of a customer in every paper and in the score file
"""What BG/NBD and MBG/NBD share: a customer may drop out after a purchase.

While alive a customer buys at rate λ ~ Gamma(r, α); after each purchase they drop out with
probability p ~ Beta(a, b). MBG/NBD lets them drop out after the first purchase too. Written with
the later b (``b + 1`` for MBG/NBD) the two are
one model, but for δ: BG/NBD knows no dropped-out one-time buyer.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import betaincinv, hyp2f1

from huitou.insights.kernels import chebyshev
from huitou.insights.kernels.columns import (
    DAYS_PER_WEEK,
    Columns,
    Days,
    Floats,
    Triples,
    tabulated,
    triples,
)
from huitou.insights.kernels.geometric_likelihood import Likelihood
from huitou.insights.kernels.newton import (
    CUSTOMERS_AT_LEAST,
    PILOT_CUSTOMERS,
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
            ahead = climb(self._likelihood(pilot), at, pilot.n)
            at, evaluations = list(ahead.at), ahead.evaluations
        summit = climb(self._likelihood(customers), at, customers.n)
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
        if not len(x):
            return np.empty(0)
        age = tabulated(lambda days: np.log(days / DAYS_PER_WEEK + alpha), t_x_days, T_days)
        size = tabulated(lambda counts: counts + r, x)
        # ln of the odds of dropping out right after the last purchase, a / (b+x-1); none if δ = 0.
        last = tabulated(lambda counts: self._log_last(a, b, counts), x)
        alive = np.empty(len(x))
        for first in range(0, len(x), _BLOCK):
            rows = slice(first, first + _BLOCK)
            count, odds = x[rows], alive[rows]
            odds[:] = age(T_days[rows])
            odds -= age(t_x_days[rows])
            odds *= size(count)
            odds += last(count)
            # e^700 to one is as good as gone, and still a number.
            np.exp(np.minimum(odds, 700.0, out=odds), out=odds)
            odds += 1.0
            np.reciprocal(odds, out=odds)
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

    def _log_last(self, a: float, b: float, x: Columns) -> Floats:
        late = np.asarray(x + (b - 1), dtype=float)
        if self.one_time_may_be_gone:
            return np.log(a / late)
        return np.where(x > 0, np.log(a / np.where(x > 0, late, 1.0)), -np.inf)

    def _likelihood(self, customers: Triples) -> Likelihood:
        return Likelihood(customers, one_time_may_be_gone=self.one_time_may_be_gone)

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
