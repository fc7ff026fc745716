"""Finding the people we serve, and who they are."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from huitou.customers import codes, models, rules
from huitou.customers.queries.statements import text as statement_text
from huitou.customers.queries.telling import on_everything
from huitou.customers.types import MemberRow
from huitou.kit.text import folded
from huitou.platform import prepared

FINDS: Final = 1_000  # more finds than this are no longer a search
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
    needs: str  # what they like and need, in the words of staff
    is_not_to_be_contacted: bool  # “do not contact” was said and holds


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
        cursor.execute(statement_text("search"), {**wanted, "limit": limit + 1})
        ids = sorted(row[0] for row in cursor.fetchall())
    return Finds(tuple(ids[:limit]), is_cut=len(ids) > limit)


def contact(customer_id: int) -> ContactRow | None:
    """How this customer can be reached; ``None`` if there is no such customer."""
    fields = (
        "id", "phone", "phone_is_masked", "email", "birth_date", "birth_calendar", "kind",
        "acquired_from", "tags", "created_at", "needs",
    )  # fmt: skip
    said = on_everything(OuterRef("pk")).values("state")[:1]
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


def by_code(code: str) -> int | None:
    """The id of the customer with this code, or with whom its record was joined; ``None`` if
    nobody has it."""
    found = prepared.rows(
        "SELECT id FROM customers_customer WHERE code = %s UNION ALL"
        " SELECT customer_id FROM customers_merge WHERE gone_code = %s AND undone_at IS NULL",
        [code, code],
    )
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
        cursor.execute(statement_text("identified"), values)
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
        cursor.execute(statement_text("sharing"), values)
        return [row[0] for row in cursor.fetchall()]
