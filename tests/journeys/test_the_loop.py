"""One customer travels the whole loop in a browser: asked, heard, chosen, treated, rewarded,
proved.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from huitou.campaigns.models import Assignment
from huitou.points.models import Transfer
from huitou.voice.models import Answer, Case, Invitation, Promise
from tests.journeys import loop_shop as shop
from tests.journeys.conftest import Visitor
from tests.journeys.loop_shop import HEROINE, TWIN, Loop, who

pytestmark = pytest.mark.django_db(transaction=True)
COMPLAINT = "拿铁奶泡是凉的，等了二十分钟。"


def test_one_customer_travels_the_whole_loop(loop: Loop, tmp_path: Path) -> None:
    owner = loop.colleague("owner")
    batch = shop.opens(owner, tmp_path, unasked=HEROINE)
    stands_easy_to_win_back(owner)
    marketer = loop.colleague("marketer")
    customer = loop.customer()
    asks(loop, marketer)
    answers_dissatisfied(loop, customer)
    audience = shop.saves_audience(marketer, "该请回来的", found=len(shop.LEFT) - 1)
    agent = loop.colleague("agent")
    is_answered(loop, agent)
    shop.joins(customer, loop, HEROINE)
    agrees_to_offers(customer)
    is_made_up_for(agent, customer)
    campaign = is_treated_while_a_twin_is_held_out(loop, marketer, audience, batch)
    pays_with_the_coupon(loop, customer)
    sees_why(customer)
    stands_on_the_result(marketer, campaign)
    for one in (owner, marketer, customer, agent):
        assert one.complaints == []


def stands_easy_to_win_back(owner: Visitor) -> None:
    owner.goes_to(f"/customers/{who(HEROINE)}")
    assert "高挽回" in owner.page.inner_text("main")
    assert "苏以宁" in owner.page.inner_text("h1")
    owner.keeps_picture("loop-1-customer")


def asks(loop: Loop, marketer: Visitor) -> None:
    shop.plans_invitations(marketer)
    marketer.keeps_picture("loop-2-invite")
    shop.sends_invitations(marketer)
    assert len(loop.letters_to("su@example.com")) == 1


def answers_dissatisfied(loop: Loop, customer: Visitor) -> None:
    page = customer.page
    customer.goes_to(shop.link_in(loop.letter("su@example.com"), "/a/"))
    assert Answer.objects.count() == 0, "to look is not to answer"
    page.locator("label:has(input[value=dissatisfied])").tap()
    page.locator("label:has(input[value=possible])").tap()
    page.locator("textarea").fill(COMPLAINT)
    customer.keeps_picture("loop-3-answer")
    page.locator("button[data-once]").tap()
    page.wait_for_url("**/thanks/*")
    page.get_by_role("link", name="投诉").tap()
    page.wait_for_url("**/tell?*")
    assert page.locator("input[name=kind][value=complaint]").is_checked()
    assert page.locator("textarea[name=text]").input_value() == COMPLAINT
    page.locator("form.telling button[type=submit]").tap()
    page.wait_for_url("**/c/*")
    assert "24 小时内给您答复" in page.inner_text("main")
    customer.keeps_picture("loop-4-complaint")
    shop.minute()
    row = Answer.objects.get()
    assert (row.customer_id, row.satisfaction) == (who(HEROINE), "dissatisfied")
    assert row.layer == "high_win_back"
    assert Invitation.objects.get(customer_id=who(HEROINE)).answered_at is not None
    case = Case.objects.get()
    assert (case.customer_id, case.kind, case.source) == (who(HEROINE), "complaint", "answer")


def is_answered(loop: Loop, agent: Visitor) -> None:
    page = agent.page
    agent.goes_to("/cases?queue=unassigned")
    page.locator(".case-list a", has_text="苏以宁").click()
    page.wait_for_url("**/cases/C-*")
    agent.keeps_picture("loop-5-case")
    page.locator("form[action$=take] button").click()
    page.wait_for_load_state()
    page.locator("form[action$=classify] select[name=topic]").select_option(index=1)
    page.locator("form[action$=classify] button").click()
    page.wait_for_load_state()
    page.locator("form[action$=work] textarea[name=remedy]").fill("当班重新校准奶泡机")
    page.locator("form[action$=work] button").click()
    page.wait_for_load_state()
    page.locator("#id_text").fill("查到奶泡机温度偏低，今天已请师傅校准。请您再来尝一杯。")
    page.locator("#id_channel").select_option("email")
    page.locator("#id_promise").fill("奶泡机校准后请您试饮")
    page.locator("#id_due_on").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    page.locator("#reply input[name=is_answer]").check()
    page.locator("#reply button[type=submit]").click()
    page.locator(".said", has_text="温度偏低").wait_for()
    shop.minute()
    assert "温度偏低" in loop.letter("su@example.com")
    case = Case.objects.get()
    assert case.answered_at is not None
    assert case.answered_at < case.due_at == case.received_at + timedelta(hours=24)


def agrees_to_offers(customer: Visitor) -> None:
    page = customer.page
    customer.goes_to("/m/privacy")
    page.locator("input[name=marketing_email]").check()
    page.get_by_role("button", name="保存").tap()
    page.wait_for_load_state()
    assert page.locator("input[name=marketing_email]").is_checked()


def is_made_up_for(agent: Visitor, customer: Visitor) -> None:
    """The promise is kept, points make up for it, she says that it is solved, the case closes."""
    case, page = Case.objects.get(), agent.page
    agent.goes_to(f"/cases/{case.public_id}")
    page.get_by_role("button", name="已兑现").click()
    page.wait_for_load_state()
    assert Promise.objects.get().kept_at is not None
    agent.goes_to(f"/cases/{case.public_id}/compensate")
    page.locator("select[name=kind]").select_option("points")
    page.locator("input[name=amount]").fill("60")
    page.locator("main form button[data-once]").click()
    page.wait_for_url(f"**/cases/{case.public_id}")
    customer.goes_to("/m/cases")
    customer.page.locator(f"a[href$='{case.public_id}']").tap()
    customer.page.wait_for_url("**/m/cases/C-*")
    assert "已答复，请您确认" in customer.page.inner_text("main")
    assert "奶泡机校准后请您试饮" in customer.page.inner_text("main")
    customer.keeps_picture("loop-6-case-portal")
    customer.page.get_by_role("button", name="已经解决").tap()
    customer.page.get_by_text("您已确认解决。").wait_for()
    agent.goes_to(f"/cases/{case.public_id}")
    page.locator("form[action$=close] textarea, form[action$=close] input.input").fill("每日校准")
    page.locator("form[action$=close] button").click()
    page.wait_for_load_state()
    agent.keeps_picture("loop-7-case-closed")
    assert "已办结" in page.inner_text("main")
    given = Transfer.objects.get()
    assert (given.kind, given.points) == ("adjust", 60)


def is_treated_while_a_twin_is_held_out(
    loop: Loop, marketer: Visitor, audience: str, batch: str
) -> str:
    """The campaign's public id."""
    page = marketer.page
    marketer.goes_to(f"/audiences/{audience}")
    assert page.locator(".hero").first.inner_text() == str(len(shop.LEFT)), "she has fallen into it"
    campaign = shop.plans_campaign(marketer, audience, batch)
    marketer.keeps_picture("loop-8-plan")
    shop.fixes_the_lot(campaign, treated=HEROINE, held_out=TWIN)
    shop.sends_campaign(marketer)
    drawn = {row.customer_id: row for row in Assignment.objects.all()}
    assert len(drawn) == len(shop.LEFT)
    assert (drawn[who(HEROINE)].arm, drawn[who(TWIN)].arm) == ("treated", "held_out")
    assert drawn[who(HEROINE)].coupon_code in loop.letter("su@example.com")
    assert drawn[who(TWIN)].coupon_code == ""
    assert len(loop.letters_to("gu@example.com")) == 1, "the twin got the survey and nothing more"
    return campaign


