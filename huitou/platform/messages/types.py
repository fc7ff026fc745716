"""Values of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huitou.kit.text import gettext_noop as _
from huitou.platform.messages import marks

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
    "came_back_for_now": _("It came back: the mailbox could not take it just then"),
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
    mark_key: str = ""  # what the marks of messages are made with
    imap_url: str = ""  # the mailbox to which mails come back

    def mark(self, ref: str) -> str:
        """What proves that something speaks of this message."""
        return marks.mark(ref, key=self.mark_key)

    def marked(self, text: str) -> list[str]:
        """The messages that ``text`` proves to speak of."""
        return marks.marked(text, key=self.mark_key)

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


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a file of reports that says nothing we can write down; ``reason`` is one of
    ``BAD_ROWS``."""

    line: int
    field: str  # message_id, address, status
    given: str
    reason: str


BAD_ROWS: Final[Mapping[str, str]] = {
    "names_nothing": _("It names neither a message nor an address."),
    "address_unreadable": _("This is no phone number we can read."),
    "status_unknown": _(
        "This says nothing we know. Write sent, failed, bounced, refused or unsubscribed "
        "(成功, 失败, 空号, 黑名单, 退订)."
    ),
    "not_ours": _("No message of ours is meant."),
    "impossible": _("The message is in a state from which this is not possible any more."),
}
# These stop the whole file: somebody looks into them first. The others are only left out.
UNREADABLE: Final = frozenset({"names_nothing", "address_unreadable", "status_unknown"})


@dataclass(frozen=True, slots=True)
class Dead:
    """An address nobody is reached at: of ``DEAD_REASONS``, with the server's code."""

    channel: str
    digest: str
    reason: str
    detail: str = ""


DEAD_REASONS: Final[Mapping[str, str]] = {
    "refused": _("the mail server knows nobody there"),
    "came_back": _("a message came back for good"),
    "came_back_often": _("messages came back too often"),
    "reported": _("the platform says that nobody is there"),
}


# later = it came back, and the mailbox may take the next; complained = its receiver says: spam.
OUTCOMES: Final = (
    "sent", "failed", "later", "bounced", "refused", "unsubscribed", "complained"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that arrived, understood.

    ``kind`` is ``report`` (what a server or provider says of our mails), ``automatic`` (nobody
    wrote it) or ``letter``.
    """

    kind: str
    reports: tuple[Report, ...] = ()
    refs: tuple[str, ...] = ()  # messages of ours it proves to speak of
    message_id: str = ""  # "" = it has none
    sender: str = ""  # address, lower case
    sender_name: str = ""
    subject: str = ""
    text: str = ""  # of a letter, without what it quotes
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a mailbox somebody has read: after ``uid``, of the numbering ``validity``."""

    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Post:
    """One mail of a mailbox, as it arrived."""

    place: Place
    arrived_at: datetime
    raw: bytes


# Why a mailbox cannot be read, and whose move it is, by code.
MAILBOX_TROUBLES: Final[Mapping[str, str]] = {
    "no_connection": _(
        "The mailbox of returned mail cannot be reached. Whoever runs the server checks host and "
        "port in HUITOU_IMAP_URL, and the network; we try again by ourselves."
    ),
    "tls": _(
        "The mailbox of returned mail offers no connection we trust. Whoever runs it gives it a "
        "valid certificate, or puts the name the certificate has into HUITOU_IMAP_URL."
    ),
    "sign_in": _(
        "The mailbox of returned mail refuses the sign-in. Whoever runs the server corrects user "
        "and password in HUITOU_IMAP_URL; many providers want an authorisation code (授权码)."
    ),
    "folder": _(
        "The mailbox of returned mail has no such folder. Whoever runs the server corrects the "
        "end of HUITOU_IMAP_URL, such as /INBOX."
    ),
    "protocol": _(
        "The mailbox of returned mail answers in a way we do not understand. We try again; if it "
        "stays, ask its provider whether IMAP is switched on."
    ),
}


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
    detail: str  # the code a provider gave
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


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """How far a mailbox has been read, and how that went."""

    name: str
    validity: int
    uid: int
    looked_at: datetime
    read_at: datetime | None
    trouble: str  # of ``MAILBOX_TROUBLES``; "" = none
    trouble_since: datetime | None
    letters_since: datetime | None  # letters from then on become cases; None = none do
    reports: int
    unmatched: int
    cases: int

    @property
    def place(self) -> Place | None:
        """Up to where; None = nothing was ever read."""
        return Place(self.validity, self.uid) if self.validity else None


@dataclass(frozen=True, slots=True)
class DeadRow:
    """Since when nobody is reached at an address, and why."""

    since: datetime
    reason: str  # of ``DEAD_REASONS``
    detail: str
