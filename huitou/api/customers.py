"""Customers: known by their code, added, changed, found; what they agreed to."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from huitou.api.access import Key, actor_of
from huitou.api.errors import EvidenceMissing
from huitou.api.keyed import kept
from huitou.api.people import customer_named, store_if_named
from huitou.api.shapes import PAGE, Code, IdempotencyKey, Limit, Text, answers
from huitou.customers import queries, services
from huitou.customers.types import NewcomerIn, Statement
from huitou.flows import merging, rows_given
from huitou.flows.types import Wishes
from huitou.programmes import queries as programmes
from huitou.staff.types import Scope

router = Router(tags=["customers"])
FOUND: int = 20


class CustomerIn(Schema):
    """Somebody new; the answer says the code they get."""

    name: Annotated[Code, Field(max_length=100)]
    phone: Text = ""
    email: Text = ""
    birth_date: date | None = None
    home_store: Text = Field("", description="Code of a store")


class CustomerPut(Schema):
    """What is said about a customer; what is left out stays as it is."""

    name: Text = ""
    kind: Annotated[str, Field(pattern=r"^(|person|company|dealer)$")] = ""
    phone: Text = ""
    email: Text = ""
    birth_date: date | None = None
    home_store: Text = ""
    tags: Annotated[list[Code], Field(max_length=50)] = Field(default_factory=list)


class ConsentIn(Schema):
    """A statement on one channel and purpose; given only with where and how it was given."""

    channel: Annotated[str, Field(pattern=r"^(sms|email|wechat|phone|post|app)$")]
    purpose: Annotated[str, Field(pattern=r"^(service|marketing|survey|profiling|partner)$")]
    state: Annotated[str, Field(pattern=r"^(given|refused|withdrawn)$")]
    evidence: Text = ""


class MergeIn(Schema):
    """The record that goes, and the fields in which it wins; what the other does not say is taken
    from it in any case."""

    other: Code
    take: Annotated[
        list[Literal["name", "kind", "phone", "email", "birthday", "home_store", "acquired_from"]],
        Field(max_length=7),
    ] = Field(default_factory=list)


class SaidOut(Schema):
    """A statement as it was made; ``any`` on ``any`` is “do not contact” or that taken back."""

    channel: str
    purpose: str
    state: str
    evidence: str
    reference: str = Field(description="Where the proof lies")
    source: str = Field(description="On which way it reached us; empty = not known")
    stated_at: datetime
    recorded_at: datetime | None = Field(description="Empty = as it was stated")


class SaidPage(Schema):
    """Statements, the newest first; ``more`` says that there are older ones."""

    statements: list[SaidOut]
    more: bool


class ConsentOut(Schema):
    """The newest statement on a channel and purpose; nothing said = no row."""

    channel: str
    purpose: str
    state: str
    evidence: str
    stated_at: datetime


class CustomerOut(Schema):
    """A customer as they are known."""

    code: str
    name: str
    kind: str
    phone: str
    email: str
    birth_date: date | None
    tags: list[str]
    needs: str = Field(description="What they like and need, in the words of staff")
    created_at: datetime
    is_not_to_be_contacted: bool
    card_number: str | None
    tier: str | None
    consents: list[ConsentOut]


class Found(Schema):
    """Who was found, at most 20; ``more`` says that the search should be narrower."""

    customers: list[CustomerOut]
    more: bool


class Coded(Schema):
    """The code of a customer."""

    code: str


class Changed(Schema):
    """What became of what was said: new, changed or unchanged."""

    code: str
    step: str


class Stated(Schema):
    """Whether the statement said something new."""

    is_new: bool


@router.get("/customers", auth=Key(Scope.CUSTOMERS_READ), response=answers(Found))
def find(request: HttpRequest, q: Text = "", card: Text = "") -> dict[str, Any]:
    """Find customers by code, name, the end of a phone number or an e-mail (``q``), or by the
    number of a card."""
    if card:
        member = programmes.member_with_card(card)
        ids, is_cut = ([member.customer_id] if member else []), False
    else:
        finds = queries.search(q, limit=FOUND)
        ids, is_cut = list(finds.ids), finds.is_cut
    return {"customers": [_customer(one) for one in ids], "more": is_cut}


@router.get("/customers/{code}", auth=Key(Scope.CUSTOMERS_READ), response=answers(CustomerOut))
def one(request: HttpRequest, code: Code) -> dict[str, Any]:
    """One customer."""
    return _customer(customer_named(code))


@router.post("/customers", auth=Key(Scope.CUSTOMERS_WRITE), response=answers(Coded, 201))
def add(request: HttpRequest, payload: CustomerIn, key: IdempotencyKey) -> Any:
    """Add somebody nobody knows yet. Whoever has the same phone or e-mail stays another customer:
    only staff join two."""

    def work() -> dict[str, Any]:
        newcomer = NewcomerIn(
            payload.name,
            payload.email,
            payload.phone,
            payload.birth_date,
            store_if_named(payload.home_store),
            "api",
        )
        customer_id = services.welcome(newcomer=newcomer, now=timezone.now())
        return {"code": queries.codes_of([customer_id])[customer_id]}

    return Status(201, kept(request, key, "customers.add", payload, work))


@router.put("/customers/{code}", auth=Key(Scope.CUSTOMERS_WRITE), response=answers(Changed))
def put(
    request: HttpRequest, code: Code, payload: CustomerPut, key: IdempotencyKey
) -> dict[str, Any]:
    """Say something about the customer with this code, or add them under it: by the same rules,
    and with the same way back, as a row of a file."""

    def work() -> dict[str, Any]:
        row = {
            "customer": code,
            "name": payload.name,
            "kind": payload.kind,
            "phone": payload.phone,
            "email": payload.email,
            "birth_date": payload.birth_date.isoformat() if payload.birth_date else "",
            "home_store": payload.home_store,
            "tags": ";".join(payload.tags),
        }
        said = {name: text for name, text in row.items() if text}
        found = rows_given.bring(
            "customers", [said], Wishes(source="api"), actor=actor_of(request), now=timezone.now()
        ).things
        step = "new" if found.new else "changed" if found.changed else "unchanged"
        return {"code": code, "step": step}

    return kept(request, key, f"customers.put {code}", payload, work)


@router.post(
    "/customers/{code}/consents", auth=Key(Scope.CUSTOMERS_WRITE), response=answers(Stated)
)
def consent(
    request: HttpRequest, code: Code, payload: ConsentIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Keep what a customer agreed to, refused or withdrew, with its evidence."""

    def work() -> dict[str, Any]:
        said = Statement(payload.channel, payload.purpose, payload.state, payload.evidence, "api")
        is_new = services.state_consent(
            customer_id=customer_named(code), statement=said, now=timezone.now()
        )
        return {"is_new": is_new}

    if payload.state == "given" and not payload.evidence:
        raise EvidenceMissing
    return kept(request, key, f"customers.consent {code}", payload, work)


