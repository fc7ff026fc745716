"""Reads of the outbox."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Count, Q

from huitou.platform import models
from huitou.platform.messages.services import address_digest
from huitou.platform.messages.types import MessageRow
from huitou.platform.statements import Statements

_SQL: Final = Statements(__file__)
_ROW: Final = tuple(field.name for field in fields(MessageRow))
# A message in one of these has reached somebody, or may have.
LEFT: Final = ("sending", "sent", "in_doubt")


class DueRow(NamedTuple):
    """A message whose time has come, before anybody asked whether it may go."""

    id: int
    customer_id: int | None
    channel: str
    purpose: str
    address: str
    not_after: datetime | None


class ChannelCount(NamedTuple):
    """How many messages of one channel are in one state, and since when the oldest is."""

    channel: str
    state: str
    messages: int
    oldest_at: datetime


def recently(
    customer_ids: Sequence[int], *, purpose: str, since: datetime, with_waiting: bool
) -> dict[int, int]:
    """How many messages of ``purpose`` each of these customers got from ``since`` on, on all
    channels; who got none is left out.

    Args:
        with_waiting: whether those that still wait to be sent count too.
    """
    left = Q(state__in=LEFT, began_at__gte=since)
    found = (
        models.Message.objects.filter(customer_id__in=list(customer_ids), purpose=purpose)
        .filter(left | Q(state="queued") if with_waiting else left)
        .values_list("customer_id")
        .annotate(Count("id"))
    )
    return {int(pk or 0): count for pk, count in found}


def due(
    channel: str, *, purposes: Sequence[str], now: datetime, limit: int, source: str = ""
) -> list[DueRow]:
    """Messages of ``channel`` whose time has come, the oldest first; of one source if named."""
    values = {
        "channel": channel,
        "purposes": list(purposes),
        "now": now,
        "limit": limit,
        "source": source,
    }
    return [DueRow(*row) for row in _SQL.rows("due", values)]


def waiting(message_ids: Sequence[int]) -> list[DueRow]:
    """Those of these messages that still wait, in the order of their ids."""
    found = models.Message.objects.filter(pk__in=list(message_ids), state="queued").order_by("pk")
    return [DueRow(*row) for row in found.values_list(*DueRow._fields)]


def dead(channel: str, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses from which a message came back for good."""
    digests = {address_digest(channel, address): address for address in addresses}
    found = models.DeadAddress.objects.filter(channel=channel, digest__in=list(digests))
    return {digests[digest] for digest in found.values_list("digest", flat=True)}
