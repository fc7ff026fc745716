"""Reads of the outbox."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from huitou.platform import models
from huitou.platform.messages import errors
from huitou.platform.messages.services import address_digest
from huitou.platform.messages.types import DeadRow, ListRow, Message, MessageRow, Report
from huitou.platform.statements import Statements

_SQL: Final = Statements(__file__)
_ROW: Final = tuple(field.name for field in fields(MessageRow))
_LIST: Final = tuple(field.name for field in fields(ListRow))
# A message in one of these has reached somebody, or may have.
LEFT: Final = ("sending", "sent", "in_doubt")
OPEN: Final = ("queued", "sending", "failed", "bounced", "in_doubt")


class DueRow(NamedTuple):
    """A message whose time has come, before anybody asked whether it may go."""

    id: int
    customer_id: int | None
    channel: str
    purpose: str
    address: str
    not_after: datetime | None


class SpokenOf(NamedTuple):
    """A message a report or its receiver speaks of."""

    id: int
    ref: str
    state: str
    customer_id: int | None
    purpose: str
    channel: str
    address_digest: str


class LetterRow(NamedTuple):
    """What a message belongs to, and to whom it went."""

    ref: str
    source: str
    customer_id: int | None
    address: str


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
    values = {
        "ids": list(customer_ids),
        "purpose": purpose,
        "since": since,
        "with_waiting": with_waiting,
    }
    return dict(_SQL.rows("recently", values))


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
    name = "due_service" if tuple(purposes) == ("service",) else "due"
    return [DueRow(*row) for row in _SQL.rows(name, values)]


def waiting(message_ids: Sequence[int]) -> list[DueRow]:
    """Those of these messages that still wait, in the order of their ids."""
    found = models.Message.objects.filter(pk__in=list(message_ids), state="queued").order_by("pk")
    return [DueRow(*row) for row in found.values_list(*DueRow._fields)]


def dead(channel: str, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses from which a message came back for good."""
    digests = {address_digest(channel, address): address for address in addresses}
    values = {"channel": channel, "digests": list(digests)}
    return {digests[digest] for (digest,) in _SQL.rows("dead", values)}


def dead_ones(channel: str, addresses: Sequence[str]) -> dict[str, DeadRow]:
    """Those of the addresses at which nobody is reached, since when and why."""
    digests = {address_digest(channel, address): address for address in addresses}
    found = models.DeadAddress.objects.filter(channel=channel, digest__in=list(digests))
    rows = found.values_list("digest", "since", "reason", "detail")
    return {
        digests[digest]: DeadRow(since, reason, detail) for digest, since, reason, detail in rows
    }


def about(refs: Sequence[str]) -> list["LetterRow"]:
    """What these messages belong to and to whom they went, in the order given."""
    found = models.Message.objects.filter(ref__in=list(refs))
    rows = {row[0]: LetterRow(*row) for row in found.values_list(*LetterRow._fields)}
    return [rows[ref] for ref in refs if ref in rows]


def messages(message_ids: Sequence[int]) -> list[Message]:
    """These messages as a channel gets them, by id; who was forgotten is left out."""
    return [Message(*row) for row in _SQL.rows("messages", {"ids": list(message_ids)})]


def spoken_of(
    reports: Sequence[Report], *, channel: str, list_id: str, addresses: Sequence[str]
) -> list["SpokenOf | None"]:
    """The message each report speaks of, in their order; None where it is none of ours.

    Args:
        addresses: of each report, as we keep it; "" = the address names no message.
    """
    values = {
        "refs": [report.ref for report in reports],
        "provider_ids": [report.provider_id for report in reports],
        "digests": [address_digest(channel, one) if one else "" for one in addresses],
        "channel": channel,
        "list_id": list_id,
    }
    rows = _SQL.rows("match_reports", values)
    return [SpokenOf(*row[1:]) if row[1] is not None else None for row in rows]


def with_token(token: str) -> "SpokenOf | None":
    """The message whose page has this token."""
    row = models.Message.objects.filter(token=token).values_list(*SpokenOf._fields).first()
    return SpokenOf(*row) if row else None


