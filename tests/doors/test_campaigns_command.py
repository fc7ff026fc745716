"""``huitou campaigns``: the list, a plan that sends nothing, what one came to."""

import argparse
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.campaigns import errors
from huitou.cli import campaigns as command
from huitou.flows import campaigns as flow
from huitou.platform.models import Message
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

pytestmark = pytest.mark.django_db


def called(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(list(argv)))


def test_without_a_campaign_the_list_says_so(capsys):
    shops.shop(1)
    assert called("list") == 0
    assert "There is no campaign yet." in capsys.readouterr().out
    assert called("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"campaigns": []}


def test_a_plan_counts_everybody_and_sends_nothing(capsys):
    made = shops.shop(60)
    shops.refuse(made, ["c0001", "c0002"])
    row = shops.campaign(theme="好久不见", holdout_percent=50)
    assert called("plan", "好久不见", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["audience"], told["people"], told["left_out"]) == (60, 58, {"refused": 2})
    assert (told["treated"], told["held_out"], told["can_be_sent"]) == (29, 29, True)
    assert called("plan", row.public_id) == 0
    said = capsys.readouterr().out
    assert "Left out: The customer refused this\t2" in said
    assert Message.objects.count() == 0


def test_a_plan_that_cannot_be_sent_answers_one(capsys):
    shops.shop(3)
    shops.campaign(text="")
    assert called("plan", "好久不见") == 1
    assert "Still missing: text." in capsys.readouterr().out


def test_the_result_is_silent_before_its_day_and_has_the_interval_after(capsys):
    made = shops.shop(300)
    now = timezone.now() - timedelta(days=40)
    row = shops.sent(now=now)
    assert called("result", row.public_id, "--json") == 0
    early = json.loads(capsys.readouterr().out)
    assert (early["verdict"], early["effect"], early["facts"]) == (None, None, None)
    Message.objects.update(state="cancelled")
    arms = shops.arms(row.id)
    shops.come_back(made, arms["treated"], 0.6, on=now.date() + timedelta(days=5))
    made.add([Sale(None, timezone.now().date())])
    flow.judge(row.public_id, now=timezone.now())
    assert called("result", row.public_id, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "effective"
    assert told["effect"]["lo"] < 0.6 < told["effect"]["hi"]
    assert told["treated"] == len(arms["treated"])
    assert called("result", row.public_id) == 0
    assert "Verdict\teffective" in capsys.readouterr().out
    assert called("list") == 0
    assert "effective" in capsys.readouterr().out


def test_a_campaign_nobody_made_and_a_theme_of_several_are_refused():
    shops.shop(2)
    with pytest.raises(errors.NoSuchCampaign):
        called("result", "没有这个")
    first, second = shops.campaign(), shops.campaign()
    with pytest.raises(errors.SeveralCampaigns) as refused:
        called("result", "好久不见")
    assert first.public_id in str(refused.value.facts["campaigns"])
    assert called("result", second.public_id) == 0
