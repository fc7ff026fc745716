"""Twelve days at the tills of a made-up shop: members pay with points and coupons, some bring back
what they bought, and points whose last day has passed expire, day by day as the shop's own tick
does it. Everything goes through the flows a real till uses, each at its own moment.

Those at the till are members who had stayed away for weeks, so that nothing of theirs happens out
of turn, and it lies after the windows of the campaigns, whose true effects it leaves alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from huitou.audiences import queries as audiences
from huitou.audiences import registry
from huitou.flows import checkout
from huitou.flows.carts import Cart, CartLine, Receipt, RefundIn
from huitou.kit.clock import zone
from huitou.kit.conditions.parsing import parse
from huitou.orders import services as orders
from huitou.points import services as points
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.staff import queries as staff

ACTOR: Final = "demo"
DAYS: Final = 12
SALES_A_DAY: Final = 12
SWEPT_DAYS: Final = 20  # before: what had expired by then
_AWAY_DAYS: Final = (20, 75)
_ENOUGH_POINTS: Final = 400
_COUPON_FROM: Final = 2_500
_GOODS: Final = (
    ("拿铁", 3_200),
    ("手冲", 3_800),
    ("美式", 2_200),
    ("拼配豆 250g", 8_800),
    ("挂耳 10 片", 6_900),
)
# How often who has a coupon uses it, how often others pay with points; and what comes back.
_WITH_COUPON, _WITH_POINTS = 0.8, 0.6
_WHOLE_BACK, _PART_BACK = 0.08, 0.05


@dataclass(frozen=True, slots=True)
class Told:
    """What happened at the tills."""

    sales: int = 0
    redeemed_points: int = 0
    coupons: int = 0
    refunds: int = 0
    clawed_points: int = 0
    expired_points: int = 0


def fill(*, last_on: date, seed: int = 41) -> Told:
    """Sell, redeem, take back and let expire through ``last_on``; says how much of each."""
    random = np.random.default_rng(seed)
    expired = sum(
        _expire(last_on - timedelta(days=back)) for back in range(SWEPT_DAYS, DAYS - 1, -1)
    )
    guests = _guests(last_on, random)
    coupons = _coupons(guests, last_on)
    told = Told(expired_points=expired)
    sold: list[int] = []
    for back in range(DAYS - 1, -1, -1):
        day = last_on - timedelta(days=back)
        told = _more(told, expired_points=_expire(day))
        for now in _moments(day, random):
            if not guests:
                break
            guest = guests.pop()
            receipt = _sell(guest, coupons.get(guest, ""), now, random)
            sold.append(receipt.order_id)
            told = _more(
                told,
                sales=1,
                redeemed_points=receipt.points,
                coupons=int(receipt.coupon_minor > 0),
            )
            told = _bring_back(told, receipt, now, sold, random)
    evening = _at(last_on, time(23))
    orders.settle_sold(order_ids=sold, now=evening)
    programmes.tell_tiers(today=last_on, now=evening)
    return told


def _more(told: Told, **counts: int) -> Told:
    names = Told.__dataclass_fields__
    return Told(**{name: getattr(told, name) + counts.get(name, 0) for name in names})


def _expire(day: date) -> int:
    """What expires at the beginning of ``day``, as the tick of that day would do it."""
    return points.expire_due(day, now=_at(day, time(0, 5))).points


def _guests(last_on: date, random: np.random.Generator) -> list[int]:
    """Members with points to spend who had not come for a while, in an order of their own."""
    near, far = _AWAY_DAYS
    since, until = last_on - timedelta(days=far), last_on - timedelta(days=near)
    conditions = [
        {"field": "is_member", "op": "eq", "value": True},
        {"field": "points_balance", "op": "gte", "value": _ENOUGH_POINTS},
        {"field": "last_purchase_on", "op": "between", "value": [str(since), str(until)]},
    ]
    expression = parse({"v": 1, "where": {"all": conditions}}, registry.registry())
    found = audiences.members(expression, today=last_on, now=_at(last_on, time(12)))
    wanted = min(DAYS * SALES_A_DAY, len(found))
    return [int(one) for one in random.choice(np.sort(found), wanted, replace=False)]


def _coupons(guests: list[int], last_on: date) -> dict[int, str]:
    """A coupon of the first batch for every third guest."""
    batches = programme_queries.batches()
    if not batches or not guests:
        return {}
    opened = _at(last_on - timedelta(days=DAYS), time(9))
    return programmes.issue_coupons(
        batch_public_id=batches[-1].public_id,
        customer_ids=guests[::3],
        source_key="demo:till",
        now=opened,
    )


def _moments(day: date, random: np.random.Generator) -> Iterator[datetime]:
    """When the guests of a day come, in order."""
    minutes = np.sort(random.choice(13 * 60, SALES_A_DAY, replace=False))
    for minute in minutes.tolist():
        yield _at(day, time(8 + minute // 60, minute % 60))


def _sell(guest: int, coupon: str, now: datetime, random: np.random.Generator) -> Receipt:
    stores = staff.stores()
    store = stores[int(random.integers(len(stores)))].id
    picked = random.choice(len(_GOODS), int(random.integers(1, 4)))
    lines = tuple(
        CartLine(_GOODS[place][1], description=_GOODS[place][0], category=_GOODS[place][0])
        for place in picked.tolist()
    )
    is_enough = sum(line.amount_minor for line in lines) >= _COUPON_FROM
    uses_coupon = coupon and is_enough and random.random() < _WITH_COUPON
    cart = Cart(store, lines, guest, coupon if uses_coupon else "")
    quote = checkout.quote(cart, now=now)
    if not uses_coupon and random.random() < _WITH_POINTS and quote.payable_points >= 100:
        hundreds = quote.payable_points // 100
        cart = Cart(store, lines, guest, points=hundreds * 100)
        quote = checkout.quote(cart, now=now)
    return checkout.checkout(
        cart,
        quote_digest=quote.digest,
        key=f"demo:{guest}:{now:%Y%m%d%H%M}",
        actor=ACTOR,
        now=now,
    )


def _bring_back(
    told: Told, receipt: Receipt, now: datetime, sold: list[int], random: np.random.Generator
) -> Told:
    """Now and then somebody is back within the hour: the bean was stale, the bag was torn."""
    drawn = random.random()
    if drawn >= _WHOLE_BACK + _PART_BACK or receipt.due_minor < 200:
        return told
    part = receipt.due_minor // 2 if drawn >= _WHOLE_BACK else 0
    back = checkout.refund(
        RefundIn(receipt.number, amount_minor=part),
        key=f"demo:{receipt.number}",
        actor=ACTOR,
        now=now + timedelta(minutes=40),
    )
    sold.append(back.order_id)
    return _more(told, refunds=1, clawed_points=back.clawed_points)


def _at(day: date, at: time) -> datetime:
    company = staff.company()
    return datetime.combine(day, at, zone(company.zone if company else "UTC"))
