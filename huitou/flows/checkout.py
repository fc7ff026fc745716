"""The till: what a cart costs, selling it, taking it back; several rooms in one transaction.

Whoever changes what a member has holds the membership first, then what orders need, so two tills
never wait for one another in a circle.
"""

import dataclasses
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from huitou.flows import errors, quoting
from huitou.flows.carts import Cart, Quote, Receipt, Refunded, RefundIn
from huitou.flows.quoting import TILL, Priced
from huitou.kit.clock import civil_day, zone
from huitou.kit.ids import public_id
from huitou.orders import queries as order_queries
from huitou.orders import services as orders
from huitou.orders.types import BackRow, Sale, SaleRow, SoldOrder, SoldRow
from huitou.platform import idempotency
from huitou.programmes import discounts
from huitou.programmes import services as programmes
from huitou.programmes.services.paying import PaymentIn
from huitou.programmes.types import OrderEvent
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp

REFUND: Final = "till-refund"
quote = quoting.quote


def checkout(cart: Cart, *, quote_digest: str, key: str, actor: str, now: datetime) -> Receipt:
    """Sell the cart as quoted: order, points, coupon, all or nothing.

    The same ``key`` with the same cart gets the same receipt and writes nothing.

    Raises:
        QuoteChanged: the cart costs or earns something else by now; ask for a quote again.
        KeyReused: the key was used for another cart.
        and what ``quote`` raises.
    """
    del actor  # bound by the door; facts and answers carry it
    request = idempotency.digest_of(dataclasses.asdict(cart))
    with transaction.atomic():
        kept = idempotency.recall(TILL, key, request)
        if kept is not None:
            return Receipt(**kept, is_repeat=True)
        if cart.customer_id is not None:
            programmes.lock_members([cart.customer_id])
        priced = quoting.priced(cart, now=now)
        if priced.quote.digest != quote_digest:
            raise errors.QuoteChanged(
                due_minor=priced.quote.due_minor, points=priced.quote.earned_points
            )
        receipt = _sell(cart, priced, now)
        answer = dataclasses.asdict(receipt)
        del answer["is_repeat"]
        idempotency.keep(TILL, key, request, answer)
        return receipt


def refund(wanted: RefundIn, *, key: str, actor: str, now: datetime) -> Refunded:
    """Take back an order of the till, or a part of it: money, points both ways, the coupon.

    Raises:
        SaleMissing: no order of the till has this number.
        ReturnTooMuch: more than is left of the order.
        KeyReused: the key was used for another refund.
        OrdersBusy: an import is being written; try again in a minute.
    """
    del actor
    request = idempotency.digest_of(dataclasses.asdict(wanted))
    with transaction.atomic():
        kept = idempotency.recall(REFUND, key, request)
        if kept is not None:
            return Refunded(**kept, is_repeat=True)
        refunded = _take_back(wanted, now)
        answer = dataclasses.asdict(refunded)
        del answer["is_repeat"]
        idempotency.keep(REFUND, key, request, answer)
        return refunded


def _sell(cart: Cart, priced: Priced, now: datetime) -> Receipt:
    quoted = priced.quote
    sale = Sale(
        source=TILL,
        number=public_id("sale", now),
        store_id=cart.store_id,
        customer_id=cart.customer_id,
        channel=cart.channel,
        sold_at=now,
        rows=_rows(cart, quoted),
    )
    order_id = orders.sell(sale=sale, now=now)
    if quoted.points and cart.customer_id is not None:
        payment = PaymentIn(TILL, sale.number, cart.customer_id, quoted.points, quoted.points_minor)
        programmes.pay(payment=payment, now=now)
    if cart.coupon_code:
        use = programmes.Use(TILL, sale.number, quoted.coupon_minor)
        programmes.redeem_coupon(
            code=cart.coupon_code, customer_id=cart.customer_id, use=use, now=now
        )
    if priced.event is not None and cart.customer_id is not None:
        event = dataclasses.replace(priced.event, number=sale.number)
        programmes.earn(customer_id=cart.customer_id, event=event, now=now)
    return Receipt(
        order_id=order_id,
        number=sale.number,
        amount_minor=quoted.amount_minor,
        coupon_minor=quoted.coupon_minor,
        points=quoted.points,
        points_minor=quoted.points_minor,
        due_minor=quoted.due_minor,
        earned_points=quoted.earned_points,
        balance=quoting.balance_of(cart.customer_id),
        tier=quoting.tier_of(cart.customer_id),
    )


