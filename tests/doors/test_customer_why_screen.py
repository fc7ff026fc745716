"""Why a customer has their scores: told on their page from the measurement's own file, honest when
it is gone."""

import duckdb
import pytest
from django.db import connection
from django.utils import timezone

from huitou.flows import attitudes
from huitou.insights.queries import ANALYTICS
from huitou.platform import files
from huitou.voice.models import Answer, Survey
from tests.doors import shop

pytestmark = pytest.mark.django_db
SCORES = {
    "layer": "'high_win_back'",
    "dormancy_days": "96",
    "purchases": "9",
    "t_x_days": "96",
    "T_days": "192",
    "x": "8",
    "p_repeat": "0.61",
    "risk": "0.26",
    "risk_days": "90",
    "expected_margin_365": "242.0",
    "value_at_risk": "62.9",
    "probably_lost": "31.0",
    "lifetime_value": "812.4",
    "satisfaction": "75.0",
    "repeat_part": "61.0",
    "recommendation": "100.0",
    "loyalty_index": "78.67",
    "loyalty_level": "'habitual'",
    "level_gates": "3",
    "square": "'latent'",
    "run_periods": "2",
    "longest_run_periods": "4",
    "reasons": "1",
    "p_silence": "0.001",
}


@pytest.fixture
def made():
    shop_made = shop.measured()
    person = shop_made.customers[2]
    target = files.home() / ANALYTICS / "scores-of-a-test.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f'{value} AS "{name}"' for name, value in SCORES.items())
    duckdb.sql(
        f"COPY (SELECT {person.pk} AS customer_id, {columns}) TO '{target}' (FORMAT parquet)"
    )
    shop_made.run.scores_path = target.name
    shop_made.run.save()
    with connection.cursor() as cursor:  # lists and the file of one measurement say the same
        cursor.execute(
            "UPDATE audiences_standing SET loyalty_index = 78.67, loyalty_level = 'habitual'"
            " WHERE customer_id = %s",
            [person.pk],
        )
    yield shop_made
    target.unlink()


def page_of(made, client=None):
    response = (client or shop.client_of(shop.user())).get(f"/customers/{made.customers[2].pk}")
    assert response.status_code == 200
    return response


def test_every_score_says_why_with_its_sum_and_its_sentences(made):
    response = page_of(made)
    why = response.context["why"]
    assert [one.code for one in why.first] == ["risk", "value", "index"]
    assert "26%" in why.first[0].title
    assert any("about 24 did not buy within 90 days" in said for said in why.first[0].sentences)
    assert [line["text"] for line in why.first[2].receipt] == ["75", "61", "100"]
    page = response.content.decode()
    for code in ("risk", "value", "index"):
        assert f'href="#why-{code}"' in page or code == "index"
        assert f'id="why-{code}"' in page


def test_bars_are_measured_against_the_largest_and_point_both_ways(made):
    made.run.report = made.run.report | {
        "typical": {"all": {"purchases": 4, "usual_gap_days": 19.0, "dormancy_days": 21, "n": 9800}}
    }
    made.run.save()
    others = {one.code: one for one in page_of(made).context["why"].others}
    bars = others["repeat_probability"].bars
    assert max(bar["by"] for bar in bars) == pytest.approx(48)
    assert {bar["down"] for bar in bars} == {True, False}


def test_where_the_file_is_gone_the_page_says_so_and_keeps_the_scores(made):
    made.run.scores_path = "gone.parquet"
    made.run.save()
    page = page_of(made).content.decode()
    assert "no longer kept" in page
    assert "26%" in page


def test_the_whole_page_reads_at_most_twelve_times(made, django_assert_max_num_queries):
    client = shop.client_of(shop.user("cashier", stores=[made.stores[0]]))
    with django_assert_max_num_queries(12):
        page_of(made, client)


def test_an_answer_given_since_is_in_the_reasons(made):
    customer, now = made.customers[2], timezone.now()
    Answer.objects.create(
        customer=customer,
        answered_at=now,
        answered_on=now.date(),
        wave="2026 秋",
        satisfaction="very_satisfied",
        recommendation="possible",
        survey=Survey.objects.create(public_id="svy_1", name="2026 秋", created_at=now),
    )
    attitudes.renew([customer.pk], now=now)
    why = page_of(made).context["why"]
    assert [line["text"] for line in why.first[2].receipt] == ["100", "61", "50"]
    assert "with the answers given since" in why.source
    # (100 + 61 + 50) / 3
    assert "70" in why.first[2].title
