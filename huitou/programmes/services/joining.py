"""Members come and go."""

import secrets
from datetime import date, datetime

from django.db import transaction

from huitou.kit.clock import civil_day, zone
from huitou.platform import facts
from huitou.programmes import cards, errors, models, queries
from huitou.programmes.facts import Joined, Left
from huitou.programmes.services.placing import tell_tiers
from huitou.programmes.types import MemberRow
from huitou.staff import queries as staff


def join(*, customer_id: int, source: str, actor: str, now: datetime) -> MemberRow:
    """Make the customer a member; one who is a member already stays as they are, one who left
    comes back with the old card.

    Args:
        source: till, portal, console, import, api, demo.

    Raises:
        NotStarted: there is no programme.
    """
    del actor  # bound by the door; the fact carries it
    today = programme_day(now)
    with transaction.atomic():
        row, is_new = models.Membership.objects.select_for_update().get_or_create(
            customer_id=customer_id,
            defaults={
                "card_number": cards.card_number(secrets.randbits(cards.CARD_LETTERS * 5)),
                "joined_at": now,
                "joined_on": today,
                "source": source,
            },
        )
        if not is_new and row.left_at is None:
            return _member(customer_id)
        if not is_new:
            row.joined_at, row.joined_on, row.source = now, today, source
            row.left_at = row.left_on = None
            row.save()
        tell_tiers(today=today, customer_ids=[customer_id], now=now)
        facts.record(Joined(customer_id))
        return _member(customer_id)


def leave(*, customer_id: int, actor: str, now: datetime) -> None:
    """End the membership: nothing is earned any more; what points are left live on to their own
    last day.

    Raises:
        NotMember: the customer has not joined, or has left.
    """
    del actor
    with transaction.atomic():
        left = models.Membership.objects.filter(customer_id=customer_id, left_at=None).update(
            left_at=now, left_on=programme_day(now), tier="", tier_since=None, qualifying_points=0
        )
        if not left:
            raise errors.NotMember
        facts.record(Left(customer_id))


def programme_day(now: datetime) -> date:
    """The civil day of the programme at ``now``.

    Raises:
        NotStarted: there is no programme.
    """
    company = staff.company()
    if company is None or queries.programme() is None:
        raise errors.NotStarted
    return civil_day(now, zone(company.zone))


def _member(customer_id: int) -> MemberRow:
    found = queries.member(customer_id)
    assert found is not None, "a membership got lost"
    return found
