"""How often a campaign that does nothing would be called effective or harmful: added up, not
simulated, and the interval widened by the little that is missing to keep what was promised.

Newcombe's interval is approximate. With 200 people held out its test of "no difference" errs in
4.82 % at a level of 4.8 %; with 27 in each arm in 5.63 % at a level of 5 %. What it truly errs in,
for every share of people who come by themselves that these data leave possible, is a finite sum.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from huitou.insights.proof.difference import LEVEL, Difference, ends, newcombe
from huitou.insights.shares import wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = tuple[int, int, int, int]

# The part of the level that is spent on the share lying outside all that were tried.
_PART_OUTSIDE: Final = 1 / 1_000
_SHARES_TRIED: Final = 33
_TAIL: Final = 7.0  # standard errors beyond which nobody is counted: 3e-12
# With so many who came, and as many who did not, in the smaller arm the test errs in its level
# to a thousandth of it, and the sum would only cost time.
_ENUMERATED_UP_TO: Final = 2_000
_HALVINGS: Final = 12
_FAR: Final = 2  # levels above which p is left as it is: what it lacks is a small part of it


def checked(k1: int, n1: int, k0: int, n0: int, *, level: float = LEVEL) -> Difference:
    """Newcombe's interval of k1/n1 - k0/n0, held to its level by adding up what it errs in.

    Args:
        k1, n1: came back, and all, among the treated; n1 > 0.
        k0, n0: the same among the held out; n0 > 0.
        level: the most that both false verdicts together may reach, 0..1.

    Returns:
        The difference as ``newcombe`` gives it, with the interval of the largest level, not above
        ``level``, at which a campaign without effect gives no verdict more often than ``level``.
        ``p`` is that of the same test: the interval leaves out 0 just where ``p`` <= ``level``. Far
        above the level, where no verdict hangs on it, it is Newcombe's own.

    Source:
        Berger & Boos (1994), JASA 89, 1012-1016: the worst case over a confidence set of what is
        not known (here the share without the campaign), plus the chance of lying outside it.
    """
    plain = newcombe(k1, n1, k0, n0, level=level)
    if not _is_enumerated((k1, n1, k0, n0)):
        return plain
    kept = kept_level(n1, n0, k1 + k0, level)
    lo, hi = ends(k1, n1, k0, n0, level=kept)
    held = replace(plain, lo=lo, hi=hi)
    if plain.p > _FAR * level:
        return held
    shares = _possible(k1 + k0, n1 + n0, level * _PART_OUTSIDE)
    errs = worst(n1, n0, shares, plain.p * (1 + 1e-9)) + level * _PART_OUTSIDE
    p = max(plain.p, errs)
    # Right at the edge the two roundings must not contradict each other.
    is_out = held.is_gain or held.is_harm
    return replace(held, p=min(p, level) if is_out else max(p, np.nextafter(level, 1)))


def errs_in(n1: int, n0: int, share: float, level: float) -> tuple[float, float]:
    """How often Newcombe's interval at ``level`` lies above and below 0 without any difference.

    Args:
        n1, n0: units treated and held out, > 0.
        share: of both arms that comes back, 0..1.
        level: of the interval.

    Returns:
        (false "effective", false "harmful"), exact but for tails below 1e-11.
    """
    gain, harm = _rates(n1, n0, np.array([share]), level)
    return float(gain[0]), float(harm[0])


def worst(n1: int, n0: int, shares: Floats, level: float) -> float:
    """The most both false verdicts together reach over these shares."""
    gain, harm = _rates(n1, n0, shares, level)
    return float((gain + harm).max())


@lru_cache(maxsize=4096)
def kept_level(n1: int, n0: int, back: int, level: float) -> float:
    """The largest level up to ``level`` whose test errs in no more than ``level``, where ``back``
    of all came."""
    outside = level * _PART_OUTSIDE
    shares = _possible(back, n1 + n0, outside)
    if worst(n1, n0, shares, level) + outside <= level:
        return level
    low, high = 0.0, level
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_kept = worst(n1, n0, shares, middle) + outside <= level
        low, high = (middle, high) if is_kept else (low, middle)
    return low


def _is_enumerated(counts: Counts) -> bool:
    k1, n1, k0, n0 = counts
    pooled = (k1 + k0) / (n1 + n0)
    return min(pooled, 1 - pooled) * min(n1, n0) <= _ENUMERATED_UP_TO


def _possible(back: int, n: int, outside: float) -> Floats:
    """Shares that so many of ``n`` leave possible (Clopper & Pearson), evenly on the arc sine."""
    low = 0.0 if back == 0 else float(stats.beta.ppf(outside / 2, back, n - back + 1))
    high = 1.0 if back == n else float(stats.beta.isf(outside / 2, back + 1, n - back))
    first, last = np.arcsin(np.sqrt([low, high]))
    return np.asarray(np.sin(np.linspace(first, last, _SHARES_TRIED)) ** 2)


def _rates(n1: int, n0: int, shares: Floats, level: float) -> tuple[Floats, Floats]:
    held = _likely(n0, shares)
    z = float(stats.norm.isf(level / 2))
    least_gain = _first(n1, len(held), lambda k1: lower_end(k1, n1, held, n0, z) > 0)
    most_harm = _first(n1, len(held), lambda k1: lower_end(held, n0, k1, n1, z) <= 0) - 1
    weights = stats.binom.pmf(held[None, :], n0, shares[:, None])
    above = _upper_tail(least_gain, n1, shares)
    below = 1 - _upper_tail(most_harm + 1, n1, shares)
    return (weights * above).sum(axis=1), (weights * below).sum(axis=1)


def _likely(n: int, shares: Floats) -> Ints:
    """The counts of ``n`` that any of these shares makes likely at all."""
    low, high = float(shares.min()), float(shares.max())
    first = n * low - _TAIL * sqrt(n * low * (1 - low)) - _TAIL
    last = n * high + _TAIL * sqrt(n * high * (1 - high)) + _TAIL
    return np.arange(max(0, int(first)), min(n, int(last)) + 1)


def lower_end(ka: Any, na: int, kb: Any, nb: int, z: float) -> Floats:
    """The lower end of the difference of shares ka/na - kb/nb, of columns of counts; the upper end
    of b - a is its mirror image."""
    a, b = np.asarray(ka, dtype=float), np.asarray(kb, dtype=float)
    a, b = np.broadcast_arrays(a, b)
    low, _ = wilson(a, np.full(a.shape, na), z=z)
    _, high = wilson(b, np.full(b.shape, nb), z=z)
    pa, pb = a / na, b / nb
    return np.asarray(pa - pb - np.sqrt((pa - low) ** 2 + (high - pb) ** 2))


def _first(n: int, size: int, holds: Callable[[Ints], NDArray[np.bool_]]) -> Ints:
    """For each of ``size`` places the first count 0..n from which on it holds; n + 1 = never."""
    low, high = np.zeros(size, dtype=np.int64), np.full(size, n + 1, dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        is_so = holds(np.minimum(middle, n)) | (middle > n)
        high = np.where(is_so, middle, high)
        low = np.where(is_so, low, middle + 1)
    return low


def _upper_tail(least: Ints, n: int, shares: Floats) -> Floats:
    """The chance of at least so many of ``n``, one row a share; the beta integral is that sum."""
    inside = np.clip(least, 1, n).astype(float)
    tail = special.betainc(inside, n - inside + 1, shares[:, None])
    return np.where(least <= 0, 1.0, np.where(least > n, 0.0, tail))
