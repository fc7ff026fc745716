"""Customers write to us and follow their cases: members in the portal, others by a link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huitou.customers import services as customers
from huitou.platform.models import Message
from huitou.voice import services as voice
from huitou.voice.models import Answer, Case, CaseMessage
from huitou.voice.types import CaseIn, PromiseIn, Reply
from tests.doors import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    """A measured shop."""
    return shop.measured()


@pytest.fixture
def member(found):
    """The phone of 苏以宁, signed in."""
    browser = Client(headers={"Accept-Language": "en"})
    token = customers.open_session(customer_id=found.customers[0].pk, now=timezone.now())
    browser.cookies["huitou_member"] = token
    return browser


@pytest.fixture
def stranger(found):
    """A phone nobody is signed in on."""
    return Client(headers={"Accept-Language": "en"})


def key_of(page):
    return re.search(r'name="key" value="([\w-]+)"', page.content.decode())[1]


def tell(browser, path="/tell", **said):
    page = browser.get(path)
    form = {"key": key_of(page), "kind": "complaint", "text": "一杯洒了。", "topic": "delivery"}
    return browser.post(path.partition("?")[0], form | said)


def answered(number, *, agent=None, promise=None):
    now = timezone.now()
    agent = agent or shop.user("service_agent")
    actor = f"user:{agent.pk}"
    as_ = voice.Classified("complaint", "delivery", None, agent.pk)
    voice.classify(public_id=number, as_=as_, actor=actor, now=now)
    found = voice.Found(remedy="补寄")
    voice.work_out(public_id=number, found=found, actor=actor, now=now)
    said = Reply("隔板已换，给您补寄。", is_answer=True, promise=promise)
    voice.reply(public_id=number, said=said, actor=actor, now=now)


def test_a_stranger_writes_and_follows_the_case_by_its_link(stranger):
    answer = tell(stranger)
    assert answer.status_code == 302
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/c/{case.token}"
    html = stranger.get(answer.headers["Location"]).content.decode()
    assert case.public_id in html
    assert "You get an answer within 24 hours." in html
    assert "hours" in html
    assert case.customer_id is None


def test_looking_opens_nothing_and_sending_twice_opens_one(stranger):
    page = stranger.get("/tell")
    assert not Case.objects.exists()
    form = {"key": key_of(page), "kind": "suggestion", "text": "字再大些"}
    first, second = (stranger.post("/tell", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1


def test_who_leaves_an_address_gets_a_receipt_with_the_link(stranger):
    tell(stranger, email="chen@example.cn", name="陈")
    message = Message.objects.get()
    case = Case.objects.get()
    assert (message.address, message.purpose) == ("chen@example.cn", "service")
    assert f"/c/{case.token}" in message.text
    assert case.replied_at is None, "a receipt is no word of a person"


def test_a_code_read_in_a_store_says_which_store_it_was(found, stranger):
    tell(stranger, "/tell?store=S2", store="S2")
    assert Case.objects.get().store_id == found.stores[1].pk
    assert 'name="store" value="S2"' in stranger.get("/tell?store=S2").content.decode()
    tell(stranger, "/tell?store=nowhere", store="nowhere")
    assert Case.objects.latest("pk").store_id is None


def test_a_program_that_fills_every_field_is_asked_again(stranger):
    answer = tell(stranger, website="http://spam.example")
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_what_is_missing_is_said_beside_its_field(stranger):
    answer = tell(stranger, text="", kind="")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert html.count('class="error"') == 2
    assert not Case.objects.exists()


def test_a_link_that_leads_nowhere_is_a_page_that_says_so(stranger):
    assert stranger.get("/c/" + "x" * 24).status_code == 404
    assert stranger.get("/m/cases").headers["Location"].startswith("/m/sign-in")


def test_a_member_writes_about_an_order_and_sees_the_case(found, member):
    page = member.get("/m/cases")
    html = page.content.decode()
    order = re.search(r'<option value="(\d+)"', html)[1]
    answer = member.post(
        "/m/cases",
        {"key": key_of(page), "kind": "complaint", "text": "少了一杯", "order": order},
    )
    assert answer.status_code == 302
    case = Case.objects.get()
    assert case.customer_id == found.customers[0].pk
    assert case.order_number.startswith("M-0000")
    assert case.store_id == found.stores[0].pk
    assert "少了一杯" in member.get("/m/cases").content.decode()
    assert "Received" in member.get(f"/m/cases/{case.public_id}").content.decode()


def test_another_members_case_is_not_there(found, member):
    case = CaseIn("enquiry", "portal", "别人的", customer_id=found.customers[1].pk)
    number = voice.open_case(case=case, actor="system", now=timezone.now()).public_id
    assert member.get(f"/m/cases/{number}").status_code == 404
    assert member.post(f"/m/cases/{number}", {"part": "solved"}).status_code == 404
    assert "别人的" not in member.get("/m/cases").content.decode()


def test_the_customer_sees_the_answer_and_the_promise_but_not_the_talk_of_staff(found, member):
    tell(member, "/m/cases")
    number = Case.objects.get().public_id
    voice.remark(public_id=number, text="第三起了", actor="system", now=timezone.now())
    promise = PromiseIn("补寄一杯", timezone.localdate() + timedelta(days=2))
    answered(number, promise=promise)
    html = member.get(f"/m/cases/{number}").content.decode()
    assert "Answered, please confirm" in html
    assert "隔板已换" in html
    assert "补寄一杯" in html
    assert "林晓舟 looks after it" in html
    assert "第三起了" not in html


def test_the_customer_says_that_it_is_solved(found, member):
    tell(member, "/m/cases")
    number = Case.objects.get().public_id
    early = member.post(f"/m/cases/{number}", {"part": "solved"})
    assert early.status_code == 409
    answered(number)
    assert member.post(f"/m/cases/{number}", {"part": "solved"}).status_code == 302
    assert Case.objects.get().confirmed_at is not None
    assert "You said that it is solved." in member.get(f"/m/cases/{number}").content.decode()


def test_what_is_not_solved_goes_on_with_a_new_clock(stranger):
    link = tell(stranger).headers["Location"]
    number = Case.objects.get().public_id
    answered(number)
    page = stranger.get(link)
    again = {"part": "again", "key": key_of(page), "text": "还是没有收到"}
    assert stranger.post(link, again).status_code == 302
    case = Case.objects.get()
    assert (case.round, case.answered_at) == (2, None)
    assert "还是没有收到" in stranger.get(link).content.decode()


def test_a_word_more_is_added_once_however_often_it_is_sent(stranger):
    link = tell(stranger).headers["Location"]
    form = {"part": "word", "key": key_of(stranger.get(link)), "text": "是周二早上"}
    for _ in range(2):
        assert stranger.post(link, form).status_code == 302
    assert CaseMessage.objects.filter(text="是周二早上").count() == 1


def test_a_link_that_was_passed_on_cannot_bury_a_case_in_words(stranger):
    link = tell(stranger).headers["Location"]
    said = [
        stranger.post(link, {"part": "word", "key": f"{n:032x}", "text": f"{n}"}).status_code
        for n in range(31)
    ]
    assert said == [302] * 29 + [429] * 2  # the complaint itself was the first
    assert CaseMessage.objects.count() == 30


def test_after_a_survey_the_case_belongs_to_who_answered(found, stranger):
    answer = Answer.objects.get()
    Answer.objects.filter(pk=answer.pk).update(key="a" * 32, satisfaction="dissatisfied")
    page = stranger.get("/tell?answer=" + "a" * 32)
    html = page.content.decode()
    assert "早上排队久" in html
    form = {"key": key_of(page), "kind": "complaint", "text": "早上排队久", "answer": "a" * 32}
    assert stranger.post("/tell", form).status_code == 302
    case = Case.objects.get()
    assert (case.source, case.customer_id) == ("answer", found.customers[0].pk)


def test_the_key_of_another_system_opens_no_case_and_no_answer_of_theirs(stranger, found):
    key = "api/key_01M879ZRHM47734CRR/order-1001-broken-cup"
    now = timezone.now()
    case = CaseIn("complaint", "api", "杯子碎了。", customer_id=found.customers[0].pk, key=key)
    voice.open_case(case=case, actor="api_key:1", now=now)
    answer = tell(stranger, key=key)
    assert answer.status_code == 422
    assert "/c/" not in answer.headers.get("Location", "")
    Answer.objects.update(key=key, comment="私下说")
    assert "私下说" not in stranger.get("/tell", {"answer": key}).content.decode()
