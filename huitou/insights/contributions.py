# ruff: noqa: N806 - T is the age of a customer in every paper and in the score file
"""How far each input moves one customer's repeat probability from a typical customer's.

The inputs are ones a reader knows: how often they bought, their usual gap, how long they have been
away. Shares are Shapley values, so they add up exactly to the difference.
"""

from collections.abc import Mapping
from itertools import permutations
from typing import Any, Final, NamedTuple

import numpy as np

from huitou.insights.frames import Frames, Scores
from huitou.insights.kernels.models import MODELS
from huitou.insights.rollup import LAYERS

INPUTS: Final = ("purchases", "usual_gap_days", "dormancy_days")


class Habit(NamedTuple):
    """A customer as the models see one: T = x · gap + days since the last purchase."""

    purchases: float
    usual_gap_days: float  # of no consequence for one purchase
    dormancy_days: float

    def summary(self) -> tuple[float, float, float]:
        """(x, t_x, T) in purchases and days."""
        x = max(self.purchases - 1.0, 0.0)
        t_x = x * self.usual_gap_days
        return x, t_x, t_x + self.dormancy_days


class Contributions(NamedTuple):
    """A customer against a typical one: ``typical`` + the sum of ``parts`` = ``own``."""

    own: float
    typical: float
    parts: dict[str, float]  # by input, in the order of INPUTS


def contributions(
    model: str,
    parameters: Mapping[str, float],
    own: Habit,
    typical: Habit,
    *,
    horizon_days: int,
) -> Contributions:
    """Split the difference of two repeat probabilities over the inputs.

    Source:
        Shapley (1953): each input's mean effect over all orders in which the typical values can be
        exchanged for the customer's own.
    """
    orders = list(permutations(range(len(INPUTS))))
    mixed = {
        held: Habit(*(own[i] if i in held else typical[i] for i in range(len(INPUTS))))
        for order in orders
        for held in (frozenset(order[:count]) for count in range(len(INPUTS) + 1))
    }
    chance = {held: _p_repeat(model, parameters, at, horizon_days) for held, at in mixed.items()}
    parts = dict.fromkeys(INPUTS, 0.0)
    for order in orders:
        for count, place in enumerate(order):
            before, after = frozenset(order[:count]), frozenset(order[: count + 1])
            parts[INPUTS[place]] += (chance[after] - chance[before]) / len(orders)
    return Contributions(chance[frozenset(range(len(INPUTS)))], chance[frozenset()], parts)


def _p_repeat(model: str, parameters: Mapping[str, float], at: Habit, horizon_days: int) -> float:
    x, t_x, T = (np.array([value]) for value in at.summary())
    return float(MODELS[model].p_repeat(dict(parameters), x, t_x, T, horizon_days)[0])


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``typical``: the median customer of the base and of each layer."""
    purchases = frames.column("purchases").astype(float)
    x = np.maximum(purchases - 1, 1)
    gap = np.where(purchases > 1, frames.column("t_x_days") / x, np.nan)
    dormancy = frames.column("dormancy_days").astype(float)
    groups = {"all": np.ones(frames.size, dtype=bool)}
    groups |= {name: scores["layer"] == name for name in LAYERS}
    whole_gap = float(np.nanmedian(gap)) if (~np.isnan(gap)).any() else None
    found: dict[str, Any] = {}
    for name, mine in groups.items():
        if not mine.any():
            continue
        gaps = gap[mine][~np.isnan(gap[mine])]
        found[name] = {
            "n": int(mine.sum()),
            "purchases": float(np.median(purchases[mine])),
            "usual_gap_days": float(np.median(gaps)) if len(gaps) else whole_gap,
            "dormancy_days": float(np.median(dormancy[mine])),
        }
    return found
