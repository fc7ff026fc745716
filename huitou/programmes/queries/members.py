"""Reads of members and their tiers."""

from collections.abc import Sequence
from datetime import date

from huitou.programmes.types import MemberRow, TierCount, TierProgress


def member(customer_id: int) -> MemberRow | None:
    """The membership of a customer, also a former one (``left_at``); None if they never joined."""
    raise NotImplementedError


def members_of(customer_ids: Sequence[int]) -> dict[int, MemberRow]:
    """Memberships by customer; those who never joined are not in it."""
    raise NotImplementedError


def member_with_card(card_number: str) -> MemberRow | None:
    """The member whose card says ``H…``, however it is spaced or cased."""
    raise NotImplementedError


def progress(customer_id: int, *, today: date) -> TierProgress | None:
    """Where a member stands on the ladder today; None without a membership or a ladder."""
    raise NotImplementedError


def tier_counts() -> list[TierCount]:
    """Members by tier, only those who have not left."""
    raise NotImplementedError
