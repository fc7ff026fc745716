"""The till: what a cart costs, selling it, taking it back; several rooms in one transaction."""

from datetime import datetime

from huitou.flows.carts import Cart, Quote, Receipt, Refunded, RefundIn


def quote(cart: Cart, *, now: datetime) -> Quote:
    """What the cart costs and earns now. Writes nothing.

    Raises:
        CartInvalid: an empty cart, an amount below 0.
        CouponUnknown, CouponUnusable, CouponOfAnother, CouponMinimum: about the coupon.
        NotMember: points are to be used and the customer is no member.
        PointsNotPayable: more points than the customer has or the ceiling allows.
    """
    raise NotImplementedError


def checkout(cart: Cart, *, quote_digest: str, key: str, actor: str, now: datetime) -> Receipt:
    """Sell the cart as quoted: order, points, coupon, all or nothing.

    The same ``key`` with the same cart gets the same receipt and writes nothing.

    Raises:
        QuoteChanged: the cart costs or earns something else by now; ask for a quote again.
        KeyUsed: the key was used for another cart.
    """
    raise NotImplementedError


def refund(wanted: RefundIn, *, key: str, actor: str, now: datetime) -> Refunded:
    """Take back an order of the till, or a part of it: money, points both ways, the coupon.

    Raises:
        OrderMissing: no order of the till has this number.
        RefundTooMuch: more than is left of the order.
        KeyUsed: the key was used for another refund.
        OrdersBusy: an import is being written; try again in a minute.
    """
    raise NotImplementedError
