# ruff: noqa: N806 - T is the age of a customer in every paper and in the score file
"""The likelihood of BG/NBD and MBG/NBD from small tables and one pass over distinct customers."""

from typing import Final

import numpy as np
from scipy.special import betaln, digamma, gammaln, polygamma

from huitou.insights.kernels.columns import DAYS_PER_WEEK, Floats, Triples
from huitou.insights.kernels.newton import Evaluation

_BLOCK: Final = 16_384  # rows whose columns stay in the processor's cache together


class Likelihood:
    """Log-likelihood, gradient and Hessian at (r, α, a, b) in weeks.

    Small tables over distinct x and T, and one pass over the triples:

    ℓ = Σ n_x [lnΓ(r+x) - lnΓ(r) + ln B(a, b+x) - ln B(a, b)] + n r ln α - Σ (r n_T + X_T) ln(α+T)
      + Σ w ln(1 + e^d), d = ln a - ln(b+x-1) + (r+x) ln((α+T)/(α+t_x)),
    with the later b in b+x and in d for MBG/NBD. BG/NBD has the last term for x > 0 only.
    """

    def __init__(self, customers: Triples, *, one_time_may_be_gone: bool) -> None:
        self.shift = 1.0 if one_time_may_be_gone else 0.0
        self.n = customers.n
        self.counts = customers.counts
        self.weeks = customers.days / DAYS_PER_WEEK
        self.at_count = np.bincount(customers.x, customers.weight, len(self.counts))
        self.at_age = np.bincount(customers.T, customers.weight, len(self.weeks))
        bought = customers.weight * self.counts[customers.x]
        self.bought_at_age = np.bincount(customers.T, bought, len(self.weeks))
        in_sum = slice(None)
        if not one_time_may_be_gone and len(self.counts) and self.counts[0] == 0:
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
