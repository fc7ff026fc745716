"""Values of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huitou.kit.text import gettext_noop as _

CHANNELS: Final = ("sms", "email", "wechat", "phone", "post", "app")
PURPOSES: Final = ("service", "marketing", "survey", "profiling", "partner")

# What a message can be, in the order of its life.
STATES: Final[Mapping[str, str]] = {
    "queued": _("Waiting"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    "failed": _("Not delivered"),
    "bounced": _("Bounced"),
    "in_doubt": _("In doubt"),
    "refused": _("Not sent"),
    "cancelled": _("Cancelled"),
}

# Why somebody is not written to, or a message did not arrive, by code.
REASONS: Final[Mapping[str, str]] = {
    "no_such_customer": _("There is no such customer"),
    "no_address": _("No address for this channel is known"),
    "no_consent": _("No consent for this channel"),
    "refused": _("The customer refused this"),
    "withdrawn": _("The customer withdrew consent"),
    "do_not_contact": _("The customer is not to be contacted"),
    "address_dead": _("Messages to this address came back"),
    "cap": _("The customer got enough messages lately"),
    "too_late": _("It could not be sent in time"),
    "address_refused": _("The address was refused"),
    "message_refused": _("The channel refused the message"),
    "gave_up": _("The channel could not be reached for too long"),
    "interrupted": _("Sending was cut short; whether it left is not known"),
    "answer_lost": _("It was handed over, but the answer was lost"),
    "came_back": _("It came back"),
    "said_by_person": _("Decided by a colleague"),
    "erased": _("The customer's data were erased"),
    "signature": _("The text carries another signature"),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to one address, as a room or flow wants it sent.

    ``key`` is unique for ever: queueing the same again changes nothing. ``source`` names what it
    belongs to (``campaign:<public_id>``, ``case:<public_id>``, ``code``). ``text`` of an e-mail
    may hold ``{unsubscribe_url}``; where it does not, marketing and surveys get a line below.
    ``is_secret``: the words are forgotten as soon as it left (sign-in codes).
    """

    channel: str
    purpose: str
    address: str
    text: str
    key: str
    source: str
    customer_id: int | None = None
    subject: str = ""
    html: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None  # from then on it is pointless, and refused as too late
    is_secret: bool = False

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS or self.purpose not in PURPOSES:
            raise ValueError(f"no channel {self.channel!r} or purpose {self.purpose!r}")
        if not (self.key and self.source and self.text):
            raise ValueError("a message needs a key, a source and a text")
        for instant in (self.not_before, self.not_after):
            if instant is not None and instant.tzinfo is None:
                raise ValueError("instants are aware")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a channel gets it. ``ref`` is how a provider's report may name it."""

    id: int
    ref: str
    channel: str
    purpose: str
    customer_id: int | None
    address: str
    subject: str
    text: str
    html: str
    token: str  # of the page that says: no more
    attempts: int  # hand-overs begun, this one included
    began_at: datetime

    @property
    def may_repeat(self) -> bool:
        """Whether it may be handed over again when nobody knows how the first time ended."""
        return self.purpose == "service"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel knows of the house it sends for."""

    company: str  # the name customers know
    public_url: str  # where the site is reached, without a slash at the end
    smtp_url: str = ""
    mail_from: str = ""  # "" = the one in ``smtp_url``
    signature: str = ""  # of SMS, without brackets
    send_between: str = ""  # the hours that are not quiet, for whoever sends a list by hand

    def unsubscribe_url(self, message: "Message") -> str:
        """The page on which the receiver says: no more."""
        return f"{self.public_url}/u/{message.token}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A channel took the message; ``provider_id`` is how it will speak of it."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says later about one message: ``outcome`` is one of ``OUTCOMES``.

    It names the message by our ``ref``, by its ``provider_id``, or only by the ``address``.
    """

    line: int
    outcome: str
    ref: str = ""
    provider_id: str = ""
    address: str = ""
    detail: str = ""


OUTCOMES: Final = ("sent", "failed", "bounced", "refused", "unsubscribed")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message on record, without its words."""

    id: int
    ref: str
    source: str
    channel: str
    purpose: str
    customer_id: int | None
    state: str
    reason: str
    attempts: int
    queued_at: datetime
    not_before: datetime | None
    began_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list that was written out for a platform to send."""

    public_id: str
    channel: str
    source: str
    made_by: str
    made_at: datetime
    messages: int
    waiting: int  # no word has come back about them
    closed_at: datetime | None
