"""What can happen to messages, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class MessagesQueued(Fact):
    """Messages were put into the outbox; one, or a batch from the first id to the last."""

    name: ClassVar[str] = "messages.queued"
    first_id: int
    last_id: int
    messages: int


@dataclass(frozen=True, slots=True)
class MessagesCancelled(Fact):
    """Messages that still waited will not be sent."""

    name: ClassVar[str] = "messages.cancelled"
    messages: int


@dataclass(frozen=True, slots=True)
class RunEnded(Fact):
    """A sender looked at what was due and did it."""

    name: ClassVar[str] = "messages.run_ended"
    sent: int
    failed: int
    refused: int
    later: int
    in_doubt: int


@dataclass(frozen=True, slots=True)
class MessageSettled(Fact):
    """What became of one message was learnt later: from a report, or from a person."""

    name: ClassVar[str] = "messages.settled"
    message_id: int
    state: str


@dataclass(frozen=True, slots=True)
class ListMade(Fact):
    """A list was written out for a platform to send."""

    name: ClassVar[str] = "messages.list_made"
    list_id: int
    messages: int


@dataclass(frozen=True, slots=True)
class ListClosed(Fact):
    """Nothing more is expected back about a list."""

    name: ClassVar[str] = "messages.list_closed"
    list_id: int
    messages: int


@dataclass(frozen=True, slots=True)
class ReportsTaken(Fact):
    """What a provider said later about messages was written to them."""

    name: ClassVar[str] = "messages.reports_taken"
    messages: int
    dead_addresses: int


@dataclass(frozen=True, slots=True)
class AddressesRevived(Fact):
    """Somebody knows that addresses work from which messages had come back."""

    name: ClassVar[str] = "messages.addresses_revived"
    addresses: int


@dataclass(frozen=True, slots=True)
class MailboxRead(Fact):
    """A mailbox was read, and something in it concerned us."""

    name: ClassVar[str] = "messages.mailbox_read"
    reports: int
    unmatched: int
    cases: int


@dataclass(frozen=True, slots=True)
class WordsDeleted(Fact):
    """The words of old messages were deleted; what became of them is kept."""

    name: ClassVar[str] = "messages.words_deleted"
    messages: int


@dataclass(frozen=True, slots=True)
class Complained(Fact):
    """The receiver of a message told their provider that it is spam."""

    name: ClassVar[str] = "messages.complained"
    message_id: int
    customer_id: int


@dataclass(frozen=True, slots=True)
class Unsubscribed(Fact):
    """The receiver of a message said: no more."""

    name: ClassVar[str] = "messages.unsubscribed"
    message_id: int
    customer_id: int
