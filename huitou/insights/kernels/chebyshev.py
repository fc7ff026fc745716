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
    counts, ages, at = pairs(x, T_days)
    present, x_at = np.unique(counts, return_inverse=True)
    days, T_at = np.unique(ages, return_inverse=True)
    if len(days) <= POINTS:
        table = function(present, coordinate(days))
        return np.asarray(table[x_at, T_at][at], dtype=float)
    ends = coordinate(days[[0, -1]])
    angles = np.pi * np.arange(POINTS) / (POINTS - 1)
    points = ends.mean() + (ends[1] - ends[0]) / 2 * np.cos(angles)
    weights = _weights(points, coordinate(days))
    known = function(present, points)
    if len(present) * len(days) <= _WIDE:
        return np.asarray((known @ weights.T)[x_at, T_at][at], dtype=float)
    return np.asarray(np.einsum("ij,ij->i", known[x_at], weights[T_at])[at], dtype=float)


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
