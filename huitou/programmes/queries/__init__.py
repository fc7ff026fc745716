"""Reads of members, rules and coupons."""

from huitou.programmes.queries.coupons import batch, batches, codes, coupon, coupons_of
from huitou.programmes.queries.members import (
    member,
    member_with_card,
    members_of,
    progress,
    tier_counts,
)
from huitou.programmes.queries.rules import programme, rules_on, versions

__all__ = [
    "batch",
    "batches",
    "codes",
    "coupon",
    "coupons_of",
    "member",
    "member_with_card",
    "members_of",
    "programme",
    "progress",
    "rules_on",
    "tier_counts",
    "versions",
]
