"""A café with a programme and one member who bought twice: for the doors of members and tills."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from django.test import Client
from django.utils import timezone

from huitou.customers import services as customers
from huitou.customers.types import NewcomerIn
from huitou.flows import checkout
from huitou.flows.carts import Cart, CartLine, Receipt
from huitou.programmes import queries, services
from huitou.programmes.types import BatchIn, CouponKind, Rules, Tier
from huitou.staff import queries as staff

MAIL = "yinuo@example.com"
TIERS = (Tier("basic", "普通", "Basic", 0), Tier("gold", "黄金", "Gold", 100, 150))


@dataclass(frozen=True)
class Member:
    """What the tests speak of."""

    customer_id: int
    card_number: str
    coupon: str
    store_id: int
    browser: Client


def start_programme() -> None:
    """One point a yuan, two tiers, points pay 100 for one yuan."""
    services.start(
        name="山野会员",
        rules=Rules(points_per_major=Fraction(1), tiers=TIERS),
        valid_from=timezone.localdate() - timedelta(days=30),
        actor="cli",
        now=timezone.now(),
    )


def member(*, language: str = "en") -> Member:
    """Somebody who joined, signed in, with a coupon of 5 yuan from 20 on."""
    now = timezone.now()
    newcomer = NewcomerIn("陈一诺", MAIL, "13800001234")
    customer_id = customers.welcome(newcomer=newcomer, now=now)
    services.join(customer_id=customer_id, source="portal", actor="system", now=now)
    batch = services.add_batch(
        batch=BatchIn(
            "第二杯优惠券",
            CouponKind.AMOUNT,
            amount_minor=500,
            minimum_minor=2_000,
            ends_on=timezone.localdate() + timedelta(days=3),
        ),
        actor="user:1",
        now=now,
    )
    coupons = services.issue_coupons(
        batch_public_id=batch, customer_ids=[customer_id], source_key="test", now=now
    )
    known = queries.member(customer_id)
    assert known is not None
    browser = signed_in(customer_id, language=language)
    store_id = staff.stores()[0].id
    return Member(customer_id, known.card_number, coupons[customer_id], store_id, browser)


def signed_in(customer_id: int, *, language: str = "en") -> Client:
    """A browser this customer is signed in with."""
    browser = Client(headers={"Accept-Language": language})
    token = customers.open_session(customer_id=customer_id, now=timezone.now())
    browser.cookies["huitou_member"] = token
    return browser


def buy(who: Member, amount_minor: int, *, key: str) -> Receipt:
    """This member buys something."""
    now = timezone.now()
    cart = Cart(who.store_id, (CartLine(amount_minor),), who.customer_id)
    quote = checkout.quote(cart, now=now)
    return checkout.checkout(
        cart, quote_digest=quote.digest, key=key, actor="user:1", now=timezone.now()
    )
