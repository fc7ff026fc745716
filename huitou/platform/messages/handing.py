"""How a message is handed over so that a crash at any point loses nobody and doubles nobody.

Before a provider hears of it, the message is *sending*, in a transaction of its own, under the
lock of its sender. The lock ends with the sender's session: whatever is *sending* under a lock
that nobody holds was cut short, and nobody knows whether it left.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import DatabaseError, connection, transaction

from huitou.platform import models
from huitou.platform.messages import rules
from huitou.platform.messages.services import address_digest
from huitou.platform.messages.types import Dead, Message
from huitou.platform.statements import Statements

BULK_LANE: Final = 7_341_020  # one sender of marketing at a time: caps are counted, not raced
_SQL: Final = Statements(__file__)


@contextmanager
def sender() -> Iterator[int]:
    """A sender of its own for the block: its number, whose lock is held until the end."""
    number = secrets.randbits(62)
    with alone(number) as is_mine:
        assert is_mine, "nobody else can know this number"
        yield number


@contextmanager
def bulk_lane() -> Iterator[bool]:
    """Whether we are the one sender of what is not service, while the block runs."""
    with alone(BULK_LANE) as is_mine:
        yield is_mine


@contextmanager
def alone(number: int) -> Iterator[bool]:
    """Hold the lock of this number for the block, if nobody else does; whether it is ours. It ends
    with the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        is_mine = bool((cursor.fetchone() or [False])[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            _let_go(number)


def recover(*, now: datetime) -> int:
    """Settle what dead senders left behind; how many messages.

    Service messages wait again; of all others nobody knows whether they left: they are in doubt.
    """
    open_senders = models.Message.objects.filter(state="sending", sender__isnull=False)
    count = 0
    for number in {int(one or 0) for one in open_senders.values_list("sender", flat=True)}:
        with alone(number) as is_mine:
            if is_mine:
                values = {"sender": number, "now": now, "most": rules.MOST_ATTEMPTS}
                count += _SQL.run("recover", values)
    return count


def begin(message_id: int, *, sender: int, now: datetime) -> Message | None:
    """Mark a waiting message as being sent, durably; None if it does not wait any more."""
    with transaction.atomic(durable=True):
        found = _SQL.rows("begin", {"id": message_id, "sender": sender, "now": now})
    return Message(*found[0]) if found else None


def sent(message: Message, *, provider_id: str, now: datetime) -> None:
    """A channel took it."""
    _settle(message.id, state="sent", ended_at=now, provider_id=provider_id)


def failed(message: Message, *, reason: str, detail: str = "", now: datetime) -> None:
    """It was surely not delivered, and is not tried again by itself."""
    _settle(message.id, state="failed", reason=reason, detail=detail, ended_at=now)


def address_refused(message: Message, *, detail: str, now: datetime) -> None:
    """Nobody is reached at this address: it is not tried again, for nobody."""
    with transaction.atomic():
        failed(message, reason="address_refused", detail=detail, now=now)
        digest = address_digest(message.channel, message.address)
        bury([Dead(message.channel, digest, "refused", detail)], now=now)


def in_doubt(message: Message, *, reason: str, detail: str = "", now: datetime) -> None:
    """Nobody knows whether it was taken; a person decides."""
    _settle(message.id, state="in_doubt", reason=reason, detail=detail, ended_at=now)


def later(message: Message, *, detail: str, now: datetime, is_counted: bool = True) -> None:
    """It was not taken, or may go twice: it waits for its next try, or has had too many.

    Args:
        is_counted: whether this was a try; not when the channel was down altogether.
    """
    attempts = message.attempts if is_counted else message.attempts - 1
    at = rules.next_try(attempts, now=now)
    if at is None:
        failed(message, reason="gave_up", detail=detail, now=now)
    else:
        _settle(message.id, state="queued", not_before=at, attempts=attempts, detail=detail)


def refuse(refused: Sequence[tuple[int, str]], *, now: datetime) -> int:
    """These waiting messages may not go, each for its reason; how many still waited."""
    values: dict[str, Any] = {
        "ids": [pk for pk, _ in refused],
        "reasons": [reason for _, reason in refused],
        "now": now,
    }
    with transaction.atomic():
        return _SQL.run("refuse", values) if refused else 0


def bury(dead: Sequence[Dead], *, now: datetime) -> None:
    """Remember that nobody is reached at these addresses; one that is known keeps its reason."""
    models.DeadAddress.objects.bulk_create(
        [
            models.DeadAddress(
                channel=one.channel,
                digest=one.digest,
                since=now,
                reason=one.reason,
                detail=one.detail,
            )
            for one in dead
        ],
        ignore_conflicts=True,
    )


def _settle(message_id: int, *, state: str, **values: Any) -> None:
    """Write how the hand-over ended. One that was given up as dead meanwhile is corrected, unless
    a person has decided already.
    """
    with transaction.atomic():
        open_ones = models.Message.objects.filter(
            pk=message_id, state__in=["sending", "in_doubt"] if state != "in_doubt" else ["sending"]
        )
        open_ones.update(state=state, sender=None, **values)
        if state != "queued":
            spoken = models.Message.objects.filter(pk=message_id, is_secret=True, state=state)
            spoken.update(text="", html="", subject="")


def _let_go(number: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    except (DatabaseError, psycopg.Error):
        connection.close()  # the session is broken; with it goes the lock
