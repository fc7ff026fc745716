"""What passed between us and a customer, and what they agreed to."""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from huitou.customers import agreement, models
from huitou.customers.queries.statements import rows

_SAID: Final = (
    "channel", "purpose", "state", "evidence", "stated_at", "reference", "source", "recorded_at",
    "user_name", "id",
)  # fmt: skip


class Glance(NamedTuple):
    """What whoever serves a customer should know at a glance."""

    tags: list[str]
    needs: str
    is_stopped: bool  # not to be contacted
    marketing: list[tuple[str, str]]  # channel and what was said of marketing on it
    notes: list[tuple[datetime, str]]  # the latest, newest first


class ToldRow(NamedTuple):
    """One line of what passed between us and a customer: a contact, or a statement of consent."""

    what: str  # contact, consent
    id: int
    kind: str  # of the contact, or the channel
    text: str  # what was done, or the purpose
    said: str  # how the customer reacted, or the state
    by: str  # the colleague's name, or the proof
    at: datetime


class Told(NamedTuple):
    """What passed between us and a customer, and whether “do not contact” holds now."""

    rows: list[ToldRow]
    is_stopped: bool


class Wanted(NamedTuple):
    """How many of one kind, and the last one already seen."""

    limit: int = 20
    after: tuple[datetime, int] | None = None


class ContactLine(NamedTuple):
    """Who did what, and how the customer reacted."""

    kind: str
    text: str
    reaction: str
    by: str
    at: datetime


class ConsentRow(NamedTuple):
    """A statement on one channel and purpose."""

    channel: str
    purpose: str
    state: str
    evidence: str
    stated_at: datetime
    reference: str = ""  # where the proof lies
    source: str = ""  # on which way it reached us; "" = not known
    recorded_at: datetime | None = None  # None = as it was stated
    recorded_by: str = ""  # the colleague, where it was written down by hand
    id: int = 0


class ConsentPage(NamedTuple):
    """Some statements, and where those before them begin; None if there are none."""

    rows: list[ConsentRow]
    next: tuple[datetime, int] | None


def is_not_to_be_contacted(customer_id: int) -> bool:
    """Whether this customer, or a colleague for them, said: do not contact."""
    return on_everything(customer_id).values_list("state", flat=True).first() == "withdrawn"


def on_everything(customer_id: Any) -> QuerySet[models.Consent]:
    """“Do not contact” said and taken back, the newest first."""
    return models.Consent.objects.filter(
        customer_id=customer_id, channel=agreement.ANY, purpose=agreement.ANY
    ).order_by("-stated_at", "-pk")


def consents(customer_id: int) -> list[ConsentRow]:
    """The newest statement per channel and purpose, in the order of their names."""
    found = models.Consent.objects.filter(customer_id=customer_id).exclude(channel=agreement.ANY)
    newest = found.order_by("channel", "purpose", "-stated_at", "-pk").distinct(
        "channel", "purpose"
    )
    return [ConsentRow(*row) for row in newest.values_list(*_SAID)]


def consent_history(customer_id: int) -> list[ConsentRow]:
    """Every statement of this customer, the oldest first; “any” is “do not contact”."""
    found = models.Consent.objects.filter(customer_id=customer_id).order_by("stated_at", "pk")
    return [ConsentRow(*row) for row in found.values_list(*_SAID)]


def consent_page(
    customer_id: int, *, limit: int, after: tuple[datetime, int] | None = None
) -> ConsentPage:
    """``consent_history``, the newest first; the next page begins after ``next``."""
    found = models.Consent.objects.filter(customer_id=customer_id).order_by("-stated_at", "-pk")
    if after is not None:
        found = found.filter(stated_at__lte=after[0]).exclude(stated_at=after[0], pk__gte=after[1])
    rows = [ConsentRow(*row) for row in found.values_list(*_SAID)[: limit + 1]]
    last = rows[limit - 1] if len(rows) > limit else None
    return ConsentPage(rows[:limit], (last.stated_at, last.id) if last else None)


def told(customer_id: int, *, contacts: Wanted, consents: Wanted) -> Told:
    """The latest contacts and statements of consent, newest first, each as many as wanted."""
    contacts_at, contacts_id = contacts.after or (None, None)
    consents_at, consents_id = consents.after or (None, None)
    values = {
        "customer_id": customer_id,
        "contacts": contacts.limit,
        "contacts_at": contacts_at,
        "contacts_id": contacts_id,
        "consents": consents.limit,
        "consents_at": consents_at,
        "consents_id": consents_id,
    }
    found = [ToldRow(*row) for row in rows("told", values)]
    stopped = any(row.what == "stopped" and row.said == "withdrawn" for row in found)
    return Told([row for row in found if row.what != "stopped"], stopped)


def contact_history(customer_id: int, *, limit: int = 50) -> list[ContactLine]:
    """The contacts with a customer, newest first."""
    found = models.Contact.objects.filter(customer_id=customer_id).order_by("-at", "-pk")
    fields = ("kind", "text", "reaction", "user_name", "at")
    return [ContactLine(*row) for row in found.values_list(*fields)[:limit]]


def glance(customer_id: int, *, notes: int = 3) -> Glance | None:
    """What whoever serves this customer should know; ``None`` if there is no such customer."""
    found = rows("glance", {"customer_id": customer_id, "notes": notes})
    if not found:
        return None
    tags, needs, is_stopped, marketing, noted = found[0]
    said = [(channel, state) for channel, state in json.loads(marketing)]
    written = [(datetime.fromisoformat(at), text) for at, text in json.loads(noted)]
    return Glance(tags, needs, is_stopped, said, written)
