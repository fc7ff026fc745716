"""Reads of the people we serve: finding them, and how to reach them."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from huitou.customers import agreement, codes, models, rules
from huitou.customers.types import MemberRow, ReachRow, Standing
from huitou.kit.text import folded
from huitou.platform import prepared

_SQL: Final = Path(__file__).parent / "sql"
FINDS: Final = 1_000  # more finds than this are no longer a search
_SAID: Final = (
    "channel", "purpose", "state", "evidence", "stated_at", "reference", "source", "recorded_at",
    "user_name", "id",
)  # fmt: skip
_MEMBER: Final = ("customer_id", "customer__code", "customer__name", "customer__email",
                  "customer__created_at")  # fmt: skip
_SHORTEST_TAIL: Final = 3  # digits of a phone number that are worth looking for


class Finds(NamedTuple):
    """Who a search found, by id; ``is_cut`` says that there are more."""

    ids: tuple[int, ...]
    is_cut: bool


class ContactRow(NamedTuple):
    """How one customer can be reached; shown only to readers who may see contact data."""

    customer_id: int
    phone: str  # +86…, or ""
    phone_is_masked: bool  # the file gave stars: nobody can be reached by it
    email: str
    birth_date: date | None
    birth_calendar: str
    kind: str
    acquired_from: str
    tags: list[str]
    created_at: datetime
    is_not_to_be_contacted: bool  # “do not contact” was said and holds


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


class IdentityRow(NamedTuple):
    """A name by which a source knows a customer."""

    source: str
    value: str


def identities(customer_id: int) -> list[IdentityRow]:
    """Every name by which somebody knows this customer, by source."""
    found = models.Identity.objects.filter(customer_id=customer_id).order_by("source", "value")
    return [IdentityRow(*row) for row in found.values_list("source", "value")]


def search(text: str, *, limit: int = FINDS) -> Finds:
    """The customers whose code, name, pinyin, initials, phone number's end or e-mail ``text``
    names.

    One box for all: every way that ``text`` could be meant is tried by its index. Names, pinyin,
    initials and
    codes are found by their beginning, phones by their end, e-mails whole. Empty text finds nobody.
    """
    wanted = _ways(text)
    if wanted is None:
        return Finds((), is_cut=False)
    with connection.cursor() as cursor:
        cursor.execute(_statement("search"), {**wanted, "limit": limit + 1})
        ids = sorted(row[0] for row in cursor.fetchall())
    return Finds(tuple(ids[:limit]), is_cut=len(ids) > limit)


def contact(customer_id: int) -> ContactRow | None:
    """How this customer can be reached; ``None`` if there is no such customer."""
    fields = (
        "id", "phone", "phone_is_masked", "email", "birth_date", "birth_calendar", "kind",
        "acquired_from", "tags", "created_at",
    )  # fmt: skip
    said = _on_everything(OuterRef("pk")).values("state")[:1]
    found = models.Customer.objects.filter(pk=customer_id).annotate(said=Subquery(said))
    row = found.values_list(*fields, "said").first()
    if row is None:
        return None
    *known, state = row
    return ContactRow._make([*known, state == "withdrawn"])


def contacts(customer_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Phone and e-mail of each of these customers; a masked phone is no way to reach anyone and is
    left empty."""
    found = models.Customer.objects.filter(pk__in=list(customer_ids))
    rows = found.values_list("pk", "phone", "phone_is_masked", "email")
    return {pk: ("" if is_masked else phone, email) for pk, phone, is_masked, email in rows}


def reach(customer_ids: Sequence[int], *, channel: str, purpose: str) -> dict[int, ReachRow]:
    """Where ``channel`` reaches each of these customers best and whether ``purpose`` may go there;
    who does not exist is left out.

    Whoever shares an address shares its strictest answer: a withdrawal under one name holds for
    the other.
    """
    rows = _reached([(pk, "") for pk in customer_ids], channel, purpose)
    return {pk: row for pk, row in rows}


