"""Imported orders earn by the follower, once; what changes or comes back is compared, not added."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from huitou.customers.models import Customer
from huitou.flows import checkout, daybreak, following
from huitou.flows.carts import RefundIn
from huitou.flows.registry import FOLLOWERS
from huitou.flows.tick import WAKERS, tick
from huitou.orders.models import Order
from huitou.platform import followups
from huitou.platform.followups import LONGEST_WAIT
from huitou.points import queries as points
from huitou.programmes import queries, services
from huitou.programmes.errors import RollbackBlockedByPoints
from huitou.programmes.models import Earning, Membership
from tests.services.incoming import HEADER, bring_in, csv, roll_back
from tests.services.programme_shop import NOW, TODAY, balance, breaches, cart, open_shop, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return open_shop()


def bought(path: Path, *lines: str, now=NOW):
    """Import these orders of the source pos."""
    result = bring_in(csv(path, "a.csv", *lines), now=now, source="pos")
    assert result.applied, result.error
    following.follow(now)
    return result


def line(number, day, yuan, *, customer="C1", status="paid"):
    return f"{number},{customer},{day},{yuan},CNY,A,1,{status},"


def test_orders_of_members_earn_when_they_are_imported(shop, tmp_path):
    bought(
        tmp_path,
        line("1", "2026-06-30", "62.90"),
        line("2", "2026-06-29", "500"),  # before joining
        line("3", "2026-06-30", "70", customer="C2"),  # not a member
        line("4", "2026-06-30", "80", customer=""),
        line("5", "2026-06-30", "90", status="pending"),
    )
    assert balance(shop.member) == 62
    assert balance(shop.stranger) == 0
    (told,) = points.statement(1, shop.member.pk)
    assert (told.why["order_source"], told.why["order_number"]) == ("pos", "1")
    assert breaches() == []


def test_the_same_file_again_earns_nothing_more(shop, tmp_path):
    for _ in range(2):
        bring_in(csv(tmp_path, "a.csv", line("1", "2026-06-30", "62")), now=NOW, source="pos")
        following.follow(NOW)
    services.settle_members(customer_ids=None, now=NOW)
    assert balance(shop.member) == 62
    assert len(points.statement(1, shop.member.pk)) == 1


def test_an_order_that_changes_earns_the_difference(shop, tmp_path):
    for yuan, expected in (("62", 62), ("80.5", 80), ("10", 10), ("0", 0), ("30", 30)):
        bought(tmp_path, line("1", "2026-06-30", yuan))
        assert balance(shop.member) == expected
    assert breaches() == []


def test_an_order_that_turns_out_to_be_somebody_elses_moves_its_points(shop, tmp_path):
    services.join(customer_id=shop.stranger.pk, source="till", actor="cli", now=NOW)
    bought(tmp_path, line("1", "2026-06-30", "62"))
    bought(tmp_path, line("1", "2026-06-30", "62", customer="C2"))
    assert (balance(shop.member), balance(shop.stranger)) == (0, 62)
    assert breaches() == []


def test_goods_that_come_back_in_a_later_file_take_their_points_along(shop, tmp_path):
    bought(tmp_path, line("1", "2026-06-30", "62"), line("2", "2026-06-30", "20"))
    bought(tmp_path, "9,C1,2026-06-30,-40,CNY,A,-1,,1")
    assert balance(shop.member) == 22 + 20
    assert balance(shop.member, "qualifying") == 42


def test_an_import_whose_orders_earned_cannot_be_undone(shop, tmp_path):
    result = bought(tmp_path, line("1", "2026-06-30", "62"))
    with pytest.raises(RollbackBlockedByPoints) as refused:
        roll_back(result.import_id)
    assert refused.value.facts["count"] == 1
    assert balance(shop.member) == 62


def test_an_import_of_strangers_can_be_undone(shop, tmp_path):
    result = bought(tmp_path, line("1", "2026-06-30", "62", customer="C2"))
    roll_back(result.import_id)
    assert not Order.objects.exists()


def test_an_order_of_the_day_of_joining_earns_when_the_customer_joins_after_it(shop):
    sell(cart(shop, 62, customer=shop.stranger))
    services.join(customer_id=shop.stranger.pk, source="till", actor="cli", now=NOW)
    following.follow(NOW)
    assert balance(shop.stranger) == 62


def test_the_till_and_the_import_earn_the_same(shop, tmp_path):
    services.join(customer_id=shop.stranger.pk, source="till", actor="cli", now=NOW)
    following.follow(NOW)
    amounts = [99.99, 0.01, 33.33, 120]
    for n, yuan in enumerate(amounts):
        sell(cart(shop, yuan), key=f"k{n}", now=NOW + timedelta(minutes=n))
    bought(
        tmp_path,
        *(
            line(f"{n}", f"2026-06-30 12:0{n}", f"{yuan}", customer="C2")
            for n, yuan in enumerate(amounts)
        ),
    )
    one, other = (
        [(row.points, row.expires_on, row.kind) for row in points.statement(1, who.pk)]
        for who in (shop.member, shop.stranger)
    )
    assert one == other
    assert breaches() == []


def test_a_sale_of_the_till_is_not_earned_again_by_a_settling(shop):
    sold = sell(cart(shop, 62))
    checkout.refund(RefundIn(sold.number, amount_minor=1_234), key="r", actor="cli", now=NOW)
    before = points.statement(1, shop.member.pk)
    assert services.settle_members(customer_ids=None, now=NOW) == 0
    assert points.statement(1, shop.member.pk) == before


def test_a_recount_agrees_until_somebody_tampers(shop, tmp_path):
    bought(tmp_path, line("1", "2026-06-30", "162.90"), line("2", "2026-06-30", "20"))
    sold = sell(cart(shop, 50))
    checkout.refund(RefundIn(sold.number, amount_minor=1_234), key="r", actor="cli", now=NOW)
    found = queries.check(today=TODAY, zone="Asia/Shanghai")
    assert found.is_sound, found
    assert found.orders == 3
    bring_in(csv(tmp_path, "b.csv", line("3", "2026-06-30", "30")), now=NOW, source="pos")
    assert queries.check(today=TODAY, zone="Asia/Shanghai").unsettled == ["3"]
    following.follow(NOW)
    Earning.objects.filter(number="2").update(points=99)
    Membership.objects.update(qualifying_points=5)
    found = queries.check(today=TODAY, zone="Asia/Shanghai")
    assert (found.miscounted, found.mistold) == (["2"], [shop.member.pk])
    assert found.unposted == []


def test_points_and_tiers_of_the_new_day(shop):
    sell(cart(shop, 120))
    assert queries.member(shop.member.pk).tier == "gold"
    last_use = datetime(2026, 12, 30, 10, tzinfo=NOW.tzinfo)
    daybreak.turn_day(last_use)
    assert balance(shop.member) == 120
    assert daybreak.turn_day(last_use) is False
    daybreak.turn_day(last_use + timedelta(days=1))
    assert balance(shop.member) == 0
    assert queries.member(shop.member.pk).tier == "gold"  # its points are older than the tier's
    daybreak.turn_day(datetime(2027, 7, 1, 10, tzinfo=NOW.tzinfo))
    fallen = queries.member(shop.member.pk)
    assert (fallen.tier, fallen.qualifying_points) == ("base", 0)
    changes = queries.tier_changes(shop.member.pk)
    assert [(one.tier_before, one.tier_after) for one in changes] == [
        ("gold", "base"),
        ("base", "gold"),
        ("", "base"),
    ]
    assert breaches() == []


def test_every_follower_and_waker_exists():
    from huitou.flows.naming import function_named

    names = [name for some in FOLLOWERS.values() for name in some] + [name for _, name in WAKERS]
    assert names
    for name in names:
        assert callable(function_named(name)), name
    assert list(FOLLOWERS) == sorted(FOLLOWERS)


def test_a_follower_that_fails_is_tried_again_later_and_never_in_the_way(shop, monkeypatch):
    following.follow(NOW)
    failing = {"orders.sold": ("tests.services.test_programmes_earning:fail", "os:getpid")}
    followups.let_follow(failing)
    try:
        sell(cart(shop, 62))
    finally:
        followups.let_follow(FOLLOWERS)
    assert following.follow(NOW) == 0  # os:getpid takes no fact: it fails too
    waiting = followups.waiting(only_failed=True)
    assert [(row.attempts, row.error) for row in waiting] == [(1, "RuntimeError"), (1, "TypeError")]
    assert {row.due_at for row in waiting} == {NOW + timedelta(minutes=1)}
    assert following.follow(NOW) == 0
    for _ in range(12):
        following.follow(max(row.due_at for row in followups.waiting()))
    assert followups.counts() == (2, 2)
    first = followups.waiting()[0]
    assert first.due_at - NOW > LONGEST_WAIT
    assert followups.retry_all() == 2
    assert followups.waiting()[0].due_at is None


def fail(fact_id, payload, now):
    """A follower that writes and then fails: what it wrote must go too."""
    Customer.objects.create(code="ghost", created_at=now)
    raise RuntimeError


def test_what_a_failing_follower_wrote_is_not_kept(shop):
    followups.let_follow({"orders.sold": ("tests.services.test_programmes_earning:fail",)})
    try:
        sell(cart(shop, 62))
    finally:
        followups.let_follow(FOLLOWERS)
    following.follow(NOW)
    assert not Customer.objects.filter(code="ghost").exists()


def test_a_waker_that_fails_does_not_stop_the_others(monkeypatch):
    wakers = (("bad", "no.such:thing"), ("well", "builtins:str"), ("worse", "time:gmtime"))
    monkeypatch.setattr("huitou.flows.tick.WAKERS", wakers)
    assert tick(NOW) == ["bad", "worse"]


@pytest.mark.django_db(transaction=True)
def test_followers_are_asked_for_after_the_commit_by_one_job():
    shop = open_shop()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    sell(cart(shop, 1))
    sell(cart(shop, 2), key="k2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'flows.follow'")
        assert cursor.fetchone() == (1,)
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert date.fromisoformat("2026-06-30") == TODAY
    assert HEADER