def on_list(list_id: str) -> list[int]:
    """The messages on a list, by id."""
    found = models.Message.objects.filter(list__public_id=list_id).order_by("pk")
    return list(found.values_list("pk", flat=True))


def one_list(list_id: str) -> ListRow:
    """The list with this public id.

    Raises:
        ListMissing: there is none.
    """
    row = _lists().filter(public_id=list_id).values_list(*_LIST).first()
    if row is None:
        raise errors.ListMissing(list_id=list_id)
    return ListRow(*row)


def latest_lists(*, limit: int = 20) -> list[ListRow]:
    """The newest lists first."""
    return [ListRow(*row) for row in _lists().order_by("-pk").values_list(*_LIST)[:limit]]


def counts() -> list[ChannelCount]:
    """How many messages of each channel and purpose are in each state that somebody may have to
    know of: waiting, being sent, in doubt, failed, back."""
    found = (
        models.Message.objects.filter(state__in=OPEN)
        .values_list("channel", "state")
        .annotate(Count("id"), Min("queued_at"))
        .order_by("channel", "state")
    )
    return [ChannelCount(*row) for row in found]


def latest(
    *,
    states: Sequence[str],
    channel: str = "",
    source: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[MessageRow]:
    """The newest messages in one of these states, at most ``limit``; ``before`` = older than this
    id."""
    found = models.Message.objects.filter(state__in=list(states)).order_by("-pk")
    if channel:
        found = found.filter(channel=channel)
    if source:
        found = found.filter(source=source)
    if before is not None:
        found = found.filter(pk__lt=before)
    return [MessageRow(*row) for row in found.values_list(*_ROW)[:limit]]


def one(ref: str) -> MessageRow:
    """The message with this id.

    Raises:
        MessageMissing: there is none.
    """
    row = models.Message.objects.filter(ref=ref).values_list(*_ROW).first()
    if row is None:
        raise errors.MessageMissing(message_id=ref)
    return MessageRow(*row)


def of_customer(
    customer_id: int, *, limit: int = 50, after: tuple[datetime, int] | None = None
) -> list[MessageRow]:
    """What was sent to one customer, the newest first: by when it ended, else was queued;
    ``after`` = older than this instant and id."""
    found = models.Message.objects.filter(customer_id=customer_id)
    found = found.annotate(at=Coalesce("ended_at", "queued_at")).order_by("-at", "-pk")
    if after is not None:
        found = found.filter(at__lte=after[0]).exclude(at=after[0], pk__gte=after[1])
    return [MessageRow(*row) for row in found.values_list(*_ROW)[:limit]]


def by_state(source: str) -> dict[str, int]:
    """How many messages of ``source`` are in each state."""
    found = models.Message.objects.filter(source=source).values_list("state").annotate(Count("id"))
    return dict(found)


def fates(source: str, *, customer_ids: Sequence[int] | None = None) -> dict[int, tuple[str, str]]:
    """Of each customer with a message of ``source`` (of these, if some are named): its state and
    why. For who sent them."""
    found = models.Message.objects.filter(source=source, customer_id__isnull=False)
    if customer_ids is not None:
        found = found.filter(customer_id__in=list(customer_ids))
    return {
        int(pk or 0): (state, reason)
        for pk, state, reason in found.order_by("pk").values_list("customer_id", "state", "reason")
    }


def has_sent(channel: str, *, since: datetime) -> bool:
    """Whether anything of a channel was handed over from ``since`` on: a month's fee is owed."""
    return models.Message.objects.filter(
        channel=channel, began_at__gte=since, state__in=[*LEFT, "bounced"]
    ).exists()


def _lists() -> Any:
    waiting = Count("message", filter=Q(message__state="sending"))
    return models.MessageList.objects.annotate(messages=Count("message"), waiting=waiting)


def states_of(message_ids: Sequence[int]) -> dict[int, str]:
    """The state of each of these messages; who was forgotten is left out."""
    found = models.Message.objects.filter(pk__in=list(message_ids))
    return dict(found.values_list("pk", "state"))
