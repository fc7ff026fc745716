"""A campaign is drawn once, after all filters, and stored before anything leaves."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction

from huitou.campaigns import draw as drawing
from huitou.campaigns import errors
from huitou.campaigns import queries as campaigns
from huitou.campaigns import services as campaign
from huitou.flows import campaign_plans, campaign_terms, erasure
from huitou.flows import campaigns as flow
from huitou.platform.models import Message
from huitou.programmes import services as programmes
from huitou.programmes.types import BatchIn, CouponKind
from huitou.staff import services as staff
from tests.services import campaign_shop as shops

NOW = shops.NOW
pytestmark = pytest.mark.django_db


def test_everyone_of_the_audience_stands_in_an_arm_or_has_a_reason():
    made = shops.shop(200)
    shops.refuse(made, ["c0001", "c0002"])
    row = shops.sent()
    counts = campaigns.counts([row.id])[row.id]
    assert counts.audience == 200
    assert counts.not_reached == {"refused": 2}
    assert counts.treated + counts.held_out == 198
    assert 60 < counts.held_out < 140
    assert row.state == "running"


def test_only_the_sent_group_gets_a_message_and_each_gets_one():
    shops.shop(120)
    row = shops.sent()
    got = Counter(Message.objects.values_list("customer_id", flat=True))
    assert set(got) == shops.arms(row.id)["treated"]
    assert set(got.values()) == {1}
    text = Message.objects.first().text
    assert "顾客" in text
    assert "Test想您了" in text


def test_the_arms_are_those_anybody_can_compute_from_the_salt():
    shops.shop(80)
    row = shops.sent(holdout_percent=30)
    arms = shops.arms(row.id)
    ids = sorted(arms["treated"] | arms["held_out"])
    out = drawing.held_out(row.salt, row.public_id, ids, percent=Fraction(30))
    assert {pk for pk, is_out in zip(ids, out, strict=True) if is_out} == arms["held_out"]


def test_people_of_one_household_stand_in_one_arm():
    made = shops.shop(60, shared=range(1, 41))
    row = shops.sent()
    together = {made.customers[f"c{number:04}"] for number in range(1, 41)}
    holding = [arm for arm, people in shops.arms(row.id).items() if people & together]
    assert len(holding) == 1
    counts = campaigns.counts([row.id])[row.id]
    assert counts.treated_units + counts.held_out_units == 21


def test_an_arm_cannot_be_changed_and_nobody_leaves_the_count():
    shops.shop(10)
    row = shops.sent()
    for statement in (
        "UPDATE campaigns_assignment SET arm = 'held_out', queued_at = NULL WHERE arm = 'treated'",
        "DELETE FROM campaigns_assignment",
        "UPDATE campaigns_campaign SET window_days = 60",
        "DELETE FROM campaigns_campaign",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert campaigns.counts([row.id])[row.id].audience == 10


def test_a_drawn_campaign_keeps_its_terms():
    shops.shop(10)
    row = shops.sent()
    with pytest.raises(errors.WrongState):
        campaign_terms.hold_out(public_id=row.public_id, percent=5, actor="user:1", now=NOW)
    with pytest.raises(errors.WrongState):
        flow.draw(row.public_id, now=NOW)


def test_a_campaign_waits_for_its_hour():
    shops.shop(10)
    row = shops.campaign()
    flow.confirm(row.public_id, at=NOW + timedelta(hours=3), actor="user:1", now=NOW)
    flow.work(NOW + timedelta(hours=2))
    assert campaigns.one(row.public_id).state == "ready"
    flow.work(NOW + timedelta(hours=3))
    assert campaigns.one(row.public_id).state == "running"


def test_an_audience_nobody_of_which_may_be_written_to_goes_back_to_draft_with_the_reason():
    shops.shop(5, consent="refused")
    row = shops.sent()
    assert row.state == "draft"
    assert row.error["code"] == "campaigns.nobody"


def test_what_is_missing_is_refused_before_anything_is_drawn():
    shops.shop(5)
    row = shops.campaign(text="")
    with pytest.raises(errors.Incomplete):
        flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)


def test_the_audience_is_frozen_when_the_terms_are_kept():
    shops.shop(5)
    row = shops.campaign()
    assert row.audience_version == 1
    assert row.expression["v"] == 1


def test_a_copy_has_a_draw_of_its_own():
    shops.shop(60)
    row = shops.sent()
    again = campaigns.one(campaign.copy(public_id=row.public_id, actor="user:1", now=NOW))
    assert (again.state, again.theme) == ("draft", row.theme)
    assert again.salt != row.salt


def test_an_address_lost_since_the_draw_leaves_the_person_in_the_arm_drawn():
    made = shops.shop(40)
    row = shops.campaign(holdout_percent=0)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET email = '' WHERE id = %s", [made.customers["c0001"]]
        )
    flow.work(NOW)
    counts = campaigns.counts([row.id])[row.id]
    assert (counts.treated, counts.queued, Message.objects.count()) == (40, 40, 39)


def test_sending_can_be_stopped_and_the_campaign_is_judged_all_the_same():
    shops.shop(30)
    row = shops.campaign(holdout_percent=0)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    flow.send_batch(row.public_id, now=NOW, limit=10)
    assert flow.halt(row.public_id, actor="user:1", now=NOW) == 10
    flow.work(NOW)
    stopped = campaigns.one(row.public_id)
    assert stopped.state == "running"
    assert stopped.window_until == shops.TODAY + timedelta(days=30)
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}


def test_who_is_erased_between_draw_and_sending_holds_up_nobody():
    shops.shop(6)
    batch = programmes.add_batch(
        batch=BatchIn(name="满 30 减 5", kind=CouponKind.AMOUNT, amount_minor=500, valid_days=30),
        actor="user:1",
        now=NOW,
    )
    row = shops.campaign(text="{{ name }} {{ coupon }}", coupon_batch=batch, holdout_percent=0)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    erasure.erase("c0003", confirmed="c0003", actor="cli", now=NOW)
    flow.work(NOW)
    counts = campaigns.counts([row.id])[row.id]
    assert (counts.treated, counts.queued, Message.objects.count()) == (6, 6, 5)
    assert campaigns.one(row.public_id).state == "running"


def test_a_sender_in_the_middle_queues_nobody_more_once_the_campaign_is_stopped():
    shops.shop(20)
    row = shops.campaign(holdout_percent=0)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    assert flow.send_batch(row.public_id, now=NOW, limit=5) == 5
    assert flow.halt(row.public_id, actor="user:1", now=NOW) == 5
    assert flow.send_batch(row.public_id, now=NOW, limit=5) == 0
    assert not Message.objects.filter(state="queued").exists()


def test_the_plan_says_who_what_can_be_seen_and_what_it_costs():
    made = shops.shop(1_000, channel="sms")
    shops.come_back(made, made.customers.values(), 0.3, on=shops.TODAY - timedelta(9))
    row = shops.campaign(channel="sms", holdout_percent=0, text="{{ name }}，来喝一杯吧。")
    plan = campaign_plans.plan(row, now=NOW)
    assert (plan.audience, plan.people, plan.messages) == (1_000, 1_000, 1_000)
    assert plan.cost_minor == 6_500  # N25: 1,000 SMS in a month are 65.00
    assert plan.foresight.buyers_share == pytest.approx(0.3)
    assert plan.is_too_small  # a thousand people at 30 % show 8 points at best
    assert plan.pooled is None


def test_the_global_control_group_gets_no_marketing_and_stays_for_the_year():
    shops.shop(400)
    staff.set_setting(
        name="global_holdout_percent", value=5, valid_from=shops.TODAY, actor="user:1", now=NOW
    )
    first = shops.sent(holdout_percent=0)
    out = {
        person.customer_id
        for person in campaigns.people(first.id, arm="not_reached", limit=1_000)
        if person.reason == "global_holdout"
    }
    assert 5 < len(out) < 45
    assert not out & set(Message.objects.values_list("customer_id", flat=True))
    later = NOW + timedelta(days=60)
    staff.set_setting(
        name="global_holdout_percent", value=1, valid_from=later.date(), actor="user:1", now=later
    )
    second = shops.sent(now=later, holdout_percent=0)
    assert out == shops.arms(second.id)["not_reached"]


def test_a_newcomer_enters_the_draw_of_the_year_with_its_salt():
    made = shops.shop(50)
    staff.set_setting(
        name="global_holdout_percent", value=5, valid_from=shops.TODAY, actor="user:1", now=NOW
    )
    assert flow.enter_global(now=NOW) == 50
    made.known(["c0051"])
    assert flow.enter_global(now=NOW + timedelta(days=1)) == 1
    draw = campaigns.global_draw(2026)
    assert draw is not None
    assert draw.units == 51
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE campaigns_globalunit SET is_held_out = false")
