"""A learnt correction of the repeat probability, off by default and used only where it proved
better every time."""

from typing import Final, NamedTuple

import numpy as np
from scipy.special import expit, logit

from huitou.insights.kernels.columns import Columns, Floats

_ROUNDS: Final = 25
_CLOSE_TO_CERTAIN: Final = 1e-6


class Correction(NamedTuple):
    """A logistic stack: intercept and slopes on standardised features, with what standardises
    them."""

    coefficients: Floats
    centre: Floats
    scale: Floats


def learn(p: Floats, x: Columns, t_x_days: Columns, T_days: Columns, bought: Columns) -> Correction:  # noqa: N803
    """Fit [logit P, ln(1+x), dormancy, T, x = 0] to what happened, by Newton's method."""
    features = _features(p, x, t_x_days, T_days)
    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    design = np.column_stack((np.ones(len(p)), (features - centre) / scale))
    outcome = np.asarray(bought, dtype=float)
    at = np.zeros(design.shape[1])
    # A hair of ridge keeps constant and perfectly separating features finite.
    ridge = np.diag(np.r_[0.0, np.full(design.shape[1] - 1, 1e-6 * len(p))])
    for _ in range(_ROUNDS):
        fitted = expit(design @ at)
        gradient = design.T @ (outcome - fitted) - ridge @ at
        bend = (design.T * (fitted * (1 - fitted) + 1e-9)) @ design + ridge
        step = np.linalg.solve(bend, gradient)
        at += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return Correction(at, centre, scale)


def corrected(how: Correction, p: Floats, x: Columns, t_x_days: Columns, T_days: Columns) -> Floats:  # noqa: N803
    """The corrected repeat probability, shape (n,)."""
    features = (_features(p, x, t_x_days, T_days) - how.centre) / how.scale
    return np.asarray(expit(how.coefficients[0] + features @ how.coefficients[1:]), dtype=float)


def _features(p: Floats, x: Columns, t_x_days: Columns, T_days: Columns) -> Floats:  # noqa: N803
    odds = logit(np.clip(p, _CLOSE_TO_CERTAIN, 1 - _CLOSE_TO_CERTAIN))
    return np.column_stack((odds, np.log1p(x), T_days - t_x_days, T_days, x == 0)).astype(float)
