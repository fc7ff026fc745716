"""The screens of figures in a browser: both languages, both themes, wide and on a phone, without a
complaint."""

import pytest

from tests.doors import shop

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = {
    "overview": "/",
    "customers": "/customers",
    "analysis-summary": "/analysis?tab=summary",
    "analysis-forecast": "/analysis?tab=forecast",
    "analysis-retention": "/analysis?tab=retention",
    "analysis-value": "/analysis?tab=value",
    "analysis-satisfaction": "/analysis?tab=satisfaction",
    "analysis-method": "/analysis?tab=method",
}


@pytest.mark.parametrize(
    ("language", "dark", "phone"),
    [
        pytest.param("zh-hans", False, False, id="zh-light-1440"),
        pytest.param("en", True, False, id="en-dark-1440"),
        pytest.param("zh-hans", True, True, id="zh-dark-390"),
        pytest.param("en", False, True, id="en-light-390"),
    ],
)
def test_screens_of_figures_stand_in_every_guise(visitor, language, dark, phone):
    made = shop.measured()
    shop.user(language=language)
    reader = visitor(language="en" if language == "en" else "zh-CN", dark=dark, phone=phone)
    reader.signs_in("owner@example.com")
    guise = f"{language[:2]}-{'dark' if dark else 'light'}-{390 if phone else 1440}"
    pages = {**ADDRESSES, "customer": f"/customers/{made.customers[2].pk}"}
    for name, address in pages.items():
        reader.goes_to(address)
        reader.keeps_picture(f"{name}-{guise}")
        charts = reader.page.locator("[data-chart]").count()
        assert reader.page.locator("[data-chart] svg").count() == charts, (
            f"{name}: a chart was not drawn"
        )
        assert reader.sees_no_sideways_scroll(), f"{name} is wider than the window"
    assert reader.complaints == []


def test_the_keyboard_reaches_search_rows_and_pages(visitor):
    shop.measured()
    shop.user()
    reader = visitor(language="en")
    reader.signs_in("owner@example.com")
    reader.goes_to("/customers")
    reader.page.keyboard.press("/")
    reader.page.keyboard.type("guchang")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/customers?q=guchang*")
    link = reader.page.locator("tbody a").first
    link.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/customers/*")
    assert "顾长风" in reader.page.locator("h1").inner_text()
