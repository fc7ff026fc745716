"""Values of the till: what is put on the counter, what it costs, what was sold and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class CartLine:
    """One row on the counter. ``amount_minor`` is what the row costs before any discount."""

    amount_minor: int
    quantity: Decimal = Decimal(1)
    sku: str = ""  # "" = whatever it is; a till without goods rings up one row per amount
    description: str = ""
    category: str = ""
    tax_minor: int = 0  # contained in the amount


@dataclass(frozen=True, slots=True)
class Cart:
    """What somebody wants to buy, how they pay and where."""

    store_id: int
    lines: tuple[CartLine, ...]
    customer_id: int | None = None  # None = an anonymous sale: no points
    coupon_code: str = ""
    points: int = 0  # to pay with; at most ``Quote.payable_points``
    channel: str = "till"


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A row with its shares of the discounts; ``due_minor`` is what is paid for it in money."""

    amount_minor: int
    coupon_minor: int
    points_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What a cart costs now: the coupon is taken off first, points are money and come last."""

    lines: tuple[QuotedLine, ...]
    amount_minor: int  # before discounts
    coupon_name: str  # "" = none
    coupon_minor: int
    points: int  # paid with: those asked for that pay whole minor units
    points_minor: int  # their worth
    due_minor: int  # in money
    earned_points: int
    qualifying_points: int
    balance: int  # points before this order; 0 without a member
    payable_points: int  # how many could be used for this order
    is_member: bool
    tier: str  # code
    why: Mapping[str, Any]  # of the points earned
    digest: str  # to be handed to ``checkout``: it commits exactly this or refuses


@dataclass(frozen=True, slots=True)
class Receipt:
    """An order as it was sold. The same key gets the same receipt again."""

    order_id: int
    number: str
    amount_minor: int
    coupon_minor: int
    points: int
    points_minor: int
    due_minor: int
    earned_points: int
    balance: int  # after the order
    tier: str
    is_repeat: bool = False  # the key had been used: nothing was written now


@dataclass(frozen=True, slots=True)
class RefundIn:
    """What comes back of an order of the till: everything, some pieces, or an amount of money."""

    number: str  # of the order
    pieces: Mapping[int, Decimal] = field(default_factory=dict)  # position of the row -> quantity
    amount_minor: int = 0  # money alone, goods stay; 0 = by pieces, or all if there are none


@dataclass(frozen=True, slots=True)
class Refunded:
    """What was given back and taken back."""

    order_id: int  # of the return
    number: str
    refund_minor: int  # money to hand out
    points_back: int  # paid with points, given back to the same lots
    clawed_points: int  # earned points taken back
    coupon_is_back: bool
    balance: int
    is_repeat: bool = False
