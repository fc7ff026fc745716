"""From nothing to the page that asks for orders, and back in through the door."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from huitou.staff import queries, services
from tests.journeys.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_first_visitor_with_the_token_becomes_owner_and_is_led_to_the_orders(
    visitor: Make, language: str, phone: bool
) -> None:
    token = services.new_setup_token(now=timezone.now())
    someone = visitor(language=language, phone=phone)
    mark = f"{language[:2]}-{'390' if phone else '1440'}"

    someone.goes_to("/")
    assert someone.page.url.endswith("/setup")
    someone.goes_to("/setup?" + urlencode({"token": token}))
    someone.keeps_picture(f"setup-owner-{mark}")
    someone.page.locator("input[name=name]").fill("林晓舟")
    someone.page.locator("input[name=email]").fill("Lin@Shanye.example")
    someone.page.locator("input[name=password]").fill(PASSWORD)
    someone.page.keyboard.press("Enter")
    someone.page.wait_for_url("**/setup/company")
    someone.page.locator("input[name=name]").fill("山野咖啡")
    someone.page.locator("select[name=industry]").select_option("cafe")
    someone.page.locator("input[name=store]").fill("人民广场店")
    someone.keeps_picture(f"setup-company-{mark}")
    someone.page.keyboard.press("Enter")
    someone.page.wait_for_url("**/setup/done")
    someone.keeps_picture(f"setup-done-{mark}")
    assert someone.sees_no_sideways_scroll()
    someone.page.locator("a[href='/imports/new']").click()
    someone.page.wait_for_url("**/imports/new")

    company = queries.company()
    assert company is not None
    assert (company.name, company.industry) == ("山野咖啡", "cafe")
    assert [store.code for store in queries.stores()] == ["人民广场店"]
    assert someone.complaints == []


def test_a_wrong_token_makes_nobody_owner(visitor: Make) -> None:
    services.new_setup_token(now=timezone.now())
    someone = visitor()
    someone.goes_to("/setup?token=guess")
    someone.page.locator("input[name=name]").fill("someone")
    someone.page.locator("input[name=email]").fill("someone@example.com")
    someone.page.locator("input[name=password]").fill(PASSWORD)
    someone.page.keyboard.press("Enter")
    someone.page.locator("input[name=token] ~ .error").wait_for()
    assert not queries.has_owner()
