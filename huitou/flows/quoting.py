"""What a cart costs and earns: coupon first, then points as money, then what is left earns."""

import dataclasses
from datetime import date, datetime
from typing import Any, Final

import numpy as np

from huitou.flows import errors
from huitou.flows.carts import Cart, CartLine, Quote, QuotedLine
from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency, major_text
from huitou.orders.types import SoldOrder
from huitou.platform import idempotency
from huitou.points import queries as points
from huitou.points.types import AccountRow
from huitou.programmes import discounts, match
from huitou.programmes import errors as refused
from huitou.programmes import queries as programmes
from huitou.programmes import rules as rule
from huitou.programmes.fold import fold
from huitou.programmes.services.couponing import check_usable
from huitou.programmes.types import (
    Basis,
    CouponKind,
    CouponRow,
    MemberRow,
    OrderEvent,
    Outcome,
    RulesRow,
)
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp

TILL: Final = "till"  # the source of orders that were sold here
UNNUMBERED: Final = "quote"  # an order that is not sold yet
MOST_MINOR: Final = 10**11  # of one order: more is a slip of the hand, and more points than can be
_NOBODY: Final = AccountRow(0, 0, 0, 0)


@dataclasses.dataclass(frozen=True, slots=True)
class _Desk:
    """What must be known to quote: the day, the rules, who stands there and what they have."""

    now: datetime
    zone: str
    currency: Currency
    rules: RulesRow | None
    member: MemberRow | None
    account: AccountRow

    @property
    def factor(self) -> int:
        return int(10**self.currency.decimals)

    @property
    def today(self) -> date:
        return civil_day(self.now, zone(self.zone))


@dataclasses.dataclass(frozen=True, slots=True)
class Priced:
    """A quote with the order as an event of its member, to be numbered when it is sold; None
    where nobody earns."""

    quote: Quote
    event: OrderEvent | None


def quote(cart: Cart, *, now: datetime) -> Quote:
    """What the cart costs and earns now. Writes nothing.

    Raises:
        CartInvalid: an empty cart, an amount below 0 or beyond all reason.
        CouponUnknown, CouponUnusable, CouponOfAnother, CouponMinimum: about the coupon.
        NotMember: points are to be used and the customer is no member.
        PointsNotPayable: more points than the customer has or the ceiling allows.
    """
    return priced(cart, now=now).quote


def priced(cart: Cart, *, now: datetime) -> Priced:
    """``quote`` with what it will be sold as; raises the same."""
    _check(cart)
    desk = _desk(cart, now)
    amounts = [line.amount_minor for line in cart.lines]
    coupon = _coupon(cart, sum(amounts), desk)
    coupon_minor = _takes_off(coupon, sum(amounts)) if coupon else 0
    coupon_shares = discounts.shares(coupon_minor, amounts)
    left = [amount - off for amount, off in zip(amounts, coupon_shares, strict=True)]
    payable = _payable(sum(left), desk)
    points, points_minor = _points_paid(cart, sum(left), payable, desk)
    points_shares = discounts.shares(points_minor, left)
    lines = tuple(
        QuotedLine(amount, off, paid, rest - paid)
        for amount, off, rest, paid in zip(amounts, coupon_shares, left, points_shares, strict=True)
    )
    event = _event(cart, lines, desk)
    outcome = _would_earn(cart, event, desk)
    found = Quote(
        lines=lines,
        amount_minor=sum(amounts),
        coupon_name=coupon.name if coupon else "",
        coupon_minor=coupon_minor,
        points=points,
        points_minor=points_minor,
        due_minor=sum(line.due_minor for line in lines),
        earned_points=outcome.points if outcome else 0,
        qualifying_points=outcome.qualifying if outcome else 0,
        balance=desk.account.shown,
        payable_points=payable,
        is_member=desk.member is not None,
        tier=desk.member.tier if desk.member else "",
        why=outcome.why if outcome else {},
        digest="",
    )
    return Priced(dataclasses.replace(found, digest=_digest(cart, found)), event)


def event_after(order: SoldOrder, paid_minor: int) -> OrderEvent:
    """An order of the till that came back, or a part of it, as an event of its member."""
    company = staff.company()
    if company is None:
        raise NotSetUp
    day = civil_day(order.sold_at, zone(company.zone))
    basis = programmes.basis_of(TILL, order.number, day=day)
    base = _base(paid_minor, order.tax_minor, order.total_minor, basis)
    return OrderEvent(TILL, order.number, order.sold_at, day, base)


def tax_share(line: CartLine, priced: QuotedLine) -> int:
    """The tax in what is paid for a row, rounded half up."""
    if line.amount_minor == 0:
        return 0
    return (2 * line.tax_minor * priced.due_minor + line.amount_minor) // (2 * line.amount_minor)


def balance_of(customer_id: int | None) -> int:
    """The points a customer sees."""
    programme = programmes.programme()
    if customer_id is None or programme is None:
        return 0
    return points.account(programme.id, customer_id).shown


