"""Which model a run uses for every column, chosen by how well it foresaw what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

DEFAULT: Final = "mbgnbd"
CANDIDATES: Final = ("mbgnbd", "bgnbd")
_ORIGINS_AT_LEAST: Final = 2
_CLEARLY_BETTER: Final = (
    0.005  # mean relative gain from which another model replaces the one in force
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The model in force and the evidence: Brier scores per candidate, newest origin first."""

    name: str
    reason: str
    candidates: Mapping[str, Sequence[float]]

    def report(self) -> dict[str, Any]:
        """The choice as the run record keeps it."""
        return {
            "name": self.name,
            "reason": self.reason,
            "candidates": {
                name: {
                    "brier": list(scores),
                    "mean_brier": sum(scores) / len(scores) if scores else None,
                }
                for name, scores in self.candidates.items()
            },
        }


def choose(
    brier: Mapping[str, Sequence[float]], *, in_force: str | None = None, forced: str | None = None
) -> Choice:
    """Choose the model of the run.

    Args:
        brier: Brier score of P(repeat) per origin, per candidate that could be fitted at every
            origin.
        in_force: the model of the last run; None on the first.
        forced: the model a setting asks for.

    Returns:
        The forced one; MBG/NBD before 2 origins are complete; else the lowest mean Brier score,
        where another model replaces the one in force only if it is lower at every origin and by
        0.5 % on average (no flicker).
    """
    if forced is not None:
        return Choice(forced, "set_by_hand", brier)
    origins = min((len(scores) for scores in brier.values()), default=0)
    if origins < _ORIGINS_AT_LEAST:
        return Choice(DEFAULT, "fewer_than_two_origins", brier)
    best = min(brier, key=lambda name: (sum(brier[name]), name != DEFAULT, name))
    if in_force is None or in_force not in brier:
        return Choice(best, "lowest_brier", brier)
    if best == in_force:
        return Choice(in_force, "still_lowest_brier", brier)
    pairs = list(zip(brier[best], brier[in_force], strict=True))
    gain = 1 - sum(new for new, _ in pairs) / sum(old for _, old in pairs)
    if all(new < old for new, old in pairs) and gain >= _CLEARLY_BETTER:
        return Choice(best, "clearly_lower_brier", brier)
    return Choice(in_force, "no_clear_winner", brier)
