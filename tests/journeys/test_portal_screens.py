"""Members on their phones and a cashier at the counter, in a real browser, in both languages."""

import re
from collections.abc import Callable

import pytest

from huitou.orders.queries import orders_of
from huitou.platform.models import Message
from tests.doors.member_shop import Member, buy, member, start_programme
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "points", "card", "coupons", "orders", "me", "about", "privacy", "rules", "cases")
MORE = ("privacy/forget", "nowhere")
LOOKS = [
    pytest.param("zh-CN", False, id="Chinese, light"),
    pytest.param("en", True, id="English, dark"),
]


@pytest.fixture
def known(house: None) -> Member:
    """A member with points of several orders."""
    start_programme()
    found = member()
    for n, amount in enumerate((4_860, 12_000, 2_700)):
        buy(found, amount, key=f"{n:032x}")
    return found


def enters(visitor: Visitor, who: Member) -> None:
    """Come back with the cookie of an earlier visit."""
    token = who.browser.cookies["huitou_member"].value
    cookie = {"name": "huitou_member", "value": token, "url": visitor.address}
    visitor.context.add_cookies([cookie])


@pytest.mark.parametrize(("language", "dark"), LOOKS)
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_every_page_of_a_member_fits_the_screen(
    known: Member, visitor: Callable[..., Visitor], language: str, dark: bool, phone: bool
) -> None:
    reader = visitor(language=language, dark=dark, phone=phone)
    enters(reader, known)
    latest = orders_of(known.customer_id).rows[0].order_id
    for page in (*PAGES, *MORE, f"orders/{latest}"):
        reader.goes_to(f"/m/{page}")
        assert reader.sees_no_sideways_scroll(), page
        look = f"{language[:2]}-{'dark' if dark else 'light'}-{'390' if phone else '1440'}"
        name = "order" if page.startswith("orders/") else page.replace("/", "-") or "home"
        reader.keeps_picture(f"portal-{name}-{look}")
    assert [said for said in reader.complaints if "404" not in said] == []  # one is nowhere


def test_somebody_joins_on_the_phone_and_shows_the_card(
    known: Member, visitor: Callable[..., Visitor]
) -> None:
    newcomer = visitor(phone=True)
    newcomer.goes_to("/m/")
    assert "/m/sign-in" in newcomer.page.url
    newcomer.keeps_picture("portal-sign-in-zh-light-390")
    newcomer.page.locator("input[name=email]").fill("fang@example.com")
    newcomer.page.get_by_role("button", name="获取验证码").click()
    newcomer.page.wait_for_url("**/m/code")
    newcomer.keeps_picture("portal-code-zh-light-390")
    code = re.search(r"\d{6}", Message.objects.latest("id").subject)
    assert code
    newcomer.page.locator("input[name=code]").fill(code.group())
    newcomer.page.keyboard.press("Enter")
    newcomer.page.wait_for_url("**/m/join")
    newcomer.page.locator("input[name=name]").fill("方晓棠")
    newcomer.page.locator("input[name=has_agreed]").check()
    newcomer.keeps_picture("portal-join-zh-light-390")
    newcomer.page.keyboard.press("Enter")
    newcomer.page.wait_for_url(re.compile(r"/m/$"))
    newcomer.keeps_picture("portal-new-member-zh-light-390")
    newcomer.page.get_by_role("link", name="会员码", exact=True).last.click()
    newcomer.page.wait_for_url("**/m/card")
    drawing = newcomer.page.locator(".qr img")
    assert drawing.evaluate("image => image.complete && image.naturalWidth > 0")
    assert newcomer.complaints == []


def test_a_reason_unfolds_and_consent_is_switched(
    known: Member, visitor: Callable[..., Visitor]
) -> None:
    reader = visitor(phone=True)
    enters(reader, known)
    reader.goes_to("/m/points")
    reader.page.locator("summary").first.click()
    assert reader.page.get_by_text("合计").first.is_visible()
    reader.keeps_picture("portal-points-why-zh-light-390")
    reader.goes_to("/m/privacy")
    switch = reader.page.locator("input[name=marketing_email]")
    assert not switch.is_checked()
    switch.check()
    reader.page.get_by_role("button", name="保存").click()
    reader.page.wait_for_load_state()
    assert reader.page.locator("input[name=marketing_email]").is_checked()
    assert reader.complaints == []


@pytest.mark.parametrize(("language", "dark"), LOOKS)
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_sale_by_keyboard_alone(
    known: Member, visitor: Callable[..., Visitor], language: str, dark: bool, phone: bool
) -> None:
    look = f"{language[:2]}-{'dark' if dark else 'light'}-{'390' if phone else '1440'}"
    cashier = visitor(language=language, dark=dark, phone=phone)
    cashier.signs_in("owner@example.com")
    if language == "en" and not phone:
        cashier.page.get_by_role("button", name="English").first.click()
        cashier.page.wait_for_load_state()
    for page in ("till/join", "till/refund"):
        cashier.goes_to(f"/{page}")
        assert cashier.sees_no_sideways_scroll(), page
        cashier.keeps_picture(f"{page.replace('/', '-')}-form-{look}")
    cashier.goes_to("/till")
    cashier.page.locator("input[name=q]:focus").wait_for()  # the page puts the cursor there
    cashier.page.keyboard.type("1234")
    cashier.page.keyboard.press("Enter")
    cashier.page.wait_for_url("**q=1234*")
    cashier.keeps_picture(f"till-find-{look}")
    assert cashier.sees_no_sideways_scroll()
    cashier.goes_to("/till")
    cashier.page.locator("input[name=q]:focus").wait_for()
    cashier.page.keyboard.type(known.card_number)  # as a scanner does
    cashier.page.keyboard.press("Enter")
    cashier.page.wait_for_url("**/till/sale?customer=*")
    cashier.keeps_picture(f"till-sale-{look}")
    cashier.page.locator("main input:focus").wait_for()
    cashier.page.keyboard.type("28+32.50")
    cashier.page.locator(".till-pay").wait_for()  # the quote follows the typing
    cashier.keeps_picture(f"till-typed-{look}")
    cashier.page.keyboard.press("Enter")
    cashier.page.wait_for_load_state()
    assert cashier.page.locator(".till-pay").evaluate("b => b === document.activeElement")
    assert cashier.sees_no_sideways_scroll()
    cashier.keeps_picture(f"till-quote-{look}")
    cashier.page.keyboard.press("Enter")
    cashier.page.wait_for_url("**/till/sold/*")
    assert "60.50" in cashier.page.locator(".hero").inner_text()
    cashier.keeps_picture(f"till-sold-{look}")
    cashier.page.locator(".page-head .actions a").click()
    cashier.page.wait_for_url("**/till/refund/*")
    cashier.keeps_picture(f"till-refund-{look}")
    assert cashier.sees_no_sideways_scroll()
    cashier.page.locator(".till-pay").click()
    cashier.page.wait_for_url("**/till/refund/done/*")
    cashier.keeps_picture(f"till-refunded-{look}")
    assert cashier.complaints == []
