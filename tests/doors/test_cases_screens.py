"""Complaints and suggestions in the console: the inbox, one case, new ones, promises."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from huitou.orders.models import Order
from huitou.platform.models import Message
from huitou.voice import services as voice
from huitou.voice.models import Case, Promise
from huitou.voice.types import CaseIn, Contact, PromiseIn, Reply
from tests.doors import shop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def found():
    """A measured shop whose case desk is open."""
    return shop.measured()


@pytest.fixture
def desk(found):
    """A browser of a service agent."""
    return shop.client_of(shop.user("service_agent"))


def told(kind="complaint", *, customer=None, ago=timedelta(hours=1), **more):
    now = timezone.now()
    case = CaseIn(
        kind, "phone", more.pop("text", "外送两杯手冲，一杯洒了三分之一。"),
        customer_id=customer.pk if customer else None, received_at=now - ago, **more,
    )  # fmt: skip
    return voice.open_case(case=case, actor="system", now=now).public_id


def key_of(page):
    return re.search(r'name="key" value="([\w-]+)"', page.content.decode())[1]


def test_the_inbox_shows_time_left_time_over_and_who_is_in_charge(found, desk):
    told(customer=found.customers[0], ago=timedelta(hours=22, minutes=18))
    told(text="杯盖有裂口", ago=timedelta(hours=24, minutes=25))
    told("praise", text="店员很好")
    html = desk.get("/cases?queue=all").content.decode()
    assert "苏以宁" in html
    assert re.search(r'data-tone="warn">1 hour 4[12] minutes left<', html)
    assert re.search(r'data-tone="bad">2[45] minutes over<', html)
    assert 'data-tone="ok">Praise<' in html
    assert "nobody in charge yet" in html
    assert html.index("杯盖有裂口") < html.index("外送两杯") < html.index("店员很好")


def test_the_time_is_told_as_the_word_list_says_it(found):
    told(ago=timedelta(hours=22, minutes=18))
    browser = shop.client_of(shop.user("manager", language="zh-hans"))
    html = browser.get("/cases?queue=all").content.decode()
    assert re.search(r"剩 1 小时 4[12] 分<", html)
    assert "投诉与建议" in html


def test_the_inbox_opens_with_ones_own_cases_or_with_all(found, desk):
    told(text="没有人负责的")
    assert "没有人负责的" in desk.get("/cases").content.decode()
    agent = desk.session["_auth_user_id"]
    told(text="我自己的", owner_id=int(agent))
    html = desk.get("/cases").content.decode()
    assert "我自己的" in html
    assert "没有人负责的" not in html


def test_who_wrote_last_is_seen_in_the_inbox(found, desk):
    number = told("enquiry")
    agent = f"user:{desk.session['_auth_user_id']}"
    now = timezone.now()
    assert "the customer wrote" not in desk.get("/cases?queue=all").content.decode()
    voice.reply(public_id=number, said=Reply("我去问问"), actor=agent, now=now)
    assert "the customer wrote" not in desk.get("/cases?queue=all").content.decode()
    voice.add_word(public_id=number, text="急", key="k", actor="visitor", now=now + DAY)
    assert "the customer wrote" in desk.get("/cases?queue=all").content.decode()


def test_an_empty_queue_says_so(found, desk):
    html = desk.get("/cases?queue=overdue").content.decode()
    assert "No answer is overdue" in html
    assert desk.get("/cases?queue=rubbish").status_code == 200


def test_a_complaint_is_worked_through_from_the_page_of_the_case(found, desk):
    number = told(customer=found.customers[0])
    page = f"/cases/{number}"
    agent = desk.session["_auth_user_id"]
    early = desk.post(
        f"{page}/reply",
        {"key": "k-1", "text": "补寄", "channel": "page", "is_answer": "on"},
    )
    assert early.status_code == 422
    assert b"Before the answer" in early.content
    sorted_ = {"kind": "complaint", "topic": "delivery", "store": "", "owner": agent}
    assert desk.post(f"{page}/classify", sorted_).status_code == 302
    learnt = {"summary": "第三起", "cause": "隔板松动", "remedy": "补寄一杯"}
    assert desk.post(f"{page}/work", learnt).status_code == 302
    due_on = (timezone.localdate() + DAY).isoformat()
    said = {
        "key": "k-2", "text": "隔板已换，给您补寄。", "channel": "page", "is_answer": "on",
        "promise": "补寄一杯", "due_on": due_on,
    }  # fmt: skip
    assert desk.post(f"{page}/reply", said).status_code == 302
    html = desk.get(page).content.decode()
    assert "the answer" in html
    assert "First every promise is kept or withdrawn." in html
    promise = Promise.objects.get()
    desk.post("/promises/settle", {"promise": promise.pk, "how": "keep"})
    assert desk.post(f"{page}/close", {"lesson": "每天查隔板"}).status_code == 302
    assert Case.objects.get().closed_at is not None
    again = desk.post(f"{page}/reopen", {"text": "顾客来电说没收到"})
    assert again.status_code == 302
    assert "round 2" in desk.get(page).content.decode()


def test_the_deadline_explains_itself(found, desk):
    number = told()
    html = desk.get(f"/cases/{number}").content.decode()
    assert "24 hours by the clock: nights, weekends and holidays count." in html
    assert "an automatic receipt is no answer" in html


def test_the_customer_stands_beside_the_case_with_what_was_said_before(found, desk):
    customer = found.customers[0]
    told("enquiry", customer=customer, text="几点关门", ago=10 * DAY)
    number = told(customer=customer)
    html = desk.get(f"/cases/{number}").content.decode()
    assert "M-0000" in html
    assert "几点关门" in html
    assert f'href="/customers/{customer.pk}"' in html


def test_what_was_promised_in_another_case_is_seen_too(found, desk):
    customer = found.customers[0]
    other = told("enquiry", customer=customer, text="几点关门", ago=10 * DAY)
    promise = PromiseIn("月底加插座", timezone.localdate() + 5 * DAY)
    voice.promise(public_id=other, promise=promise, actor="system", now=timezone.now())
    html = desk.get(f"/cases/{told(customer=customer)}").content.decode()
    assert "Also promised to this customer" in html
    assert "月底加插座" in html


def test_a_reply_by_mail_carries_the_link_and_goes_to_the_outbox(found, desk):
    number = told("enquiry", customer=found.customers[0])
    page = desk.get(f"/cases/{number}")
    said = {"key": key_of(page), "text": "晚上十点。", "channel": "email", "is_answer": "on"}
    assert desk.post(f"/cases/{number}/reply", said).status_code == 302
    assert desk.post(f"/cases/{number}/reply", said).status_code == 302
    message = Message.objects.get()
    assert message.address == "su@example.cn"
    assert f"/c/{Case.objects.get().token}" in message.text
    assert number in message.subject


def test_without_an_address_no_mail_is_offered(found, desk):
    number = told("enquiry", customer=found.customers[1])
    html = desk.get(f"/cases/{number}").content.decode()
    assert 'value="email"' not in html
    said = {"key": "k", "text": "十点", "channel": "email"}
    assert desk.post(f"/cases/{number}/reply", said).status_code == 422


def test_an_agent_may_take_a_case_but_give_it_only_to_themselves(found, desk):
    number = told()
    other = shop.user("manager")
    agent = desk.session["_auth_user_id"]
    given = {"kind": "complaint", "topic": "", "store": "", "owner": str(other.pk)}
    assert desk.post(f"/cases/{number}/classify", given).status_code == 422
    assert desk.post(f"/cases/{number}/take").status_code == 302
    assert Case.objects.get().owner_id == int(agent)
    boss = shop.client_of(other)
    assert boss.post(f"/cases/{number}/classify", given).status_code == 302
    assert Case.objects.get().owner_id == other.pk


def test_a_case_by_phone_is_put_on_record_with_the_customer_found(found, desk):
    html = desk.get("/cases/new?q=0100").content.decode()
    page = desk.get(f"/cases/new?customer={found.customers[0].pk}")
    assert "苏以宁" in page.content.decode()
    form = {
        "key": key_of(page), "kind": "complaint", "source": "phone", "text": "豆子受潮",
        "topic": "product", "store": str(found.stores[0].pk),
        "customer": str(found.customers[0].pk), "is_mine": "on",
    }  # fmt: skip
    answer = desk.post("/cases/new", form)
    assert answer.status_code == 302
    assert desk.post("/cases/new", form).headers["Location"] == answer.headers["Location"]
    case = Case.objects.get()
    assert (case.customer_id, case.topic) == (found.customers[0].pk, "product")
    assert case.owner_id == int(desk.session["_auth_user_id"])
    assert "Choose" in html or "Nobody fits" in html


def test_a_case_by_phone_names_the_order_it_is_about_and_not_one_of_another(found, desk):
    buyer, another = found.customers[0], found.customers[1]
    for number, who in (("A-17", buyer), ("B-18", another)):
        Order.objects.create(
            id=int(number[2:]), source="pos", number=number, customer=who, store=found.stores[0],
            status="paid", ordered_at=timezone.now(), ordered_on=timezone.localdate(),
            total_minor=6_200, is_counted=True, digest=b"", import_id=0, created_import_id=0,
        )  # fmt: skip
    page = desk.get(f"/cases/new?customer={buyer.pk}")
    assert "A-17" in page.content.decode()
    assert "B-18" not in page.content.decode()
    form = {
        "key": key_of(page), "kind": "complaint", "source": "phone", "text": "豆子受潮",
        "customer": str(buyer.pk),
    }  # fmt: skip
    assert desk.post("/cases/new", form | {"order": "18"}).status_code == 422
    assert desk.post("/cases/new", form | {"order": "17"}).status_code == 302
    case = Case.objects.get()
    assert (case.order_source, case.order_number) == ("pos", "A-17")
    assert case.store_id == found.stores[0].pk


def test_a_form_with_faults_keeps_what_was_written_and_says_what_is_wrong(found, desk):
    form = {
        "key": "k", "kind": "complaint", "source": "phone", "text": "等了很久",
        "phone": "12", "is_mine": "on",
    }  # fmt: skip
    answer = desk.post("/cases/new", form)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "等了很久" in html
    assert "nobody can be reached by “12”" in html
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"received_at": "0001-01-01T00:00"}, {"customer": "9" * 30}, {"text": "a\x00"}]
)
def test_what_cannot_be_is_refused_in_the_form(found, desk, wrong):
    form = {"key": "k", "kind": "complaint", "source": "phone", "text": "等了很久"}
    assert desk.post("/cases/new", form | wrong).status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_page_before_all_time_is_the_first_one(found, desk, instant):
    assert desk.get("/cases", {"queue": "closed", "before": instant}).status_code == 200


def test_a_post_of_yesterday_runs_from_yesterday(found, desk):
    posted = timezone.localtime(timezone.now() - timedelta(hours=30), shop_zone())
    form = {
        "key": "k", "kind": "complaint", "source": "social", "text": "群里说的",
        "received_at": posted.strftime("%Y-%m-%dT%H:%M"), "is_mine": "on",
    }  # fmt: skip
    assert desk.post("/cases/new", form).status_code == 302
    assert "over<" in desk.get("/cases?queue=overdue").content.decode()


def shop_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")


def test_the_register_says_what_is_due_today_and_what_is_overdue(found, desk):
    number = told(customer=found.customers[0], owner_id=int(desk.session["_auth_user_id"]))
    now = timezone.now()
    for text, day in (("今天回电", 0), ("明天补寄", 1)):
        promise = PromiseIn(text, timezone.localdate(now, shop_zone()) + day * DAY)
        voice.promise(public_id=number, promise=promise, actor="system", now=now)
    Promise.objects.filter(text="今天回电").update(
        due_on=timezone.localdate(now, shop_zone()) - 2 * DAY
    )
    html = desk.get("/promises").content.decode()
    assert "2 days overdue" in html
    assert html.index("今天回电") < html.index("明天补寄")
    assert "明天补寄" in desk.get("/promises?show=mine").content.decode()
    promise = Promise.objects.get(text="今天回电")
    desk.post("/promises/settle", {"promise": promise.pk, "from": "list"})
    assert "kept late" in desk.get("/promises?show=settled").content.decode()


def test_a_reader_of_another_store_neither_sees_nor_touches_a_case(found):
    number = told(store_id=found.stores[1].pk)
    promise_id = voice.promise(
        public_id=number,
        promise=PromiseIn("补寄", timezone.localdate() + 2 * DAY),
        actor="system",
        now=timezone.now(),
    )
    other = shop.client_of(shop.user("service_agent", stores=[found.stores[0]]))
    assert other.get(f"/cases/{number}").status_code == 404
    assert other.post(f"/cases/{number}/take").status_code == 404
    assert other.post("/promises/settle", {"promise": promise_id}).status_code == 404
    assert number not in other.get("/cases?queue=all").content.decode()


def test_beside_a_case_stands_nothing_of_cases_of_other_stores(found):
    customer = found.customers[0]  # at home in the first store
    there = told(customer=customer, store_id=found.stores[1].pk, text="别店的投诉")
    due_on = timezone.localdate() + 2 * DAY
    voice.promise(
        public_id=there, promise=PromiseIn("别店的承诺", due_on), actor="system", now=timezone.now()
    )
    here = told(customer=customer, store_id=found.stores[0].pk, text="本店的投诉")
    voice.promise(
        public_id=here, promise=PromiseIn("本店的承诺", due_on), actor="system", now=timezone.now()
    )
    agent = shop.client_of(shop.user("service_agent", stores=[found.stores[0]]))
    about = f"/customers/{customer.pk}"
    for page in (f"/cases/{here}", f"{about}?tab=cases", f"{about}/timeline"):
        answer = agent.get(page)
        assert answer.status_code == 200, page
        html = answer.content.decode()
        assert "本店的投诉" in html
        assert "别店" not in html
    assert "本店的承诺" in agent.get(f"/cases/{here}").content.decode()
    everywhere = shop.client_of(shop.user("manager"))
    assert "别店的承诺" in everywhere.get(f"/cases/{here}").content.decode()


def test_every_store_has_a_code_to_print(found, desk):
    html = desk.get("/cases/entry").content.decode()
    assert "/tell?store=S1" in html
    code = desk.get("/cases/entry.svg?store=S2&download")
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert code.content.startswith(b"<?xml") or b"<svg" in code.content
    assert desk.get("/cases/entry.svg?store=nowhere").status_code == 404


def test_a_step_that_takes_too_long_says_so(found, desk):
    number = told(ago=timedelta(hours=5))
    html = desk.get(f"/cases/{number}").content.decode()
    assert "Now: Classify · nobody in charge yet" in html
    assert ", which is over" in html


def test_the_closed_ones_go_on_page_by_page(found, desk):
    assert desk.get("/cases?queue=closed&before=rubbish").status_code == 200
    assert desk.get("/cases?queue=closed&before=2026-01-01T00:00:00%2B00:00").status_code == 200


@pytest.mark.parametrize("role", ["cashier", "analyst", "marketer"])
def test_others_do_not_read_cases(found, role):
    browser = shop.client_of(shop.user(role))
    assert browser.get("/cases").status_code == 403
    assert "/cases" not in browser.get("/profile").content.decode()


def test_contact_data_are_shown_only_to_who_may_see_them(found, desk):
    number = told(contact=Contact("陈", "chen@example.cn", "13800001234"))
    assert "13800001234" in desk.get(f"/cases/{number}").content.decode()


def test_the_figures_stand_beside_the_inbox(found, desk):
    number = told("enquiry", ago=timedelta(hours=2))
    said = Reply("十点", is_answer=True)
    agent = int(desk.session["_auth_user_id"])
    voice.reply(public_id=number, said=said, actor=f"user:{agent}", now=timezone.now())
    html = desk.get("/cases?queue=all").content.decode()
    assert "1 of 1 that are answered or past their time" in html
    assert "100.0%" in html
    assert "target 99%" in html


@pytest.mark.parametrize("path", ["/cases?queue=all", "/promises", "/cases/new", "case"])
def test_no_page_asks_the_database_more_than_twelve_times(
    found, desk, django_assert_max_num_queries, path
):
    numbers = [told(customer=customer, topic="delivery") for customer in found.customers]
    address = f"/cases/{numbers[0]}" if path == "case" else path
    with django_assert_max_num_queries(12):
        assert desk.get(address).status_code == 200
