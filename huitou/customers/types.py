"""Values of the customers room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

CHANNELS: Final = ("sms", "email", "wechat", "phone", "post", "app")
PURPOSES: Final = ("service", "marketing", "survey", "profiling", "partner")
STATES: Final = ("given", "refused", "withdrawn")  # nothing said = unknown


class Rejected(NamedTuple):
    """A row that does not get in: where, what stands there, the code of the reason in
    ``rules.REASONS``, its facts."""

    line: int
    field: str
    given: str
    reason: str
    facts: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class CustomerIn:
    """What a row of a customers file says; None = says nothing, and what is known stays."""

    line: int
    customer: str
    name: str | None = None
    kind: str | None = None
    phone: str | None = None
    phone_reversed: str | None = None
    phone_is_masked: bool | None = None
    email: str | None = None
    birth_date: date | None = None
    birth_calendar: str | None = None
    home_store: str | None = None
    acquired_from: str | None = None
    tags: tuple[str, ...] | None = None
    evidence: str = ""
    consents: Mapping[str, str] = field(default_factory=dict)  # channel -> given, refused


class MemberRow(NamedTuple):
    """A customer who is signed in to the portal."""

    customer_id: int
    code: str
    name: str
    email: str
    created_at: datetime


class Statement(NamedTuple):
    """What somebody says on one channel and purpose; ``evidence`` is where, and the words they
    read."""

    channel: str
    purpose: str
    state: str
    evidence: str = ""
    source: str = ""  # of SOURCES


# The ways in which a statement reaches us; by hand only the first of them.
SOURCES_BY_HAND: Final = ("paper", "in_person", "phone", "message", "other")
SOURCES: Final = (*SOURCES_BY_HAND, "portal", "unsubscribe", "report", "file", "api")
LONGEST_PROOF: Final = 500
LONGEST_REFERENCE: Final = 300


class By(NamedTuple):
    """On which way a statement came to us, and the colleague who wrote it down."""

    source: str = ""
    user_id: int | None = None
    user_name: str = ""


UNSAID: Final = By()


@dataclass(frozen=True, slots=True)
class ConsentIn:
    """What a colleague puts on record of what a customer said, for one purpose and some channels;
    ``key`` makes pressing twice write once, ``said_on`` None means now, ``reference`` is where the
    proof lies, ``user_name`` how the colleague is called."""

    channels: tuple[str, ...]
    purpose: str
    state: str
    source: str
    key: str
    evidence: str = ""
    reference: str = ""
    said_on: date | None = None
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class NewcomerIn:
    """What is said about somebody nobody knows yet."""

    name: str
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    home_store_id: int | None = None
    acquired_from: str = ""


CONTACT_KINDS: Final = ("note", "phone", "visit", "wechat", "email", "other")
LONGEST_CONTACT: Final = 4_000
LONGEST_NEEDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class ContactIn:
    """What a colleague did, and how the customer reacted; ``key`` makes pressing twice write
    once, ``user_name`` is how the colleague is called."""

    kind: str
    text: str
    key: str
    reaction: str = ""
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class ProfileIn:
    """Everything staff keep of a customer by hand; the first phone and e-mail are the main ones.
    A tag may hold several, divided by commas."""

    name: str
    kind: str = "person"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    birth_date: date | None = None
    birth_calendar: str = "solar"
    home_store_id: int | None = None
    tags: tuple[str, ...] = ()
    needs: str = ""


class ReachRow(NamedTuple):
    """Where a channel reaches one customer best, and what stands in the way of one purpose."""

    address: str  # "" = the channel does not reach them
    refusal: str | None  # why not, as ``agreement.refusal`` says; None = may be written to
    is_dead: bool  # messages came back from it


class Standing(NamedTuple):
    """How one customer can be contacted: by channel, and what they said on channel and purpose."""

    reached: dict[str, ReachRow]
    said: dict[tuple[str, str], str]
