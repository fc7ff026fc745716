"""A campaign is judged once, at its end, against its own control group."""

from datetime import date, timedelta

import pytest

from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow
from huitou.flows import campaigns as flow
from huitou.insights import errors
from huitou.insights import queries as insights
from huitou.insights import services as proving
from huitou.insights.models import Proof
from huitou.platform.models import Message
from huitou.staff import services as staff
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale, Shop

NOW = shops.NOW
AFTER = NOW + timedelta(days=31)
pytestmark = pytest.mark.django_db


def answered(row: CampaignRow, made: Shop, *, treated: float, held_out: float) -> None:
    """On the tenth day so large a share of each group comes back."""
    arms = shops.arms(row.id)
    for arm, share in (("treated", treated), ("held_out", held_out)):
        shops.come_back(made, arms[arm], share, on=shops.TODAY + timedelta(days=10))
    made.add([Sale(None, shops.TODAY + timedelta(days=31))])  # a day after the window is known


@pytest.mark.parametrize(
    ("treated", "held_out", "said"),
    [(0.5, 0.2, "effective"), (0.2, 0.5, "harmful"), (0.3, 0.3, "no_evidence")],
)
def test_the_verdict_comes_after_the_window_and_ends_the_campaign(treated, held_out, said):
    made = shops.shop(700)
    shops.come_back(made, made.customers.values(), 0.5, on=shops.TODAY - timedelta(days=9))
    row = shops.sent(holdout_percent=50)
    answered(row, made, treated=treated, held_out=held_out)
    Message.objects.update(state="cancelled")  # nothing waits
    flow.end_due(AFTER - timedelta(days=1))
    assert insights.proof_of(row.id) is None
    flow.end_due(AFTER)
    proof = insights.proof_of(row.id)
    assert proof is not None
    assert (proof.kind, proof.verdict) == ("final", said)
    effect = proof.facts["primary"]
    assert effect["outcome"] == "came_back"
    assert effect["lo"] < treated - held_out < effect["hi"]
    assert campaigns.one(row.public_id).state == "finished"
    assert insights.verdicts() == {said: 1}


def test_the_final_analysis_runs_once_whatever_orders_come_later():
    made = shops.shop(300)
    row = shops.sent()
    answered(row, made, treated=0.6, held_out=0.1)
    first = flow.judge(row.public_id, now=AFTER)
    answered(row, made, treated=0.0, held_out=0.9)
    assert flow.judge(row.public_id, now=AFTER + timedelta(days=90)) == first
    assert Proof.objects.count() == 1


def test_orders_that_come_in_late_are_waited_for_but_not_for_ever():
    made = shops.shop(300)
    row = shops.sent()
    arms = shops.arms(row.id)
    shops.come_back(made, arms["treated"], 0.5, on=shops.TODAY + timedelta(days=3))
    shops.orders_came_in(at=AFTER + timedelta(days=1))  # a file, with nothing after the window
    assert flow.judge(row.public_id, now=AFTER + timedelta(days=1)) is None
    assert flow.judge(row.public_id, now=AFTER + timedelta(days=15)) is not None


def test_while_no_orders_come_in_nothing_is_judged_instead_of_nobody_came_back():
    made = shops.shop(300)
    row = shops.sent()
    shops.orders_came_in(at=NOW - timedelta(days=1))
    flow.end_due(AFTER + timedelta(days=60))
    assert insights.proof_of(row.id) is None
    assert campaigns.one(row.public_id).state == "running"
    arms = shops.arms(row.id)
    shops.come_back(made, arms["treated"], 0.5, on=shops.TODAY + timedelta(days=3))
    shops.orders_came_in(at=AFTER + timedelta(days=60))
    flow.end_due(AFTER + timedelta(days=61))
    proof = insights.proof_of(row.id)
    assert proof is not None
    assert proof.verdict == "effective"


def test_who_was_never_sent_to_counts_in_the_arm_drawn():
    made = shops.shop(200)
    row = shops.sent()
    Message.objects.update(state="failed")
    answered(row, made, treated=0.5, held_out=0.5)
    proof = flow.judge(row.public_id, now=AFTER)
    assert proof is not None
    arms = proof.facts["arms"]
    assert arms["treated"]["units"] == len(shops.arms(row.id)["treated"])


def test_without_a_control_group_the_page_says_so_and_gives_no_effect():
    made = shops.shop(50)
    row = shops.sent(holdout_percent=0)
    made.add([Sale("c0001", shops.TODAY + timedelta(days=5)), Sale(None, AFTER.date())])
    proof = flow.judge(row.public_id, now=AFTER)
    assert proof is not None
    assert proof.verdict == "no_control"
    assert proof.facts["primary"] is None
    assert proof.facts["arms"]["treated"]["units"] == 50


