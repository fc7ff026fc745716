"""The case desk by keyboard, and a customer with a phone on the other side."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.voice import services as voice
from huitou.voice.models import Case
from huitou.voice.types import CaseIn
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


def told(text: str, *, hours_ago: float, kind: str = "enquiry") -> str:
    now = timezone.now()
    case = CaseIn(kind, "phone", text, received_at=now - timedelta(hours=hours_ago))
    return voice.open_case(case=case, actor="system", now=now).public_id


def focused(someone: Visitor) -> str:
    return str(someone.page.evaluate("document.activeElement.innerText"))


def test_the_inbox_is_worked_through_without_a_mouse(visitor: Make, house: None) -> None:
    told("几点关门", hours_ago=1)
    told("豆子还有吗", hours_ago=22)
    told("停车方便吗", hours_ago=25)
    someone = visitor(language="en-GB")
    someone.signs_in("owner@example.com")
    someone.goes_to("/cases?queue=all")
    keys = someone.page.keyboard
    keys.press("j")
    assert "停车方便吗" in focused(someone), "the overdue one is the first"
    keys.press("j")
    assert "豆子还有吗" in focused(someone)
    keys.press("k")
    keys.press("k")
    assert "停车方便吗" in focused(someone), "the list does not run round"
    keys.press("Enter")
    someone.page.wait_for_url("**/cases/C-*")
    keys.press("r")
    assert someone.page.evaluate("document.activeElement.id") == "id_text"
    keys.type("There is a garage next door. juk")  # letters are words here, not commands
    someone.page.locator("#reply button[type=submit]").focus()
    keys.press("Enter")
    someone.page.locator(".said", has_text="garage next door. juk").wait_for()
    keys.press("u")
    someone.page.wait_for_url("**/cases")
    assert someone.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_desk_fits_every_screen(visitor: Make, house: None, dark: bool, phone: bool) -> None:
    number = told("外送两杯手冲，一杯洒了三分之一。", hours_ago=22.3, kind="complaint")
    told("杯盖有裂口，烫到了手", hours_ago=24.5, kind="complaint")
    told("店员态度很好", hours_ago=3, kind="praise")
    someone = visitor(dark=dark, phone=phone)
    someone.signs_in("owner@example.com")
    shape = f"{'390' if phone else '1440'}{'-dark' if dark else ''}"
    for path, name in (
        ("/cases?queue=all", "inbox"),
        (f"/cases/{number}", "case"),
        ("/cases/new", "case-new"),
        ("/promises", "promises"),
    ):
        someone.goes_to(path)
        assert someone.sees_no_sideways_scroll(), path
        someone.keeps_picture(f"{name}-zh-{shape}")
    assert someone.complaints == []


def test_a_customer_writes_on_the_phone_is_answered_and_says_that_it_is_solved(
    visitor: Make, house: None
) -> None:
    customer = visitor(phone=True)
    customer.goes_to("/tell")
    page = customer.page
    page.get_by_label("咨询", exact=True).check()
    page.locator("textarea[name=text]").fill("你们几点关门？")
    customer.keeps_picture("tell-zh-390")
    assert customer.sees_no_sideways_scroll()
    page.locator("form.telling button[type=submit]").click()
    page.wait_for_url("**/c/*")
    assert "24 小时内给您答复" in page.inner_text("main")
    link = page.url.removeprefix(customer.address)
    desk = visitor()
    desk.signs_in("owner@example.com")
    desk.goes_to(f"/cases/{Case.objects.get().public_id}")
    desk.page.locator("#id_text").fill("晚上十点，周末到十一点。")
    desk.page.locator("#reply button[type=submit]").click()
    desk.page.locator(".said", has_text="周末到十一点").wait_for()
    customer.goes_to(link)
    assert "已答复，请您确认" in page.inner_text("main")
    customer.keeps_picture("case-follow-zh-390")
    assert customer.sees_no_sideways_scroll()
    page.get_by_role("button", name="已经解决").click()
    page.get_by_text("您已确认解决。").wait_for()
    assert Case.objects.get().confirmed_at is not None
    assert customer.complaints == []
    assert desk.complaints == []
