"""Before sending: the smallest effect that could be seen, and how many to hold out for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy import stats

POWER: Final = 0.80
# (z at 1 - .05/2) + (z at .80): how many standard errors an effect needs to be seen at 80 %.
FACTOR: Final = float(stats.norm.ppf(0.975) + stats.norm.ppf(POWER))
SHARES_PERCENT: Final = (10, 20, 30, 50)
BUYERS_NEEDED: Final = 50  # expected in the smaller arm
PART_OF_BASE: Final = 0.25  # a visible effect above a quarter of p: too small to prove alone
MARGIN_VISIBLE: Final = 0.20  # money may be primary only if it could be seen at 20 % of its mean


@dataclass(frozen=True, slots=True)
class Arms:
    """How many units are sent and held out."""

    treated: int
    held_out: int

    @property
    def smaller(self) -> int:
        """The size of the smaller arm."""
        return min(self.treated, self.held_out)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to divide the audience: what could be seen with it."""

    percent: int
    arms: Arms
    visible_share: float | None  # of came back, 0..1; None = nothing could be seen
    visible_money_part: float | None  # of the mean money per unit; None = no money to speak of
    buyers_smaller: float  # expected in the smaller arm


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a campaign can prove, from the audience's own last W days.

    ``advised_percent`` is None where no division proves anything alone: then a larger share held
    out, a longer window, or pooling with campaigns of its kind are what is left.
    """

    units: int
    buyers_share: float
    mean_minor: float
    offers: Sequence[Offer]
    advised_percent: int | None
    may_judge_money: bool


def smallest_effect(variance: float, n1: float, n0: float) -> float | None:
    """The effect per unit seen in 80 of 100 tries; None where an arm is empty."""
    return FACTOR * sqrt(variance * (1 / n1 + 1 / n0)) if n1 > 0 and n0 > 0 else None


def arms(units: int, percent: int) -> Arms:
    """The sizes a share of ``percent`` held out gives on average."""
    held_out = round(units * percent / 100)
    return Arms(units - held_out, held_out)


def foresee(
    units: int, buyers_share: float, mean_minor: float, variance_minor: float,
    *, chosen_percent: int | None = None,
) -> Foresight:  # fmt: skip
    """What can be seen with 10, 20, 30 and 50 % held out, and with ``chosen_percent``.

    Args:
        units: people or households that would be drawn.
        buyers_share: share of them with a purchase in the last W days, 0..1.
        mean_minor: winsorised money per unit in those days, non-buyers included.
        variance_minor: its variance.
        chosen_percent: a share somebody chose, shown among the others.
    """
    percents = sorted({*SHARES_PERCENT, *([chosen_percent] if chosen_percent else [])})
    offers = [_offer(units, p, buyers_share, mean_minor, variance_minor) for p in percents]
    advised = next((o for o in offers if o.percent in SHARES_PERCENT and _proves(o, buyers_share)),
                   None)  # fmt: skip
    chosen = next((o for o in offers if o.percent == chosen_percent), advised)
    part = chosen.visible_money_part if chosen else None
    return Foresight(
        units, buyers_share, mean_minor, offers, advised.percent if advised else None,
        part is not None and part <= MARGIN_VISIBLE,
    )  # fmt: skip


def _offer(units: int, percent: int, share: float, mean: float, variance: float) -> Offer:
    split = arms(units, percent)
    of_share = smallest_effect(share * (1 - share), split.treated, split.held_out)
    of_money = smallest_effect(variance, split.treated, split.held_out)
    part = of_money / mean if of_money is not None and mean > 0 else None
    return Offer(percent, split, of_share if share > 0 else None, part, share * split.smaller)


def _proves(offer: Offer, buyers_share: float) -> bool:
    return (
        offer.visible_share is not None
        and offer.visible_share <= PART_OF_BASE * buyers_share
        and offer.buyers_smaller >= BUYERS_NEEDED
    )
