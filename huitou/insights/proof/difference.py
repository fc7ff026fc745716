"""The difference of two shares: who came back among the sent, and among the held out."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy import optimize, stats

from huitou.insights.shares import wilson

LEVEL: Final = 0.05  # a final test alone
LEVEL_AFTER_LOOKS: Final = 0.048  # a final test after planned looks (Haybittle-Peto)
LEVEL_OF_A_LOOK: Final = 0.001


@dataclass(frozen=True, slots=True)
class Difference:
    """An effect per unit, its standard error, and the interval the verdict is read from.

    ``p`` is two-sided and belongs to the test of the interval, not to an approximation beside it.
    """

    value: float
    se: float
    lo: float
    hi: float
    p: float

    @property
    def is_gain(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.lo > 0

    @property
    def is_harm(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.hi < 0


def newcombe(k1: int, n1: int, k0: int, n0: int, *, level: float = LEVEL) -> Difference:
    """The difference of the shares k1/n1 - k0/n0 with Newcombe's hybrid score interval.

    Args:
        k1, n1: came back, and all, among the treated; n1 > 0.
        k0, n0: the same among the held out; n0 > 0.
        level: 1 - confidence, 0..1.

    Returns:
        Shares as a difference in -1..1. ``p`` is the level at which the interval touches 0.

    Source:
        Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    p1, p0 = k1 / n1, k0 / n0
    lo, hi = _ends(k1, n1, k0, n0, _z(level))
    se = sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    return Difference(p1 - p0, se, lo, hi, _p_value(k1, n1, k0, n0))


def ends(k1: int, n1: int, k0: int, n0: int, *, level: float) -> tuple[float, float]:
    """Both ends of Newcombe's interval alone."""
    return _ends(k1, n1, k0, n0, _z(level))


def _z(level: float) -> float:
    return float(stats.norm.ppf(1 - level / 2))


def _ends(k1: int, n1: int, k0: int, n0: int, z: float) -> tuple[float, float]:
    p1, p0 = k1 / n1, k0 / n0
    l1, u1 = wilson(k1, n1, z=z)
    l0, u0 = wilson(k0, n0, z=z)
    return (
        p1 - p0 - sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2),
        p1 - p0 + sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2),
    )


def _p_value(k1: int, n1: int, k0: int, n0: int) -> float:
    """The level whose interval just touches zero: it shrinks steadily as the level grows."""
    if k1 * n0 == k0 * n1:
        return 1.0
    end = 0 if k1 * n0 > k0 * n1 else 1

    def distance(z: float) -> float:
        return _ends(k1, n1, k0, n0, z)[end]

    far = 40.0  # in standard errors; beyond it a double cannot tell the tail from zero
    if (distance(far) > 0) == (end == 0):
        return 0.0
    return float(2 * stats.norm.sf(optimize.brentq(distance, 0.0, far, xtol=1e-13)))
