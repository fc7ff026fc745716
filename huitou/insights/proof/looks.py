"""When one may look before the end, and what a look may say."""

from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from huitou.insights.proof.difference import (
    LEVEL,
    LEVEL_AFTER_LOOKS,
    LEVEL_OF_A_LOOK,
    Difference,
)

LOOKS_AT: Final = (0.5, 0.75)  # of the information expected at the end
BUYERS_NEEDED: Final = 50  # in the smaller arm


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a bulk send has come in information, not in days."""

    buyers: int
    buyers_expected: float  # at the end
    buyers_smaller: int
    looks_done: int

    @property
    def tau(self) -> float:
        """Buyers so far / buyers expected at the end."""
        return self.buyers / self.buyers_expected if self.buyers_expected > 0 else 0.0


def may_look(progress: Progress, *, looks_planned: int) -> bool:
    """Whether the next planned look is due: information enough, and 50 buyers in the smaller arm.

    A campaign that slept through its first look still has at most two.
    """
    if progress.looks_done >= min(looks_planned, len(LOOKS_AT)):
        return False
    needed = LOOKS_AT[progress.looks_done]
    return progress.tau >= needed and progress.buyers_smaller >= BUYERS_NEEDED


def stops(difference: Difference) -> bool:
    """Whether a look ends the waiting: p < .001 (Haybittle 1971)."""
    return difference.p < LEVEL_OF_A_LOOK


def final_level(looks_planned: int) -> float:
    """The level of the final test: .048 where looks were planned, so that all together keep .05."""
    return LEVEL_AFTER_LOOKS if looks_planned else LEVEL


def sequence_factor(n: int, *, planned: int, level: float = LEVEL) -> float:
    """Half the width of the always-valid interval in standard errors, at ``n`` complete units.

    For journeys, which people enter over time: it may be looked at after every person, and the
    interval still covers the truth with 1 - level over all looks together.

    Args:
        n: units whose window is complete, > 0.
        planned: units planned, n*; the interval is tightest near it.
        level: alpha.

    Source:
        Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), asymptotic confidence sequences.
    """
    rho2 = (-2 * log(level) + log(-2 * log(level)) + 1) / planned
    inside = n * rho2 + 1
    return sqrt(2 * inside / (n * rho2) * log(sqrt(inside) / level))


def sequence_interval(
    value: float, se: float, n: int, *, planned: int, level: float = LEVEL
) -> tuple[float, float]:
    """The always-valid interval of an effect whose plain standard error is ``se``."""
    half = sequence_factor(n, planned=planned, level=level) * se
    return value - half, value + half
