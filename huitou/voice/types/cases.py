"""Values of cases: what is told, what is said about it, and the rows that screens read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

KINDS: Final = ("complaint", "suggestion", "enquiry", "praise")
SOURCES: Final = ("answer", "portal", "phone", "visit", "social", "email", "api")
DATA: Final = "data"  # what is kept about them: to see it, to be forgotten
TOPICS: Final = (
    "product", "waiting", "service", "delivery", "points", "price", "place", DATA, "other",
)  # fmt: skip
CHANNELS: Final = ("page", "email", "phone", "in_person")
BY_MAIL: Final = "mail:"  # begins the keys of cases that nobody typed in: letters of a mailbox
LONGEST_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach who told us; all may be empty: then they follow the case by its link."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CaseIn:
    """What a customer tells us.

    ``received_at`` None = now; of a public post, when it was posted. ``key`` is the form's: the
    same key opens one case. ``order`` is (source, number).
    """

    kind: str
    source: str
    text: str
    customer_id: int | None = None
    store_id: int | None = None
    contact: Contact = field(default_factory=Contact)
    topic: str = ""
    order: tuple[str, str] = ("", "")
    received_at: datetime | None = None
    owner_id: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The case that was opened: its number, and the token of the page that follows it."""

    public_id: str
    token: str


@dataclass(frozen=True, slots=True)
class PromiseIn:
    """What is promised, and until the end of which day; ``owner_id`` None = who says it."""

    text: str
    due_on: date
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """The e-mail that carries a reply: to whom, its subject, and its words as they are sent."""

    address: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What staff say to the customer. ``is_answer``: the result, which stops the clock.

    ``channel`` email needs a ``letter``; page is read where the case is followed; phone and
    in_person put on record what was said.
    """

    text: str
    channel: str = "page"
    is_answer: bool = False
    promise: PromiseIn | None = None
    letter: Letter | None = None
    key: str = ""


class CaseLine(NamedTuple):
    """One case in a list."""

    public_id: str
    kind: str
    source: str
    topic: str
    title: str
    customer_id: int | None
    customer_name: str
    contact_name: str
    store_name: str
    owner_id: int | None
    owner_name: str
    step: str
    round: int
    received_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    replied_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    spoke_last: str  # customer or staff
    case_id: int


class CaseRow(NamedTuple):
    """Where one case stands, with everything on record about it but its story."""

    case_id: int
    public_id: str
    token: str
    kind: str
    source: str
    topic: str
    title: str
    customer_id: int | None
    customer_name: str
    customer_code: str
    customer_email: str
    contact_name: str
    contact_email: str
    contact_phone: str
    store_id: int | None
    store_name: str
    order_source: str
    order_number: str
    owner_id: int | None
    owner_name: str
    step: str
    round: int
    summary: str
    cause: str
    remedy: str
    lesson: str
    received_at: datetime
    clock_from: datetime
    due_at: datetime | None
    warn_at: datetime | None
    replied_at: datetime | None
    answered_at: datetime | None
    confirmed_at: datetime | None
    closed_at: datetime | None


class StoryRow(NamedTuple):
    """One line of what happened to a case, in order of time: a message, a step, an event.

    ``what`` is message, step or the event's code; ``code`` the message's author, the step, or who
    did it: user, member, visitor, system.
    """

    at: datetime
    what: str
    code: str
    person_id: int | None  # the colleague who said or did it, or is responsible for the step
    text: str
    channel: str
    is_answer: bool
    outbox_id: int | None
    round: int
    due_at: datetime | None
    facts: Mapping[str, Any]


class PromiseRow(NamedTuple):
    """One promise, of a case or in the register."""

    promise_id: int
    case_public_id: str
    customer_id: int | None
    customer_name: str
    text: str
    due_on: date
    owner_id: int | None
    owner_name: str
    made_at: datetime
    kept_on: date | None
    withdrawn_at: datetime | None


class QueueCounts(NamedTuple):
    """How many open cases stand in each queue of a reader."""

    mine: int
    unassigned: int
    due_soon: int
    overdue: int
    open: int


class CaseFigures(NamedTuple):
    """How cases of a span fared. Complaints, suggestions and enquiries; praise has no clock.

    ``answered_in_time`` of ``judged`` (answered, or their time has run out): within 24 hours.
    ``handled`` of ``settled`` complaints (closed, or past the time to close): closed, answered, and
    not reopened by the customer.
    """

    received: int
    judged: int
    answered_in_time: int
    settled: int
    handled: int
    waiting: int
    overdue: int
    reopened: int
    median_answer_minutes: float | None


class PromiseFigures(NamedTuple):
    """Promises due in a span: kept in time, kept late, not kept; withdrawn ones are left out."""

    owner_id: int | None
    owner_name: str
    due: int
    kept: int
    kept_late: int
