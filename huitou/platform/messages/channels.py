"""What carries messages out of the house, and who does.

A plug-in writes one of the two protocols and names its class in the entry-point group
``huitou.channels``; ``huitou.testing.channels`` holds the promises every one must keep.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from huitou.platform.messages.types import (
    BadRow,
    Mail,
    Message,
    Place,
    Post,
    Receipt,
    Report,
    Surroundings,
)


class Channel(Protocol):
    """Hands messages over one by one, now."""

    name: ClassVar[str]
    carries: ClassVar[tuple[str, ...]]  # the channels of consent it serves

    def __init__(self, surroundings: Surroundings) -> None: ...

    def trouble(self) -> str | None:
        """Why nothing can be sent at all, as a translatable sentence; None = it can."""
        ...

    def send(self, message: Message) -> Receipt:
        """Hand ``message`` over; once it returns, the provider has taken it.

        Raises:
            AddressRefused: never try this address again.
            MessageRefused: this message failed; others may go.
            TryLater: this message was surely not taken; others may go.
            ChannelDown: nothing was taken; stop.
            OutcomeUnknown: it was handed over, and whether it was taken is not known. Whatever
                else is raised is taken for this.
        """
        ...

    def close(self) -> None:
        """Let go of whatever is held open."""
        ...


class ListChannel(Protocol):
    """Writes messages as a list that a person takes to a platform."""

    name: ClassVar[str]
    carries: ClassVar[tuple[str, ...]]

    def __init__(self, surroundings: Surroundings) -> None: ...

    def objection(self, message: Message) -> str | None:
        """Why this message cannot stand in a list, as a code of ``types.REASONS``; None = it
        can."""
        ...

    def write(self, messages: Iterable[Message], out: BinaryIO) -> int:
        """Write the list; the same messages give the same bytes. Returns how many there are."""
        ...


class Reporting(Protocol):
    """Reads what a provider says later: mails that came back, a list of a platform."""

    name: ClassVar[str]
    carries: ClassVar[tuple[str, ...]]

    def __init__(self, surroundings: Surroundings) -> None: ...

    def reports(self, path: Path) -> Iterator[Report | BadRow]:
        """What ``path`` says, in its order, and the rows that say nothing we know.

        Raises:
            HuitouError: the file as a whole cannot be read.
        """
        ...


class Reader(Protocol):
    """Understands a single mail that arrived."""

    name: ClassVar[str]
    carries: ClassVar[tuple[str, ...]]

    def __init__(self, surroundings: Surroundings) -> None: ...

    def understood(self, raw: bytes) -> Mail:
        """What the mail is, and what it says of messages of ours. Nothing in a mail makes it
        raise."""
        ...


class Mailbox(Protocol):
    """Where mails arrive. Reading changes nothing in it."""

    def __init__(self, surroundings: Surroundings) -> None: ...

    @property
    def name(self) -> str:
        """Which mailbox it is, without secrets; "" = none is set up."""
        ...

    def arrived(self, *, after: Place | None, since: date, limit: int) -> Iterator[Post]:
        """What arrived after a place, the oldest first, at most ``limit``; without a place, or
        when the mailbox has numbered anew, what arrived from ``since`` on.

        Raises:
            MailboxDown: it cannot be read now.
        """
        ...

    def handled(self, place: Place) -> None:
        """Mark the mail at this place as read."""
        ...

    def close(self) -> None:
        """Let go of whatever is held open."""
        ...


@cache
def installed() -> tuple[Any, ...]:
    """Every installed class, ours and plug-ins alike; a plug-in comes before ours."""
    foreign = [point.load() for point in entry_points(group="huitou.channels")]
    return (*foreign, *map(import_string, settings.CHANNELS))


def direct(channel: str) -> type[Channel] | None:
    """Who hands over messages of ``channel`` at once; None = nobody, only lists."""
    return next(_that("send", channel), None)


def listing(channel: str) -> type[ListChannel] | None:
    """Who writes lists of ``channel``; None for a channel that has a direct way."""
    return next(_that("write", channel), None)


def reporting(channel: str) -> type[Reporting] | None:
    """Who reads what comes back about messages of ``channel``."""
    return next(_that("reports", channel), None)


def reader(channel: str) -> type[Reader] | None:
    """Who understands a single mail of ``channel``."""
    return next(_that("understood", channel), None)


def mailbox(surroundings: Surroundings) -> Mailbox:
    """The mailbox of the house."""
    made: Mailbox = import_string(settings.MAILBOX)(surroundings)
    return made


def directly_carried() -> list[str]:
    """The channels that somebody serves at once."""
    names = [name for one in installed() if hasattr(one, "send") for name in one.carries]
    return list(dict.fromkeys(names))


def _that(can: str, channel: str) -> Iterator[Any]:
    return (one for one in installed() if hasattr(one, can) and channel in one.carries)
