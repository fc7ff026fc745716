"""Reads of members, rules and coupons."""

from huitou.programmes.queries.checking import Check, check
from huitou.programmes.queries.coupons import (
    batch,
    batches,
    codes,
    coupon,
    coupon_of_order,
    coupons_of,
)
from huitou.programmes.queries.earnings import (
    basis_of,
    compensations,
    earned_in_import,
    states,
    touched_by_import,
    unsettled,
)
from huitou.programmes.queries.members import (
    member,
    member_with_card,
    members_of,
    progress,
    progress_by,
    tier_changes,
    tier_counts,
    with_membership,
)
from huitou.programmes.queries.rules import (
    factor,
    programme,
    rules_on,
    standing,
    version,
    versions,
)
from huitou.programmes.queries.trying import preview

__all__ = [
    "Check",
    "basis_of",
    "batch",
    "batches",
    "check",
    "codes",
    "compensations",
    "coupon",
    "coupon_of_order",
    "coupons_of",
    "earned_in_import",
    "factor",
    "member",
    "member_with_card",
    "members_of",
    "preview",
    "programme",
    "progress",
    "progress_by",
    "rules_on",
    "standing",
    "states",
    "tier_changes",
    "tier_counts",
    "touched_by_import",
    "unsettled",
    "version",
    "versions",
    "with_membership",
]
