"""Somebody refuses everything in a browser: left in peace, told why by name, and served all the
same: answered, paid for, shown what is kept, and forgotten when they ask for it.
"""

import json
from pathlib import Path

import pytest

from huitou.campaigns.models import Assignment
from huitou.customers.models import Consent, Customer
from huitou.platform.models import Message
from huitou.voice.models import Case, Invitation
from tests.journeys import loop_shop as shop
from tests.journeys.conftest import Visitor
from tests.journeys.loop_shop import QUIET, Loop, who

pytestmark = pytest.mark.django_db(transaction=True)
NAME, _PHONE, MAIL = shop.PEOPLE[QUIET]
WHY = "顾客要求勿扰"


def test_one_who_refuses_everything_is_left_in_peace_and_served(loop: Loop, tmp_path: Path) -> None:
    owner = loop.colleague("owner")
    batch = shop.opens(owner, tmp_path, unasked=QUIET)
    customer = loop.customer()
    shop.joins(customer, loop, QUIET)
    refuses_everything(customer)
    marketer = loop.colleague("marketer")
    is_not_asked(marketer)
    is_not_written_to(marketer, batch)
    got_nothing_but_the_code(loop)
    agent = loop.colleague("agent")
    is_answered(loop, customer, agent)
    pays_and_earns(loop, customer)
    takes_the_data_along(customer)
    asks_to_be_forgotten(customer, agent)
    is_forgotten(owner)
    for one in (owner, marketer, customer, agent):
        assert one.complaints == []


def refuses_everything(customer: Visitor) -> None:
    page = customer.page
    customer.goes_to("/m/privacy")
    assert not page.locator("input[name=marketing_email]").is_checked()
    page.locator("input[name=survey_email]").uncheck()
    page.get_by_role("button", name="保存").tap()
    page.wait_for_load_state()
    page.get_by_role("button", name="不要再给我发任何消息").tap()
    page.get_by_role("button", name="不要再给我发任何消息").wait_for(state="detached")
    customer.keeps_picture("refuses-1-privacy")
    said = set(Consent.objects.filter(customer=who(QUIET)).values_list("purpose", "state"))
    assert ("survey", "withdrawn") in said
    assert not [state for _purpose, state in said if state == "given"]


def is_not_asked(marketer: Visitor) -> None:
    shop.plans_invitations(marketer)
    row = marketer.page.locator("main tbody tr", has_text=WHY)
    assert NAME in row.inner_text()
    marketer.keeps_picture("refuses-2-invite")
    shop.sends_invitations(marketer)
    kept = Invitation.objects.get(customer_id=who(QUIET))
    assert (kept.state, kept.reason) == ("not_asked", "do_not_contact")


def is_not_written_to(marketer: Visitor, batch: str) -> None:
    page = marketer.page
    audience = shop.saves_audience(marketer, "该请回来的", found=len(shop.LEFT))
    campaign = shop.plans_campaign(marketer, audience, batch)
    assert WHY in page.inner_text("main"), "before it is sent the plan says why"
    shop.sends_campaign(marketer)
    kept = Assignment.objects.get(customer_id=who(QUIET))
    assert (kept.arm, kept.reason, kept.coupon_code) == ("not_reached", "do_not_contact", "")
    marketer.goes_to(f"/campaigns/{campaign}/people?arm=not_reached")
    (line,) = page.locator("tbody tr").all()
    assert NAME in line.inner_text()
    assert WHY in line.inner_text()
    marketer.keeps_picture("refuses-3-people")
    marketer.goes_to(f"/customers/{who(QUIET)}")
    assert "不可以" in page.inner_text("main")
    marketer.keeps_picture("refuses-4-customer")


def got_nothing_but_the_code(loop: Loop) -> None:
    assert not Message.objects.filter(customer_id=who(QUIET)).exclude(purpose="service").exists()
    assert len(loop.letters_to(MAIL)) == 1
    assert loop.letters_to("gu@example.com"), "others were written to"


def is_answered(loop: Loop, customer: Visitor, agent: Visitor) -> None:
    """Their own question is answered, by the page and by e-mail."""
    page = customer.page
    customer.goes_to("/m/cases")
    page.get_by_label("咨询", exact=True).check()
    page.locator("textarea[name=text]").fill("豆子还有吗？")
    page.locator("main form button[type=submit]").tap()
    page.wait_for_url("**/m/cases/C-*")
    agent.goes_to(f"/cases/{Case.objects.get().public_id}")
    agent.page.locator("#id_channel").select_option("email")
    agent.page.locator("#id_text").fill("还有，给您留了一包。")
    agent.page.locator("#reply input[name=is_answer]").check()
    agent.page.locator("#reply button[type=submit]").click()
    agent.page.locator(".said", has_text="留了一包").wait_for()
    shop.minute()
    assert "留了一包" in loop.letter(MAIL)
    page.reload()
    assert "留了一包" in page.inner_text("main")


def pays_and_earns(loop: Loop, customer: Visitor) -> None:
    cashier = loop.colleague("cashier", phone=True)
    shop.finds_at_till(cashier, QUIET)
    page = cashier.page
    page.locator("input[name=amount]").fill("40")
    page.locator(".till-pay").wait_for()
    cashier.keeps_picture("refuses-5-till")
    page.locator(".till-pay").click()
    page.wait_for_url("**/till/sold/*")
    assert cashier.sees_no_sideways_scroll()
    assert cashier.complaints == []
    customer.goes_to("/m/points")
    assert customer.page.locator(".balance").inner_text() == "40"


def takes_the_data_along(customer: Visitor) -> None:
    customer.goes_to("/m/privacy")
    with customer.page.expect_download() as saved:
        customer.page.locator("a[download][href$='/data']").tap()
    found = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (found["customer"]["name"], found["customer"]["email"]) == (NAME, MAIL)
    assert len(found["orders"]) == 16
    assert [row["points"] for row in found["points"]] == [40]
    assert [row["reason"] for row in found["invitations"]] == ["do_not_contact"]
    assert [row["arm"] for row in found["campaigns"]] == ["not_reached"]
    assert len(found["cases"]) == 1


def asks_to_be_forgotten(customer: Visitor, agent: Visitor) -> None:
    page = customer.page
    customer.goes_to("/m/privacy/forget")
    customer.keeps_picture("refuses-6-forget")
    page.locator("main form button[data-kind=danger]").tap()
    page.wait_for_url("**/m/cases/C-*")
    assert "24 小时内给您答复" in page.inner_text("main")
    agent.goes_to("/cases?queue=unassigned")
    assert NAME in agent.page.locator(".case-list").inner_text()


def is_forgotten(owner: Visitor) -> None:
    """The owner does it from the case of the wish; what stays is a sale to nobody."""
    page, customer_id = owner.page, who(QUIET)
    wish = Case.objects.get(topic="data").public_id
    owner.goes_to(f"/cases/{wish}")
    page.locator("main a[href*='/erase?case=']").click()
    owner.keeps_picture("refuses-7-erase")
    page.locator("[name=code]").fill(QUIET)
    page.locator("main form .btn[data-kind=danger]").click()
    page.wait_for_url(f"**/cases/{wish}")
    assert "按本人要求删除了顾客资料" in page.inner_text("main")
    assert not Customer.objects.filter(pk=customer_id).exists()
    assert not Message.objects.filter(address=MAIL).exists()
    owner.goes_to("/customers?q=何秋白")
    assert NAME not in page.inner_text("main table, main .empty")