def standing(customer_id: int, *, channels: Sequence[str], purpose: str) -> Standing:
    """``reach`` of one customer on several channels, and the newest thing said on each channel and
    purpose; in one statement."""
    parts, values = [_statement("newest_said")], {"customer_id": customer_id}
    for number, channel in enumerate(channels):
        text = re.sub(r"%\((\w+)\)s", rf"%(\1_{number})s", _statement("reach"))
        parts.append(f"SELECT %(channel_{number})s::text, '', found.* FROM ({text}) found")
        asked = _asked([(customer_id, "")], channel, purpose)
        values |= {f"{name}_{number}": value for name, value in asked.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({part})" for part in parts), values)
        rows = cursor.fetchall()
    said = {(channel, about): row[2] for channel, about, *row in rows if about}
    reached = {one: _reach(purpose, *row) for one, about, _pk, *row in rows if not about}
    return Standing(reached, said)


def reach_at(
    places: Sequence[tuple[int, str]], *, channel: str, purpose: str
) -> dict[tuple[int, str], ReachRow]:
    """Whether ``purpose`` may go to each of these customers at exactly this address; who does not
    exist is left out."""
    rows = _reached(list(dict.fromkeys(places)), channel, purpose)
    return {(pk, row.address): row for pk, row in rows}


def _reached(
    places: Sequence[tuple[int, str]], channel: str, purpose: str
) -> list[tuple[int, ReachRow]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement("reach"), _asked(places, channel, purpose))
        rows = cursor.fetchall()
    return [(pk, _reach(purpose, *said)) for pk, *said in rows]


def _asked(places: Sequence[tuple[int, str]], channel: str, purpose: str) -> dict[str, Any]:
    return {
        "ids": [pk for pk, _address in places],
        "addresses": [address for _pk, address in places],
        "channel": channel,
        "kind": {"email": "email", "sms": "phone", "phone": "phone"}.get(channel, ""),
        "purpose": purpose,
        "spoken_for": agreement.SPEAKS_FOR.get(purpose),
    }


def is_not_to_be_contacted(customer_id: int) -> bool:
    """Whether this customer, or a colleague for them, said: do not contact."""
    return _on_everything(customer_id).values_list("state", flat=True).first() == "withdrawn"


def _on_everything(customer_id: Any) -> QuerySet[models.Consent]:
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


def _reach(
    purpose: str, address: str, state: str, others: list[str], is_stopped: bool, is_dead: bool
) -> ReachRow:
    strictest = agreement.strictest([state, *others])
    refusal = agreement.refusal(strictest, purpose, is_do_not_contact=is_stopped)
    return ReachRow(address, refusal, is_dead)


def _ways(text: str) -> dict[str, str | None] | None:
    text = text.strip()
    name = folded(text)
    if not name or "\x00" in text:
        return None
    digits = re.sub(r"[\s\-+()]", "", text)
    is_number = digits.isascii() and digits.isdigit()
    letters = re.sub(r"[\s'’]", "", name)
    is_latin = letters.isascii() and letters.isalpha()
    return {
        "code_exact": text,
        "code": _prefix(text),
        "name": None if is_number else _prefix(name),
        "pinyin": _prefix(letters) if is_latin else None,
        "initials": _prefix(letters) if is_latin else None,
        "phone": _prefix(digits[::-1]) if is_number and len(digits) >= _SHORTEST_TAIL else None,
        "email": text.lower() if "@" in text else None,
    }


def _prefix(text: str) -> str:
    """``text`` and whatever follows, as LIKE wants it; its own wildcards are meant as they
    stand."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"


@cache
def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text()


def by_code(code: str) -> int | None:
    """The id of the customer with this code; ``None`` if nobody has it."""
    found = prepared.rows("SELECT id FROM customers_customer WHERE code = %s", [code])
    return found[0][0] if found else None


def codes_of(customer_ids: Sequence[int]) -> dict[int, str]:
    """The code of each of these customers; who does not exist is left out."""
    rows = models.Customer.objects.filter(pk__in=list(customer_ids))
    return dict(rows.values_list("pk", "code"))


def names_of(customer_ids: Sequence[int]) -> dict[int, str]:
    """The name of each of these customers; who does not exist is left out."""
    rows = models.Customer.objects.filter(pk__in=list(customer_ids))
    return dict(rows.values_list("pk", "name"))


def created_by(import_id: int) -> list[int]:
    """The customers an import added, by id."""
    return list(
        models.Customer.objects.filter(import_id=import_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def identified(names: Sequence[str], *, source: str, uses_our_codes: bool) -> dict[str, int]:
    """Who each of the names is, for those somebody knows: by the source's own names, else by our
    codes."""
    values: dict[str, Any] = {
        "names": list(names),
        "source": source,
        "uses_our_codes": uses_our_codes,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement("identified"), values)
        return dict(cursor.fetchall())


def member_of_session(token: str, *, now: datetime) -> MemberRow | None:
    """Who is signed in with this secret; ``None`` if nobody is, or no longer."""
    row = (
        models.MemberSession.objects.filter(digest=codes.token_digest(token), expires_at__gt=now)
        .values_list(*_MEMBER)
        .first()
    )
    return None if row is None else MemberRow(*row)


def by_email(email: str) -> list[int]:
    """The customers with this address, the one known longest first."""
    found = models.Customer.objects.filter(email=email.strip().lower()).exclude(email="")
    return list(found.order_by("created_at", "pk").values_list("pk", flat=True))


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
    with connection.cursor() as cursor:
        cursor.execute(_statement("told"), values)
        found = [ToldRow(*row) for row in cursor.fetchall()]
    stopped = any(row.what == "stopped" and row.said == "withdrawn" for row in found)
    return Told([row for row in found if row.what != "stopped"], stopped)


def contact_history(customer_id: int, *, limit: int = 50) -> list[ContactLine]:
    """The contacts with a customer, newest first."""
    found = models.Contact.objects.filter(customer_id=customer_id).order_by("-at", "-pk")
    fields = ("kind", "text", "reaction", "user_name", "at")
    return [ContactLine(*row) for row in found.values_list(*fields)[:limit]]


def addresses(customer_id: int) -> list[tuple[str, str]]:
    """Further phones and e-mails of a customer: kind and value, the oldest first."""
    found = models.Address.objects.filter(customer_id=customer_id).order_by("pk")
    return list(found.values_list("kind", "value"))


def sharing(texts: Sequence[str], *, besides: int | None = None) -> list[int]:
    """The customers who can be reached at one of these phones or e-mails, however written, by id:
    perhaps the same person twice."""
    phones = [number.number for text in texts if (number := rules.phone(text))]
    emails = [email for text in texts if (email := rules.email(text))]
    with connection.cursor() as cursor:
        values = {"values": [*phones, *emails], "besides": besides}
        cursor.execute(_statement("sharing"), values)
        return [row[0] for row in cursor.fetchall()]
