"""The till attacked: rows alike, thirds of thirds, points too small to pay, limits in eight
threads, midnight beside a sale."""

import dataclasses
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from huitou.flows import checkout, daybreak, earning, erasure, following, joining
from huitou.flows.carts import Cart, CartLine, RefundIn
from huitou.orders import queries as orders
from huitou.orders.models import Order
from huitou.points import queries as points
from huitou.programmes import queries, services
from huitou.programmes.types import CouponState
from tests.services.programme_shop import (
    NOW,
    RULES,
    TODAY,
    balance,
    breaches,
    cart,
    open_shop,
    sell,
)
from tests.services.test_checkout_till import coupon_for, give_points
from tests.services.threads import in_threads, wait_until_somebody_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return open_shop()


def back(number, pieces=None, *, key, minor=0):
    wanted = RefundIn(number, pieces or {}, minor)
    return checkout.refund(wanted, key=key, actor="cli", now=NOW)


def sold_rows(number):
    """What is left of the rows of an order."""
    order = orders.sold_order("till", number)
    assert order is not None
    return order.rows


@pytest.mark.parametrize(
    "sku", [pytest.param("CUP", id="one product twice"), pytest.param("", id="amounts alone")]
)
@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_each_row_comes_back_for_its_own_price_also_when_rows_are_alike(shop, sku, order):
    rows = (CartLine(1_000, sku=sku), CartLine(4_000, sku=sku))
    sold = sell(Cart(store_id=shop.store.pk, lines=rows, customer_id=shop.member.pk))
    price = {1: 1_000, 2: 4_000}
    for place in order:
        got = back(sold.number, {place: Decimal(1)}, key=f"r{place}")
        assert got.refund_minor == price[place]
    assert balance(shop.member) == 0
    assert breaches() == []


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_back_in_whatever_parts_everything_is_back_in_the_end(shop, seed):
    dice = random.Random(seed)
    give_points(shop, 5_000)
    code = coupon_for(shop.member, amount_minor=dice.randint(1, 3_000))
    lines = tuple(
        CartLine(
            dice.choice([1, 333, 1_000, 9_999]),
            quantity=Decimal(dice.choice(["1", "3", "7", "0.333"])),
            sku=dice.choice(["", "A", "A", "B"]),
        )
        for _ in range(dice.randint(1, 5))
    )
    wanted = Cart(store_id=shop.store.pk, lines=lines, customer_id=shop.member.pk, coupon_code=code)
    payable = checkout.quote(wanted, now=NOW).payable_points
    sold = sell(dataclasses.replace(wanted, points=dice.randint(0, payable)))
    money = points_back = clawed = 0
    for turn in range(6):
        left = [row for row in sold_rows(sold.number) if row.left_quantity > 0]
        if not left:
            break
        row = dice.choice(left)
        pieces = min(row.left_quantity, Decimal(dice.choice(["1", "0.1", "2"])))
        got = back(sold.number, {row.position: pieces}, key=f"r{turn}")
        money += got.refund_minor
        points_back += got.points_back
        clawed += got.clawed_points
        now = {one.position: one for one in sold_rows(sold.number)}[row.position]
        assert now.left_quantity == row.left_quantity - pieces
        assert now.left_minor == row.left_minor - got.refund_minor
    if any(row.left_quantity or row.left_minor for row in sold_rows(sold.number)):
        got = back(sold.number, key="rest")
        money += got.refund_minor
        points_back += got.points_back
        clawed += got.clawed_points
    assert (money, points_back, clawed) == (sold.due_minor, sold.points, sold.earned_points)
    assert balance(shop.member) == 5_000
    assert breaches() == []
    assert services.settle_members(customer_ids=None, now=NOW) == 0


def test_points_that_pay_nothing_are_not_taken():
    """At 500 points a yuan five points are one fen: of 13 points ten pay two fen, three would
    vanish."""
    shop = open_shop(rules=dataclasses.replace(RULES, points_for_one_major=500))
    give_points(shop, 5_000)
    wanted = Cart(
        store_id=shop.store.pk, lines=(CartLine(6_200),), customer_id=shop.member.pk, points=13
    )
    sold = sell(wanted)
    assert (sold.points_minor, sold.points) == (2, 10)
    assert balance(shop.member) == 5_000 - 10 + sold.earned_points
    small = dataclasses.replace(wanted, points=4)
    assert (sell(small, key="k2").points, breaches()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_an_anonymous_order_comes_back_once_from_eight_tills():
    shop = open_shop()
    sold = sell(Cart(store_id=shop.store.pk, lines=(CartLine(6_200), CartLine(100))))
    found = in_threads(8, lambda n: back(sold.number, key=f"r{n}").refund_minor)
    assert sum(one for one in found if isinstance(one, int)) == 6_300


@pytest.mark.django_db(transaction=True)
def test_eight_phones_joining_under_one_new_address_are_one_member():
    open_shop()
    wanted = joining.Joining("new@home.test", "新客")
    found = in_threads(8, lambda _: joining.join(wanted, now=NOW).customer_id)
    assert len(set(found)) == 1, found


@pytest.mark.django_db(transaction=True)
def test_the_day_turned_beside_a_sale_forgets_nothing_of_it():
    """At midnight old points stop counting for the tier; a sale that commits while the sweep waits
    for the member must not be told away by it."""
    shop = open_shop()
    sell(cart(shop, 150))
    later = NOW + timedelta(days=400)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.lock_members([shop.member.pk])
            sell(cart(shop, 120), key="night", now=later)
            told = pool.submit(
                in_threads, 1, lambda _: services.tell_tiers(today=later.date(), now=later)
            )
            wait_until_somebody_waits()
        told.result(30)
    member = queries.member(shop.member.pk)
    assert member is not None
    assert (member.qualifying_points, member.tier) == (120, "gold")


@pytest.mark.django_db(transaction=True)
def test_what_comes_back_of_somebody_erased_is_money_alone_and_the_check_stays_sound():
    shop = open_shop()
    code = coupon_for(shop.member)
    give_points(shop, 1_000)
    sold = sell(cart(shop, 100, points=1_000, coupon_code=code))
    following.follow(NOW)
    name = shop.member.code
    erasure.erase(name, confirmed=name, actor="cli", now=NOW)
    got = back(sold.number, key="r")
    assert (got.refund_minor, got.points_back, got.coupon_is_back) == (7_000, 0, False)
    assert queries.coupon(code, today=TODAY).state == CouponState.REDEEMED.value
    assert queries.check(today=TODAY, zone="Asia/Shanghai").is_sound
    assert breaches() == []


def test_points_of_an_order_that_comes_after_their_last_day_are_not_shown(shop):
    joined = NOW - timedelta(days=170)
    services.enrol(customer_ids=[shop.stranger.pk], source="import", joined_at=joined)
    Order.objects.create(
        id=99, source="pos", number="L1", customer=shop.stranger, store=shop.store, status="paid",
        ordered_at=NOW - timedelta(days=160), ordered_on=TODAY - timedelta(days=160),
        total_minor=6_200, is_counted=True, digest=b"", import_id=0, created_import_id=0,
    )  # fmt: skip
    late = NOW + timedelta(days=60)
    assert daybreak.turn_day(late)
    earning.follow_joining(1, {"customer_id": shop.stranger.pk}, late)
    kinds = [line.kind for line in points.statement(1, shop.stranger.pk)]
    assert sorted(kinds) == ["award", "expire"]
    assert balance(shop.stranger) == 0
    assert breaches() == []
