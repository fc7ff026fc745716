"""Many customers become members at once, as when an older card programme is carried over."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.platform import facts
from huitou.programmes import cards, models
from huitou.programmes.facts import Enrolled
from huitou.programmes.services.joining import programme_day

AT_ONCE: Final = 5_000


def enrol(*, customer_ids: Sequence[int], source: str, joined_at: datetime) -> int:
    """Make these customers members since ``joined_at``; who is or was one stays as they are.
    Returns how many are new.

    Their orders from that day on earn when ``settle_members`` is called for them.

    Raises:
        NotStarted: there is no programme.
    """
    day = programme_day(joined_at)
    added = 0
    with transaction.atomic():
        for start in range(0, len(customer_ids), AT_ONCE):
            some = customer_ids[start : start + AT_ONCE]
            known = set(
                models.Membership.objects.filter(customer_id__in=some).values_list(
                    "customer_id", flat=True
                )
            )
            new = [
                models.Membership(
                    customer_id=customer_id,
                    card_number=cards.card_number(secrets.randbits(cards.CARD_LETTERS * 5)),
                    joined_at=joined_at,
                    joined_on=day,
                    source=source,
                )
                for customer_id in dict.fromkeys(some)
                if customer_id not in known
            ]
            models.Membership.objects.bulk_create(new)
            added += len(new)
        facts.record(Enrolled(added))
    return added
