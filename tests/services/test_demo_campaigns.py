"""The campaigns of the demonstration: their true effects are known, and the intervals hold them."""

from datetime import timedelta

import pytest

from huitou.campaigns import queries as campaigns
from huitou.flows import demo_campaigns
from huitou.insights import queries as insights
from huitou.platform.messages import queries as outbox
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

PEOPLE = 9_000
VERDICTS = ["effective", "no_evidence", "harmful"]


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_the_intervals_hold_the_truth_and_the_verdicts_are_right():
    last_on = shops.TODAY
    made = shops.shop(PEOPLE, channel="sms")
    for number in range(1, 81):  # one in 150 comes on any day, whatever is sent
        day = last_on - timedelta(days=number)
        made.add(Sale(f"c{1 + (number * 37 + k * 150) % PEOPLE:04}", day) for k in range(60))
    truths = demo_campaigns.fill(last_on=last_on)
    said = demo_campaigns.judge(now=shops.NOW + timedelta(days=1))
    assert [said[one.public_id] for one in demo_campaigns.CAMPAIGNS] == VERDICTS
    assert [round(truth, 2) for truth in truths.values()] == [0.09, 0.0, -0.09]
    for public_id, truth in truths.items():
        row = campaigns.one(public_id)
        proof = insights.proof_of(row.id)
        assert proof is not None
        effect = proof.facts["primary"]
        assert effect["lo"] < truth < effect["hi"]
        states = outbox.by_state(f"campaign:{public_id}")
        assert set(states) == {"sent"}
