"""``huitou programme`` and ``huitou facts``: recounting, settling, following up."""

import argparse
import json

import pytest

from huitou.cli import facts, programme
from huitou.platform import followups
from huitou.programmes import models
from tests.services.programme_shop import balance, cart, open_shop, sell

pytestmark = pytest.mark.django_db


def command(module, *argv):
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return module.run(parser.parse_args(list(argv)))


@pytest.fixture
def shop(db):
    return open_shop()


def test_a_recount_answers_in_json_and_with_its_exit_code(shop, capsys):
    sell(cart(shop, 62))
    assert command(programme, "check", "--json") in {0, 1}  # the tier of another day may be due
    told = json.loads(capsys.readouterr().out)
    assert (told["orders"], told["miscounted"], told["unposted"]) == (1, [], [])
    models.Earning.objects.update(points=1)
    assert command(programme, "check") == 1
    assert "not what the money earns" in capsys.readouterr().out


def test_settling_says_how_many_orders_changed(shop, capsys):
    sell(cart(shop, 62, customer=shop.stranger))
    models.Membership.objects.create(
        customer_id=shop.stranger.pk,
        card_number="H1",
        joined_at="2026-06-30T00:00Z",
        joined_on="2026-06-30",
        source="import",
    )
    assert command(programme, "settle") == 0
    assert "1 orders changed" in capsys.readouterr().out
    assert balance(shop.stranger) == 62


def test_what_waits_to_be_followed_up_is_listed_and_tried_again(shop, capsys):
    sell(cart(shop, 62))
    assert command(facts, "waiting", "--json") == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert names == ["programmes.joined", "orders.sold"]
    assert command(facts, "waiting") == 0
    assert "settle_sold" in capsys.readouterr().out
    assert command(facts, "retry") == 0
    assert followups.counts() == (0, 0)
    assert command(facts, "waiting") == 0
    assert "Everything that has happened was followed up." in capsys.readouterr().out
