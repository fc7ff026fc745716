"""Coupons: given out, looked at, used, given back."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from huitou.api.access import Key, source_of
from huitou.api.keyed import kept
from huitou.api.people import customer_if_named, customer_named
from huitou.api.shapes import Code, IdempotencyKey, Minor, Text, answers
from huitou.customers import queries as customers
from huitou.flows import coupon_use
from huitou.programmes import queries, services
from huitou.staff.types import Scope

router = Router(tags=["coupons"])


class BatchOut(Schema):
    """Coupons of one kind."""

    batch: str
    name: str
    kind: str
    amount_minor: int
    percent: int
    minimum_minor: int
    ends_on: date | None
    is_stopped: bool
    issued: int
    redeemed: int
    created_at: datetime


class IssueIn(Schema):
    """One coupon for each of these customers, or so many of nobody in particular."""

    customers: Annotated[list[Code], Field(max_length=1_000)] = Field(default_factory=list)
    count: Annotated[int, Field(ge=0, le=1_000)] = 0


class Issued(Schema):
    """The codes: by customer, and those of nobody."""

    of_customers: dict[str, str]
    codes: list[str]


class WorthOut(Schema):
    """What the coupon takes off the order."""

    code: str
    name: str
    discount_minor: int
    ends_on: date | None


class UseIn(Schema):
    """The order that a coupon is used for."""

    order_number: Code
    amount_minor: Minor
    customer: Text = ""


class Used(Schema):
    """What it took off."""

    code: str
    discount_minor: int


class ReleaseIn(Schema):
    """The order that was cancelled."""

    order_number: Code


class Released(Schema):
    """Whether the coupon can be used again: not after its last day."""

    code: str
    is_good: bool


@router.get("/coupons/batches", auth=Key(Scope.COUPONS_READ), response=answers(list[BatchOut]))
def batches(request: HttpRequest) -> list[dict[str, Any]]:
    """The latest 200 kinds of coupons, newest first."""
    return [{**row._asdict(), "batch": row.public_id} for row in queries.batches()]


@router.post(
    "/coupons/batches/{batch}/issue", auth=Key(Scope.COUPONS_ISSUE), response=answers(Issued)
)
def issue(
    request: HttpRequest, batch: Code, payload: IssueIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Give coupons out."""
    return kept(
        request,
        key,
        f"coupons.issue {batch}",
        payload,
        lambda: _issue(request, batch, payload, key),
    )


@router.get("/coupons/{code}", auth=Key(Scope.COUPONS_READ), response=answers(WorthOut))
def worth(
    request: HttpRequest, code: Code, amount_minor: Minor, customer: Text = ""
) -> dict[str, Any]:
    """What a coupon takes off an order of this amount; refused if it cannot be used for it."""
    order = coupon_use.CouponOrder("", "", amount_minor, customer_if_named(customer))
    row, off = coupon_use.worth(code, order, now=timezone.now())
    return {"code": row.code, "name": row.name, "discount_minor": off, "ends_on": row.ends_on}


@router.post("/coupons/{code}/redeem", auth=Key(Scope.COUPONS_WRITE), response=answers(Used))
def redeem(request: HttpRequest, code: Code, payload: UseIn, key: IdempotencyKey) -> dict[str, Any]:
    """Use a coupon for an order of your system. Of two counters at once one is refused."""

    def work() -> dict[str, Any]:
        order = coupon_use.CouponOrder(
            source_of(request),
            payload.order_number,
            payload.amount_minor,
            customer_if_named(payload.customer),
        )
        return {"code": code, "discount_minor": coupon_use.use(code, order, now=timezone.now())}

    return kept(request, key, f"coupons.redeem {code}", payload, work)


@router.post("/coupons/{code}/release", auth=Key(Scope.COUPONS_WRITE), response=answers(Released))
def release(
    request: HttpRequest, code: Code, payload: ReleaseIn, key: IdempotencyKey
) -> dict[str, Any]:
    """Give back the coupon of a cancelled order."""

    def work() -> dict[str, Any]:
        order = coupon_use.CouponOrder(source_of(request), payload.order_number, 0)
        return {"code": code, "is_good": coupon_use.release(code, order, now=timezone.now())}

    return kept(request, key, f"coupons.release {code}", payload, work)


def _issue(request: HttpRequest, batch: str, payload: IssueIn, key: str) -> dict[str, Any]:
    now, source_key = timezone.now(), f"{source_of(request)}/{key}"
    ids = [customer_named(code) for code in payload.customers]
    given: dict[int, str] = {}
    if ids:
        given = services.issue_coupons(
            batch_public_id=batch, customer_ids=ids, source_key=source_key, now=now
        )
    codes: list[str] = []
    if payload.count or not ids:
        codes = services.issue_codes(
            batch_public_id=batch, count=payload.count, source_key=source_key, now=now
        )
    known = customers.codes_of(list(given))
    return {"of_customers": {known[pk]: code for pk, code in given.items()}, "codes": codes}
