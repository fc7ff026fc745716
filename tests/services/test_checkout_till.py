"""The till quotes, sells and takes back: order, points and coupon, all or nothing, once."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from huitou.flows import checkout, following
from huitou.flows.carts import CartLine, RefundIn
from huitou.flows.errors import CartInvalid, PointsNotPayable, QuoteChanged, SaleMissing
from huitou.orders.errors import ReturnTooMuch
from huitou.orders.models import Order
from huitou.orders.services import lock
from huitou.platform.errors import KeyReused
from huitou.points import queries as points
from huitou.programmes import models, queries, services
from huitou.programmes.errors import CouponMinimum, CouponOfAnother, CouponUnusable, NotMember
from huitou.programmes.types import BatchIn, CouponKind, CouponState
from tests.services.programme_shop import NOW, TODAY, balance, breaches, cart, open_shop, sell
from tests.services.threads import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return open_shop()


def coupon_for(customer, *, now=NOW, **given):
    """The code of a fresh coupon of 20 yuan, or as said."""
    batch = BatchIn(
        **{"name": "回来喝一杯", "kind": CouponKind.AMOUNT, "amount_minor": 2_000, **given}
    )
    made = services.add_batch(batch=batch, actor="cli", now=now)
    codes = services.issue_coupons(
        batch_public_id=made, customer_ids=[customer.pk], source_key="t", now=now
    )
    return codes[customer.pk]


def give_points(shop, count, *, key="gift", now=NOW):
    given = services.CompensationIn(key, "case_1", shop.member.pk, points=count)
    services.compensate(given=given, actor="cli", now=now)


def test_a_sale_is_an_order_and_points_and_says_both_on_the_receipt(shop):
    receipt = sell(cart(shop, 62, 10.5))
    assert (receipt.due_minor, receipt.earned_points, receipt.balance) == (7_250, 72, 72)
    order = Order.objects.get()
    assert (order.source, order.number, order.total_minor) == ("till", receipt.number, 7_250)
    assert (order.is_counted, order.ordered_on) == (True, TODAY)
    assert balance(shop.member) == balance(shop.member, "qualifying") == 72
    (line,) = points.statement(1, shop.member.pk)
    assert line.why["order_number"] == receipt.number
    assert line.why["base_minor"] == 7_250
    assert line.expires_on == date(2026, 12, 30)
    assert breaches() == []


def test_the_figures_of_the_customer_follow_the_sale(shop):
    sell(cart(shop, 62))
    assert following.follow(NOW) > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT purchases, net_minor, last_ordered_on FROM audiences_person")
        assert cursor.fetchall() == [(1, 6_200, TODAY)]
        cursor.execute("SELECT DISTINCT month_on FROM orders_monthchange")
        assert cursor.fetchall() == [(date(2026, 6, 1),)]


def test_a_quote_writes_nothing(shop):
    checkout.quote(cart(shop, 62), now=NOW)
    assert not Order.objects.exists()
    assert balance(shop.member) == 0


def test_the_same_key_gets_the_same_receipt_and_nothing_twice(shop):
    wanted = cart(shop, 62)
    digest = checkout.quote(wanted, now=NOW).digest
    said = {"quote_digest": digest, "key": "k", "actor": "cli"}
    first = checkout.checkout(wanted, now=NOW, **said)
    again = checkout.checkout(wanted, now=NOW + timedelta(minutes=3), **said)
    assert again.is_repeat
    assert again.number == first.number
    assert balance(shop.member) == 62
    assert Order.objects.count() == 1
    with pytest.raises(KeyReused):
        checkout.checkout(cart(shop, 63), now=NOW, **said)


def test_an_order_that_costs_something_else_by_now_is_refused(shop):
    wanted = cart(shop, 62)
    with pytest.raises(QuoteChanged):
        checkout.checkout(wanted, quote_digest="old", key="k", actor="cli", now=NOW)
    assert not Order.objects.exists()


def test_coupon_first_then_points_as_money_and_only_money_earns(shop):
    give_points(shop, 5_000)
    code = coupon_for(shop.member)
    quote = checkout.quote(cart(shop, 60, 40, coupon_code=code), now=NOW)
    assert (quote.coupon_minor, quote.payable_points) == (2_000, 4_000)  # half of 80 yuan
    receipt = sell(cart(shop, 60, 40, coupon_code=code, points=3_000))
    assert (receipt.amount_minor, receipt.coupon_minor, receipt.points_minor) == (
        10_000,
        2_000,
        3_000,
    )
    assert (receipt.due_minor, receipt.earned_points) == (5_000, 50)
    assert receipt.balance == 5_000 - 3_000 + 50
    assert breaches() == []
    found = queries.coupon(code, today=TODAY)
    assert (found.state, found.order_number, found.discount_minor) == (
        CouponState.REDEEMED.value,
        receipt.number,
        2_000,
    )


def test_a_hundred_percent_coupon_leaves_exactly_nothing(shop):
    code = coupon_for(shop.member, kind=CouponKind.PERCENT, amount_minor=0, percent=100)
    receipt = sell(cart(shop, 33.33, 0.01, coupon_code=code))
    assert (receipt.due_minor, receipt.earned_points) == (0, 0)
    assert Order.objects.get().is_counted


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        pytest.param({"points": 1}, PointsNotPayable, id="points there are not"),
        pytest.param({"coupon_code": "minimum"}, CouponMinimum, id="below the minimum"),
        pytest.param({"coupon_code": "ended"}, CouponUnusable, id="past its last day"),
        pytest.param({"coupon_code": "another"}, CouponOfAnother, id="somebody else's"),
    ],
)
def test_what_cannot_be_used_is_refused_when_quoted(shop, more, refusal):
    made = {
        "minimum": lambda: coupon_for(shop.member, minimum_minor=6_201),
        "ended": lambda: coupon_for(shop.member, valid_days=1, now=NOW - timedelta(days=9)),
        "another": lambda: coupon_for(shop.stranger),
    }
    code = more.get("coupon_code")
    given = {**more, **({"coupon_code": made[code]()} if code else {})}
    with pytest.raises(refusal):
        checkout.quote(cart(shop, 62, **given), now=NOW)


def test_who_has_not_joined_buys_without_points(shop):
    receipt = sell(cart(shop, 62, customer=shop.stranger))
    assert (receipt.earned_points, receipt.balance, receipt.tier) == (0, 0, "")
    with pytest.raises(NotMember):
        checkout.quote(cart(shop, 62, customer=shop.stranger, points=5), now=NOW)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((), id="empty"),
        pytest.param((CartLine(-1),), id="below nothing"),
        pytest.param((CartLine(5, quantity=Decimal(0)),), id="no piece"),
        pytest.param((CartLine(5, tax_minor=6),), id="more tax than price"),
    ],
)
def test_a_cart_that_cannot_be_is_refused(shop, rows):
    wanted = cart(shop, 1)
    with pytest.raises(CartInvalid):
        checkout.quote(type(wanted)(store_id=shop.store.pk, lines=rows), now=NOW)


def test_a_tier_comes_with_its_points_and_counts_from_the_next_order(shop):
    assert sell(cart(shop, 100)).tier == "gold"
    assert sell(cart(shop, 10), key="k2").earned_points == 15
    progress = queries.progress(shop.member.pk, today=TODAY)
    assert progress is not None
    assert (progress.qualifying_points, progress.next_tier) == (110, None)
    assert progress.keeps_until == date(2027, 6, 30)


def test_a_whole_refund_of_an_amount_without_goods_puts_everything_back(shop):
    give_points(shop, 5_000)
    code = coupon_for(shop.member)
    rung_up = cart(shop, 100, coupon_code=code, points=3_000)
    sold = sell(dataclasses.replace(rung_up, lines=(CartLine(10_000),)))
    back = checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW)
    assert (back.refund_minor, back.points_back, back.coupon_is_back) == (5_000, 3_000, True)


def test_a_whole_refund_puts_everything_back(shop):
    give_points(shop, 5_000)
    code = coupon_for(shop.member)
    sold = sell(cart(shop, 60, 40, coupon_code=code, points=3_000))
    back = checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW)
    assert (back.refund_minor, back.points_back, back.clawed_points) == (5_000, 3_000, 50)
    assert back.coupon_is_back
    assert back.balance == balance(shop.member) == 5_000
    assert queries.coupon(code, today=TODAY).state == CouponState.ISSUED.value
    assert not Order.objects.get(number=sold.number).is_counted
    assert breaches() == []
    again = checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW)
    assert again.is_repeat
    with pytest.raises(ReturnTooMuch):
        checkout.refund(RefundIn(sold.number), key="r2", actor="cli", now=NOW)


def test_refunds_piece_by_piece_end_where_one_would(shop):
    give_points(shop, 5_000)
    line = CartLine(9_999, quantity=Decimal(3), sku="CUP")
    wanted = type(cart(shop, 1))(
        store_id=shop.store.pk, lines=(line,), customer_id=shop.member.pk, points=1_000
    )
    sold = sell(wanted)
    assert sold.due_minor == 8_999
    found = [
        checkout.refund(RefundIn(sold.number, {1: Decimal(1)}), key=f"r{n}", actor="cli", now=NOW)
        for n in range(3)
    ]
    assert sum(one.refund_minor for one in found) == 8_999
    assert sum(one.points_back for one in found) == 1_000
    assert sum(one.clawed_points for one in found) == sold.earned_points == 89
    assert balance(shop.member) == 5_000
    assert breaches() == []


def test_money_alone_goes_back_and_the_goods_stay(shop):
    sold = sell(cart(shop, 60, 40))
    back = checkout.refund(RefundIn(sold.number, amount_minor=1_000), key="r", actor="cli", now=NOW)
    assert (back.refund_minor, back.clawed_points, back.coupon_is_back) == (1_000, 10, False)
    order = Order.objects.get(number=sold.number)
    assert (order.returned_minor, order.is_counted) == (1_000, True)


def test_points_spent_before_the_goods_come_back_are_owed(shop):
    sold = sell(cart(shop, 100))
    sell(cart(shop, 2, points=100), key="k2")
    back = checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW)
    assert back.balance == 0  # shown: what is owed is not shown as less than nothing
    account = points.account(1, shop.member.pk)
    assert account.owed > 0
    assert breaches() == []


def test_an_order_nobody_sold_cannot_come_back(shop):
    with pytest.raises(SaleMissing):
        checkout.refund(RefundIn("sale_X"), key="r", actor="cli", now=NOW)


def test_a_refusal_leaves_no_trace(shop):
    code = coupon_for(shop.member)
    sell(cart(shop, 62, coupon_code=code))
    wanted = cart(shop, 62, coupon_code=code)
    with pytest.raises(CouponUnusable):
        checkout.checkout(wanted, quote_digest="x", key="k9", actor="cli", now=NOW)
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tills_cannot_spend_the_same_points_or_the_same_coupon():
    shop = open_shop()
    give_points(shop, 3_000)
    code = coupon_for(shop.member)
    wanted = cart(shop, 70, coupon_code=code, points=2_000)
    digest = checkout.quote(wanted, now=NOW).digest
    found = in_threads(
        8,
        lambda n: (
            checkout.checkout(
                wanted, quote_digest=digest, key=f"till-{n}", actor="cli", now=NOW
            ).number
        ),
    )
    assert sum(one.startswith("sale_") for one in found) == 1
    assert set(found) - {one for one in found if one.startswith("sale_")} == {
        "programmes.coupon_used"
    }
    assert balance(shop.member) == 1_000 + 30
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_one_key_from_eight_tills_is_one_sale():
    shop = open_shop()
    wanted = cart(shop, 62)
    digest = checkout.quote(wanted, now=NOW).digest
    found = in_threads(
        8,
        lambda _: (
            checkout.checkout(wanted, quote_digest=digest, key="same", actor="cli", now=NOW).number
        ),
    )
    assert len(set(found)) == 1
    assert balance(shop.member) == 62


def test_an_anonymous_sale_is_an_order_of_nobody(shop):
    wanted = type(cart(shop, 1))(store_id=shop.store.pk, lines=(CartLine(6_200),))
    receipt = sell(wanted)
    assert (receipt.due_minor, receipt.earned_points, receipt.balance) == (6_200, 0, 0)
    following.follow(NOW)
    back = checkout.refund(RefundIn(receipt.number), key="r", actor="cli", now=NOW)
    assert (back.refund_minor, back.clawed_points) == (6_200, 0)


@pytest.mark.django_db(transaction=True)
def test_a_refund_says_that_it_waits_for_an_import_and_a_sale_does_not_wait():
    shop = open_shop()
    sold = sell(cart(shop, 62))
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock()  # as an import does while it writes
        said = pool.submit(
            in_threads,
            1,
            lambda _: checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW),
        )
        assert said.result(30) == ["orders.busy"]
        beside = pool.submit(in_threads, 1, lambda _: sell(cart(shop, 5), key="k2").due_minor)
        assert beside.result(30) == [500]
        told = pool.submit(in_threads, 1, lambda _: following.follow(NOW))
        assert told.result(30) == [1]  # the joining; what was sold is told later
    back = checkout.refund(RefundIn(sold.number), key="r", actor="cli", now=NOW)
    assert back.refund_minor == 6_200
    assert following.follow(NOW + timedelta(minutes=1)) == 2


@pytest.mark.django_db(transaction=True)
def test_tills_refunds_and_settlings_at_once_leave_a_sound_ledger():
    shop = open_shop()
    give_points(shop, 10_000)

    def work(n):
        at = NOW + timedelta(minutes=n)
        for turn in range(4):
            key = f"{n}-{turn}"
            if n == 0:
                services.settle_members(customer_ids=None, now=at)
                following.follow(at)
                continue
            wanted = cart(shop, 10 + n, 3, points=100 * (turn % 2))
            while True:  # another till changed the tier meanwhile: quote again
                digest = checkout.quote(wanted, now=at).digest
                try:
                    sold = checkout.checkout(
                        wanted, quote_digest=digest, key=key, actor="cli", now=at
                    )
                except QuoteChanged:
                    continue
                break
            if turn % 2:
                checkout.refund(RefundIn(sold.number), key=key, actor="cli", now=at)
        return "done"

    assert in_threads(6, work) == ["done"] * 6
    assert breaches() == []
    later = NOW + timedelta(hours=1)
    assert services.settle_members(customer_ids=None, now=later) == 0
    for minutes in range(5):  # one till may have been writing while another was told of
        following.follow(later + timedelta(minutes=minutes))
    kept = sum(one.points for one in models.Earning.objects.all())
    paid = sum(one.points - one.points_back for one in models.Payment.objects.all())
    assert balance(shop.member) == 10_000 + kept - paid
    assert paid == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT net_minor FROM audiences_person")
        assert cursor.fetchall() == [(sum((10 + n + 3) * 200 for n in range(1, 6)),)]
