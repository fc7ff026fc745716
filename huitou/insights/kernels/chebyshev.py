# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""Smooth functions of one variable, computed at a few points and read off for everyone."""

from collections.abc import Callable
from typing import Final

import numpy as np

from huitou.insights.kernels.columns import Columns, Floats, pairs

POINTS: Final = 26  # reads off what the models need to 1e-12 for ages of days to decades
_WIDE: Final = 4_000_000  # cells of a table of all (x, T) worth keeping


def read_off(
    function: Callable[[Columns, Floats], Floats],
    x: Columns,
    T_days: Columns,
    coordinate: Callable[[Columns], Floats],
) -> Floats:
    """``function`` for each customer's (x, T).

    Args:
        function: distinct x, shape (m,), and values of the coordinate, shape (k,) → table (m, k).
        It must be smooth
            in the coordinate for every x.
        x: one per customer, shape (n,).
        T_days: one per customer, shape (n,).
        coordinate: days → the variable in which the function is smooth.

    Returns:
        One value per customer, shape (n,).

    Source:
        Berrut & Trefethen (2004), Barycentric Lagrange interpolation, at Chebyshev points of the
        second kind.
    """
    if not len(x):
        return np.empty(0)
    if np.issubdtype(x.dtype, np.integer) and np.issubdtype(T_days.dtype, np.integer):
        most, first, last = int(x.max()), int(T_days.min()), int(T_days.max())
        width = last - first + 1
        if (most + 1) * width <= min(len(x), _WIDE):
            table = _table(function, np.arange(most + 1), coordinate(np.arange(first, last + 1)))
            place = x * np.int64(width)
            place += T_days
            place -= first
            return np.asarray(table.reshape(-1)[place], dtype=float)
    counts, ages, at = pairs(x, T_days)
    present, x_at = np.unique(counts, return_inverse=True)
    days, T_at = np.unique(ages, return_inverse=True)
    if len(present) * len(days) <= _WIDE:
        return np.asarray(_table(function, present, coordinate(days))[x_at, T_at][at], dtype=float)
    points, weights = _points(coordinate(days))
    known = function(present, points)
    return np.asarray(np.einsum("ij,ij->i", known[x_at], weights[T_at])[at], dtype=float)


def _table(function: Callable[[Columns, Floats], Floats], x: Columns, wanted: Floats) -> Floats:
    """``function`` for every x and every wanted value of the coordinate (rising)."""
    if len(wanted) <= POINTS:
        return function(x, wanted)
    points, weights = _points(wanted)
    return np.asarray(function(x, points) @ weights.T, dtype=float)


def _points(wanted: Floats) -> tuple[Floats, Floats]:
    """Chebyshev points over the span of ``wanted``, and each point's weight at each place."""
    angles = np.pi * np.arange(POINTS) / (POINTS - 1)
    points = (wanted[0] + wanted[-1]) / 2 + (wanted[-1] - wanted[0]) / 2 * np.cos(angles)
    return points, _weights(points, wanted)


def _weights(points: Floats, wanted: Floats) -> Floats:
    """How much each point counts at each wanted place, shape (wanted, points)."""
    sign = np.where(np.arange(len(points)) % 2, -1.0, 1.0)
    sign[[0, -1]] /= 2
    distance = wanted[:, None] - points[None, :]
    hit = distance == 0
    share = sign / np.where(hit, 1.0, distance)
    share[hit.any(axis=1)] = 0.0
    share[hit] = 1.0
    return np.asarray(share / share.sum(axis=1, keepdims=True), dtype=float)
