"""Points: what a member has and why, given, taken, given back, corrected. The key of a write is
the ledger's own."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import BaseModel

from huitou.api.access import Key, actor_of, key_of, source_of, sure_of_key
from huitou.api.keyed import kept
from huitou.api.people import customer_named
from huitou.api.shapes import (
    MOST_POINTS,
    PAGE,
    Code,
    Id,
    IdempotencyKey,
    Limit,
    Points,
    answers,
)
from huitou.flows import points_at_once, points_given
from huitou.kit.clock import civil_day, zone
from huitou.points import queries
from huitou.points.types import Posted, State
from huitou.programmes import queries as programmes
from huitou.programmes import services
from huitou.programmes.errors import NotMember, NotStarted
from huitou.staff import queries as staff
from huitou.staff.types import Scope

router = Router(tags=["points"])
WRITE: Final = Key(Scope.POINTS_WRITE)
JSON: Final = "application/json; charset=utf-8"
# Routes whose statement asks itself whether the key is in force.
ASK_FOR_THE_KEY: Final = frozenset({"earn", "redeem"})


class PointsIn(BaseModel):
    """Points of a member; ``reason`` is your code for why, kept for ever: nothing about a
    person."""

    customer: Code
    points: Points
    reason: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:/-]{0,60}$")] = ""


class RefundIn(PointsIn):
    """Points to undo of what was posted under ``of_key``, the Idempotency-Key used then."""

    of_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:/-]{1,100}$")]


class AdjustIn(Schema):
    """Points to give (above 0) or to take (below 0)."""

    customer: Code
    points: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS)]
    reason: Annotated[str, Field(pattern=r"^(missed|mistaken|goodwill)$")]


class PostedOut(Schema):
    """What was posted: the transfers in the ledger and the balance after them. The same for every
    retry, whatever happened since."""

    transfers: list[int]
    balance: int


class BalanceAfter(Schema):
    """The balance after it."""

    balance: int


class MemberOut(Schema):
    """A member: the number on the card, the code of the tier."""

    customer: str
    card_number: str
    tier: str


class LotOut(Schema):
    """Points with one last day; None = for ever."""

    points: int
    expires_on: date | None


class AccountOut(Schema):
    """What a member has; ``owed`` was taken back and is paid by the next points."""

    customer: str
    card_number: str
    tier: str
    balance: int
    usable: int
    owed: int
    held: int
    lots: list[LotOut]


class StatementLine(Schema):
    """One line of the statement, with why."""

    id: int
    kind: str
    points: int
    balance_after: int
    occurred_at: datetime
    expires_on: date | None
    why: dict[str, Any]


class StatementPage(Schema):
    """The statement, newest first; the next page begins before ``next``."""

    lines: list[StatementLine]
    next: int | None


@router.get("/customers/{code}/points", auth=Key(Scope.POINTS_READ), response=answers(AccountOut))
def account(request: HttpRequest, code: Code) -> dict[str, Any]:
    """What a member has, and what of it expires when."""
    programme_id, customer_id = _programme(), customer_named(code)
    member = programmes.member(customer_id)
    if member is None or member.left_at is not None:
        raise NotMember
    company = staff.company()
    today = civil_day(timezone.now(), zone(company.zone if company else "UTC"))
    found = queries.account(programme_id, customer_id, today=today)
    lots = queries.lots(programme_id, customer_id, today=today)
    return {
        **found._asdict(),
        "customer": code,
        "card_number": member.card_number,
        "tier": member.tier,
        "lots": [{"points": lot.points, "expires_on": lot.expires_on} for lot in lots],
    }


@router.get(
    "/customers/{code}/statement", auth=Key(Scope.POINTS_READ), response=answers(StatementPage)
)
def statement(
    request: HttpRequest, code: Code, limit: Limit = PAGE, before: Id | None = None
) -> dict[str, Any]:
    """The member's points one by one, newest first."""
    rows = queries.statement(_programme(), customer_named(code), before=before, limit=limit + 1)
    lines = [
        {
            "id": row.transfer_id,
            "kind": row.kind,
            "points": row.points,
            "balance_after": row.balance_after,
            "occurred_at": row.occurred_at,
            "expires_on": row.expires_on,
            "why": dict(row.why),
        }
        for row in rows[:limit]
    ]
    return {"lines": lines, "next": rows[limit - 1].transfer_id if len(rows) > limit else None}


