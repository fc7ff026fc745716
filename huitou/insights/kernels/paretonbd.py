# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""Pareto/NBD: a customer may drop out at any moment (Schmittlein, Morrison & Colombo 1987).

While alive a customer buys at rate λ ~ Gamma(r, α) and drops out at rate μ ~ Gamma(s, β). The usual
₂F₁ terms are differences of nearly equal numbers for frequent buyers; here the integral they stand
for is taken directly, where
every part is positive: A₀ · s/(r+s+x) = ∫ s (α+u)^-(r+x) (β+u)^-(s+1) du from t_x to T.
"""

from typing import Any, Final

import numpy as np
from scipy.special import digamma, expit, gammaln, polygamma

from huitou.insights.kernels.columns import (
    DAYS_PER_WEEK,
    Columns,
    Days,
    Floats,
    Triples,
    pairs,
    triples,
)
from huitou.insights.kernels.geometric import check_can_fit, warnings_of_data, weeks_ahead
from huitou.insights.kernels.newton import (
    PILOT_CUSTOMERS,
    Evaluation,
    Fit,
    Parameters,
    climb,
    covariance,
    ridge_warnings,
    standard_errors,
)

NAME: Final = "paretonbd"
NAMES: Final = ("r", "alpha", "s", "beta")
_START: Final = (1.0, 5.0, 1.0, 5.0)  # in weeks
_NODES: Final = 32  # of Gauss–Legendre over the silence
_AHEAD: Final = 64  # and over the horizon
_FADED: Final = 40.0  # e^-40 is nothing beside 1: the rest of the integral is left out
_MARGIN: Final = 8.0
_BLOCK: Final = 4_096


def fit(
    x: Columns,
    t_x_days: Columns,
    T_days: Columns,
    *,
    weights: Columns | None = None,
    start: Parameters | None = None,
) -> Fit:
    """The parameters of the highest likelihood, in weeks; columns as in
    ``geometric.Geometric.fit``.

    Raises:
        NoModel: fewer than 50 customers, or nobody came back.

    Source:
        Fader & Hardie (2005), A Note on Deriving the Pareto/NBD Model, eq. 18; analytic gradient
        and Hessian of the integral ours.
    """
    customers = triples(x, t_x_days, T_days, weights)
    check_can_fit(customers)
    at = [start[name] for name in NAMES] if start is not None else list(_START)
    evaluations = 0
    if start is None and customers.n > 2 * PILOT_CUSTOMERS:
        pilot = customers.thinned(PILOT_CUSTOMERS)
        ahead = climb(Likelihood(pilot), at, pilot.n)
        at, evaluations = list(ahead.at), ahead.evaluations
    summit = climb(Likelihood(customers), at, customers.n)
    spread = covariance(summit.hessian)
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
        n=customers.n,
        warnings=_warnings(parameters, summit.converged) + warnings_of_data(customers),
    )


def p_alive(parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns) -> Floats:
    """The probability that the customer had not dropped out by day T."""
    values = _values(parameters)
    counts = np.asarray(x, dtype=float)
    alive = np.empty(len(counts))
    for first in range(0, len(counts), _BLOCK):
        rows = slice(first, first + _BLOCK)
        t_x, T = t_x_days[rows] / DAYS_PER_WEEK, T_days[rows] / DAYS_PER_WEEK
        terms, _ = _log_terms(values, counts[rows], t_x, T)
        top = terms[1:].max(axis=0)
        gone = top + np.log(np.exp(terms[1:] - top).sum(axis=0))
        alive[rows] = expit(terms[0] - gone)
    return alive


def p_repeat(
    parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns, horizon_days: Days
) -> Floats:
    """The probability of at least one purchase in the ``horizon_days`` after T (one number, or one
    each).

    Raises:
        ValueError: a horizon of no days.
    """
    weeks = weeks_ahead(horizon_days)
    alive = p_alive(parameters, x, t_x_days, T_days)
    if np.ndim(weeks) == 0:
        counts, ages, at = pairs(x, T_days)
        table = _first_purchase(
            parameters, counts, ages / DAYS_PER_WEEK, np.full(len(counts), weeks)
        )
        return alive * table[at]
    ahead = np.empty(len(alive))
    for horizon in np.unique(weeks):
        chosen = weeks == horizon
        counts, ages, at = pairs(x[chosen], T_days[chosen])
        table = _first_purchase(
            parameters, counts, ages / DAYS_PER_WEEK, np.full(len(counts), horizon)
        )
        ahead[chosen] = table[at]
    return alive * ahead


def expected_purchases(
    parameters: Parameters, x: Columns, t_x_days: Columns, T_days: Columns, horizon_days: Days
) -> Floats:
    """The expected number of purchases in the ``horizon_days`` after T.

    Raises:
        ValueError: a horizon of no days.
    """
    alive = p_alive(parameters, x, t_x_days, T_days)
    return alive * _if_alive(parameters, x, T_days, weeks_ahead(horizon_days))


def path_if_alive(
    parameters: Parameters, x: Columns, T_days: Columns, weeks: Floats, weights: Floats
) -> Floats:
    """Σ_k weights_k × expected purchases in the first ``weeks_k`` weeks, if alive at T."""
    counts, ages, at = pairs(x, T_days)
    total = np.zeros(len(counts))
    for horizon, weight in zip(weeks, weights, strict=True):
        total += weight * _if_alive(parameters, counts, ages, horizon)
    return np.asarray(total[at], dtype=float)


class Likelihood:
    """Log-likelihood, gradient and Hessian at (r, α, s, β) in weeks."""

    def __init__(self, customers: Triples) -> None:
        self.n = customers.n
        self.counts = customers.counts
        self.at_count = np.bincount(customers.x, customers.weight, len(customers.counts))
        weeks = customers.days / DAYS_PER_WEEK
        self.x, self.t_x = customers.counts[customers.x], weeks[customers.t_x]
        self.T, self.weight = weeks[customers.T], customers.weight

    def __call__(self, at: Floats) -> Evaluation:
        r, alpha, s, beta = (float(value) for value in at)
        n, counts, n_x = self.n, self.counts, self.at_count
        value = (
            float(n_x @ gammaln(r + counts))
            - n * gammaln(r)
            + n * (r * np.log(alpha) + s * np.log(beta))
        )
        gradient = np.array(
            [
                n_x @ digamma(r + counts) - n * digamma(r) + n * np.log(alpha),
                n * r / alpha,
                n * np.log(beta),
                n * s / beta,
            ]
        )
        hessian = np.zeros((4, 4))
        hessian[0, 0] = n_x @ polygamma(1, r + counts) - n * polygamma(1, r)
        hessian[0, 1] = hessian[1, 0] = n / alpha
        hessian[1, 1] = -n * r / alpha**2
        hessian[2, 3] = hessian[3, 2] = n / beta
        hessian[3, 3] = -n * s / beta**2
        for first in range(0, len(self.x), _BLOCK):
            rows = slice(first, first + _BLOCK)
            w = self.weight[rows]
            found = _mixture((r, alpha, s, beta), self.x[rows], self.t_x[rows], self.T[rows], w)
            value += found[0]
            gradient += found[1]
            hessian += found[2]
        return float(value), gradient, hessian


def _mixture(
    values: tuple[float, float, float, float], x: Floats, t_x: Floats, T: Floats, w: Floats
) -> Evaluation:
    """Σ w ln[alive + gone], with gradient and Hessian: every node of the integral is a part of a
    mixture.

    With p_j the share of part j, D_j and S_j the first and second derivatives of its logarithm:
    gradient Σ p_j D_j, Hessian Σ p_j (D_j D_j' + S_j) - gradient gradient'.
    """
    r, alpha, s, beta = values
    terms, silence = _log_terms(values, x, t_x, T)
    top = terms.max(axis=0)
    share = np.exp(terms - top)
    whole = share.sum(axis=0)
    share /= whole
    value = float(w @ (top + np.log(whole)))
    buying, leaving = 1 / (alpha + silence), 1 / (beta + silence)  # row 0 is T: still alive
    size = r + x
    stay = np.full(len(terms), s + 1)
    stay[0] = s
    slope = np.empty((4, *terms.shape))
    np.log(buying, out=slope[0])
    np.multiply(buying, -size, out=slope[1])
    np.log(leaving, out=slope[2])
    slope[2, 1:] += 1 / s
    np.multiply(leaving, -stay[:, None], out=slope[3])
    mean = np.einsum("pji,ji->pi", slope, share)
    weighted = share * w
    flat = slope.reshape(4, -1)
    hessian = (flat * weighted.reshape(-1)) @ flat.T - (mean * w) @ mean.T
    crossed = -float((weighted * buying).sum())
    hessian[0, 1] += crossed
    hessian[1, 0] += crossed
    hessian[1, 1] += float((weighted * buying**2 * size).sum())
    hessian[2, 2] -= float(weighted[1:].sum()) / s**2
    crossed = -float((weighted * leaving).sum())
    hessian[2, 3] += crossed
    hessian[3, 2] += crossed
    hessian[3, 3] += float((weighted * leaving**2 * stay[:, None]).sum())
    return value, mean @ w, hessian


def _log_terms(
    values: tuple[float, float, float, float], x: Floats, t_x: Floats, T: Floats
) -> tuple[Floats, Floats]:
    """Logarithms of the parts of the likelihood, and the moment of each; shapes (1 + nodes, n).

    Part 0 is "alive at T": (α+T)^-(r+x) (β+T)^-s. The others are "dropped out at u": Gauss–Legendre
    in v = ln((c+u)/(c+t_x)) with the smaller c of α and β, in which the integrand is smooth.
    """
    r, alpha, s, beta = values
    near = min(alpha, beta)
    base = np.log(near + t_x)
    # t_x = T leaves no silence to drop out in; a hair's breadth keeps the logarithm finite.
    length = np.maximum(_felt_silence(values, x, t_x, T), 1e-300)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    v = length * ((nodes[:, None] + 1) / 2)
    moments = np.empty((_NODES + 1, len(x)))
    moments[0] = T
    moments[1:] = np.exp(base + v) - near
    terms = -(r + x) * np.log(alpha + moments)
    terms[0] -= s * np.log(beta + T)
    terms[1:] -= (s + 1) * np.log(beta + moments[1:])
    terms[1:] += np.log(s * weights / 2)[:, None] + (np.log(length) + base) + v
    return terms, moments


def _felt_silence(
    values: tuple[float, float, float, float], x: Floats, t_x: Floats, T: Floats
) -> Floats:
    """v up to T, or up to where the integrand has faded to e^-40 of its start: no node is wasted.

    Per unit of v it falls by (r+x) (c+u)/(α+u) + (s+1) (c+u)/(β+u) - 1, least at the start. It has
    also faded where the power of the farther scale has; what grows meanwhile needs the margin.
    """
    r, alpha, s, beta = values
    near = min(alpha, beta)
    start = near + t_x
    fall = (r + x) * start / (alpha + t_x) + (s + 1) * start / (beta + t_x) - 1
    length = np.minimum(np.log((near + T) / start), _FADED / np.maximum(fall, 1e-9))
    power, far = (s + 1, beta) if beta >= alpha else (r + x, alpha)
    growth = np.minimum((_FADED + _MARGIN) / power, 700.0)
    reach = np.log1p((far + t_x) * np.expm1(growth) / start)
    return np.asarray(np.minimum(length, reach), dtype=float)


def _first_purchase(parameters: Parameters, x: Columns, T: Floats, weeks: Floats) -> Floats:
    """P(a purchase in the next ``weeks``), if alive at T: the purchase must come before dropping
    out.

    ∫ (r+x)/(α+T+u) ((α+T)/(α+T+u))^(r+x) ((β+T)/(β+T+u))^s du, with w = ln((α+T+u)/(α+T)) as the
    variable.
    """
    r, alpha, s, beta = _values(parameters)
    nodes, weights = np.polynomial.legendre.leggauss(_AHEAD)
    size = r + x
    length = np.minimum(np.log1p(weeks / (alpha + T)), _FADED / size)
    total = np.zeros(len(T))
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        w = length * node
        total += weight * np.exp(-size * w - s * np.log1p(np.expm1(w) * (alpha + T) / (beta + T)))
    return np.asarray(total * size * length, dtype=float)


def _if_alive(parameters: Parameters, x: Columns, T_days: Columns, weeks: Floats | float) -> Floats:
    """Expected purchases in ``weeks``, if alive: (r+x)(β+T)/((α+T)(s-1)) [1 -
    ((β+T)/(β+T+H))^(s-1)]."""
    r, alpha, s, beta = _values(parameters)
    T = T_days / DAYS_PER_WEEK
    ahead = np.log1p(weeks / (beta + T))
    span = ahead if s == 1 else -np.expm1(-(s - 1) * ahead) / (s - 1)  # s = 1 is the limit
    return np.asarray((r + x) * (beta + T) / (alpha + T) * span, dtype=float)


def _values(parameters: Parameters) -> tuple[float, float, float, float]:
    r, alpha, s, beta = (float(parameters[name]) for name in NAMES)
    return r, alpha, s, beta


def _warnings(parameters: dict[str, float], converged: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if parameters["s"] < 0.01:
        found.append({"code": "no_drop_out_visible", "facts": {"s": parameters["s"]}})
    found += ridge_warnings(parameters, ("r", "s", "beta"))
    if not converged:
        found.append({"code": "not_converged", "facts": {}})
    return found
