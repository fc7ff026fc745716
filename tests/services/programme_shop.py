"""A café with a programme: one point a yuan, gold from 100 qualifying points, points pay half."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from huitou.customers.models import Customer
from huitou.flows import checkout
from huitou.flows.carts import Cart, CartLine
from huitou.points import queries as points
from huitou.programmes import services as programmes
from huitou.programmes.types import Expiry, Rules, Tier
from huitou.staff.models import Company, Store

NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 6, 30)
RULES = Rules(
    points_per_major=Fraction(1),
    expiry=Expiry(months=6),
    tiers=(Tier("base", "普通", "Member", 0), Tier("gold", "黄金", "Gold", 100, 150)),
    points_for_one_major=100,
    paying_ceiling_percent=50,
)


@dataclass
class Shop:
    """What the tests speak of."""

    store: Store
    member: Customer
    stranger: Customer  # a customer who has not joined


def open_shop(*, now: datetime = NOW, rules: Rules = RULES) -> Shop:
    """The café on its first day."""
    Company.objects.create(
        name="山野咖啡", zone="Asia/Shanghai", currency="CNY", industry="cafe", created_at=now
    )
    store = Store.objects.create(code="S1", name="人民广场店", zone="Asia/Shanghai", created_at=now)
    member, stranger = (
        Customer.objects.create(code=code, name=code, created_at=now) for code in ("C1", "C2")
    )
    programmes.start(name="豆友", rules=rules, valid_from=date(2026, 1, 1), actor="cli", now=now)
    programmes.join(customer_id=member.pk, source="till", actor="cli", now=now)
    return Shop(store, member, stranger)


def cart(shop: Shop, *yuan: float, customer: Customer | None = None, **more) -> Cart:
    """Rows of so many yuan each, of the member or of another customer."""
    who = customer or shop.member
    rows = tuple(CartLine(round(price * 100), sku=f"P{n}") for n, price in enumerate(yuan))
    return Cart(store_id=shop.store.pk, lines=rows, customer_id=who.pk, **more)


def sell(wanted: Cart, *, key: str = "k1", now: datetime = NOW):
    """Quote and sell at once."""
    digest = checkout.quote(wanted, now=now).digest
    return checkout.checkout(wanted, quote_digest=digest, key=key, actor="cli", now=now)


def balance(customer: Customer, unit: str = "points") -> int:
    """What the ledger says the customer has."""
    return points.account(1, customer.pk, unit).balance


def breaches() -> list:
    """What is unsound in the ledger: nothing, ever."""
    return list(points.audit().breaches)