def test_purchases_before_the_draw_and_after_the_window_do_not_count():
    made = shops.shop(20)
    row = shops.sent(holdout_percent=0)
    made.add(
        [
            Sale("c0001", shops.TODAY - timedelta(days=1)),
            Sale("c0002", shops.TODAY + timedelta(days=1)),
            Sale("c0002", shops.TODAY + timedelta(days=1)),
            Sale("c0003", shops.TODAY + timedelta(days=30)),
            Sale("c0004", shops.TODAY + timedelta(days=31)),
            Sale("c0005", shops.TODAY + timedelta(days=2), returned_minor=10_000),
        ]
    )
    proof = flow.judge(row.public_id, now=AFTER)
    assert proof is not None
    assert proof.facts["arms"]["treated"]["came_back"] == 2
    assert proof.facts["arms"]["treated"]["purchases"] == 2  # days, not orders
    assert proof.money == "sales"


def test_a_household_comes_back_if_one_of_it_does():
    made = shops.shop(30, shared=[1, 2])
    row = shops.sent(holdout_percent=0)
    made.add([Sale("c0002", shops.TODAY + timedelta(days=5)), Sale(None, AFTER.date())])
    proof = flow.judge(row.public_id, now=AFTER)
    assert proof is not None
    assert proof.facts["arms"]["treated"]["units"] == 29
    assert proof.facts["arms"]["treated"]["came_back"] == 1


def test_a_campaign_not_yet_drawn_cannot_be_judged():
    shops.shop(5)
    row = shops.campaign()
    with pytest.raises(errors.NotDrawn):
        proving.judge(public_id=row.public_id, now=NOW)


def test_looks_are_taken_only_at_half_of_the_expected_buyers_and_say_nothing_below_1_in_1000():
    made = shops.shop(800)
    shops.come_back(made, made.customers.values(), 0.3, on=shops.TODAY - timedelta(days=9))
    row = shops.sent(looks_planned=2)
    later = NOW + timedelta(days=12)
    assert flow.judge(row.public_id, now=later) is None
    assert insights.looks_taken(row.id) == 0  # nobody bought yet
    answered(row, made, treated=0.25, held_out=0.2)
    assert flow.judge(row.public_id, now=later) is None  # looked, and says nothing
    assert insights.looks_taken(row.id) == 1
    assert flow.judge(row.public_id, now=later) is None
    assert insights.looks_taken(row.id) <= 2


def test_a_look_beyond_doubt_gives_the_verdict_early_and_the_final_analysis_still_runs():
    made = shops.shop(800)
    shops.come_back(made, made.customers.values(), 0.3, on=shops.TODAY - timedelta(days=9))
    row = shops.sent(looks_planned=1)
    answered(row, made, treated=0.15, held_out=0.5)
    early = flow.judge(row.public_id, now=NOW + timedelta(days=12))
    assert early is not None
    assert (early.kind, early.verdict) == ("look", "harmful")
    final = flow.judge(row.public_id, now=AFTER)
    assert final is not None
    assert (final.kind, final.facts["level"]) == ("final", 0.048)


def test_the_window_follows_the_last_send():
    shops.shop(10)
    row = shops.sent(holdout_percent=0)
    flow.end_due(NOW + timedelta(days=2))  # messages still wait: nothing can leave here
    assert campaigns.one(row.public_id).window_until == date(2026, 7, 3)
    Message.objects.update(state="cancelled")
    flow.end_due(NOW + timedelta(days=4))
    assert campaigns.one(row.public_id).window_until == date(2026, 7, 3)


def test_all_marketing_of_a_year_is_judged_against_the_global_control_group():
    made = shops.shop(2_000)
    staff.set_setting(
        name="global_holdout_percent", value=5, valid_from=shops.TODAY, actor="user:1", now=NOW
    )
    flow.enter_global(now=NOW)
    ids = list(made.customers.values())
    out = campaigns.globally_held_out(2026, ids)
    rest = [pk for pk in ids if pk not in out]
    shops.come_back(made, ids, 1.0, on=shops.TODAY + timedelta(days=40))  # left out: too early
    assert proving.judge_year(year=2026, now=NOW + timedelta(days=60)).verdict == "waiting"
    shops.come_back(made, out, 0.2, on=shops.TODAY + timedelta(days=120))
    shops.come_back(made, rest, 0.6, on=shops.TODAY + timedelta(days=120))
    proof = proving.judge_year(year=2026, now=NOW + timedelta(days=150))
    assert proof is not None
    assert proof.verdict == "effective"
    assert proof.facts["effect"]["lo"] < 4_000 < proof.facts["effect"]["hi"]
    assert insights.proof_of_year(2026) == proof
    assert proving.judge_year(year=2025, now=NOW) is None


def test_four_campaigns_of_a_kind_are_pooled():
    made = shops.shop(400)
    rows = shops.four_of_a_kind(made, first=NOW)
    found = insights.pooled("win_back", "came_back", 30)
    assert found is not None
    assert found[1] == [row.id for row in rows]
    assert found[0].lo > 0
    assert insights.pooled("care", "came_back", 30) is None


def test_campaigns_that_share_their_people_are_not_pooled():
    made = shops.shop(200)
    rows = shops.four_of_a_kind(made, first=NOW, apart=False)
    assert insights.pooled("win_back", "came_back", 30) is None
    drawn = campaigns.drawn(rows[0].id)
    assert (drawn.people, drawn.in_others) == (
        200,
        0,
    )  # 40 days after each other, of 30: never at the same time