@router.post(
    "/customers/{code}/membership", auth=Key(Scope.CUSTOMERS_WRITE), response=answers(MemberOut)
)
def join(request: HttpRequest, code: Code, key: IdempotencyKey) -> dict[str, Any]:
    """Make a customer a member; one who is stays as they are, one who left comes back."""

    def work() -> dict[str, Any]:
        row = services.join(
            customer_id=customer_named(code),
            source="api",
            actor=actor_of(request),
            now=timezone.now(),
        )
        return {"customer": code, "card_number": row.card_number, "tier": row.tier}

    return kept(request, key, f"customers.join {code}", {}, work)


@router.post("/points/earn", auth=WRITE, response=answers(PostedOut))
def earn(request: HttpRequest, payload: PointsIn, key: IdempotencyKey) -> HttpResponse:
    """Give points that your system has worked out. Orders earn by the shop's own rules: bring
    them in, or sell through quote and checkout."""
    now, wanted = timezone.now(), wanted_by(request, payload, key)
    posted = points_at_once.earn(wanted, named_by(request, payload), now=now)
    if posted is None:
        posted = points_given.earn(_looked_up(request, payload, wanted), now=now)
    return _told(request, posted)


@router.post("/points/redeem", auth=WRITE, response=answers(PostedOut))
def redeem(request: HttpRequest, payload: PointsIn, key: IdempotencyKey) -> HttpResponse:
    """Take points, soonest to expire first; refused if there are fewer."""
    now, wanted = timezone.now(), wanted_by(request, payload, key)
    posted = points_at_once.redeem(wanted, named_by(request, payload), now=now)
    if posted is None:
        posted = points_given.redeem(_looked_up(request, payload, wanted), now=now)
    return _told(request, posted)


@router.post("/points/refund", auth=WRITE, response=answers(PostedOut))
def refund(request: HttpRequest, payload: RefundIn, key: IdempotencyKey) -> HttpResponse:
    """Undo an earn or a redeem of this key, or a part of it. Redeemed points go back to the lots
    they came from, with their own last day."""
    wanted = _looked_up(request, payload, wanted_by(request, payload, key))
    posted = points_given.refund(wanted, of_key=payload.of_key, now=timezone.now())
    return _told(request, posted)


@router.post("/points/adjust", auth=Key(Scope.POINTS_ADJUST), response=answers(BalanceAfter))
def adjust(request: HttpRequest, payload: AdjustIn, key: IdempotencyKey) -> dict[str, Any]:
    """Correct a balance, with one of the house's reasons."""
    wanted = services.AdjustmentIn(
        f"{source_of(request)}/{key}", customer_named(payload.customer), payload.points,
        payload.reason,
    )  # fmt: skip
    balance = services.adjust(adjustment=wanted, actor=actor_of(request), now=timezone.now())
    return {"balance": balance}


def wanted_by(request: HttpRequest, payload: PointsIn, key: str) -> points_given.Wanted:
    """What is wanted, for whom has the code."""
    source, named = source_of(request), points_at_once.NAMED
    return points_given.Wanted(source, key, named, payload.points, payload.reason)


def named_by(request: HttpRequest, payload: PointsIn) -> points_at_once.Named:
    """Whose points, as who holds this key says."""
    return points_at_once.Named(payload.customer, key_of(request).id)


def _looked_up(
    request: HttpRequest, payload: PointsIn, wanted: points_given.Wanted
) -> points_given.Wanted:
    """The same for the customer by number, the key being in force for sure."""
    sure_of_key(request)
    return replace(wanted, customer_id=customer_named(payload.customer))


def told(posted: Posted) -> str:
    """``PostedOut``, written as it is: there is nothing to check in whole numbers of our own."""
    return f'{{"transfers": {list(posted.transfers)}, "balance": {posted.balance}}}'


def _told(request: HttpRequest, posted: Posted) -> HttpResponse:
    request.is_repeat = posted.state is State.REPEATED  # type: ignore[attr-defined]
    return HttpResponse(told(posted), content_type=JSON)


def _programme() -> int:
    found = programmes.programme()
    if found is None:
        raise NotStarted
    return found.id
