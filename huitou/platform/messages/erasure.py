"""One person's messages: shown to them, and forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from huitou.platform import models
from huitou.platform.messages import handing

_TOLD = (
    "ref", "channel", "purpose", "address", "subject", "text", "state", "queued_at", "ended_at"
)  # fmt: skip


def export(customer_id: int) -> list[dict[str, Any]]:
    """Every message on record for this customer, the oldest first, as JSON values but for the
    instants."""
    found = models.Message.objects.filter(customer_id=customer_id).order_by("pk")
    return [dict(row) for row in found.values(*_TOLD)]


def hand_over(*, customer_id: int, to: int, only: Sequence[int] | None = None) -> list[int]:
    """Make the messages of a customer another's, all or ``only`` these; the ids that moved."""
    found = models.Message.objects.filter(customer_id=customer_id)
    if only is not None:
        found = found.filter(pk__in=list(only))
    ids = [pk for (pk,) in found.order_by("pk").values_list("pk")]
    models.Message.objects.filter(pk__in=ids).update(customer_id=to)
    return ids


def erase(customer_id: int, *, addresses: Sequence[str] = (), now: datetime) -> int:
    """Forget to whom and with which words; that a message went stays counted. How many.

    What went to one of their ``addresses`` for nobody we know is theirs too: codes, answers to a
    letter. What still waits is not sent. In the caller's transaction.
    """
    theirs = Q(customer_id=customer_id) | Q(customer_id=None, address__in=list(addresses))
    keys = [pk for (pk,) in models.Message.objects.filter(theirs).values_list("pk")]
    found = models.Message.objects.filter(pk__in=keys)
    digests = set(found.exclude(address_digest="").values_list("address_digest", flat=True))
    models.DeadAddress.objects.filter(digest__in=digests).delete()
    models.Return.objects.filter(message__in=keys).update(address_digest="")
    waiting = found.filter(state="queued").values_list("pk", flat=True)
    handing.refuse([(pk, "erased") for pk in waiting], now=now)
    return found.update(
        customer_id=None,
        address="",
        address_digest="",
        subject="",
        text="",
        html="",
        provider_id="",
        digest="",
    )
