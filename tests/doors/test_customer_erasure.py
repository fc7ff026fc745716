"""Somebody who did everything one can do here is erased: no table says anything of them, and only
named columns still hold their number."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from huitou.campaigns.models import Assignment, Campaign, GlobalUnit
from huitou.cli import main
from huitou.customers import services as customers
from huitou.customers.models import (
    Address,
    Consent,
    Customer,
    CustomerBeforeImage,
    Identity,
    Merge,
)
from huitou.customers.types import ContactIn, Statement
from huitou.flows import erasure, personal_data
from huitou.flows.personal_data import PARTS
from huitou.insights.models import Change, Reason, Run
from huitou.orders.models import Order, OrderBeforeImage
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.platform.models import AuditEntry, DeadAddress, Import, Message
from huitou.points import queries as points
from huitou.programmes.models import Compensation, Coupon, Payment, TierChange
from huitou.staff.models import User
from huitou.voice import services as voice
from huitou.voice.models import (
    Answer,
    AnswerBeforeImage,
    Case,
    Invitation,
    Promise,
    Survey,
    Wave,
)
from huitou.voice.types import CaseIn, Contact, PromiseIn, Reply
from tests.doors import member_shop

pytestmark = pytest.mark.django_db
CANARY = "canary"
PHONE_TAIL = "13800001234"
# Numbers of people that stay for the books: they name nobody any more.
NUMBERS_STAY = {
    ("campaigns_assignment", "customer_id"),
    ("campaigns_assignment", "unit_id"),
    ("campaigns_globalunit", "customer_id"),
    ("campaigns_globalunit", "unit_id"),
    ("points_account", "customer_id"),
    ("programmes_compensation", "customer_id"),
    ("programmes_tierchange", "customer_id"),
}


@pytest.fixture
def person(signed_in):
    """A member called by canaries, in every table there is."""
    member_shop.start_programme()
    who = member_shop.member()
    row = Customer.objects.get(pk=who.customer_id)
    Customer.objects.filter(pk=row.pk).update(
        code="canary-code", name="Canary Yinuo", name_folded="canary yinuo",
        name_pinyin="canaryyinuo", email=member_shop.MAIL, tags=["canary-tag"],
    )  # fmt: skip
    member_shop.buy(who, 12_000, key="sale-1")
    _customers(who.customer_id)
    _voice(who.customer_id)
    _others(who.customer_id)
    _rewards(who.customer_id)
    return who


def _customers(pk):
    now = timezone.now()
    said = Statement("email", "marketing", "given", "canary-proof")
    customers.state_consent(customer_id=pk, statement=said, now=now)
    Identity.objects.create(source="taobao", value="canary-nick", customer_id=pk)
    Address.objects.create(customer_id=pk, kind="email", value="canary@work.example.com")
    contact = ContactIn("phone", "canary wants oat milk", "k1", "canary smiled", "周予安")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=now)
    CustomerBeforeImage.objects.create(import_id=1, customer_id=pk, image={"name": "canary"})


def _voice(pk):
    now = timezone.now()
    answer = Answer.objects.create(
        customer_id=pk, answered_at=now, answered_on=now.date(), comment="canary-words",
        satisfaction="dissatisfied",
    )  # fmt: skip
    AnswerBeforeImage.objects.create(
        import_id=1, answer_id=answer.pk, image={"customer_id": pk, "comment": "canary"}
    )
    opened = voice.open_case(
        case=CaseIn(kind="complaint", source="phone", text="canary spilt", customer_id=pk,
                    contact=Contact("Canary", member_shop.MAIL, "")),
        actor="system", now=now,
    )  # fmt: skip
    said = Reply("dear canary", promise=PromiseIn("canary-cup", now.date() + timedelta(3)))
    agent = User.objects.values_list("pk", flat=True)[0]
    voice.reply(public_id=opened.public_id, said=said, actor=f"user:{agent}", now=now)
    nobody = CaseIn(kind="enquiry", source="phone", text="canary asks",
                    contact=Contact("Canary", member_shop.MAIL, ""))  # fmt: skip
    voice.open_case(case=nobody, actor="system", now=now)


def _others(pk):
    now = timezone.now()
    for key, customer_id in (("m1", pk), ("m2", None)):
        letter = Outgoing(channel="email", purpose="service", customer_id=customer_id,
                          address=member_shop.MAIL, subject="canary", text="canary",
                          key=key, source="test")  # fmt: skip
        outbox.queue(letter, now=now)
    digest = Message.objects.get(key="m1").address_digest
    DeadAddress.objects.create(channel="email", digest=digest, since=now)
    campaign = Campaign.objects.create(
        public_id="cmp_1", theme="t", goal="g", channel="email", salt="s", seed=1,
        created_by="user:1", created_at=now, coupon_batch="",
    )  # fmt: skip
    Assignment.objects.create(
        campaign=campaign, customer_id=pk, unit_id=pk, arm="treated", coupon_code="CANARY"
    )
    run = Run.objects.create(
        public_id="run_1", state="done", as_of=now.date(), as_of_reason="today", horizon_days=90,
        value_days=365, started_at=now, code_version="1", formula_version="1",
    )  # fmt: skip
    Change.objects.create(run=run, customer_id=pk, ladder="layer", left="", entered="new",
                          changed_on=now.date())  # fmt: skip
    Reason.objects.create(run=run, customer_id=pk, code="silence")
    order = Order.objects.get(customer_id=pk)
    OrderBeforeImage.objects.create(
        import_id=1, order_id=order.pk, image={"order": {"customer_id": pk}, "lines": []}
    )
    Import.objects.create(
        public_id="imp_1", kind="customers", source="s", preset="p", file_name="f.csv",
        file_sha256="0", state="applied", created_at=now,
        rejections=[{"line": 2, "field": "email", "value": member_shop.MAIL, "reason": "twice"}],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audiences_person (customer_id, purchases, net_minor)"
                       " VALUES (%s, 1, 1) ON CONFLICT DO NOTHING", [pk])  # fmt: skip


def _rewards(pk):
    """What stands in the remaining tables: tiers, coupons, payments, draws, invitations, scores."""
    now = timezone.now()
    TierChange.objects.create(
        customer_id=pk, changed_on=now.date(), changed_at=now, tier_before="", tier_after="basic",
        qualifying_points=1, rule_version_id=1,
    )  # fmt: skip
    coupon = Coupon.objects.filter(customer_id=pk).latest("pk")
    Coupon.objects.filter(pk=coupon.pk).update(
        state="redeemed", redeemed_at=now, order_source="till", order_number="s-1",
        redeemed_by_id=pk,
    )  # fmt: skip
    Payment.objects.create(source="till", number="s-1", customer_id=pk, points=1, worth_minor=1)
    made_up = {"kind": "points", "points": 5, "given_by": "user:1", "given_at": now}
    Compensation.objects.create(key="k", case_public_id="C-1", customer_id=pk, **made_up)
    year = {"year": now.year, "is_held_out": False, "entered_at": now}
    GlobalUnit.objects.create(customer_id=pk, unit_id=pk, **year)
    Merge.objects.create(
        customer_id=pk, gone_customer_id=pk, gone_code="canary-old", kept_before={"name": "canary"},
        kept_after={}, gone_before={"name": "canary"}, moved={}, state={}, merged_at=now,
        merged_by="user:1",
    )  # fmt: skip
    survey = Survey.objects.create(public_id="s", name="s", created_by="u", created_at=now)
    wave = Wave.objects.create(
        public_id="w", survey=survey, key="k", channel="email", rest_days=1, language="en",
        asked_by="u", asked_at=now, expires_at=now,
    )  # fmt: skip
    Invitation.objects.create(wave=wave, customer_id=pk, state="not_asked", reason="no_address")
    store = Order.objects.filter(customer_id=pk).values_list("store_id", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audiences_storeperson (customer_id, store_id, last_ordered_on)"
                       " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                       [pk, store, now.date()])  # fmt: skip
        cursor.execute(
            "INSERT INTO audiences_standing (slot, customer_id, layer, stage, health, purchases,"
            " net_minor, net_360_minor, rfm, band, loyalty_level, grid_cell, mark, value_place,"
            " risk_place, layer_code, stage_code)"
            " VALUES (1, %s, 'active', '', '', 1, 1, 1, '', '', '', '', '', 0, 0, 0, 0)",
            [pk],
        )


def tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def saying(words):
    """Every table with a row that says one of the words, with that row."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE ANY (%s) LIMIT 1',
                [[f"%{word}%" for word in words]],
            )
            if row := cursor.fetchone():
                found[table] = row[0]
    return found