def tier_of(customer_id: int | None) -> str:
    """The code of a customer's tier; "" for none."""
    member = programmes.member(customer_id) if customer_id is not None else None
    return member.tier if member else ""


def _desk(cart: Cart, now: datetime) -> _Desk:
    company, programme = staff.company(), programmes.programme()
    if company is None:
        raise NotSetUp
    today = civil_day(now, zone(company.zone))
    member, account = None, _NOBODY
    if programme is not None and cart.customer_id is not None:
        found = programmes.member(cart.customer_id)
        member = found if found and found.left_at is None else None
        account = points.account(programme.id, cart.customer_id, today=today)
    return _Desk(
        now, company.zone, Currency(company.currency), programmes.rules_on(today), member, account
    )


def _check(cart: Cart) -> None:
    is_sound = all(
        line.amount_minor >= 0 and line.quantity > 0 and 0 <= line.tax_minor <= line.amount_minor
        for line in cart.lines
    )
    is_sound &= sum(line.amount_minor for line in cart.lines) <= MOST_MINOR
    if not cart.lines or not is_sound or cart.points < 0:
        raise errors.CartInvalid


def _coupon(cart: Cart, order_minor: int, desk: _Desk) -> CouponRow | None:
    if not cart.coupon_code:
        return None
    found = programmes.coupon(cart.coupon_code, today=desk.today)
    stored = "issued" if found.state == "expired" else found.state
    check_usable(stored, ends_on=found.ends_on, today=desk.today)
    if found.customer_id is not None and found.customer_id != cart.customer_id:
        raise refused.CouponOfAnother
    if order_minor < found.minimum_minor:
        raise refused.CouponMinimum(minimum=major_text(found.minimum_minor, desk.currency))
    return found


def _takes_off(coupon: CouponRow, order_minor: int) -> int:
    return discounts.coupon_minor(
        CouponKind(coupon.kind),
        amount_minor=coupon.amount_minor,
        percent=coupon.percent,
        order_minor=order_minor,
    )


def _payable(due_minor: int, desk: _Desk) -> int:
    if desk.rules is None or desk.member is None:
        return 0
    usable = max(desk.account.usable, 0)
    return rule.payable_points(due_minor, usable=usable, rules=desk.rules.rules, factor=desk.factor)


def _points_paid(cart: Cart, due_minor: int, payable: int, desk: _Desk) -> tuple[int, int]:
    """The points that are taken and what they pay; those that pay no whole minor unit stay."""
    if not cart.points:
        return 0, 0
    if desk.member is None or desk.rules is None:
        raise refused.NotMember
    rules = desk.rules.rules
    paying = rule.points_that_pay(cart.points, rules=rules, factor=desk.factor)
    if paying > payable:
        raise errors.PointsNotPayable(points=cart.points, payable=payable)
    worth = rule.worth_minor(paying, rules=rules, factor=desk.factor)
    return paying, min(worth, due_minor)


def _event(cart: Cart, lines: tuple[QuotedLine, ...], desk: _Desk) -> OrderEvent | None:
    if desk.member is None or desk.rules is None:
        return None
    due_minor = sum(line.due_minor for line in lines)
    tax_minor = sum(tax_share(line, priced) for line, priced in zip(cart.lines, lines, strict=True))
    base = _base(due_minor, tax_minor, due_minor, desk.rules.rules.basis)
    return OrderEvent(TILL, UNNUMBERED, desk.now, desk.today, base)


def _would_earn(cart: Cart, event: OrderEvent | None, desk: _Desk) -> Outcome | None:
    """What the order would earn: the same two stages that post it."""
    if event is None or desk.rules is None or cart.customer_id is None:
        return None
    states = programmes.states([cart.customer_id], since=event.earned_on, orders=[])
    state = states[cart.customer_id]
    _, found = fold(state, [event], versions=[desk.rules], factor=desk.factor, now=desk.now)
    return found[0] if found else None


def _base(paid_minor: int, tax_minor: int, price_minor: int, basis: Basis) -> int:
    """The money of one order that earns: a batch of one."""
    rows = match.SaleRows(
        order=np.zeros(1, dtype=np.int64),
        paid_minor=np.array([paid_minor], dtype=np.int64),
        tax_minor=np.array([tax_minor], dtype=np.int64),
        price_minor=np.array([price_minor], dtype=np.int64),
    )
    return int(match.base_of_orders(rows, basis=basis, orders=1)[0])


def _digest(cart: Cart, found: Quote) -> str:
    """What was agreed: the cart and every number of the quote that somebody acts on."""
    agreed: dict[str, Any] = {
        "cart": dataclasses.asdict(cart),
        "lines": [dataclasses.astuple(line) for line in found.lines],
        "due": found.due_minor,
        "points": found.points_minor,
        "earned": [found.earned_points, found.qualifying_points],
    }
    return idempotency.digest_of(agreed)
