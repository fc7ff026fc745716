"""A coupon at another system's counter: what it takes off an order, using it, giving it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huitou.kit.money import Currency, major_text
from huitou.programmes import cards, discounts
from huitou.programmes import queries as programmes
from huitou.programmes import services as programme
from huitou.programmes.errors import CouponMinimum, CouponOfAnother, CouponUnknown
from huitou.programmes.services.couponing import check_usable, today_of
from huitou.programmes.types import CouponKind, CouponRow
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp


@dataclass(frozen=True, slots=True)
class CouponOrder:
    """The order that a coupon is for; ``customer_id`` None = nobody known."""

    source: str
    number: str
    amount_minor: int
    customer_id: int | None = None


def worth(code: str, order: CouponOrder, *, now: datetime) -> tuple[CouponRow, int]:
    """The coupon and what it takes off the order. Writes nothing.

    Raises:
        CouponUnknown, CouponUnusable, CouponOfAnother, CouponMinimum: it cannot be used for it.
    """
    today, company = today_of(now), staff.company()
    if company is None:
        raise NotSetUp
    row = programmes.coupon(code, today=today)
    stored = "issued" if row.state == "expired" else row.state
    check_usable(stored, ends_on=row.ends_on, today=today)
    if row.customer_id is not None and row.customer_id != order.customer_id:
        raise CouponOfAnother
    if order.amount_minor < row.minimum_minor:
        raise CouponMinimum(minimum=major_text(row.minimum_minor, Currency(company.currency)))
    off = discounts.coupon_minor(
        CouponKind(row.kind),
        amount_minor=row.amount_minor,
        percent=row.percent,
        order_minor=order.amount_minor,
    )
    return row, off


def use(code: str, order: CouponOrder, *, now: datetime) -> int:
    """Use the coupon for the order; returns what it takes off, in minor units. Raises what
    ``worth`` raises."""
    with transaction.atomic():
        _, off = worth(code, order, now=now)
        spent = programme.Use(order.source, order.number, off)
        programme.redeem_coupon(code=code, customer_id=order.customer_id, use=spent, now=now)
        return off


def release(code: str, order: CouponOrder, *, now: datetime) -> bool:
    """Make the coupon of a cancelled order good again; whether it still can be used.

    Raises:
        CouponUnknown: this coupon was not used for that order.
    """
    with transaction.atomic():
        used = programmes.coupon_of_order(order.source, order.number, today=today_of(now))
        if used is None or used.code != cards.plain(code):
            raise CouponUnknown
        return programme.give_back_coupon(
            order_source=order.source, order_number=order.number, now=now
        )
