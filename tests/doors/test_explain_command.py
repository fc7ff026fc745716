"""``huitou explain``: why a customer has their scores, from a real measurement."""

import argparse
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from huitou.cli import explain
from huitou.customers.errors import NoSuchCustomer
from huitou.insights.errors import NoRun
from huitou.insights.explain import ORDER
from huitou.insights.services import runs
from huitou.insights.types import Options
from huitou.platform.progress import Silent
from huitou.voice.models import Answer
from tests.services import measured_shop
from tests.services.measured_shop import Sale

pytestmark = pytest.mark.django_db(transaction=True)
D = date(2026, 1, 31)


def command(*argv):
    parser = argparse.ArgumentParser()
    explain.add_arguments(parser)
    return explain.run(parser.parse_args(list(argv)))


@pytest.fixture
def shop(tmp_path, settings):
    settings.HOME = tmp_path
    shop = measured_shop.found()
    start = date(2025, 1, 6)
    shop.add(
        Sale(f"c{n:03d}", start + timedelta(days=(n * 7) % 120 + k * (15 + n % 40)))
        for n in range(120)
        for k in range(1 + n % 8)
    )
    at = datetime(2025, 12, 1, 4, tzinfo=UTC)
    words = {"satisfaction": "very_satisfied", "recommendation": "very_likely"}
    Answer.objects.create(
        customer_id=shop.customers["c007"],
        answered_at=at,
        answered_on=at.date(),
        prefers_us=True,
        **words,
    )
    shop.known(["nobody yet"])
    return shop


def measure():
    options = Options(as_of=D)
    now = datetime(2026, 2, 1, 4, tzinfo=UTC)
    return runs.measure(options=options, actor="cli", now=now, reporter=Silent())


def test_a_measured_customer_has_a_reason_for_every_score(shop, capsys):
    run = measure()
    assert command("c007", "--json") == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (found["customer"], found["as_of"], found["run"]) == (
        "c007",
        "2026-01-31",
        run.public_id,
    )
    scores = {each["score"]: each for each in found["scores"]}
    assert tuple(scores) == ORDER
    assert all(each["lines"] for each in scores.values())
    repeat = scores["repeat_probability"]
    assert sum(part["amount"] for part in repeat["parts"]) == pytest.approx(repeat["value"])
    assert scores["loyalty_index"]["value"] is not None
    assert scores["loyalty_level"]["value"] in {"habitual", "preference", "devoted"}


def test_sentences_are_printed_for_people(shop, capsys, monkeypatch):
    monkeypatch.setenv("HUITOU_LANGUAGE", "en")
    measure()
    assert command("c007") == 0
    shown = capsys.readouterr().out
    assert "Last purchase" in shown
    assert "{" not in shown


def test_who_never_bought_is_explained_too(shop, capsys):
    measure()
    assert command("nobody yet", "--json") == 0
    scores = {each["score"]: each for each in json.loads(capsys.readouterr().out)["scores"]}
    assert scores["layer"]["value"] == "no_purchase"
    assert scores["repeat_probability"]["value"] is None


def test_a_stranger_is_refused(shop):
    measure()
    with pytest.raises(NoSuchCustomer):
        command("nobody at all")


def test_without_a_measurement_there_is_nothing_to_explain(shop):
    with pytest.raises(NoRun):
        command("c007")