def pays_with_the_coupon(loop: Loop, customer: Visitor) -> None:
    customer.goes_to("/m/coupons")
    assert "欢迎回来券" in customer.page.inner_text("main")
    customer.keeps_picture("loop-9-coupon")
    cashier = loop.colleague("cashier")
    page = cashier.page
    shop.finds_at_till(cashier, HEROINE)
    page.locator("input[name=amount]").fill("38")
    page.locator("button[name=use_coupon]", has_text="欢迎回来券").click()
    page.locator(".till-pay").wait_for()
    cashier.keeps_picture("loop-10-till")
    page.locator(".till-pay").click()
    page.wait_for_url("**/till/sold/*")
    assert "28.00" in page.locator(".hero").inner_text()
    assert cashier.complaints == []
    shop.minute()


def sees_why(customer: Visitor) -> None:
    page = customer.page
    customer.goes_to("/m/points")
    for one in page.locator("summary").all():
        one.tap()
    customer.keeps_picture("loop-11-points")
    said = page.inner_text("main")
    assert "+28" in said
    assert "+60" in said
    assert "消费 ¥28.00" in said
    assert "¥28.00 × 1 分" in said
    assert "为这次的不周表示歉意" in said
    assert f"您的反馈 {Case.objects.get().public_id}" in said
    assert page.locator(".balance").inner_text() == "88"
    assert customer.sees_no_sideways_scroll()


def stands_on_the_result(marketer: Visitor, campaign: str) -> None:
    page = marketer.page
    marketer.goes_to(f"/campaigns/{campaign}")
    assert "出结果" in page.inner_text("main"), "nothing is judged before its day"
    later = timezone.now() + timedelta(days=shop.WINDOW_DAYS + 2)
    shop.minute(later)
    marketer.goes_to(f"/campaigns/{campaign}")
    assert "已结束" not in page.inner_text("main"), "nothing is judged before its orders are here"
    shop.sells_to_a_stranger(later)
    shop.minute(later + timedelta(minutes=1))
    marketer.goes_to(f"/campaigns/{campaign}")
    said = page.inner_text("main")
    assert "已结束" in said
    assert "样本太少" in said, "one who came back proves nothing, and the page says so"
    assert "也可能没有作用" in said
    assert "还没有证据" in said, "of money neither"
    marketer.keeps_picture("loop-12-result")
    marketer.goes_to(f"/campaigns/{campaign}/people?arm=treated")
    assert "苏以宁" in page.inner_text("table")
    marketer.goes_to(f"/campaigns/{campaign}/people?arm=held_out")
    assert "顾长风" in page.inner_text("table")
    marketer.keeps_picture("loop-13-people")
