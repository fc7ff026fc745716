"""The overview: an honest next step before figures, every figure from the report after."""

from datetime import timedelta

import pytest

from tests.doors import shop

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_without_orders_the_overview_says_what_comes_next():
    shop.company_with_stores()
    page = text_of(shop.client_of(shop.user()).get("/"))
    assert "Import your orders" in page
    assert "data-chart" not in page


def test_with_orders_but_no_measurement_the_overview_offers_to_measure():
    shop.with_orders()
    page = text_of(shop.client_of(shop.user()).get("/"))
    assert 'action="/measure"' in page
    assert "Nothing has been measured yet" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_after_a_measurement_the_overview_shows_its_figures(language):
    made = shop.measured()
    page = text_of(shop.client_of(shop.user(language=language)).get("/"))
    for figure in ("65.4", "41.2%", "62.9%", "82.5%", "75%"):
        assert figure in page
    assert page.count('data-chart="') == 2
    assert f'href="/customers/{made.customers[0].pk}"' in page


def test_without_answers_the_index_card_asks_for_them_and_shows_what_is_known():
    made = shop.measured()
    report = shop.report()
    report["index"] = {
        "value": None,
        "n": 0,
        "population": 16040,
        "coverage": 0.0,
        "reason": "no_answers",
        "parts": {},
    }
    made.run.report = report
    made.run.save()
    page = text_of(shop.client_of(shop.user()).get("/"))
    assert "Two questions complete the picture" in page
    assert "41.2" in page


def test_profit_is_never_said_where_costs_are_not_known():
    made = shop.measured()
    report = shop.report()
    report["money"] = {"name": "sales", "cost_coverage": 0.1, "currency": "CNY"}
    report["pareto"]["basis"] = "sales"
    made.run.report = report
    made.run.save()
    page = text_of(shop.client_of(shop.user()).get("/"))
    assert "Sales likely to be lost" in page
    assert "Profit likely to be lost" not in page
    assert "profit not known" in page


def test_an_empty_report_breaks_nothing():
    made = shop.measured()
    made.run.report = {}
    made.run.save()
    text_of(shop.client_of(shop.user()).get("/"))


def test_a_stranger_goes_to_sign_in_and_a_cashier_to_the_till(client):
    shop.measured()
    shop.user()
    assert client.get("/").headers["Location"].startswith("/sign-in")
    assert shop.client_of(shop.user("cashier")).get("/").headers["Location"] == "/till"


def test_the_loop_says_what_is_not_known_and_counts_what_is():
    made = shop.measured()
    assert made.customers
    page = text_of(shop.client_of(shop.user(language="en")).get("/"))
    assert "Cases answered within 24 hours" in page
    assert "none in the last 30 days" in page
    assert "Points owed to members" not in page, "there is no programme yet"


def test_a_store_manager_sees_only_own_customers_on_the_list():
    made = shop.measured()
    reader = shop.user("account_manager", stores=[made.stores[0]])
    page = text_of(shop.client_of(reader).get("/"))
    assert "苏以宁" in page
    assert "顾长风" not in page


def test_the_overview_reads_at_most_twelve_times(django_assert_max_num_queries):
    shop.measured()
    client = shop.client_of(shop.user())
    with django_assert_max_num_queries(STATEMENTS):
        client.get("/")


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        pytest.param(shop.TODAY, "As of 30 Jun 2026 20:00", id="a day that is not over"),
        pytest.param(
            shop.TODAY - timedelta(1), "As of the end of 29 Jun 2026", id="a day that is over"
        ),
    ],
)
def test_figures_of_a_day_that_was_not_over_say_when_they_were_read(as_of, words):
    found = shop.measured()
    type(found.run).objects.update(as_of=as_of)
    browser = shop.client_of(shop.user())
    assert words in browser.get("/").content.decode()
    assert words[0].lower() + words[1:] in browser.get("/customers").content.decode()
