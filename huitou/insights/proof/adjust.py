"""Effects with what was known before the draw taken out: smaller errors, the same truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from huitou.insights.proof.difference import LEVEL, Difference
from huitou.insights.proof.redraw import REDRAWS, ends, p_value, welch

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
UNITS_PER_COLUMN: Final = 10  # in the smaller arm; below it the covariates would fit the noise


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjusted effect per unit, and by how much the adjustment cut the variance."""

    value: float
    se: float
    variance_cut: float  # 0..1 of the plain variance; below 0 where it grew


def lin(y: ArrayLike, is_treated: ArrayLike, covariates: ArrayLike) -> Adjusted:
    """The effect from regressing y on 1, w, X, w X with X centred over all; HC2 errors.

    With every interaction in, this is one regression in each arm, read at the mean of X: the
    difference of two intercepts, whose errors are independent.

    Args:
        y: outcome per unit, shape (n,).
        is_treated: arm per unit, shape (n,).
        covariates: known before the draw, shape (n,) or (n, c).

    Source:
        Lin, W. (2013), Annals of Applied Statistics 7, 295-318; HC2 of MacKinnon & White (1985).
    """
    outcome, arm = np.asarray(y, dtype=float), np.asarray(is_treated, dtype=bool)
    design = _design(np.asarray(covariates, dtype=float))
    value, se = _lin(outcome, arm, design)
    plain = welch(outcome[arm], outcome[~arm])[1]
    return Adjusted(value, se, 1 - (se / plain) ** 2 if plain > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class Cuped:
    """The one-covariate case: the outcome less theta times the centred covariate."""

    theta: float
    adjusted: Adjusted


def cuped(y: ArrayLike, is_treated: ArrayLike, covariate: ArrayLike) -> Cuped:
    """The difference of means of y - theta (x - mean x), theta = cov(y, x) / var(x) over all.

    A covariate that is the same for everybody leaves the plain difference.

    Source:
        Deng, Xu, Kohavi & Walker (2013), WSDM '13.
    """
    outcome, arm = np.asarray(y, dtype=float), np.asarray(is_treated, dtype=bool)
    x = np.asarray(covariate, dtype=float)
    spread = float(x.var(ddof=1))
    theta = float(np.cov(outcome, x, ddof=1)[0, 1]) / spread if spread > 0 else 0.0
    rest = outcome - theta * (x - x.mean())
    value, se = welch(rest[arm], rest[~arm])
    plain = welch(outcome[arm], outcome[~arm])[1]
    return Cuped(theta, Adjusted(value, se, 1 - (se / plain) ** 2 if plain > 0 else 0.0))


def lin_redrawn(
    y: ArrayLike, is_treated: ArrayLike, covariates: ArrayLike, *, seed: int,
    level: float = LEVEL, redraws: int = REDRAWS,
) -> Difference:  # fmt: skip
    """Lin's effect as a verdict: its t re-drawn like that of plain money.

    Only where it was chosen before the draw.
    """
    outcome, arm = np.asarray(y, dtype=float), np.asarray(is_treated, dtype=bool)
    design = _design(np.asarray(covariates, dtype=float))
    value, se = _lin(outcome, arm, design)
    if not se > 0:
        return Difference(value, se, float("-inf"), float("inf"), 1.0)
    generator = np.random.default_rng(seed)
    t = np.zeros(redraws)
    for place in range(redraws):
        again, error = _lin(outcome, generator.permutation(arm), design)
        t[place] = again / error if error > 0 else 0.0
    low, high = ends(t, level)
    return Difference(value, se, value - high * se, value - low * se, p_value(value / se, t))


def fits(columns: int, n_smaller: int) -> bool:
    """Whether the smaller arm is large enough for so many covariates."""
    return n_smaller >= UNITS_PER_COLUMN * (columns + 1)


def independent(covariates: Floats) -> Floats:
    """The columns that add something to those before them, in their order; shape (n, c') .

    A layer nobody is in, or one that the others already say, would leave no one answer.
    """
    kept: list[Floats] = []
    basis: list[Floats] = [np.ones(len(covariates)) / max(np.sqrt(len(covariates)), 1.0)]
    for column in covariates.T:
        rest = column.astype(float)
        size = float(np.linalg.norm(rest))
        for direction in basis:
            rest = rest - direction * float(direction @ rest)
        left = float(np.linalg.norm(rest))
        if size > 0 and left > 1e-8 * size:
            kept.append(column)
            basis.append(rest / left)
    return np.column_stack(kept) if kept else np.empty((len(covariates), 0))


def _design(covariates: Floats) -> Floats:
    columns = covariates[:, None] if covariates.ndim == 1 else covariates
    centred = columns - columns.mean(axis=0)
    return np.column_stack([np.ones(len(columns)), centred])


def _lin(y: Floats, arm: Flags, design: Floats) -> tuple[float, float]:
    one, one_variance = _intercept(y[arm], design[arm])
    zero, zero_variance = _intercept(y[~arm], design[~arm])
    return one - zero, float(np.sqrt(one_variance + zero_variance))


def _intercept(y: Floats, design: Floats) -> tuple[float, float]:
    """The fitted value at X = 0 within one arm, and its HC2 variance."""
    inverse = np.linalg.pinv(design.T @ design)
    coefficients = inverse @ (design.T @ y)
    spread = design @ inverse
    weights = spread[:, 0]  # the intercept is sum weights_i y_i
    leverage = np.einsum("ij,ij->i", spread, design)
    residuals = y - design @ coefficients
    room = np.clip(1 - leverage, 1e-9, None)
    return float(coefficients[0]), float((weights**2 * residuals**2 / room).sum())
