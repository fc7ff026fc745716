# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""Customers as columns, and equal customers counted once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = NDArray[Any]
Days = ArrayLike  # one number of days for all, or one per customer

DAYS_PER_WEEK: Final = 7.0
_DENSE_CELLS: Final = 16_000_000  # largest table of small whole numbers worth addressing directly


@dataclass(frozen=True, slots=True)
class Triples:
    """Distinct customers (x, t_x, T), sorted, with how many customers each stands for.

    ``x``, ``t_x`` and ``T`` are positions in ``counts`` and ``days``: a table over either is a
    table over few values.
    """

    counts: Floats  # distinct numbers of repeat purchases, rising
    days: Floats  # distinct days, rising
    x: NDArray[np.intp]
    t_x: NDArray[np.intp]
    T: NDArray[np.intp]
    weight: Floats

    @property
    def n(self) -> float:
        """How many customers there are."""
        return float(self.weight.sum())

    def thinned(self, customers: int) -> "Triples":
        """About ``customers`` of them, every k-th in sorted order, whatever order they came in."""
        step = int(self.n // customers)
        if step < 2:
            return self
        edges = np.floor((np.cumsum(self.weight) + step // 2) / step)
        weight = np.diff(edges, prepend=np.floor((step // 2) / step))
        kept = weight > 0
        return Triples(
            self.counts,
            self.days,
            self.x[kept],
            self.t_x[kept],
            self.T[kept],
            weight[kept].astype(float),
        )


def triples(
    x: Columns, t_x_days: Columns, T_days: Columns, weights: Columns | None = None
) -> Triples:
    """Group equal customers; the sum over groups of weight × term is the sum over customers,
    exactly.

    Args:
        x: repeat purchases, whole numbers >= 0, shape (n,).
        t_x_days: days from first to last purchase, 0 <= t_x <= T, whole or not.
        T_days: days from first purchase to the day of the run.
        weights: customers per row, > 0; None = 1 each.

    Raises:
        ValueError: a column does not fit the others, or t_x > T, or x and t_x are not 0 together.
    """
    _check(x, t_x_days, T_days)
    counts, x_code = _coded(x)
    days, codes = _coded(np.concatenate((t_x_days, T_days)))
    width = len(days)
    key = (x_code * width + codes[: len(x)]) * width + codes[len(x) :]
    if weights is None:
        key.sort()
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        weight = np.diff(starts, append=len(key)).astype(float)
    else:
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        weight = (
            np.add.reduceat(np.asarray(weights, dtype=float)[order], starts)
            if len(key)
            else np.empty(0)
        )
    first = key[starts]
    head, T = np.divmod(first, width) if width else (first, first)
    x_at, t_x = np.divmod(head, width) if width else (first, first)
    return Triples(counts, days, x_at, t_x, T, weight)


def pairs(x: Columns, T_days: Columns) -> tuple[Columns, Columns, NDArray[np.intp]]:
    """Distinct (x, T) and each customer's position among them."""
    if not _whole(T_days) or not _whole(x):
        both = np.stack((np.asarray(x, dtype=float), np.asarray(T_days, dtype=float)))
        distinct, at = np.unique(both, axis=1, return_inverse=True)
        return distinct[0], distinct[1], at.reshape(-1)
    width = int(T_days.max(initial=0)) + 1
    key = np.asarray(x, dtype=np.int64) * width + np.asarray(T_days, dtype=np.int64)
    distinct, at = _distinct(key)
    return distinct // width, distinct % width, at


def tabulated(
    function: Callable[[Columns], Floats], *columns: Columns
) -> Callable[[Columns], Floats]:
    """``function``, looked up in a table where the columns are of small whole numbers >= 0."""
    if not all(np.issubdtype(column.dtype, np.integer) for column in columns):
        return function
    size = max(int(column.max()) for column in columns) + 1
    if size > len(columns[0]):
        return function
    table = function(np.arange(size))
    return lambda column: table[column]


def _distinct(key: Ints) -> tuple[Ints, NDArray[np.intp]]:
    """Distinct keys, rising, and each key's position among them; by a table if they are small."""
    size = int(key.max(initial=-1)) + 1
    if size > max(_DENSE_CELLS, 4 * len(key)):
        return np.unique(key, return_inverse=True)
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    found = np.flatnonzero(seen)
    place = np.empty(size, dtype=np.intp)
    place[found] = np.arange(len(found))
    return found, place[key]


def _coded(values: Columns) -> tuple[Floats, NDArray[np.intp]]:
    """Distinct values as floats, and each value's position among them."""
    if _whole(values):
        found, at = _distinct(np.asarray(values, dtype=np.int64))
        return found.astype(float), at
    return np.unique(np.asarray(values, dtype=float), return_inverse=True)


def _whole(values: Columns) -> bool:
    """Whether the column is of whole numbers that are not negative, as most are."""
    if not np.issubdtype(values.dtype, np.integer):
        return bool(np.all(values == np.floor(values))) and bool(np.all(values >= 0))
    return not len(values) or int(values.min()) >= 0


def _check(x: Columns, t_x_days: Columns, T_days: Columns) -> None:
    if not (x.shape == t_x_days.shape == T_days.shape and x.ndim == 1):
        raise ValueError("x, t_x and T are columns of one length")
    if not len(x):
        return
    if np.any(t_x_days > T_days) or x.min() < 0 or t_x_days.min() < 0:
        raise ValueError("0 <= t_x <= T and x >= 0 must hold for every customer")
    if np.any((x == 0) != (t_x_days == 0)):
        raise ValueError("x = 0 and t_x = 0 must come together")
