"""Shifted beta-geometric: how long customers stay who must say when they leave (a contract).

Each renewal is refused with probability θ ~ Beta(α, β), so that
P(leaves at renewal t) = B(α+1, β+t-1) / B(α, β).
"""

from typing import Final

import numpy as np
from scipy.special import betaln, digamma, polygamma

from huitou.insights.kernels.columns import Columns, Floats
from huitou.insights.kernels.newton import (
    CUSTOMERS_AT_LEAST,
    Evaluation,
    Fit,
    NoModel,
    Parameters,
    climb,
    covariance,
    standard_errors,
)

NAME: Final = "sbg"
NAMES: Final = ("alpha", "beta")


def fit(survivors: Columns) -> Fit:
    """The parameters of the highest likelihood for one cohort.

    Args:
        survivors: customers at the start and after each renewal, falling; shape (periods + 1,).

    Returns:
        The fit; time is counted in renewals.

    Raises:
        NoModel: fewer than 50 customers, or nobody left.
        ValueError: a survivor count rises.

    Source:
        Fader & Hardie (2007), Journal of Interactive Marketing 21(1), eq. 5-7.
    """
    alive = np.asarray(survivors, dtype=float)
    left = -np.diff(alive)
    if np.any(left < 0):
        raise ValueError("survivors cannot become more")
    if alive[0] < CUSTOMERS_AT_LEAST:
        raise NoModel("too_few_customers", customers=int(alive[0]), needed=CUSTOMERS_AT_LEAST)
    if not left.any():
        raise NoModel("nobody_left", customers=int(alive[0]))
    summit = climb(_Likelihood(left, float(alive[-1])), (1.0, 1.0), float(alive[0]))
    spread = covariance(summit.hessian)
    return Fit(
        name=NAME,
        parameters={name: float(v) for name, v in zip(NAMES, summit.at, strict=True)},
        standard_errors=standard_errors(NAMES, spread),
        covariance=spread,
        log_likelihood=summit.log_likelihood,
        converged=summit.converged,
        evaluations=summit.evaluations,
        gradient_norm=summit.gradient_norm,
        n=float(alive[0]),
        time_unit="renewals",
    )


def retention(parameters: Parameters, renewals: Columns) -> Floats:
    """The share of those still there that stays at renewal t = 1, 2, …: (β+t-1) / (α+β+t-1)."""
    alpha, beta = parameters["alpha"], parameters["beta"]
    return np.asarray((beta + renewals - 1) / (alpha + beta + renewals - 1), dtype=float)


def survival(parameters: Parameters, renewals: Columns) -> Floats:
    """The share of the cohort still there after renewal t: B(α, β+t) / B(α, β)."""
    alpha, beta = parameters["alpha"], parameters["beta"]
    return np.asarray(np.exp(betaln(alpha, beta + renewals) - betaln(alpha, beta)), dtype=float)


class _Likelihood:
    """Σ left_t ln P(leaves at t) + stayed · ln S(last), with gradient and Hessian in (α, β)."""

    def __init__(self, left: Floats, stayed: float) -> None:
        # Leaving at t adds (1, t-1) to (α, β); staying through n renewals adds (0, n).
        self.weight = np.append(left, stayed)
        self.a = np.append(np.ones(len(left)), 0.0)
        self.b = np.append(np.arange(len(left)), len(left)).astype(float)

    def __call__(self, at: Floats) -> Evaluation:
        alpha, beta = (float(value) for value in at)
        a, b, w = alpha + self.a, beta + self.b, self.weight
        value = w @ (betaln(a, b) - betaln(alpha, beta))
        both = digamma(a + b) - digamma(alpha + beta)
        gradient = np.array(
            [w @ (digamma(a) - digamma(alpha) - both), w @ (digamma(b) - digamma(beta) - both)]
        )
        crossed = polygamma(1, alpha + beta) - polygamma(1, a + b)
        bend = w @ crossed
        hessian = np.array([[bend, bend], [bend, bend]])
        hessian[0, 0] += w @ (polygamma(1, a) - polygamma(1, alpha))
        hessian[1, 1] += w @ (polygamma(1, b) - polygamma(1, beta))
        return float(value), gradient, hessian
