"""A customer is added by hand, phoned, left alone and erased, in a browser, in both languages."""

from collections.abc import Callable

import pytest

from huitou.customers.models import Customer
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    ("dark", "phone"), [(False, False), (True, True)], ids=["wide", "phone-dark"]
)
def test_a_customer_by_hand_from_the_first_word_to_the_last(
    visitor: Make, house: None, language: str, dark: bool, phone: bool
) -> None:
    owner = visitor(language=language, dark=dark, phone=phone)
    owner.signs_in("owner@example.com")
    if language == "en-GB":
        from huitou.staff import services as staff
        from huitou.staff.models import User

        staff.set_preferences(user_id=User.objects.get().pk, language="en")
    look = f"{language[:2]}-{'phone-dark' if phone else 'wide'}"
    page = owner.page
    owner.goes_to("/customers/new")
    for name, text in {"name": "许明朗", "phones": "13800009999", "emails": "a@b.cn"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("main form .btn[data-kind=primary]").click()
    page.wait_for_url(lambda url: "/new" not in url)
    owner.keeps_picture(f"customer-new-{look}")
    who = Customer.objects.get()
    owner.goes_to("/customers/new")
    page.locator("[name=name]").fill("小许")
    page.locator("[name=phones]").fill("138 0000 9999")
    page.locator("main form .btn[data-kind=primary]").click()
    page.locator("[name=is_another]").wait_for()
    owner.keeps_picture(f"customer-double-{look}")
    assert owner.sees_no_sideways_scroll()
    _is_phoned(owner, who.pk, look)
    owner.goes_to(f"/customers/{who.pk}/erase")
    owner.keeps_picture(f"customer-erase-{look}")
    assert owner.sees_no_sideways_scroll()
    page.locator("[name=code]").fill(who.code)
    page.locator("main form .btn[data-kind=danger]").click()
    page.wait_for_url(lambda url: url.endswith("/customers"))
    assert not Customer.objects.exists()
    assert [said for said in owner.complaints if "422" not in said] == []


def _is_phoned(owner: Visitor, customer_id: int, look: str) -> None:
    page = owner.page
    owner.goes_to(f"/customers/{customer_id}/timeline")
    page.locator("[name=text]").fill("问了新豆的口味")
    page.locator("[name=reaction]").fill("周五来试")
    page.locator("main form .btn[data-kind=primary]").click()
    page.locator(".timeline li").wait_for()
    page.locator("main form .btn[data-kind=danger]").click()
    page.locator(".timeline li >> nth=1").wait_for()
    owner.keeps_picture(f"customer-timeline-{look}")
    assert owner.sees_no_sideways_scroll()
