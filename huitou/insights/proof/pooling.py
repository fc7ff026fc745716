"""Small campaigns of one kind together: what the kind does, and what each one then looks like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

NEEDED: Final = 4
MOST_OVERLAP: Final = 0.20  # of the smaller campaign's people


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect of a kind with its interval, and each campaign drawn towards it."""

    mean: float
    lo: float
    hi: float
    tau2: float  # how much the campaigns differ beyond chance
    shrunk: tuple[float, ...]  # in the order given


def pool(effects: ArrayLike, errors: ArrayLike) -> Pooled | None:
    """Random effects: DerSimonian-Laird tau^2, Hartung-Knapp interval, partial pooling of each.

    Args:
        effects: one per campaign, all of one unit.
        errors: their standard errors, > 0.

    Returns:
        None for fewer than 4. The interval is never narrower than the plain one.

    Source:
        DerSimonian & Laird (1986); Hartung & Knapp (2001), Statistics in Medicine 20, 3875-3889.
    """
    d, se = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    k = len(d)
    if k < NEEDED:
        return None
    fixed = 1 / se**2
    centre = float((fixed * d).sum() / fixed.sum())
    q = float((fixed * (d - centre) ** 2).sum())
    scale = float(fixed.sum() - (fixed**2).sum() / fixed.sum())
    tau2 = max(0.0, (q - (k - 1)) / scale)
    weight = 1 / (se**2 + tau2)
    mean = float((weight * d).sum() / weight.sum())
    spread = float((weight * (d - mean) ** 2).sum()) / (k - 1)
    adjusted = float(stats.t.ppf(0.975, k - 1)) * sqrt(spread / float(weight.sum()))
    plain = float(stats.norm.ppf(0.975)) / sqrt(float(weight.sum()))
    half = max(adjusted, plain)
    kept = tau2 / (tau2 + se**2)
    shrunk = kept * d + (1 - kept) * mean
    return Pooled(mean, mean - half, mean + half, tau2, tuple(float(value) for value in shrunk))


def apart(
    campaigns: Sequence[int], overlaps: Iterable[tuple[int, int, float]]
) -> tuple[list[int], list[int]]:
    """The campaigns that may be pooled, and those left out because they share too many people.

    Args:
        campaigns: ids, the earlier ones first; an earlier one is kept against a later.
        overlaps: (one, other, shared people / people of the smaller), either way round.

    Returns:
        (kept, left out), each in the order given.
    """
    shared = {frozenset((one, other)): part for one, other, part in overlaps}
    left_out: set[int] = set()
    for early, late in combinations(campaigns, 2):
        if early in left_out or late in left_out:
            continue
        if shared.get(frozenset((early, late)), 0.0) > MOST_OVERLAP:
            left_out.add(late)
    return [c for c in campaigns if c not in left_out], [c for c in campaigns if c in left_out]
