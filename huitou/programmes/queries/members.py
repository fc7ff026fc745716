"""Reads of members and their tiers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from django.db.models import Count, Sum

from huitou.programmes import cards, models
from huitou.programmes import rules as rule
from huitou.programmes.queries.rules import rules_on
from huitou.programmes.types import MemberRow, Rules, Tier, TierChangeRow, TierCount, TierProgress

_MEMBER: Final = (
    "customer_id", "card_number", "joined_at", "joined_on", "left_at", "source", "tier",
    "tier_since", "qualifying_points",
)  # fmt: skip


def member(customer_id: int) -> MemberRow | None:
    """The membership of a customer, also a former one (``left_at``); None if they never joined."""
    row = models.Membership.objects.filter(customer_id=customer_id).values_list(*_MEMBER).first()
    return MemberRow(*row) if row else None


def members_of(customer_ids: Sequence[int]) -> dict[int, MemberRow]:
    """Memberships by customer; those who never joined are not in it."""
    rows = models.Membership.objects.filter(customer_id__in=list(customer_ids))
    return {row[0]: MemberRow(*row) for row in rows.values_list(*_MEMBER)}


def with_membership(customer_ids: Collection[int]) -> set[int]:
    """Those of the customers who ever joined."""
    rows = models.Membership.objects.filter(customer_id__in=list(customer_ids))
    return set(rows.values_list("customer_id", flat=True))


def member_with_card(card_number: str) -> MemberRow | None:
    """The member whose card says ``H…``, however it is spaced or cased; not one who has left."""
    number = cards.plain(card_number)
    rows = models.Membership.objects.filter(card_number=number, left_at=None)
    row = rows.values_list(*_MEMBER).first() if number else None
    return MemberRow(*row) if row else None


def progress(customer_id: int, *, today: date) -> TierProgress | None:
    """Where a member stands on the ladder today; None without a membership or a ladder."""
    found = rules_on(today)
    is_member = models.Membership.objects.filter(customer_id=customer_id, left_at=None).exists()
    if found is None or not is_member:
        return None
    return progress_by(found.rules, customer_id, today=today)


def progress_by(rules: Rules, customer_id: int, *, today: date) -> TierProgress | None:
    """``progress`` for who knows that the customer is a member, and the rules of ``today``."""
    tiers = rules.tiers
    if not tiers:
        return None
    ends = list(
        models.Earning.objects.filter(
            customer_id=customer_id, earned_on__lte=today, qualifies_until__gte=today
        )
        .values_list("qualifies_until")
        .annotate(sum=Sum("qualifying"))
        .order_by("qualifies_until")
    )
    reached = sum(points for _, points in ends)
    tier, following = rule.tier_of(reached, tiers), rule.next_tier(reached, tiers)
    missing = following.from_points - reached if following else 0
    return TierProgress(tier, reached, following, missing, _keeps_until(ends, tier, reached))


def tier_counts() -> list[TierCount]:
    """Members by tier, only those who have not left."""
    rows = models.Membership.objects.filter(left_at=None).values_list("tier")
    return [TierCount(*row) for row in rows.annotate(members=Count("pk")).order_by("tier")]


def tier_changes(customer_id: int, *, limit: int = 20) -> list[TierChangeRow]:
    """How a member came to their tier, the latest change first."""
    fields = ("changed_on", "tier_before", "tier_after", "qualifying_points")
    rows = models.TierChange.objects.filter(customer_id=customer_id).order_by("-id")
    return [TierChangeRow(*row) for row in rows.values_list(*fields)[:limit]]


def _keeps_until(ends: list[tuple[date, int]], tier: Tier | None, reached: int) -> date | None:
    """The last day on which what is left of the points still reaches the tier; None = for good."""
    if tier is None or tier.from_points == 0:
        return None
    for until, points in ends:
        reached -= points
        if reached < tier.from_points:
            return until
    return None
