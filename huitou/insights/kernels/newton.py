"""Maximum likelihood by Newton's method on the logarithms of positive parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from huitou.insights.kernels.columns import Floats

Parameters = Mapping[str, float]
Evaluation = tuple[
    float, Floats, Floats
]  # log-likelihood, gradient, Hessian in the parameters themselves

CUSTOMERS_AT_LEAST: Final = 50
PILOT_CUSTOMERS: Final = 50_000
_TOLERANCE: Final = 1e-10  # of the largest gradient in ln(parameter), per customer
_RIDGE: Final = 1e-6  # of the same where the likelihood no longer changes: rounding hides the rest
_UNCHANGED: Final = 1e-13  # of the log-likelihood
_PATIENCE: Final = 4  # steps without a change after which the likelihood counts as flat
_LONGEST_STEP: Final = 2.0
_EVALUATIONS: Final = 200
_FARTHEST: Final = (
    18.4  # |ln parameter|: beyond 1e8 and 1e-8 a likelihood is flat, and rounding rules
)
_RIDGE_FROM: Final = 1e4  # a shape this large says "any large number"


class NoModel(Exception):
    """There is nothing to fit: ``reason`` says why in a code, ``facts`` with numbers."""

    def __init__(self, reason: str, **facts: float) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(f"no model: {reason} {facts}")


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model. ``covariance`` is the inverse of the negative Hessian, in the order of
    ``parameters``."""

    name: str
    parameters: dict[str, float]
    standard_errors: dict[str, float | None]
    covariance: Floats
    log_likelihood: float
    converged: bool
    evaluations: int
    gradient_norm: float  # largest gradient in ln(parameter), per customer
    n: float
    warnings: list[dict[str, Any]] = field(default_factory=list)
    time_unit: str | None = "weeks"

    def report(self) -> dict[str, Any]:
        """The fit as the run record keeps it."""
        return {
            "parameters": self.parameters,
            "standard_errors": self.standard_errors,
            "log_likelihood": self.log_likelihood,
            "time_unit": self.time_unit,
            "converged": self.converged,
            "evaluations": self.evaluations,
            "gradient_norm": self.gradient_norm,
            "n": int(self.n),
            "warnings": self.warnings,
        }


@dataclass(frozen=True, slots=True)
class Summit:
    """Where the climb ended."""

    at: Floats
    log_likelihood: float
    hessian: Floats
    evaluations: int
    gradient_norm: float
    is_flat: bool  # the likelihood stopped changing on the way

    @property
    def converged(self) -> bool:
        """Whether the gradient vanished there, as far as rounding lets one see."""
        return self.gradient_norm < (_RIDGE if self.is_flat else _TOLERANCE)


def climb(
    evaluate: Callable[[Floats], Evaluation], start: Sequence[float] | Floats, n: float
) -> Summit:
    """Climb to the highest likelihood from ``start``.

    Args:
        evaluate: log-likelihood, gradient and Hessian at positive parameters.
        start: positive parameters.
        n: customers; what is small is small per customer.

    Returns:
        The summit; ``converged`` is False where the likelihood went flat before the gradient
        vanished.

    Source:
        Damped Newton in ln(parameter): the step is -V (|λ| + damping)^-1 V' g, no longer than 2.
    """
    theta = np.log(np.asarray(start, dtype=float))
    value, gradient, hessian, natural = _in_logs(evaluate, theta)
    evaluations, damping, unchanged = 1, 0.0, 0
    while unchanged < _PATIENCE and evaluations < _EVALUATIONS:
        if np.abs(gradient).max() / n < _TOLERANCE:
            break
        roots, vectors = np.linalg.eigh(hessian)
        # 1e-13 of the curvature keeps a flat ridge from asking for an endless step.
        bend = np.abs(roots) + damping * n + 1e-13 * np.abs(roots).max() + 1e-300
        step = vectors @ ((vectors.T @ gradient) / bend)
        length = float(np.linalg.norm(step))
        step *= min(1.0, _LONGEST_STEP / length) if length > 0 else 0.0
        ahead = np.clip(theta + step, -_FARTHEST, _FARTHEST)
        found = _in_logs(evaluate, ahead)
        evaluations += 1
        # At the summit rounding decides the sign of the change; a smaller gradient is progress too.
        nearer = np.isfinite(found[0]) and (
            found[0] > value
            or (
                found[0] >= value - 1e-12 * abs(value)
                and np.abs(found[1]).max() < np.abs(gradient).max()
            )
        )
        is_same = abs(found[0] - value) <= _UNCHANGED * abs(value)
        unchanged = unchanged + 1 if is_same else 0
        if nearer:
            theta, (value, gradient, hessian, natural) = ahead, found
            damping *= 0.05
        elif damping > 1e8 or length < 1e-14:
            unchanged = _PATIENCE  # no step of any length leads up
        else:
            damping = max(damping * 10, 1e-4)
    steepest = float(np.abs(gradient).max()) / n
    return Summit(
        np.exp(theta), value, natural, evaluations, steepest, is_flat=unchanged >= _PATIENCE
    )


def covariance(hessian: Floats) -> Floats:
    """The inverse of the negative Hessian; NaN where it is not positive definite (a flat ridge)."""
    information = -hessian
    scale = np.sqrt(np.abs(np.diag(information)))
    if not np.all(np.isfinite(information)) or np.any(scale == 0):
        return np.full_like(hessian, np.nan)
    try:
        np.linalg.cholesky(information / np.outer(scale, scale))
        inverse = np.linalg.inv(information / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.full_like(hessian, np.nan)
    return np.asarray(inverse / np.outer(scale, scale), dtype=float)


def standard_errors(names: Sequence[str], spread: Floats) -> dict[str, float | None]:
    """The roots of the covariance's diagonal, None where the likelihood is too flat to tell."""
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(spread))
    return {
        name: float(error) if np.isfinite(error) else None
        for name, error in zip(names, errors, strict=True)
    }


def ridge_warnings(parameters: Parameters, shapes: Sequence[str]) -> list[dict[str, Any]]:
    """A warning per shape parameter that ran away along a flat ridge."""
    return [
        {"code": "flat_ridge", "facts": {"parameter": name, "value": parameters[name]}}
        for name in shapes
        if parameters[name] > _RIDGE_FROM
    ]


def _in_logs(
    evaluate: Callable[[Floats], Evaluation], theta: Floats
) -> tuple[float, Floats, Floats, Floats]:
    """The likelihood with gradient and Hessian in ln(parameter), and the Hessian in the
    parameters."""
    at = np.exp(theta)
    value, gradient, hessian = evaluate(at)
    by_log = gradient * at
    return value, by_log, hessian * np.outer(at, at) + np.diag(by_log), hessian
