"""The analyst's page: every tab from the report, empty parts saying so, calculators apart from the
shop's figures."""

import pytest

from tests.doors import shop

pytestmark = pytest.mark.django_db
TABS = ["summary", "forecast", "retention", "value", "satisfaction", "method"]


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_tab_opens_with_few_reads(tab, language, django_assert_max_num_queries):
    shop.measured()
    client = shop.client_of(shop.user(language=language))
    with django_assert_max_num_queries(12):
        page = text_of(client.get(f"/analysis?tab={tab}"))
    assert page.count('aria-current="page"') >= 2


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(
    "report", [{}, {"index": {"value": None}, "grid": {"cells": None, "reason": "too_few"}}]
)
def test_a_report_with_nothing_in_it_breaks_no_tab(tab, report):
    made = shop.measured()
    made.run.report = report
    made.run.save()
    text_of(shop.client_of(shop.user()).get(f"/analysis?tab={tab}"))


@pytest.mark.parametrize(
    ("tab", "figure"),
    [
        ("forecast", "Better than the last purchase alone"),
        ("forecast", "1 <small"),
        ("retention", "came back by day k"),
        ("value", "¥2.6M"),
        ("value", "ρ = 0.34"),
        ("satisfaction", "no evidence yet"),
        ("method", "2.31000"),
        ("method", "14 / 30 / 60 / 120"),
    ],
)
def test_figures_come_from_the_report(tab, figure):
    shop.measured()
    page = text_of(shop.client_of(shop.user()).get(f"/analysis?tab={tab}"))
    assert figure in page or figure.replace(" <small", " <small class") in page


def test_the_calculator_multiplies_what_is_typed_as_the_textbook_does():
    shop.measured()
    client = shop.client_of(shop.user())
    page = text_of(client.get("/analysis?tab=value&before=80&after=85&discount=10"))
    assert "2.67" in page
    assert "3.40" in page
    assert "+27.5%" in page
    claims = text_of(
        client.get("/analysis?tab=value&before=80&after=85&discount=10&profit=1000000&win=500")
    )
    assert "1,250,000" in claims
    assert "2,000,000" in claims


@pytest.mark.parametrize(
    "asked", ["before=abc", "before=120", "before=0", "before=&after=", "before=nan&after=inf"]
)
def test_what_cannot_be_calculated_says_why(asked):
    shop.measured()
    page = text_of(shop.client_of(shop.user()).get(f"/analysis?tab=value&{asked}"))
    assert 'role="alert"' in page


def test_an_unknown_tab_is_the_summary():
    shop.measured()
    assert "Loyalty rate" in text_of(shop.client_of(shop.user()).get("/analysis?tab=nonsense"))


def test_before_a_measurement_the_analysis_says_what_comes_next():
    shop.with_orders()
    assert 'action="/measure"' in text_of(shop.client_of(shop.user()).get("/analysis"))


def test_the_analysis_is_for_those_who_may(client):
    shop.measured()
    shop.user()
    assert client.get("/analysis").status_code == 302
    assert shop.client_of(shop.user("cashier")).get("/analysis").status_code == 403
