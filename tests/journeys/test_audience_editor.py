"""The editor of audiences in a browser: figures follow every change, nothing is lost, every guise
stands."""

import pytest
from django.utils import timezone

from huitou.audiences import queries, services
from tests.doors import shop

pytestmark = pytest.mark.django_db(transaction=True)
CONDITION = {
    "v": 1,
    "where": {
        "all": [
            {"field": "layer", "op": "in", "value": ["cooling", "high_win_back"]},
            {
                "agg": "count", "of": "orders", "window": {"days": 365},
                "where": [{"field": "category", "op": "in", "value": ["拿铁"]}],
                "op": "gte", "value": 2,
            },
            {
                "any": [
                    {"field": "risk", "op": "gte", "value": 0.15},
                    {"field": "days_since_purchase", "op": "gt", "value": 60},
                ]
            },
            {"not": {"field": "open_case", "op": "eq", "value": True}},
        ]
    },
}  # fmt: skip


def _signed_in(visitor, **guise):
    language = guise.pop("language", "en")
    shop.user(language=language)
    reader = visitor(language="en" if language == "en" else "zh-CN", **guise)
    reader.signs_in("owner@example.com")
    return reader


def test_figures_follow_each_change_without_a_new_page(visitor):
    shop.measured()
    reader = _signed_in(visitor)
    page = reader.page
    reader.goes_to("/audiences/new")
    page.evaluate("window.stayed = true")
    page.locator("#name").fill("Cooling, often here")

    page.locator('select[name="r.0.subject"]').select_option("field:layer")
    page.locator('input[name="r.0.value"][value="cooling"]').check()
    page.locator(".hero", has_text="3").wait_for()

    page.get_by_role("button", name="Add a condition").click()
    page.locator('select[name="r.1.subject"]').select_option("field:risk")
    page.locator('select[name="r.1.op"]').select_option("gte")
    page.locator('input[name="r.1.value"]').fill("40")
    page.locator('input[name="r.1.value"]').press("Tab")
    page.locator(".hero", has_text="2").wait_for()
    assert page.evaluate("window.stayed")
    assert page.locator("#name").input_value() == "Cooling, often here"

    page.get_by_role("button", name="Delete the condition").nth(1).click()
    page.locator(".hero", has_text="3").wait_for()
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/audiences/aud_*")
    assert reader.complaints == []
    (kept,) = queries.audiences()
    assert kept.expression == {
        "v": 1, "where": {"all": [{"field": "layer", "op": "in", "value": ["cooling"]}]}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "dark", "phone"),
    [
        pytest.param("zh-hans", False, False, id="zh-light-1440"),
        pytest.param("en", True, True, id="en-dark-390"),
    ],
)
def test_the_screens_of_audiences_stand_in_every_guise(visitor, language, dark, phone):
    shop.measured()
    made = services.save(name="该回来了", expression=CONDITION, now=timezone.now())
    reader = _signed_in(visitor, language=language, dark=dark, phone=phone)
    guise = f"{language[:2]}-{'dark' if dark else 'light'}-{390 if phone else 1440}"
    pages = {
        "audiences": "/audiences",
        "audience": f"/audiences/{made.public_id}",
        "audience-edit": f"/audiences/{made.public_id}/edit",
        "audience-nobody": "/audiences/new?preset=birthday",
    }
    for name, address in pages.items():
        reader.goes_to(address)
        reader.keeps_picture(f"{name}-{guise}")
        assert reader.sees_no_sideways_scroll(), f"{name} is wider than the window"
    assert reader.complaints == []
