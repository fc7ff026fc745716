"""A programme is started, tried, changed and given coupons in a browser, in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.customers.models import Customer
from huitou.flows import checkout
from huitou.flows.carts import Cart, CartLine
from huitou.programmes import queries, services
from huitou.staff.models import Store
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


def members_buy() -> None:
    """Twelve members buy at the till, some of them often."""
    now, store = timezone.now(), Store.objects.get()
    for n in range(12):
        who = Customer.objects.create(code=f"C{n}", created_at=now)
        services.join(customer_id=who.pk, source="till", actor="cli", now=now)
        for visit in range(n % 4 + 1):
            wanted = Cart(store.pk, (CartLine(10_000 * n + 3_250),), who.pk)
            at = now + timedelta(seconds=n * 10 + visit)
            digest = checkout.quote(wanted, now=at).digest
            checkout.checkout(wanted, quote_digest=digest, key=f"{n}-{visit}", actor="cli", now=at)


def corrects_points(owner: Visitor, look: str) -> None:
    """Take twenty points of a member back, and see how their tier came about."""
    who, page = Customer.objects.get(code="C7"), owner.page
    owner.goes_to(f"/customers/{who.pk}/points")
    page.locator("input[name=points]").fill("-20")
    page.locator("select[name=reason]").select_option("mistaken")
    page.locator("form[action$=adjust] button").click()
    page.locator(".notice").wait_for()
    owner.keeps_picture(f"member-{look}")
    assert owner.sees_no_sideways_scroll()
    owner.goes_to(f"/customers/{who.pk}/points?tab=tiers")
    owner.keeps_picture(f"member-tiers-{look}")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    ("dark", "phone"), [(False, False), (True, True)], ids=["wide", "phone-dark"]
)
def test_the_owner_starts_a_programme_and_tries_other_rules(
    visitor: Make, house: None, language: str, dark: bool, phone: bool
) -> None:
    owner = visitor(language=language, dark=dark, phone=phone)
    owner.signs_in("owner@example.com")
    if language == "en-GB":
        from huitou.staff import services as staff
        from huitou.staff.models import User

        staff.set_preferences(user_id=User.objects.get().pk, language="en")
    look = f"{'en' if language == 'en-GB' else 'zh'}-{'390-dark' if phone else '1440'}"
    page = owner.page
    owner.goes_to("/programme")
    owner.keeps_picture(f"programme-none-{look}")
    owner.goes_to("/programme/start")
    owner.keeps_picture(f"programme-start-{look}")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/programme")
    members_buy()
    owner.goes_to("/programme")
    owner.keeps_picture(f"programme-{look}")
    assert owner.sees_no_sideways_scroll()
    owner.goes_to("/programme/rules")
    page.locator("input[name=rate]").fill("2")
    page.locator("button[value=try]").click()
    page.locator("#preview-title").wait_for()
    owner.keeps_picture(f"programme-tried-{look}")
    assert owner.sees_no_sideways_scroll()
    page.locator("button[value=save]").click()
    page.wait_for_url("**/programme")
    assert [row.version for row in queries.versions()] == [2, 1]
    corrects_points(owner, look)
    owner.goes_to("/coupons/new")
    page.locator("input[name=name]").fill("周末第二杯")
    page.locator("input[name=amount]").fill("10")
    owner.keeps_picture(f"coupon-new-{look}")
    page.locator("button[data-once]").click()
    page.wait_for_url("**/coupons/cpb_*")
    page.locator("input[name=count]").fill("25")
    page.locator("form[action$=make] button").click()
    page.locator("a[href$=codes]").wait_for()
    owner.keeps_picture(f"coupon-{look}")
    owner.goes_to("/coupons")
    owner.keeps_picture(f"coupons-{look}")
    assert owner.sees_no_sideways_scroll()
    assert queries.batches()[0].issued == 25
    assert owner.complaints == []
