"""Members come and go, rules change from a day on, coupons are used once, harm is made up for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction

from huitou.customers.models import Customer
from huitou.flows import checkout, compensation
from huitou.flows.carts import Cart, CartLine
from huitou.flows.compensation import Compensation
from huitou.points import queries as points
from huitou.points.errors import PointsShort
from huitou.programmes import errors, models, queries, services
from huitou.programmes.services import Use
from huitou.programmes.types import BatchIn, CouponKind
from huitou.staff import services as staff
from huitou.staff.types import UserIn
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return open_shop()


def batch(**given):
    return services.add_batch(
        batch=BatchIn(**{"name": "咖啡", "kind": CouponKind.AMOUNT, "amount_minor": 500, **given}),
        actor="cli",
        now=NOW,
    )


def agent(role="service_agent"):
    user = UserIn(f"{role}@example.com", role, role)
    return f"user:{staff.add_user(user=user, password='a-long-passphrase-1', actor='cli', now=NOW)}"


def test_joining_twice_is_joining_once_and_leaving_keeps_card_and_points(shop):
    first = queries.member(shop.member.pk)
    again = services.join(customer_id=shop.member.pk, source="portal", actor="cli", now=NOW)
    assert again == first
    assert first.card_number.startswith("H")
    assert len(first.card_number) == 12
    assert (first.tier, first.joined_on) == ("base", TODAY)
    sell(cart(shop, 62))
    services.leave(customer_id=shop.member.pk, actor="cli", now=NOW)
    assert queries.member_with_card(first.card_number) is None
    assert queries.tier_counts() == []
    assert sell(cart(shop, 62), key="k2").earned_points == 0
    assert balance(shop.member) == 62
    with pytest.raises(errors.NotMember):
        services.leave(customer_id=shop.member.pk, actor="cli", now=NOW)
    later = NOW + timedelta(days=9)
    back = services.join(customer_id=shop.member.pk, source="till", actor="cli", now=later)
    assert (back.card_number, back.left_at) == (first.card_number, None)
    assert back.joined_on == date(2026, 7, 9)


def test_a_card_is_found_however_it_is_read(shop):
    card = queries.member(shop.member.pk).card_number
    for read in (card, card.lower(), f" {card[:4]} {card[4:8]}-{card[8:]} "):
        assert queries.member_with_card(read).customer_id == shop.member.pk
    assert queries.member_with_card("") is None


def test_there_is_one_programme(shop):
    with pytest.raises(errors.AlreadyStarted):
        services.start(name="b", rules=RULES, valid_from=TODAY, actor="cli", now=NOW)


def test_new_rules_begin_on_their_day_and_what_was_earned_stays(shop):
    sell(cart(shop, 50))
    double = replace(RULES, points_per_major=Fraction(2))
    tomorrow = TODAY + timedelta(days=1)
    version = services.change_rules(rules=double, valid_from=tomorrow, actor="cli", now=NOW)
    assert version == 2
    assert sell(cart(shop, 10), key="k2").earned_points == 10
    later = NOW + timedelta(days=1)
    assert sell(cart(shop, 10), key="k3", now=later).earned_points == 20
    assert services.settle_members(customer_ids=None, now=later) == 0
    with pytest.raises(errors.RulesInThePast):
        services.change_rules(rules=RULES, valid_from=TODAY, actor="cli", now=later)


def test_a_lower_ladder_of_today_lifts_members_at_once(shop):
    sell(cart(shop, 50))
    low = replace(RULES, tiers=(RULES.tiers[0], replace(RULES.tiers[1], from_points=50)))
    services.change_rules(rules=low, valid_from=TODAY, actor="cli", now=NOW)
    assert queries.member(shop.member.pk).tier == "gold"


def test_rules_on_record_are_never_changed(shop):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.RuleVersion.objects.update(valid_from=date(2026, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        models.TierChange.objects.update(tier_after="gold")


def test_rules_tried_on_last_year_say_what_they_would_have_given(shop):
    for n, yuan in enumerate((60, 60, 10)):
        sell(cart(shop, yuan), key=f"k{n}", now=NOW + timedelta(minutes=n))
    found = queries.preview(
        replace(RULES, points_per_major=Fraction(2)), today=TODAY, zone="Asia/Shanghai", now=NOW
    )
    assert (found.orders, found.members, found.is_whole) == (3, 1, True)
    assert found.points_now == 60 + 60 + 15
    assert found.points_draft == 120 + 180 + 30  # gold from the second order on
    assert (found.more, found.fewer) == (1, 0)
    assert (found.tiers_now, found.tiers_draft) == ({"gold": 1}, {"gold": 1})
    assert balance(shop.member) == 135


def test_everybody_gets_one_coupon_of_their_own_and_asking_again_gives_the_same(shop):
    made = batch(valid_days=7)
    ids = [shop.member.pk, shop.stranger.pk]
    first = services.issue_coupons(
        batch_public_id=made, customer_ids=ids[:1], source_key="campaign:1", now=NOW
    )
    both = services.issue_coupons(
        batch_public_id=made, customer_ids=ids, source_key="campaign:1", now=NOW
    )
    assert both[ids[0]] == first[ids[0]]
    assert len(set(both.values())) == 2
    other = services.issue_coupons(
        batch_public_id=made, customer_ids=ids, source_key="campaign:2", now=NOW
    )
    assert not set(other.values()) & set(both.values())
    mine = queries.coupons_of(ids[0], today=TODAY)
    assert [one.ends_on for one in mine] == [date(2026, 7, 7)] * 2
    assert queries.batch(made).issued == 4


def test_twenty_thousand_codes_are_made_once_and_none_is_twice(shop):
    made = batch()
    codes = services.issue_codes(batch_public_id=made, count=20_000, source_key="a", now=NOW)
    assert len(set(codes)) == 20_000
    assert (
        services.issue_codes(batch_public_id=made, count=20_000, source_key="a", now=NOW) == codes
    )
    assert sum(1 for _ in queries.codes(made, today=TODAY)) == 20_000


def test_a_stopped_batch_gives_out_nothing_and_what_is_out_stays_good(shop):
    made = batch()
    said = {"batch_public_id": made, "customer_ids": [shop.member.pk], "now": NOW}
    code = services.issue_coupons(**said, source_key="a")[shop.member.pk]
    services.stop_batch(batch_public_id=made, actor="cli", now=NOW)
    with pytest.raises(errors.BatchStopped):
        services.issue_coupons(**said, source_key="b")
    assert checkout.quote(cart(shop, 60, coupon_code=code), now=NOW).coupon_minor == 500


def test_a_voided_coupon_is_worthless(shop):
    code = services.issue_codes(batch_public_id=batch(), count=1, source_key="a", now=NOW)[0]
    services.void_coupon(code=code, actor="cli", now=NOW)
    with pytest.raises(errors.CouponUnusable):
        checkout.quote(cart(shop, 60, coupon_code=code), now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"name": " "}, "name", id="no name"),
        pytest.param({"amount_minor": 0}, "amount", id="nothing off"),
        pytest.param({"kind": CouponKind.PERCENT, "percent": 101}, "percent", id="more than all"),
        pytest.param({"ends_on": TODAY - timedelta(days=1)}, "ends_on", id="over already"),
    ],
)
def test_a_batch_that_cannot_be_names_its_field(shop, given, field):
    with pytest.raises(errors.BatchInvalid) as refused:
        batch(**given)
    assert refused.value.facts["field"] == field


@pytest.mark.django_db(transaction=True)
def test_one_coupon_is_used_once_by_eight_tills_at_once():
    shop = open_shop()
    code = services.issue_codes(batch_public_id=batch(), count=1, source_key="a", now=NOW)[0]

    def use(n):
        try:
            services.redeem_coupon(
                code=code, customer_id=shop.member.pk, use=Use("till", f"o{n}", 500), now=NOW
            )
        except errors.CouponUnusable:
            return "refused"
        finally:
            connection.close()
        return "used"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(use, range(8)))
    assert found == ["refused"] * 7 + ["used"]


def test_points_to_make_up_for_something_are_given_once_with_who_and_why(shop):
    wanted = Compensation("case_1", shop.member.pk, "points", 200)
    actor = agent()
    first = compensation.give(wanted, key="case_1:1", actor=actor, now=NOW)
    again = compensation.give(wanted, key="case_1:1", actor=actor, now=NOW)
    assert (first.points, first.is_repeat, again.is_repeat) == (200, False, True)
    assert balance(shop.member) == 200
    (told,) = points.statement(1, shop.member.pk)
    assert told.why["case"] == "case_1"
    assert told.why["actor"] == actor
    assert breaches() == []


def test_a_coupon_to_make_up_for_something_goes_to_anybody(shop):
    wanted = Compensation("case_1", shop.stranger.pk, "coupon", 2_000)
    given = compensation.give(wanted, key="k", actor=agent(), now=NOW)
    coupon = queries.coupon(given.coupon_code, today=TODAY)
    assert (coupon.customer_id, coupon.amount_minor) == (shop.stranger.pk, 2_000)
    assert coupon.ends_on == TODAY + timedelta(days=90)
    assert queries.compensations("case_1")[0].coupon_code == given.coupon_code


def test_what_a_role_may_give_is_for_one_case_together(shop):
    actor, who = agent(), shop.member.pk
    compensation.give(Compensation("c", who, "points", 400), key="1", actor=actor, now=NOW)
    left = compensation.allowance("c", who, actor=actor, now=NOW)
    assert (left.points, left.amount_minor, left.is_member) == (100, 5_000, True)
    with pytest.raises(errors.CompensationAboveLimit):
        compensation.give(Compensation("c", who, "points", 101), key="2", actor=actor, now=NOW)
    with pytest.raises(errors.CompensationAboveLimit):
        compensation.give(Compensation("c", who, "coupon", 5_001), key="3", actor=actor, now=NOW)
    staff.set_setting(
        name="compensation_points",
        value="1000",
        valid_from=TODAY,
        scope="role:service_agent",
        actor="cli",
        now=NOW,
    )
    compensation.give(Compensation("c", who, "points", 101), key="2", actor=actor, now=NOW)
    boss = agent("manager")
    compensation.give(Compensation("c", who, "points", 9_000), key="4", actor=boss, now=NOW)


def test_points_corrected_by_staff_are_on_record_once_with_reason_and_name(shop):
    given = services.AdjustmentIn("k", shop.member.pk, 50, "missed")
    for _ in range(2):
        assert services.adjust(adjustment=given, actor="user:3", now=NOW) == 50
    taken = services.AdjustmentIn("k2", shop.member.pk, -20, "mistaken")
    assert services.adjust(adjustment=taken, actor="user:3", now=NOW) == 30
    newest, oldest = points.statement(1, shop.member.pk)
    assert (newest.points, oldest.points, oldest.expires_on) == (-20, 50, date(2026, 12, 30))
    assert (newest.why["reason"], newest.why["actor"]) == ("mistaken", "user:3")
    assert breaches() == []


@pytest.mark.parametrize(
    ("count", "reason", "refusal"),
    [
        pytest.param(0, "missed", errors.AdjustmentInvalid, id="nothing"),
        pytest.param(5, "because", errors.AdjustmentInvalid, id="a reason nobody knows"),
        pytest.param(-5, "mistaken", PointsShort, id="more than there is"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(shop, count, reason, refusal):
    wanted = services.AdjustmentIn("k", shop.member.pk, count, reason)
    with pytest.raises(refusal):
        services.adjust(adjustment=wanted, actor="cli", now=NOW)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [pytest.param("points", 0, id="nothing"), pytest.param("cash", 5, id="a kind nobody knows")],
)
def test_a_compensation_that_cannot_be_is_refused(shop, kind, amount):
    with pytest.raises(errors.CompensationInvalid):
        compensation.give(
            Compensation("c", shop.member.pk, kind, amount), key="k", actor="cli", now=NOW
        )


def test_points_are_for_members(shop):
    with pytest.raises(errors.NotMember):
        compensation.give(
            Compensation("c", shop.stranger.pk, "points", 5), key="k", actor="cli", now=NOW
        )


def test_nothing_is_quoted_as_earned_before_there_is_a_programme(db):
    from huitou.staff.models import Company, Store

    Company.objects.create(name="a", zone="Asia/Shanghai", currency="CNY", created_at=NOW)
    store = Store.objects.create(code="S", name="S", zone="Asia/Shanghai", created_at=NOW)
    who = Customer.objects.create(code="C", created_at=NOW)
    wanted = Cart(store.pk, (CartLine(100),), who.pk)
    assert checkout.quote(wanted, now=NOW).earned_points == 0
    assert sell(wanted).balance == 0
    with pytest.raises(errors.NotStarted):
        services.join(customer_id=who.pk, source="till", actor="cli", now=NOW)
