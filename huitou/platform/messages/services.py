"""Put messages into the outbox, and take back those that still wait."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from huitou.kit.ids import public_id
from huitou.platform import facts, jobs, models
from huitou.platform.messages import errors
from huitou.platform.messages.facts import MessagesCancelled, MessagesQueued
from huitou.platform.messages.types import Outgoing
from huitou.platform.statements import Statements

SEND_JOB: Final = "messages.send"
_SQL: Final = Statements(__file__)


def queue(outgoing: Outgoing, *, now: datetime) -> int:
    """Put one message into the outbox; returns its id. It leaves after the transaction commits.

    Asking again under the same key changes nothing and returns the first message's id.

    Raises:
        KeyReused: another message has the key.
    """
    return queue_all([outgoing], now=now)[0]


def queue_all(batch: Sequence[Outgoing], *, now: datetime) -> list[int]:
    """Put messages into the outbox in one statement; their ids, in the order of ``batch``.

    Those whose key is known already stay as they are, so a batch that was cut short is queued
    again as a whole.

    Raises:
        KeyReused: a key belongs to a message with other words, address or purpose; nothing is
            queued.
    """
    if not batch:
        return []
    columns = _columns(batch, now)
    with transaction.atomic():
        new = [row[0] for row in _SQL.rows("queue", {**columns, "now": now})]
        known = {key: (found, digest) for key, found, digest in _SQL.rows("keyed", columns)}
        for key, digest in zip(columns["key"], columns["digest"], strict=True):
            if known[key][1] != digest:
                raise errors.KeyReused(key=key)
        if new:
            facts.record(MessagesQueued(min(new), max(new), len(new)))
            jobs.defer(SEND_JOB, only_once=SEND_JOB)
    return [known[key][0] for key in columns["key"]]


def cancel(*, source: str) -> int:
    """Take back every message of ``source`` that still waits; how many."""
    with transaction.atomic():
        waiting = models.Message.objects.filter(source=source, state="queued")
        count = waiting.update(state="cancelled")
        if count:
            facts.record(MessagesCancelled(count))
    return count


def cancel_for(customer_id: int, *, channels: Sequence[str], purposes: Sequence[str]) -> int:
    """Take back what still waits for this customer on these channels for these purposes, because
    they said no more; how many. In the caller's transaction.
    """
    waiting = models.Message.objects.filter(
        customer_id=customer_id, channel__in=channels, purpose__in=purposes, state="queued"
    )
    count = waiting.update(state="refused", reason="withdrawn")
    if count:
        facts.record(MessagesCancelled(count))
    return count


def _columns(batch: Sequence[Outgoing], now: datetime) -> dict[str, list[Any]]:
    rows = [
        {
            "ref": public_id("msg", now),
            "key": one.key,
            "digest": _digest(one),
            "token": secrets.token_urlsafe(18),
            "source": one.source,
            "channel": one.channel,
            "purpose": one.purpose,
            "customer_id": one.customer_id,
            "address": one.address,
            "address_digest": address_digest(one.channel, one.address),
            "subject": " ".join(one.subject.split()),
            "text": one.text,
            "html": one.html,
            "is_secret": one.is_secret,
            "not_before": one.not_before,
            "not_after": one.not_after,
        }
        for one in batch
    ]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _digest(one: Outgoing) -> str:
    # Of few possible words, as of a code, a digest would give them away.
    words = ["", ""] if one.is_secret else [one.text, one.html]
    asked = [one.channel, one.purpose, one.customer_id, one.address, one.subject, *words]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def address_digest(channel: str, address: str) -> str:
    """What is kept of an address when the address itself is not."""
    return hashlib.sha256(f"{channel}:{address.strip().lower()}".encode()).hexdigest()
