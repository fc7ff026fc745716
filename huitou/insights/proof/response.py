"""Who responds better: people ranked by the effect expected of them, held against chance. Pure.

A ranking says something only if those it puts first gained more than as many people drawn at
random. With few people it never can, so it is not even tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from huitou.insights.proof.adjust import independent
from huitou.insights.proof.difference import newcombe

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNITS_NEEDED: Final = 10_000
BUYERS_NEEDED: Final = 200  # in each arm
FOLDS: Final = 5
RANDOM_RANKINGS: Final = 199
FIRST_PART: Final = 0.20  # of the ranking, shown against the others


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of every unit drawn, and what was known of it before, one entry each.

    ``known`` are the columns a reader is shown of those who respond, by name.
    """

    came_back: Flags
    is_treated: Flags
    before: Floats
    known: Mapping[str, Floats]


def who(seen: Seen, *, seed: int) -> dict[str, Any] | None:
    """Whether some are known to respond better, and how those differ from the others.

    The effect expected of each is fitted on other people (five parts, each ranked by what the
    other four showed), so that no ranking is praised for what it learned by heart.

    Args:
        seen: columns of all units drawn.
        seed: of the parts and of the random rankings; the same seed gives the same bits.

    Returns:
        None with fewer than 10,000 units, fewer than 200 buyers in an arm, or nothing known
        before. Else ``qini``, ``band`` (95 % of random rankings), ``is_known`` (above the band),
        and ``first`` and ``others``, each ``{units, value, lo, hi, known}``.

    Source:
        Radcliffe, N. J. (2007), Using control groups to target on predicted lift.
    """
    buyers = [int(seen.came_back[arm].sum()) for arm in (seen.is_treated, ~seen.is_treated)]
    covariates = independent(seen.before) if seen.before.size else seen.before
    if len(seen.came_back) < UNITS_NEEDED or min(buyers) < BUYERS_NEEDED or not covariates.size:
        return None
    random = np.random.default_rng(seed)
    score = expected_effects(seen, covariates, random)
    y = seen.came_back.astype(float)
    value = qini(y, score, seen.is_treated)
    band = random_band(y, score, seen.is_treated, random)
    return {
        "qini": value,
        "band": list(band),
        "is_known": value > band[1],
        **_parts(seen, score),
    }


def qini_curve(y: ArrayLike, score: ArrayLike, is_treated: ArrayLike) -> tuple[Ints, Floats]:
    """More who came back than without the campaign, among so many of those ranked first.

    Args:
        y: outcome per unit, shape (n,).
        score: the higher the earlier in the ranking; equal scores stand together.
        is_treated: arm per unit.

    Returns:
        (units so far, increment so far), from (0, 0) to all; one point for each different score.
        The increment is that among the treated so far: R_t - R_c N_t / N_c.
    """
    outcome, arm = np.asarray(y, dtype=float), np.asarray(is_treated, dtype=bool)
    values = np.asarray(score, dtype=float)
    order = np.argsort(-values, kind="stable")
    last = np.append(np.flatnonzero(np.diff(values[order])), len(values) - 1)
    return points_of(last), _increments(outcome[order], arm[order], last)


def qini(y: ArrayLike, score: ArrayLike, is_treated: ArrayLike) -> float:
    """The area between the curve and the straight line of a random ranking, as a part of the same
    area under the best ranking there could be: 1 = perfect, 0 = chance, below 0 = the wrong way.

    The best ranking puts treated units that came first, and others that came last.
    """
    outcome, arm = np.asarray(y, dtype=float), np.asarray(is_treated, dtype=bool)
    best = _area(*qini_curve(outcome, np.where(arm, outcome, -outcome), arm))
    return _area(*qini_curve(outcome, score, arm)) / best if best > 0 else 0.0


def random_band(
    y: Floats, score: Floats, is_treated: Flags, random: np.random.Generator
) -> tuple[float, float]:
    """Between which values 95 % of random rankings lie, their ties being those of ``score``."""
    best = _area(*qini_curve(y, np.where(is_treated, y, -y), is_treated))
    if not best > 0:
        return 0.0, 0.0
    ranked = -np.sort(-score)
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    places = points_of(last)
    found = np.empty(RANDOM_RANKINGS)
    for number in range(RANDOM_RANKINGS):
        order = random.permutation(len(y))
        found[number] = _area(places, _increments(y[order], is_treated[order], last)) / best
    low, high = np.quantile(found, [0.025, 0.975], method="weibull")
    return float(low), float(high)


def expected_effects(seen: Seen, covariates: Floats, random: np.random.Generator) -> Floats:
    """The effect expected of each unit from people who are not in its part: one line in each arm,
    read at what was known of the unit."""
    design = np.column_stack([np.ones(len(covariates)), covariates])
    y = seen.came_back.astype(float)
    part = random.permutation(np.arange(len(y)) % FOLDS)
    score = np.zeros(len(y))
    for number in range(FOLDS):
        others, own = part != number, part == number
        lines = [
            np.linalg.lstsq(design[others & arm], y[others & arm], rcond=None)[0]
            for arm in (seen.is_treated, ~seen.is_treated)
        ]
        score[own] = design[own] @ (lines[0] - lines[1])
    return score


def points_of(last: Ints) -> Ints:
    """Units so far at each point of a curve: none, then up to the last of each score."""
    return np.concatenate([[0], last + 1]).astype(np.int64)


def _increments(y: Floats, arm: Flags, last: Ints) -> Floats:
    """The increment up to each of the places ``last``, with the 0 it begins at."""
    treated, held_out = np.cumsum(arm)[last], np.cumsum(~arm)[last]
    of_treated, of_held_out = np.cumsum(y * arm)[last], np.cumsum(y * ~arm)[last]
    without = np.divide(
        of_held_out * treated, held_out, out=np.zeros(len(last)), where=held_out > 0
    )
    return np.concatenate([[0.0], of_treated - without])


def _area(places: Ints, increments: Floats) -> float:
    """Between a curve and the straight line to its end."""
    under = float(np.trapezoid(increments, places))
    return under - float(increments[-1]) * float(places[-1]) / 2


def _parts(seen: Seen, score: Floats) -> dict[str, Any]:
    is_first = np.zeros(len(score), dtype=np.bool_)
    is_first[np.argsort(-score, kind="stable")[: round(FIRST_PART * len(score))]] = True
    return {"first": _part(seen, is_first), "others": _part(seen, ~is_first)}


def _part(seen: Seen, chosen: Flags) -> dict[str, Any]:
    one, zero = (seen.came_back[chosen & arm] for arm in (seen.is_treated, ~seen.is_treated))
    told: dict[str, Any] = {
        "units": int(chosen.sum()),
        "known": {name: float(column[chosen].mean()) for name, column in seen.known.items()},
        "value": None, "lo": None, "hi": None,
    }  # fmt: skip
    if len(one) and len(zero):
        effect = newcombe(int(one.sum()), len(one), int(zero.sum()), len(zero))
        told |= {"value": effect.value, "lo": effect.lo, "hi": effect.hi}
    return told