@router.get(
    "/customers/{code}/consents", auth=Key(Scope.CUSTOMERS_READ), response=answers(SaidPage)
)
def consents(request: HttpRequest, code: Code, limit: Limit = PAGE) -> dict[str, Any]:
    """Everything a customer said about being written to, with its proof."""
    page = queries.consent_page(customer_named(code), limit=limit)
    rows = [row._asdict() for row in page.rows]
    return {"statements": rows, "more": page.next is not None}


@router.post("/customers/{code}/merge", auth=Key(Scope.CUSTOMERS_MERGE), response=answers(Coded))
def merge(request: HttpRequest, code: Code, payload: MergeIn, key: IdempotencyKey) -> Any:
    """Join a second record of the same person to this one; the other code finds this record from
    then on. They are divided again in the console, as long as nothing new has happened."""

    def work() -> dict[str, Any]:
        merging.merge(
            kept_id=customer_named(code),
            gone_id=customer_named(payload.other),
            take=payload.take,
            actor=actor_of(request),
            now=timezone.now(),
        )
        return {"code": code}

    return kept(request, key, f"customers.merge {code}", payload, work)


def _customer(customer_id: int) -> dict[str, Any]:
    code = queries.codes_of([customer_id])[customer_id]
    known, reach = queries.contact(customer_id), queries.contacts([customer_id])
    assert known is not None
    member = programmes.member(customer_id)
    is_member = member is not None and member.left_at is None
    return {
        "code": code,
        "name": queries.names_of([customer_id])[customer_id],
        "kind": known.kind,
        "phone": reach[customer_id][0],
        "email": known.email,
        "birth_date": known.birth_date,
        "tags": known.tags,
        "needs": known.needs,
        "created_at": known.created_at,
        "is_not_to_be_contacted": queries.is_not_to_be_contacted(customer_id),
        "card_number": member.card_number if member and is_member else None,
        "tier": member.tier if member and is_member else None,
        "consents": [row._asdict() for row in queries.consents(customer_id)],
    }