def _rows(cart: Cart, quoted: Quote) -> tuple[SaleRow, ...]:
    """The rows as they are sold: with what is paid for each in money."""
    return tuple(
        SaleRow(
            amount_minor=priced.due_minor,
            discount_minor=priced.coupon_minor + priced.points_minor,
            tax_minor=quoting.tax_share(line, priced),
            quantity=line.quantity,
            sku=line.sku,
            description=line.description,
            category=line.category,
        )
        for line, priced in zip(cart.lines, quoted.lines, strict=True)
    )


def _take_back(wanted: RefundIn, now: datetime) -> Refunded:
    sold = _sold(wanted.number)
    if sold.customer_id is not None:
        programmes.lock_members([sold.customer_id])
    orders.wait_for_importers()
    before = _sold(wanted.number)  # as it is now that nobody else can take it back
    back = _back_rows(before, wanted)
    number = public_id("back", now)
    return_id, refund_minor = orders.take_back(order=before, rows=back, number=number, now=now)
    after = _sold(wanted.number)
    points_back = clawed = 0
    if after.customer_id is not None:
        points_back = programmes.give_back_points(
            order_source=TILL,
            order_number=after.number,
            share=_share_back(after),
            today=_today(now),
            now=now,
        )
        outcome = programmes.earn(customer_id=after.customer_id, event=_event_after(after), now=now)
        clawed = -outcome.points if outcome is not None else 0
    is_whole = all(map(_is_back, after.rows))
    coupon_is_back = is_whole and programmes.give_back_coupon(
        order_source=TILL, order_number=after.number, now=now
    )
    return Refunded(
        order_id=return_id,
        number=number,
        refund_minor=refund_minor,
        points_back=points_back,
        clawed_points=clawed,
        coupon_is_back=coupon_is_back,
        balance=quoting.balance_of(after.customer_id),
    )


def _sold(number: str) -> SoldOrder:
    found = order_queries.sold_order(TILL, number)
    if found is None:
        raise errors.SaleMissing(number=number)
    return found


def _back_rows(order: SoldOrder, wanted: RefundIn) -> list[BackRow]:
    """What comes back of which row: money alone, some pieces, or everything that is left."""
    if wanted.amount_minor:
        left = [row.left_minor for row in order.rows]
        if wanted.amount_minor > sum(left):
            return []
        money = discounts.shares(wanted.amount_minor, left)
        return [
            BackRow(row.position, row.quantity * 0, part)
            for row, part in zip(order.rows, money, strict=True)
        ]
    pieces = wanted.pieces or {row.position: row.left_quantity for row in order.rows}
    known = {row.position: row for row in order.rows}
    if not set(pieces) <= set(known):
        return []
    return [
        BackRow(place, quantity, _money_of(known[place], quantity))
        for place, quantity in sorted(pieces.items())
        if quantity
    ]


def _money_of(row: Any, quantity: Any) -> int:
    """What pieces of a row are worth in money: the last piece gets what is left, so that however
    a row is split its whole price is back in the end."""
    if quantity >= row.left_quantity:
        return int(row.left_minor)
    part = int(row.amount_minor * quantity / row.quantity)
    return min(part, int(row.left_minor))


def _is_back(row: SoldRow) -> bool:
    """Whether nothing of a row is left. Of a row rung up by its amount alone only the money is
    matched with its sale, never the pieces."""
    return not row.left_quantity or (row.amount_minor > 0 and not row.left_minor)


def _share_back(order: SoldOrder) -> tuple[int, int]:
    """Which part of the goods is back, by what they cost before discounts, in millionths of minor
    units."""
    back = whole = 0
    for row in order.rows:
        price = row.amount_minor + row.discount_minor
        whole += price * 1_000_000
        pieces = row.quantity if _is_back(row) else row.quantity - row.left_quantity
        back += int(price * 1_000_000 * pieces / row.quantity)
    return back, whole


def _event_after(order: SoldOrder) -> OrderEvent:
    paid_minor = order.total_minor - order.returned_minor
    return quoting.event_after(order, paid_minor)


def _today(now: datetime) -> date:
    company = staff.company()
    if company is None:
        raise NotSetUp
    return civil_day(now, zone(company.zone))