def holding(number):
    """Every column meant for a customer's number that holds this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns c"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('bigint', 'integer')"
            " AND (column_name LIKE '%customer_id' OR column_name IN ('unit_id', 'redeemed_by_id'))"
        )
        found = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}" = %s LIMIT 1', [number])
            if cursor.fetchone():
                found.add((table, column))
        return found


def words_of(who):
    return [CANARY, member_shop.MAIL, PHONE_TAIL, who.card_number]


def test_the_canary_stands_in_all_rooms_before(person):
    rooms = {table.split("_")[0] for table in saying(words_of(person))}
    assert rooms >= {"customers", "voice", "platform", "programmes", "campaigns"}
    assert len(holding(person.customer_id)) > len(NUMBERS_STAY)


def test_every_column_that_holds_a_number_of_a_customer_is_filled_and_handed_out(person):
    assert holding(person.customer_id) >= set(PARTS), "fill the new table in this test too"
    said = personal_data.everything_about(person.customer_id, now=timezone.now())
    empty = sorted({part for part in PARTS.values() if not said[part]})
    assert empty == []


def test_nothing_is_left_of_an_erased_person_in_any_table(person):
    net = sum(Order.objects.values_list("total_minor", flat=True))
    erasure.erase("canary-code", confirmed="canary-code", actor="cli", now=timezone.now())
    assert saying(words_of(person)) == {}
    assert holding(person.customer_id) <= NUMBERS_STAY
    assert sum(Order.objects.values_list("total_minor", flat=True)) == net
    assert OrderBeforeImage.objects.get().image["order"]["customer_id"] is None
    assert Answer.objects.get().satisfaction == "dissatisfied"
    assert (Case.objects.count(), Promise.objects.count()) == (2, 1)
    assert Assignment.objects.get().arm == "treated"
    assert not DeadAddress.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("phone", ["138 0000 1234", "+86 138-0000-1234", "008613800001234"])
def test_a_case_of_nobody_with_their_phone_is_theirs_however_it_was_typed(person, phone):
    now = timezone.now()
    for text, number in (("theirs", phone), ("another's", "138 0000 9999")):
        case = CaseIn("enquiry", "phone", text, contact=Contact("", "", number), key=text)
        voice.open_case(case=case, actor="system", now=now)
    erasure.erase("canary-code", confirmed="canary-code", actor="cli", now=now)
    left = Case.objects.exclude(contact_phone="").values_list("contact_phone", flat=True)
    assert list(left) == ["138 0000 9999"]


def test_the_books_owe_an_erased_person_nothing_and_still_add_up(person):
    assert points.account(1, person.customer_id).balance > 0
    erasure.erase("canary-code", confirmed="canary-code", actor="cli", now=timezone.now())
    assert points.account(1, person.customer_id).balance == 0
    assert points.audit().is_sound


def test_a_browser_signed_in_before_is_nobodys_afterwards(person):
    erasure.erase("canary-code", confirmed="canary-code", actor="cli", now=timezone.now())
    assert person.browser.get("/m/points").status_code == 302


def test_without_the_code_typed_nobody_is_erased(person, signed_in):
    owner = signed_in(language="en")
    page = owner.post(f"/customers/{person.customer_id}/erase", {"code": "something else"})
    assert page.status_code == 422
    assert "Type canary-code to confirm" in page.content.decode()
    assert Customer.objects.filter(pk=person.customer_id).exists()


def test_the_owner_exports_and_erases_from_the_customers_page(person, signed_in):
    owner = signed_in(language="en")
    here = f"/customers/{person.customer_id}"
    assert f"{here}/erase" in owner.get(here).content.decode()
    said = owner.get(f"{here}/data").json()
    assert said["customer"]["email"] == member_shop.MAIL
    assert said["known_as"] == [{"source": "taobao", "value": "canary-nick"}]
    assert {message["subject"] for message in said["messages"]} == {"canary"}
    assert "Erase for good" in owner.get(f"{here}/erase").content.decode()
    assert owner.post(f"{here}/erase", {"code": "canary-code"}).status_code == 302
    assert owner.get(here).status_code == 404
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"export_customer", "erase_customer"} <= actions


@pytest.mark.parametrize("role", ["marketer", "cashier", "service_agent", "analyst"])
def test_other_roles_neither_see_nor_reach_it(person, signed_in, role):
    browser = signed_in(role, language="en")
    here = f"/customers/{person.customer_id}"
    for path in ("erase", "data"):
        assert browser.get(f"{here}/{path}").status_code == 403
    assert f"{here}/erase" not in browser.get(here).content.decode()


def test_the_command_exports_and_erases_one_customer(person, capsys, tmp_path):
    out = tmp_path / "data.json"
    assert main.run(["customers", "export", "canary-code", "--out", str(out)]) == 0
    assert json.loads(out.read_text())["customer"]["code"] == "canary-code"
    assert main.run(["customers", "erase", "canary-code"]) == 1
    assert main.run(["customers", "erase", "canary-code", "--confirm", "canary-code"]) == 0
    assert saying(words_of(person)) == {}
    assert main.run(["customers", "export", "canary-code"]) == 1
    capsys.readouterr()


def _wish_of(person):
    """The number of the case in which the member asked to be forgotten in the portal."""
    answer = person.browser.post("/m/privacy/forget")
    number = answer.headers["Location"].rpartition("/")[2]
    assert Case.objects.get(public_id=number).topic == "data"
    return number


def test_a_wish_of_the_portal_leads_from_the_case_to_the_erasure_and_back(person, signed_in):
    number = _wish_of(person)
    owner = signed_in(language="en")
    here = f"/customers/{person.customer_id}/erase?case={number}"
    assert here in owner.get(f"/cases/{number}").content.decode()
    page = owner.get(here).content.decode()
    assert "answer the case first" in page
    assert f'href="/cases/{number}"' in page
    done = owner.post(here, {"code": "canary-code"})
    assert done.headers["Location"] == f"/cases/{number}"
    after = owner.get(f"/cases/{number}").content.decode()
    assert "erased the customer, as they had asked" in after
    assert "林晓舟" in after
    assert saying(words_of(person)) == {}


def test_a_wish_told_twice_is_one_case_until_it_is_done(person):
    number = _wish_of(person)
    assert f"/m/cases/{number}" in person.browser.get("/m/privacy").content.decode()
    assert person.browser.get("/m/privacy/forget").headers["Location"] == f"/m/cases/{number}"
    assert Case.objects.filter(topic="data").count() == 1


def test_who_may_not_erase_is_told_whose_move_it_is(person, signed_in):
    number = _wish_of(person)
    agent = signed_in("service_agent", language="en")
    page = agent.get(f"/cases/{number}").content.decode()
    assert "Only owners and managers" in page
    assert "/erase" not in page


def test_the_way_back_leads_to_no_case_of_somebody_else(person, signed_in):
    told = CaseIn("enquiry", "phone", "another", topic="data", key="other")
    other = voice.open_case(case=told, actor="system", now=timezone.now()).public_id
    owner = signed_in(language="en")
    for number in (other, "C-1", "\x00"):
        page = owner.get(f"/customers/{person.customer_id}/erase", {"case": number})
        assert "/cases/C-" not in page.content.decode()


def test_the_page_to_read_says_what_the_file_holds_in_the_readers_language(person, signed_in):
    here = f"/customers/{person.customer_id}"
    Customer.objects.filter(pk=person.customer_id).update(name="Canary <b>Yinuo</b>")
    page = signed_in(language="en").get(f"{here}/data?page")
    assert page.headers["Content-Disposition"].endswith('.html"')
    shown = page.content.decode()
    assert "Canary &lt;b&gt;Yinuo" in shown
    parts = ("canary spilt", "canary-cup", "canary-proof", "120.00", "Complaint")
    for part in (*parts, "canary-nick", "canary wants oat milk", "canary@work.example.com"):
        assert part in shown, part
    assert "Nothing is kept of" not in shown
    assert "<script" not in shown
    member = person.browser.get("/m/privacy/data?page")
    assert "canary-nick" in member.content.decode()
    chinese = signed_in(language="zh-hans").get(f"{here}/data?page").content.decode()
    assert "保存的关于" in chinese


def test_the_command_writes_the_page_too(person, capsys, tmp_path):
    out = tmp_path / "data.html"
    assert main.run(["customers", "export", "canary-code", "--page", "--out", str(out)]) == 0
    assert "canary-nick" in out.read_text()
    capsys.readouterr()
