"""In through the door and out again, with a keyboard, in both languages, on both screens."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_a_wrong_password_is_answered_beside_the_field(
    visitor: Make, house: None, dark: bool, phone: bool
) -> None:
    someone = visitor(dark=dark, phone=phone)
    someone.goes_to("/sign-in")
    someone.page.locator("input[name=email]").fill("owner@example.com")
    someone.page.locator("input[name=password]").fill("not the password")
    someone.page.keyboard.press("Enter")
    error = someone.page.locator("#id_password-error")
    error.wait_for()
    assert "还可以再试 9 次" in error.inner_text()
    assert someone.sees_no_sideways_scroll()
    someone.keeps_picture(f"sign-in-zh-{'390' if phone else '1440'}{'-dark' if dark else ''}")
    # The refusal is a 422, which Chromium notes as a failed resource; nothing else is complained
    # about.
    assert [line for line in someone.complaints if "422" not in line] == []


def test_the_door_opens_with_the_keyboard_alone_and_the_first_stop_is_the_content(
    visitor: Make, house: None
) -> None:
    someone = visitor(language="en-GB")
    someone.goes_to("/sign-in?next=/profile")
    someone.page.keyboard.type("owner@example.com")  # the first field has the focus
    someone.page.keyboard.press("Tab")
    someone.page.keyboard.type(PASSWORD)
    someone.page.keyboard.press("Enter")
    someone.page.wait_for_url(lambda url: url.endswith("/profile") and "sign-in" not in url)
    someone.page.keyboard.press("Tab")
    assert someone.page.evaluate("document.activeElement.className") == "skip"
    someone.page.keyboard.press("Enter")
    assert someone.page.evaluate("document.activeElement.id") == "main"
    assert someone.complaints == []


def test_language_and_theme_change_at_once_and_stay(visitor: Make, house: None) -> None:
    someone = visitor()
    someone.signs_in("owner@example.com")
    someone.goes_to("/profile")
    someone.keeps_picture("profile-zh-1440")
    someone.page.locator("[data-theme-toggle]").click()
    someone.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    someone.page.wait_for_load_state("networkidle")
    someone.page.locator(".topbar button[name=language][value=en]").first.click()
    someone.page.wait_for_function("document.documentElement.lang === 'en'")
    assert someone.page.evaluate("document.documentElement.dataset.theme") == "dark"
    someone.keeps_picture("profile-en-1440-dark")
    assert someone.complaints == []


def test_a_phone_opens_navigation_and_account_without_script_of_ours(
    visitor: Make, house: None
) -> None:
    someone = visitor(phone=True)
    someone.signs_in("owner@example.com")
    someone.goes_to("/imports")
    assert not someone.page.locator("#nav").is_visible()
    someone.page.locator(".menu-btn").click()
    someone.page.locator("#nav").wait_for(state="visible")
    someone.keeps_picture("navigation-zh-390")
    someone.page.keyboard.press("Escape")
    someone.page.locator("[popovertarget=user-menu]").click()
    someone.page.locator("#user-menu").wait_for(state="visible")
    someone.keeps_picture("account-zh-390")
    someone.page.locator("#user-menu button:has-text('退出登录')").click()
    someone.page.wait_for_url("**/sign-in")
    assert someone.complaints == []
