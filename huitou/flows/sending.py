"""The one place that hands messages to the outside, and the door to who asks first whether they
may go.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from huitou.flows import contacting
from huitou.flows.contacting import House, addresses, may_contact
from huitou.platform import facts
from huitou.platform.messages import channels, errors, handing
from huitou.platform.messages import queries as outbox
from huitou.platform.messages.channels import Channel
from huitou.platform.messages.facts import RunEnded
from huitou.platform.messages.queries import DueRow
from huitou.platform.messages.types import PURPOSES, Message
from huitou.staff import queries as staff

__all__ = ["Tally", "addresses", "may_contact", "send_due", "send_now", "wake"]

log = logging.getLogger("huitou.messages")

CHUNK: Final = 50  # asked and sent together: a service message waits for no more than this
BUDGET_SECONDS: Final = 25.0  # a run ends so that the worker can do other things
_SERVICE: Final = ("service",)
_BULK: Final = tuple(purpose for purpose in PURPOSES if purpose not in _SERVICE)


@dataclass
class Tally:
    """What one run did, in messages."""

    sent: int = 0
    failed: int = 0
    refused: int = 0
    later: int = 0
    in_doubt: int = 0
    is_unfinished: bool = False  # the time of the run was over before the work was

    def facts(self) -> RunEnded:
        """The same as a fact."""
        return RunEnded(self.sent, self.failed, self.refused, self.later, self.in_doubt)


def wake(now: datetime) -> None:
    """What the clock calls each minute: send what is due."""
    send_due(now)


def send_due(now: datetime) -> Tally:
    """Send what is due on every channel that can send, as far as one run goes.

    Service first; the rest by one sender at a time, outside quiet hours. What an earlier sender
    left open when it died is settled before.
    """
    tally = Tally()
    if staff.company() is None:
        return tally
    tally.in_doubt = handing.recover(now=now)
    ends = time.monotonic() + BUDGET_SECONDS
    with handing.sender() as sender, handing.bulk_lane() as is_bulk_ours:
        for name in channels.directly_carried():
            with _opened(name, now) as channel:
                if channel is not None:
                    run = _Run(channel, name, sender, now, ends, tally)
                    run.go(with_bulk=is_bulk_ours)
    _note(tally)
    return tally


def send_now(message_ids: Sequence[int], *, now: datetime) -> Tally:
    """Send these service messages at once: a code that somebody waits for. After the commit.

    Whatever fails stays in the outbox and is tried again by the worker; nothing is raised for it.
    """
    tally = Tally()
    rows = [row for row in outbox.waiting(message_ids) if row.purpose in _SERVICE]
    ends = time.monotonic() + BUDGET_SECONDS
    with handing.sender() as sender:
        for name in dict.fromkeys(row.channel for row in rows):
            with _opened(name, now) as channel:
                if channel is not None:
                    run = _Run(channel, name, sender, now, ends, tally)
                    run.hand([row for row in rows if row.channel == name])
    _note(tally)
    return tally


def trouble(channel: str, *, now: datetime) -> str | None:
    """Why nothing of ``channel`` can leave now, as a translatable sentence; None = it can, or
    lists are written for it."""
    return standing(channel, now=now)[0]


def standing(
    channel: str, *, now: datetime, house: House | None = None
) -> tuple[str | None, datetime | None]:
    """``trouble`` of the channel, and until when its quiet hours last if it is in them."""
    surroundings, quiet_until = contacting.standing(channel, now=now, house=house)
    found = channels.direct(channel)
    return found(surroundings).trouble() if found else None, quiet_until


@contextmanager
def _opened(name: str, now: datetime) -> Iterator[Channel | None]:
    """The channel that serves ``name``; None while it cannot send at all."""
    found = channels.direct(name)
    channel = found(contacting.surroundings(name, now=now)) if found else None
    if channel is None or channel.trouble() is not None:
        yield None
        return
    try:
        yield channel
    finally:
        channel.close()


def _note(tally: Tally) -> None:
    if replace(tally, is_unfinished=False) != Tally():
        facts.record(tally.facts())


@dataclass
class _Run:
    """One sender at work on one channel."""

    channel: Channel
    name: str
    sender: int
    now: datetime
    ends: float
    tally: Tally
    is_down: bool = False
    began: float = field(default_factory=time.monotonic)

    def go(self, *, with_bulk: bool) -> None:
        """Chunk after chunk until nothing is due, the channel is down or the time is over."""
        house = contacting.house_on(self.now)
        while not self._is_over():
            is_loud = house.quiet_until(self.name, self._instant()) is None
            rows = self._due(_SERVICE) or (self._due(_BULK) if with_bulk and is_loud else [])
            if not rows:
                return
            self.hand(rows)

    def hand(self, rows: Sequence[DueRow]) -> None:
        """Ask whether these may go; hand over those that may."""
        refused = contacting.refusals(rows, now=self.now)
        self.tally.refused += handing.refuse(list(refused.items()), now=self.now)
        house = contacting.house_on(self.now)
        for row in rows:
            is_bulk = row.purpose not in _SERVICE
            if self._is_over() or (is_bulk and house.quiet_until(self.name, self._instant())):
                return
            if row.id not in refused:
                message = handing.begin(row.id, sender=self.sender, now=self.now)
                if message is not None:
                    self._send(message)

    def _instant(self) -> datetime:
        """What time it is by now: a slow server may carry a run into the quiet hours."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def _due(self, purposes: tuple[str, ...]) -> list[DueRow]:
        return outbox.due(self.name, purposes=purposes, now=self.now, limit=CHUNK)

    def _is_over(self) -> bool:
        if time.monotonic() >= self.ends:
            self.tally.is_unfinished = True
        return self.is_down or self.tally.is_unfinished

    def _send(self, message: Message) -> None:
        """Hand one over, and write down what the channel said."""
        try:
            receipt = self.channel.send(message)
        except errors.AddressRefused as said:
            self.tally.failed += 1
            handing.address_refused(message, detail=said.detail, now=self.now)
        except errors.MessageRefused as said:
            self.tally.failed += 1
            handing.failed(message, reason="message_refused", detail=said.detail, now=self.now)
        except errors.TryLater as said:
            self.tally.later += 1
            handing.later(message, detail=said.detail, now=self.now)
        except errors.ChannelDown as said:
            self.tally.later += 1
            self.is_down = True
            log.warning("messages.channel_down", extra={"fields": {"channel": self.name}})
            handing.later(message, detail=said.detail, now=self.now, is_counted=False)
        except errors.OutcomeUnknown as said:
            self._unknown(message, said.detail)
        except Exception:
            log.exception("messages.channel_broke", extra={"fields": {"message_id": message.id}})
            self.is_down = True
            self._unknown(message, "")
        else:
            self.tally.sent += 1
            handing.sent(message, provider_id=receipt.provider_id, now=self.now)

    def _unknown(self, message: Message, detail: str) -> None:
        if message.may_repeat:
            self.tally.later += 1
            handing.later(message, detail=detail, now=self.now)
        else:
            self.tally.in_doubt += 1
            handing.in_doubt(message, reason="answer_lost", detail=detail, now=self.now)
