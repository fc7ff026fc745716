"""A survey is made in the console and answered on a phone, in both languages, light and dark."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from huitou.voice import models, services
from huitou.voice.types import SurveyIn, TouchpointIn
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Visitor]


def code() -> str:
    """A code on a counter that asks."""
    now = timezone.now()
    public_id = services.open_survey(
        survey=SurveyIn("2026 秋", horizon_days=60), actor="cli", now=now
    )
    return services.open_touchpoint(
        survey=public_id, touchpoint=TouchpointIn("store", "收银台"), actor="cli", now=now
    )


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_somebody_scans_a_code_and_answers_in_four_taps(
    visitor: Make, house: None, language: str, dark: bool
) -> None:
    token = code()
    someone = visitor(language=language, dark=dark, phone=True)
    someone.goes_to(f"/a/{token}")
    look = f"{'en' if language == 'en-GB' else 'zh'}-390{'-dark' if dark else ''}"
    someone.keeps_picture(f"answer-{look}")
    assert someone.sees_no_sideways_scroll()
    page = someone.page
    page.locator("label:has(input[value=dissatisfied])").tap()
    page.locator("label:has(input[value=possible])").tap()
    page.locator("label:has(input[value=likely])").tap()
    page.locator("textarea").fill("奶泡凉了，等了二十分钟。")
    someone.keeps_picture(f"answer-filled-{look}")
    lines = page.locator("label.answer span").evaluate_all(
        "all => all.map(one => [one.textContent, one.getClientRects().length])"
    )
    broken = [words for words, count in lines if count > len(words.split())]
    assert broken == [], "a word is broken into two lines"
    page.locator("button[data-once]").tap()
    page.wait_for_url("**/thanks/*")
    someone.keeps_picture(f"answer-thanks-{look}")
    assert someone.sees_no_sideways_scroll()
    row = models.Answer.objects.get()
    assert (row.satisfaction, row.recommendation, row.repurchase_probability) == (
        "dissatisfied",
        "possible",
        0.8,
    )
    page.locator("a[href*='answer=']").tap()
    page.wait_for_url("**/tell?*")
    assert page.locator("textarea").first.input_value() == "奶泡凉了，等了二十分钟。"
    assert someone.complaints == []


def test_the_page_is_answered_with_the_keyboard_alone(visitor: Make, house: None) -> None:
    token = code()
    someone = visitor()
    someone.goes_to(f"/a/{token}?s=4")
    page = someone.page
    page.locator("input[value=fairly_satisfied]").focus()
    page.keyboard.press("ArrowLeft")  # one face better
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("textarea").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/*")
    row = models.Answer.objects.get()
    assert (row.satisfaction, row.recommendation) == ("very_satisfied", "very_likely")
    assert someone.complaints == []


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_a_manager_makes_a_survey_prints_its_code_and_reads_the_answers(
    visitor: Make, house: None, phone: bool
) -> None:
    someone = visitor(phone=phone)
    someone.signs_in("owner@example.com")
    width = "390" if phone else "1440"
    page = someone.page
    someone.goes_to("/surveys")
    page.locator("main a.btn[data-kind=primary]").click()
    page.locator("input[name=name]").fill("2026 秋季满意度")
    someone.keeps_picture(f"survey-new-zh-{width}")
    page.locator("main form button[data-once]").click()
    page.wait_for_url("**/surveys/svy_*")
    page.locator("a[href$='/places/new']").first.click()
    page.locator("input[name=name]").fill("人民广场店收银台")
    page.locator("main form button[data-once]").click()
    page.wait_for_url("**/surveys/svy_*")
    place = models.Touchpoint.objects.get()
    _answer_eight_times(place.token)
    address = page.url.removeprefix(someone.address)
    someone.goes_to(address)
    assert someone.sees_no_sideways_scroll()
    someone.keeps_picture(f"survey-zh-{width}")
    someone.goes_to(f"{address}/invite")
    someone.keeps_picture(f"survey-invite-zh-{width}")
    assert someone.sees_no_sideways_scroll()
    _three_customers()
    page.locator("form[method=get] button").last.click()
    page.locator("form[method=post] button[data-once]").wait_for()
    someone.keeps_picture(f"survey-plan-zh-{width}")
    assert someone.sees_no_sideways_scroll()
    page.locator("form[method=post] button[data-once]").click()
    page.wait_for_url("**/surveys/svy_*")
    page.locator("#waves-title").wait_for()
    someone.keeps_picture(f"survey-invited-zh-{width}")
    assert someone.sees_no_sideways_scroll()
    someone.goes_to(f"{address}/sheet")
    someone.keeps_picture(f"survey-sheet-zh-{width}")
    assert someone.sees_no_sideways_scroll()
    assert someone.complaints == []


def _three_customers() -> None:
    from huitou.customers.models import Consent, Customer

    now = timezone.now()
    people = Customer.objects.bulk_create(
        Customer(code=f"M-{number}", name=name, email=email, created_at=now)
        for number, (name, email) in enumerate(
            [("苏以宁", "su@example.com"), ("顾长风", ""), ("何秋白", "he@example.com")]
        )
    )
    Consent.objects.create(
        customer=people[2], channel="email", purpose="survey", state="refused", stated_at=now
    )


def _answer_eight_times(token: str) -> None:
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from huitou.voice.types import Given, Sheet

    said = [
        Given("very_satisfied", "very_likely", "certain", "手冲很稳定，环境安静。"),
        Given("very_satisfied", "very_likely", "likely"),
        Given("fairly_satisfied", "possible", "likely", "早上排队久。"),
        Given("fairly_satisfied", "very_likely", "even"),
        Given("fairly_satisfied", "possible", ""),
        Given("satisfied", "possible", "even"),
        Given("dissatisfied", "impossible", "unlikely", "奶泡凉了。"),
        Given("very_satisfied", "", ""),
    ]
    for number, given in enumerate(said):
        services.answer(
            sheet=Sheet(token, f"{number:032}", "zh-hans", given),
            member_id=None,
            zone=ZoneInfo("Asia/Shanghai"),
            now=timezone.now() - timedelta(minutes=number),
        )
