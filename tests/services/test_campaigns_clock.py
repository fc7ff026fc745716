"""The clock alone carries a campaign from its hour to its verdict."""

from datetime import date, timedelta

import pytest

from huitou.campaigns import queries as campaigns
from huitou.flows import campaigns as flow
from huitou.flows.tick import tick
from huitou.insights import queries as insights
from huitou.platform.models import Message
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

NOW = shops.NOW


@pytest.mark.django_db(transaction=True)
def test_from_its_hour_to_its_verdict_nobody_has_to_do_anything():
    made = shops.shop(400)
    row = shops.campaign()
    flow.confirm(row.public_id, at=NOW + timedelta(hours=2), actor="user:1", now=NOW)
    assert tick(NOW + timedelta(hours=1)) == []
    assert campaigns.one(row.public_id).state == "ready"
    assert tick(NOW + timedelta(hours=2)) == []
    assert campaigns.one(row.public_id).state == "running"
    arms = shops.arms(row.id)
    assert Message.objects.count() == len(arms["treated"])
    shops.come_back(made, arms["treated"], 0.5, on=shops.TODAY + timedelta(days=9))
    shops.come_back(made, arms["held_out"], 0.1, on=shops.TODAY + timedelta(days=9))
    made.add([Sale(None, shops.TODAY + timedelta(days=45))])
    for days in (1, 5, 20, 36):
        assert tick(NOW + timedelta(days=days)) == []
    assert campaigns.one(row.public_id).window_until == date(
        2026, 7, 6
    )  # waited five days to leave
    proof = insights.proof_of(row.id)
    assert proof is not None
    assert (proof.kind, proof.verdict) == ("final", "effective")
    assert campaigns.one(row.public_id).state == "finished"
