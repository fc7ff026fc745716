"""Selling: what a cart costs and earns, committing exactly that, taking it back."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from huitou.api.access import Key, actor_of, source_of
from huitou.api.people import customer_if_named, store_named
from huitou.api.shapes import MOST_POINTS, Code, IdempotencyKey, Minor, Text, answers
from huitou.flows import checkout
from huitou.flows.carts import Cart, CartLine, RefundIn
from huitou.staff.types import Scope

router = Router(tags=["checkout"])
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=13, decimal_places=6)]


Place = Annotated[int, Field(ge=1, le=200)]


class CartLineIn(Schema):
    """A row of the cart: what it costs before any discount, tax included."""

    amount_minor: Minor
    quantity: Quantity = Decimal(1)
    sku: Text = ""
    description: Text = ""
    category: Text = ""
    tax_minor: Minor = 0


class CartIn(Schema):
    """What somebody wants to buy, and how they pay."""

    store: Code
    lines: Annotated[list[CartLineIn], Field(min_length=1, max_length=200)]
    customer: Text = ""
    coupon: Text = ""
    points: Annotated[int, Field(ge=0, le=MOST_POINTS)] = 0
    channel: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "api"


class CheckoutIn(CartIn):
    """The cart, and the quote that was agreed."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class QuotedLineOut(Schema):
    """A row with its shares of the discounts."""

    amount_minor: int
    coupon_minor: int
    points_minor: int
    due_minor: int


class QuoteOut(Schema):
    """What the cart costs now: the coupon comes off first, points are money and come last."""

    lines: list[QuotedLineOut]
    amount_minor: int
    coupon_minor: int
    points: int
    points_minor: int
    due_minor: int
    earned_points: int
    balance: int
    payable_points: int
    is_member: bool
    digest: str


class ReceiptOut(Schema):
    """The order as it was sold."""

    order_id: int
    number: str
    amount_minor: int
    coupon_minor: int
    points: int
    points_minor: int
    due_minor: int
    earned_points: int
    balance: int


class BackIn(Schema):
    """What comes back of an order: some pieces (place of the row from 1, quantity), an amount of
    money, or, with neither, everything."""

    number: Code
    pieces: Annotated[dict[Place, Quantity], Field(max_length=200)] = Field(default_factory=dict)
    amount_minor: Minor = 0


class RefundedOut(Schema):
    """What was given back and taken back."""

    order_id: int
    number: str
    refund_minor: int
    points_back: int
    clawed_points: int
    coupon_is_back: bool
    balance: int


@router.post("/quote", auth=Key(Scope.CHECKOUT_WRITE), response=answers(QuoteOut))
def quote(request: HttpRequest, payload: CartIn) -> dict[str, Any]:
    """What a cart costs and earns. Writes nothing, so it needs no key."""
    found = checkout.quote(_cart(payload), now=timezone.now())
    return {name: getattr(found, name) for name in QuoteOut.model_fields}


@router.post("/checkout", auth=Key(Scope.CHECKOUT_WRITE), response=answers(ReceiptOut))
def sell(request: HttpRequest, payload: CheckoutIn, key: IdempotencyKey) -> dict[str, Any]:
    """Sell exactly what was quoted: order, points, coupon, all or nothing. Refused if it would
    cost or earn something else by now: quote again."""
    receipt = checkout.checkout(
        _cart(payload),
        quote_digest=payload.digest,
        key=f"{source_of(request)}/{key}",
        actor=actor_of(request),
        now=timezone.now(),
    )
    request.is_repeat = receipt.is_repeat  # type: ignore[attr-defined]
    return {name: getattr(receipt, name) for name in ReceiptOut.model_fields}


@router.post("/refunds", auth=Key(Scope.CHECKOUT_REFUND), response=answers(RefundedOut))
def refund(request: HttpRequest, payload: BackIn, key: IdempotencyKey) -> dict[str, Any]:
    """Take back an order that was sold here or at the till: money, points both ways, the coupon
    when everything is back."""
    refunded = checkout.refund(
        RefundIn(payload.number, payload.pieces, payload.amount_minor),
        key=f"{source_of(request)}/{key}",
        actor=actor_of(request),
        now=timezone.now(),
    )
    request.is_repeat = refunded.is_repeat  # type: ignore[attr-defined]
    return {name: getattr(refunded, name) for name in RefundedOut.model_fields}


def _cart(payload: CartIn) -> Cart:
    return Cart(
        store_id=store_named(payload.store),
        lines=tuple(
            CartLine(
                line.amount_minor,
                line.quantity,
                line.sku,
                line.description,
                line.category,
                line.tax_minor,
            )
            for line in payload.lines
        ),
        customer_id=customer_if_named(payload.customer),
        coupon_code=payload.coupon,
        points=payload.points,
        channel=payload.channel,
    )
