"""The tills of the demonstration: points pay, come back and expire, and the books add up."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huitou.flows import demo_programme, demo_till
from huitou.orders import services as orders
from huitou.orders.models import Order
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.programmes.models import Coupon
from tests.services.measured_shop import Sale, found

LAST_ON = date(2026, 6, 30)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 1, 9, tzinfo=ZONE)
FIRST = datetime(2026, 6, 1, tzinfo=ZONE)


@pytest.mark.django_db(transaction=True)
def test_the_tills_redeem_take_back_and_let_expire_and_the_books_add_up():
    made = found()
    made.add(
        Sale(f"c{number:03}", LAST_ON - timedelta(days=back))
        for number in range(300)
        for back in (195, 150, 90, 60, 30)
    )
    bought = Order.objects.values_list("pk", flat=True)
    orders.settle_sold(order_ids=list(bought), now=NOW)
    assert demo_programme.fill(last_on=LAST_ON, now=NOW) > 100
    told = demo_till.fill(last_on=LAST_ON)
    assert told.sales == demo_till.DAYS * demo_till.SALES_A_DAY
    assert min(told.redeemed_points, told.coupons, told.refunds, told.clawed_points) > 0
    totals = points.totals(1, FIRST, NOW)
    assert totals.expired == told.expired_points > 0
    assert 0 < totals.redeemed <= told.redeemed_points  # what was given back is not redeemed
    assert points.audit().is_sound
    assert programmes.check(today=LAST_ON, zone=str(ZONE)).is_sound
    assert 0 < Coupon.objects.filter(state="redeemed").count() <= told.coupons
    sold = Order.objects.filter(source="till", total_minor__gt=0)
    assert sold.values("customer_id").distinct().count() == told.sales
    assert not sold.filter(ordered_at__gt=NOW).exists()
