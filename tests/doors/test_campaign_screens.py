"""Campaigns on the console: list, editor, plan before sending, result; who may do what."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huitou.audiences import services as audiences
from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import CampaignRow
from huitou.customers.models import Customer
from huitou.flows import campaigns as flow
from huitou.insights import queries as insights
from huitou.platform.models import Message
from huitou.staff.models import Store
from tests.doors.shop import client_of, user
from tests.services import campaign_shop as shops
from tests.services.measured_shop import Sale

pytestmark = pytest.mark.django_db
STATEMENTS = 12


@pytest.fixture
def marketer() -> Client:
    """A marketer with a shop of 300 people who can be written to, a third of them buyers."""
    made = shops.shop(300)
    bought_on = timezone.now().date() - timedelta(days=9)
    shops.come_back(made, made.customers.values(), 0.3, on=bought_on)
    return client_of(user("marketer"))


def said(**changes: object) -> dict[str, object]:
    """What a marketer fills in."""
    return {
        "theme": "好久不见", "goal": "win_back", "audience": "", "channel": "email",
        "subject": "{{ name }}，好久不见", "text": "{{ name }}您好。", "coupon_batch": "",
        "window_days": "30", "holdout_percent": "10", "outcome": "came_back",
        "looks_planned": "0",
    } | changes  # fmt: skip


def test_the_empty_list_says_what_a_campaign_is_and_that_the_year_cannot_be_judged(marketer):
    page = marketer.get(reverse("campaigns"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "No campaign yet" in text
    assert "no control group, cannot be judged" in text


def test_a_campaign_is_written_planned_and_sent(marketer):
    row = audiences.save(name="所有人", expression=shops.EVERYONE, now=timezone.now())
    made = marketer.post(reverse("campaign_new"), said(audience=row.public_id))
    assert made.status_code == 302
    public_id = campaigns.campaigns()[0].public_id
    plan = marketer.get(reverse("campaign", args=[public_id]))
    text = plan.content.decode()
    assert "The effect would have to be" in text
    letter = marketer.get(reverse("campaign_letter", args=[public_id]))
    assert "好久不见" in letter.content.decode()  # as one real person reads it
    assert plan.context["plan"].people == 300
    sent = marketer.post(reverse("campaign_confirm", args=[public_id]), {"when": "now"})
    assert sent.status_code == 302
    flow.work(timezone.now())
    result = marketer.get(reverse("campaign", args=[public_id]))
    assert "Result on" in result.content.decode()
    assert 200 < Message.objects.count() < 300
    people = marketer.get(reverse("campaign_people", args=[public_id]), {"arm": "held_out"})
    assert "Control group" in people.content.decode()


def test_a_share_left_empty_becomes_the_one_that_is_advised():
    made = shops.shop(1_200)
    bought_on = timezone.now().date() - timedelta(days=9)
    shops.come_back(made, made.customers.values(), 0.5, on=bought_on)
    row = audiences.save(name="所有人", expression=shops.EVERYONE, now=timezone.now())
    browser = client_of(user("marketer"))
    browser.post(reverse("campaign_new"), said(audience=row.public_id, holdout_percent=""))
    # 1,200 people, half of them buyers: 12.5 points are a quarter; 10 % shows 13.5, 20 % 10.1.
    assert campaigns.campaigns()[0].holdout_percent == 20


def test_what_cannot_be_is_said_beside_its_field(marketer):
    page = marketer.post(reverse("campaign_new"), said(text="{{ phone }}"))
    assert page.status_code == 422
    assert "phone" in str(page.context["form"].errors["text"])


def test_what_is_missing_stands_on_the_plan_and_cannot_be_confirmed(marketer):
    marketer.post(reverse("campaign_new"), said())
    row = campaigns.campaigns()[0]
    text = marketer.get(reverse("campaign", args=[row.public_id])).content.decode()
    assert "Still missing: an audience." in text
    marketer.post(reverse("campaign_confirm", args=[row.public_id]), {"when": "now"})
    assert campaigns.one(row.public_id).state == "draft"


def test_another_share_can_be_chosen_on_the_plan(marketer):
    row = shops.campaign(holdout_percent=10)
    marketer.post(reverse("campaign_share", args=[row.public_id]), {"percent": "50"})
    assert campaigns.one(row.public_id).holdout_percent == 50
    for wrong in ("no", "²", "9" * 5_000):
        marketer.post(reverse("campaign_share", args=[row.public_id]), {"percent": wrong})
    assert campaigns.one(row.public_id).holdout_percent == 50


def test_a_campaign_can_be_scheduled_taken_back_changed_copied_and_called_off(marketer):
    row = shops.campaign()
    later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    marketer.post(reverse("campaign_confirm", args=[row.public_id]), {"when": "later", "at": later})
    assert campaigns.one(row.public_id).state == "ready"
    marketer.post(reverse("campaign_back", args=[row.public_id]))
    audience = marketer.get(reverse("campaign_edit", args=[row.public_id])).context["form"]
    chosen = said(theme="换个主题", audience=audience.initial["audience"])
    marketer.post(reverse("campaign_edit", args=[row.public_id]), chosen)
    assert campaigns.one(row.public_id).theme == "换个主题"
    marketer.post(reverse("campaign_copy", args=[row.public_id]))
    assert len(campaigns.campaigns()) == 2
    marketer.post(reverse("campaign_cancel", args=[row.public_id]))
    assert campaigns.one(row.public_id).state == "cancelled"
    assert marketer.get(reverse("campaign", args=[row.public_id])).status_code == 200


def test_a_test_goes_to_the_reader_not_to_the_customer(marketer):
    row = shops.campaign()
    person = marketer.get(reverse("campaign_letter", args=[row.public_id])).context["person"]
    marketer.post(reverse("campaign_test", args=[row.public_id]), {"person": person})
    message = Message.objects.get()
    assert (message.address, message.purpose) == ("marketer@example.com", "service")
    assert message.is_secret, "it quotes a customer: its words are forgotten once it has left"


def test_the_result_page_shows_verdict_interval_and_both_groups(marketer):
    made = shops.Shop(customers=_ids(), stores=_stores())
    now = timezone.now() - timedelta(days=40)
    row = shops.sent(now=now)
    Message.objects.update(state="cancelled")
    arms = shops.arms(row.id)
    shops.come_back(made, arms["treated"], 0.6, on=now.date() + timedelta(days=5))
    made.add([Sale(None, timezone.now().date())])
    flow.judge(row.public_id, now=timezone.now())
    page = marketer.get(reverse("campaign", args=[row.public_id]))
    text = page.content.decode()
    assert "effective" in text
    assert "more came back because of it" in text
    assert 'data-evidence="gain"' in text
    listed = marketer.get(reverse("campaigns")).content.decode()
    assert "effective" in listed
    assert "95% interval" in listed


def test_a_window_that_is_over_says_until_when_late_orders_are_waited_for(marketer):
    row = shops.sent(now=timezone.now() - timedelta(days=35))
    Message.objects.update(state="cancelled")
    assert flow.judge(row.public_id, now=timezone.now()) is None
    text = marketer.get(reverse("campaign", args=[row.public_id])).content.decode()
    assert "when the orders of the last days are here" in text
    assert "Result on" not in text


def test_a_result_that_no_orders_came_in_for_says_so_instead_of_zero():
    shops.shop(20)
    row = shops.sent(now=timezone.now() - timedelta(days=60))
    Message.objects.update(state="cancelled")
    assert flow.judge(row.public_id, now=timezone.now()) is None
    reader = client_of(user("marketer"))
    text = reader.get(reverse("campaign", args=[row.public_id])).content.decode()
    assert "No orders have come in since" in text
    assert "Result on" not in text


def test_pages_of_a_campaign_take_few_statements(marketer, django_assert_max_num_queries):
    row = shops.campaign(channel="sms", text="{{ name }}您好，{{ shop }}想您了。")
    for name in ("campaign", "campaign_letter", "campaign_people"):
        with django_assert_max_num_queries(STATEMENTS):
            assert marketer.get(reverse(name, args=[row.public_id])).status_code == 200
    with django_assert_max_num_queries(STATEMENTS):
        marketer.get(reverse("campaigns"))


def test_a_plan_takes_as_few_statements_whatever_it_says(marketer, django_assert_max_num_queries):
    _finished_four_of_a_kind()
    row = shops.campaign()
    with django_assert_max_num_queries(STATEMENTS):
        page = marketer.get(reverse("campaign", args=[row.public_id]))
    assert page.context["plan"].foresight.buyers_share > 0
    assert page.context["plan"].pooled is not None


def test_a_result_takes_few_statements_too(marketer, django_assert_max_num_queries):
    rows = _finished_four_of_a_kind()
    with django_assert_max_num_queries(STATEMENTS):
        page = marketer.get(reverse("campaign", args=[rows[0].public_id]))
    kind = page.context["kind"]
    assert kind["campaigns"] == 4
    pooled = insights.pooled("win_back", "came_back", 30)
    assert pooled is not None
    assert kind["shrunk"] == pooled[0].shrunk[0]
    assert "This one, drawn towards its kind" in page.content.decode()


def test_the_letter_is_a_page_and_a_part_of_the_plan(marketer):
    row = shops.campaign()
    address = reverse("campaign_letter", args=[row.public_id])
    page, part = marketer.get(address), marketer.get(address, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "顾客" in part.content.decode()
    people = part.context["people"]
    other = marketer.get(address, {"person": people[-1]["id"]})
    assert other.context["person"] == people[-1]["id"]


def test_a_marketer_of_a_store_sees_who_is_theirs_in_few_statements(
    django_assert_max_num_queries,
):
    shops.shop(60)
    row = shops.sent(holdout_percent=0)
    own = Store.objects.create(
        code="own", name="自己的店", zone="Asia/Shanghai", created_at=shops.NOW
    )
    Customer.objects.filter(code="c0001").update(home_store=own)
    reader = client_of(user("marketer", stores=[own]))
    with django_assert_max_num_queries(12):
        text = reader.get(reverse("campaign_people", args=[row.public_id])).content.decode()
    assert "顾客1</b>" in text
    assert text.count("a customer of another store") == 49  # of a page of 50


def test_in_chinese_the_words_are_those_of_the_word_list():
    shops.shop(30)
    reader = client_of(user("owner", language="zh-hans"))
    row = shops.sent(holdout_percent=0)
    text = reader.get(reverse("campaign", args=[row.public_id])).content.decode()
    assert "没有对照组，无法判断" in text
    assert "发送组" in text


def test_an_analyst_sees_and_changes_nothing():
    shops.shop(10)
    row = shops.campaign()
    analyst = client_of(user("analyst"))
    page = analyst.get(reverse("campaign", args=[row.public_id]))
    assert page.status_code == 200
    assert "Draw and send" not in page.content.decode()
    for name in ("share", "confirm", "cancel", "copy", "test", "halt", "back"):
        assert analyst.post(reverse(f"campaign_{name}", args=[row.public_id])).status_code == 403
    assert analyst.get(reverse("campaign_new")).status_code == 403


def test_a_cashier_sees_no_campaigns():
    shops.shop(5)
    assert client_of(user("cashier")).get(reverse("campaigns")).status_code == 403


def test_a_campaign_nobody_made_is_a_page_that_is_not_there(marketer):
    assert marketer.get(reverse("campaign", args=["cam_0"])).status_code == 404


def _finished_four_of_a_kind() -> list[CampaignRow]:
    made = shops.Shop(customers=_ids(), stores=_stores())
    first = timezone.now() - timedelta(days=200)
    return shops.four_of_a_kind(made, first=first, looks_planned=1)


def _ids() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM customers_customer")
        return dict(cursor.fetchall())


def _stores() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM staff_store")
        return dict(cursor.fetchall())
