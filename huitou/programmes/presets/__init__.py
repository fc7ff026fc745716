"""Rules to start from, by industry: a dated draft to be edited, never a law.

The numbers are starting points of ours; what the texts fix (N-numbers) are other programmes.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from huitou.programmes.types import Expiry, ExpiryKind, Rules, Tier


def _ladder(silver: int, gold: int, platinum: int) -> tuple[Tier, ...]:
    return (
        Tier("base", "普通", "Member", 0, 100),
        Tier("silver", "白银", "Silver", silver, 110),
        Tier("gold", "黄金", "Gold", gold, 125),
        Tier("platinum", "铂金", "Platinum", platinum, 150),
    )


STANDARD: Final = Rules(
    points_per_major=Fraction(1),
    expiry=Expiry(ExpiryKind.ROLLING, months=12),
    tiers=_ladder(1_000, 3_000, 8_000),
    tier_months=12,
    points_for_one_major=100,
    paying_ceiling_percent=50,
)
BY_INDUSTRY: Final[Mapping[str, Rules]] = {
    "cafe": replace(STANDARD, tiers=_ladder(500, 1_500, 4_000), points_for_one_major=50),
    "restaurant": replace(STANDARD, tiers=_ladder(800, 2_500, 6_000)),
    "grocery": replace(STANDARD, tiers=_ladder(2_000, 6_000, 15_000)),
    "beauty": replace(STANDARD, tiers=_ladder(1_500, 5_000, 12_000)),
    "fashion": replace(STANDARD, tiers=_ladder(2_000, 6_000, 20_000)),
    "mother_and_baby": replace(STANDARD, tiers=_ladder(2_000, 6_000, 15_000)),
}


def draft(industry: str) -> Rules:
    """Rules for a shop of this industry to start from."""
    return BY_INDUSTRY.get(industry, STANDARD)
