"""What may go wrong between a draw and its verdict, tried for real."""

from datetime import timedelta

import pytest
from django.db import connection

from huitou.audiences import queries as audiences
from huitou.audiences import services as saving
from huitou.campaigns import queries as campaigns
from huitou.flows import campaigns as flow
from huitou.flows import erasure, unsubscribing
from huitou.insights import queries as insights
from huitou.insights import services as proving
from huitou.platform.models import Message
from huitou.staff import services as staff
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

NOW = shops.NOW
AFTER = NOW + timedelta(days=31)
pytestmark = pytest.mark.django_db


def judged(row, *, now=AFTER):
    Message.objects.filter(state="queued").update(state="cancelled")
    found = flow.judge(row.public_id, now=now)
    assert found is not None
    return found


@pytest.mark.parametrize("percent", [1, 90])
def test_one_person_is_drawn_and_nobody_says_anything_about_them(percent):
    made = shops.shop(1)
    row = shops.sent(holdout_percent=percent)
    assert row.state == "running"
    made.add([Sale("c0001", shops.TODAY + timedelta(days=2)), Sale(None, AFTER.date())])
    proof = judged(row)
    assert proof.verdict in {"too_few", "no_control"}
    assert proof.facts["primary"] is None
    arms = proof.facts["arms"]
    assert all(arm["came_back"] is None for arm in arms.values())


def test_an_arm_that_stayed_empty_gives_no_result():
    made = shops.shop(6)
    row = shops.sent(holdout_percent=90)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM campaigns_assignment WHERE arm = 'treated'")
        assert cursor.fetchone()[0] <= 2
    made.add([Sale(None, AFTER.date())])
    assert judged(row).verdict in {"too_few", "no_control"}


def test_an_audience_changed_or_gone_after_it_was_chosen_changes_no_draw():
    shops.shop(40)
    row = shops.campaign(holdout_percent=0)
    audience = next(one for one in audiences.audiences() if one.name == "所有人")
    nobody = {"v": 1, "where": {"all": [{"field": "random_bucket", "op": "lt", "value": 0}]}}
    saving.change(
        public_id=audience.public_id, version=audience.version, name="所有人", expression=nobody,
        now=NOW,
    )  # fmt: skip
    saving.archive(public_id=audience.public_id, now=NOW)
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.work(NOW, batches=10)
    assert campaigns.counts([row.id])[row.id].treated == 40


def test_a_campaign_stopped_half_way_is_judged_in_the_arms_drawn():
    made = shops.shop(200)
    row = shops.campaign()
    flow.confirm(row.public_id, at=None, actor="user:1", now=NOW)
    flow.draw(row.public_id, now=NOW)
    flow.send_batch(row.public_id, now=NOW, limit=20)
    flow.halt(row.public_id, actor="user:1", now=NOW)
    drawn = {arm: len(people) for arm, people in shops.arms(row.id).items()}
    made.add([Sale(None, AFTER.date())])
    arms = judged(row).facts["arms"]
    assert {arm: arms[arm]["units"] for arm in arms} == drawn
    assert campaigns.sends(flow.source_of(row.public_id)).sent == 0


def test_who_is_erased_before_the_end_stays_in_the_arm_and_is_counted_as_such():
    made = shops.shop(80)
    row = shops.sent()
    arms = shops.arms(row.id)
    one = min(arms["treated"])
    code = next(code for code, pk in made.customers.items() if pk == one)
    shops.come_back(made, arms["treated"], 1.0, on=shops.TODAY + timedelta(days=3))
    made.add([Sale(None, AFTER.date())])
    erasure.erase(code, confirmed=code, actor="cli", now=NOW + timedelta(days=5))
    proof = judged(row)
    treated = proof.facts["arms"]["treated"]
    assert (treated["units"], treated["came_back"]) == (
        len(arms["treated"]), len(arms["treated"]) - 1,
    )  # fmt: skip
    assert proof.facts["erased"] == {"treated": 1, "held_out": 0}


def test_two_campaigns_at_once_on_the_same_people_say_how_many_they_share():
    shops.shop(100)
    first = shops.sent()
    later = NOW + timedelta(days=10)
    second = shops.sent(now=later, buckets=(0, 49))
    both = campaigns.drawn(second.id)
    assert both.in_others == both.people > 0
    assert campaigns.drawn(first.id).in_others == both.people


def test_a_share_of_the_global_control_group_set_later_in_the_year_changes_nobody():
    shops.shop(600)
    staff.set_setting(
        name="global_holdout_percent", value=5, valid_from=shops.TODAY, actor="user:1", now=NOW
    )
    flow.enter_global(now=NOW)
    first = campaigns.global_draw(2026)
    later = NOW + timedelta(days=60)
    staff.set_setting(
        name="global_holdout_percent", value=0, valid_from=later.date(), actor="user:1", now=later
    )
    flow.enter_global(now=later)
    assert campaigns.global_draw(2026) == first
    row = shops.sent(now=later, holdout_percent=0)
    counts = campaigns.counts([row.id])[row.id]
    assert first is not None
    assert counts.not_reached == {"global_holdout": first.held_out_units}
    next_year = NOW.replace(year=2027, month=1, day=5)
    assert flow.enter_global(now=next_year) == 0  # 0 % from then on: nobody is drawn
    assert proving.judge_year(year=2027, now=next_year) is None


def test_what_is_returned_after_the_verdict_leaves_it_as_it_was():
    made = shops.shop(200)
    row = shops.sent()
    arms = shops.arms(row.id)
    shops.come_back(made, arms["treated"], 0.5, on=shops.TODAY + timedelta(days=20))
    made.add([Sale(None, AFTER.date())])
    proof = judged(row)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET returned_minor = total_minor")
    flow.end_due(AFTER + timedelta(days=20))
    assert insights.proof_of(row.id) == proof
    assert proof.verdict == "effective"


def test_who_unsubscribes_because_of_it_is_counted_before_and_after_the_verdict():
    shops.shop(40)
    row = shops.sent(holdout_percent=0)
    Message.objects.update(state="sending")
    Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    first, second = Message.objects.order_by("pk")[:2]
    for message in (first, second, first):  # saying it twice says it once
        unsubscribing.stop(message.token, now=NOW + timedelta(days=1))
    sends = campaigns.sends(flow.source_of(row.public_id))
    assert (sends.sent, sends.unsubscribed, sends.refused_before) == (40, 2, 0)
    other = shops.sent(now=NOW + timedelta(days=40), holdout_percent=0)
    assert campaigns.sends(flow.source_of(other.public_id)).unsubscribed == 0
    assert campaigns.counts([other.id])[other.id].not_reached == {"withdrawn": 2}
