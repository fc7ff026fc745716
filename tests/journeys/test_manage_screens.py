"""An owner brings somebody in, closes days and changes settings in a browser, in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.staff import queries, services
from huitou.staff.models import User
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


def brings_somebody_in(owner: Visitor, look: str) -> None:
    """A cashier gets a store and a password that is shown once."""
    page = owner.page
    owner.goes_to("/team/new")
    owner.keeps_picture(f"team-new-{look}")
    assert owner.sees_no_sideways_scroll()
    page.locator("input[name=name]").fill("小张")
    page.locator("input[name=email]").fill("zhang@example.com")
    page.locator("select[name=role]").select_option("cashier")
    page.locator("input[name=stores]").first.check()
    page.locator("form[novalidate] button[data-kind=primary]").click()
    page.locator("#password").wait_for()
    owner.keeps_picture(f"team-password-{look}")
    owner.goes_to("/team")
    owner.keeps_picture(f"team-{look}")
    assert owner.sees_no_sideways_scroll()
    who = queries.user_with_email("zhang@example.com")
    assert who is not None
    owner.goes_to(f"/team/{who.id}")
    page.locator("[data-opens=close]").click()
    owner.keeps_picture(f"team-close-{look}")
    page.locator("dialog[open] [data-closes]").click()
    owner.keeps_picture(f"team-member-{look}")
    assert owner.sees_no_sideways_scroll()


def closes_days(owner: Visitor, look: str) -> None:
    """A week is closed, and taken back."""
    page, first = owner.page, timezone.localdate() + timedelta(60)
    services.close_days(
        days=[first - timedelta(400 + n) for n in range(3)],
        reason="春节",
        actor="cli",
        now=timezone.now(),
    )
    owner.goes_to("/stores/closed-days")
    page.locator("input[name=first]").first.fill(first.isoformat())
    page.locator("input[name=last]").first.fill((first + timedelta(6)).isoformat())
    page.locator("input[name=reason]").first.fill("装修")
    page.locator("button[data-once]").click()
    page.locator("form[action$=undo]").wait_for()
    owner.keeps_picture(f"closed-days-{look}")
    assert owner.sees_no_sideways_scroll()
    page.locator("form[action$=undo] button").click()
    page.locator(".notice").wait_for()
    assert [span.reason for span in queries.closed_spans()] == ["春节"]


def changes_settings(owner: Visitor, look: str) -> None:
    """A wrong value is told why; a right one is in force, a later one is planned."""
    page = owner.page
    owner.goes_to("/settings/windows")
    page.locator("input[name=part_0]").fill("50")
    page.locator("form[novalidate] button[data-kind=primary]").click()
    page.locator(".error").first.wait_for()
    owner.keeps_picture(f"setting-refused-{look}")
    assert owner.sees_no_sideways_scroll()
    owner.goes_to("/settings/global_holdout_percent")
    page.locator("input[name=part_0]").fill("2")
    page.locator("input[name=confirmed]").check()
    page.locator("form[novalidate] button[data-kind=primary]").click()
    page.locator(".notice").wait_for()
    later = (timezone.localdate() + timedelta(30)).isoformat()
    for parts, day in ((("62.5",), ""), (("60",), later)):
        owner.goes_to("/settings/margin_percent")
        page.locator("input[name=part_0]").fill(parts[0])
        if day:
            page.locator("input[name=valid_from]").first.fill(day)
        page.locator("form[novalidate] button[data-kind=primary]").click()
        page.locator(".notice").wait_for()
    owner.goes_to("/settings/margin_percent?of=拿铁")
    page.locator("input[name=part_0]").fill("70")
    page.locator("form[novalidate] button[data-kind=primary]").click()
    page.locator(".notice").wait_for()
    owner.keeps_picture(f"setting-margin-{look}")
    assert owner.sees_no_sideways_scroll()
    for address, name in (
        ("/settings/case_step_hours", "setting-hours"),
        ("/settings/quiet_hours", "setting-quiet"),
        ("/settings/company", "setting-company"),
        ("/settings", "settings"),
    ):
        owner.goes_to(address)
        owner.keeps_picture(f"{name}-{look}")
        assert owner.sees_no_sideways_scroll(), address


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    ("dark", "phone"), [(False, False), (True, True)], ids=["wide", "phone-dark"]
)
def test_an_owner_runs_the_shop_without_a_command_line(
    visitor: Make, house: None, language: str, dark: bool, phone: bool
) -> None:
    owner = visitor(language=language, dark=dark, phone=phone)
    owner.signs_in("owner@example.com")
    if language == "en-GB":
        services.set_preferences(user_id=User.objects.get().pk, language="en")
    look = f"{'en' if language == 'en-GB' else 'zh'}-{'390-dark' if phone else '1440'}"
    brings_somebody_in(owner, look)
    owner.goes_to("/stores")
    owner.keeps_picture(f"stores-{look}")
    assert owner.sees_no_sideways_scroll()
    owner.goes_to("/stores/new")
    owner.keeps_picture(f"store-new-{look}")
    closes_days(owner, look)
    changes_settings(owner, look)
    assert owner.complaints == [
        "error: Failed to load resource: the server responded with a "
        "status of 422 (Unprocessable Entity)"
    ]
