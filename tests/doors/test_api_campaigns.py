"""What a campaign came to, as another system reads it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.flows import campaigns as flow
from huitou.insights import queries as insights
from huitou.platform.models import Message
from tests.doors.api_shop import system
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

pytestmark = pytest.mark.django_db


def test_a_result_is_null_before_its_day_and_says_money_in_major_units_after():
    made = shops.shop(400)
    now = timezone.now() - timedelta(days=40)
    shops.come_back(made, made.customers.values(), 0.5, on=now.date() - timedelta(days=9))
    row = shops.sent(now=now)
    analyst = system("analyst")
    assert analyst.get(f"/campaigns/{row.public_id}").json()["proof"] is None
    Message.objects.update(state="cancelled")
    shops.come_back(made, shops.arms(row.id)["treated"], 0.6, on=now.date() + timedelta(days=5))
    made.add([Sale(None, timezone.now().date())])
    flow.judge(row.public_id, now=timezone.now())
    told = analyst.get(f"/campaigns/{row.public_id}").json()["proof"]
    assert told["verdict"] == "effective"
    assert told["primary"]["lo"] < 0.6 < told["primary"]["hi"]
    money = next(one for one in told["secondary"] if one["outcome"] == "money")
    assert money["value"] == pytest.approx(0.6 * 100, rel=0.01)  # 100.00 a purchase
    adjusted = {one["outcome"]: one for one in told["adjusted"]}
    assert adjusted.keys() == {"came_back", "money"}
    assert not any(one["is_verdict"] for one in adjusted.values())
    assert told["some_respond_better"] is False
    proof = insights.proof_of(row.id)
    assert proof is not None
    assert adjusted["money"]["value"] == pytest.approx(
        next(one for one in proof.adjusted if one["outcome"] == "money")["value"] / 100
    )
    listed = analyst.get("/campaigns").json()["campaigns"]
    assert [one["proof"]["verdict"] for one in listed] == ["effective"]
