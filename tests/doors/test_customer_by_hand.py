"""Customers kept by hand: several phones, tags, contacts with reactions, one line of time."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huitou.customers import queries
from huitou.customers import services as customers
from huitou.customers.models import Consent, Contact, Customer
from huitou.customers.types import ContactIn, Statement
from huitou.platform.models import AuditEntry, Fact
from huitou.voice import services as voice
from huitou.voice.types import CaseIn
from tests.doors import member_shop

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def filled(**more):
    said = {
        "name": "许明朗",
        "kind": "person",
        "phones": "138 0000 9999\n+44 20 7946 0000",
        "emails": "Ming@Example.com\nwork@example.com",
        "tags": "豆友会，自带杯",
    }
    return said | more


def test_a_customer_added_by_hand_is_found_by_every_phone_and_email(signed_in):
    owner = signed_in(language="en")
    assert owner.get("/customers/new").status_code == 200
    answer = owner.post("/customers/new", filled())
    row = Customer.objects.get()
    assert answer.headers["Location"] == f"/customers/{row.pk}"
    assert (row.phone, row.email, row.tags) == (
        "+8613800009999",
        "ming@example.com",
        ["豆友会", "自带杯"],
    )
    assert queries.addresses(row.pk) == [("phone", "+442079460000"), ("email", "work@example.com")]
    for wish in ("9999", "460000", "work@example.com", "xml"):
        assert queries.search(wish).ids == (row.pk,), wish


def test_who_may_be_known_already_is_shown_before_they_are_added_twice(signed_in):
    owner = signed_in(language="en")
    owner.post("/customers/new", filled())
    twin = filled(name="小许", phones="", emails="WORK@example.com")
    page = owner.post("/customers/new", twin)
    assert page.status_code == 422
    assert "许明朗" in page.content.decode()
    assert Customer.objects.count() == 1
    assert owner.post("/customers/new", twin | {"is_another": "on"}).status_code == 302
    assert Customer.objects.count() == 2


def test_an_edit_replaces_addresses_and_the_trail_says_no_values(signed_in):
    owner = signed_in(language="en")
    owner.post("/customers/new", filled())
    pk = Customer.objects.get().pk
    assert "+442079460000" in owner.get(f"/customers/{pk}/edit").content.decode()
    changed = filled(phones="13800001111", emails="", tags="")
    assert owner.post(f"/customers/{pk}/edit", changed).status_code == 302
    assert queries.addresses(pk) == []
    assert queries.search("1111").ids == (pk,)
    kept = AuditEntry.objects.filter(action="edit_customer").latest("id").after
    assert kept == {"changed": ["phone", "email", "tags", "addresses"]}
    wrong = owner.post(f"/customers/{pk}/edit", filled(phones="12"))
    assert "not a phone number" in wrong.content.decode()


def test_who_signed_in_by_an_address_that_was_put_right_is_out(signed_in):
    owner = signed_in(language="en")
    owner.post("/customers/new", filled())
    pk = Customer.objects.get().pk
    token = customers.open_session(customer_id=pk, now=timezone.now())
    owner.post(f"/customers/{pk}/edit", filled(name="许明"))
    assert queries.member_of_session(token, now=timezone.now()) is not None
    owner.post(f"/customers/{pk}/edit", filled(emails="ming.xu@example.com"))
    assert queries.member_of_session(token, now=timezone.now()) is None


def test_a_contact_says_who_did_what_and_how_the_customer_reacted_and_is_written_once(signed_in):
    who = member_shop.Member(_known(signed_in), "", "", 0, None)
    agent = signed_in("service_agent", language="en")
    here = f"/customers/{who.customer_id}/timeline"
    said = {"key": "k1", "kind": "phone", "text": "问了新豆", "reaction": "周五来试"}
    assert [agent.post(here, said).status_code for _ in range(2)] == [302, 302]
    page = agent.get(here).content.decode()
    assert Contact.objects.count() == 1
    assert "service_agent" in page
    assert "周五来试" in page
    assert agent.post(here, said | {"key": "k2", "text": " "}).status_code == 422
    assert signed_in("analyst").post(here, said).status_code == 403
    told = Fact.objects.filter(name="customers.contact_noted").values_list("payload", flat=True)
    assert [sorted(payload) for payload in told] == [["contact_id", "customer_id"]]


def test_do_not_contact_is_one_press_and_one_press_back(signed_in):
    pk = _known(signed_in)
    agent = signed_in("service_agent", language="en")
    agent.post(f"/customers/{pk}/stop")
    assert queries.is_not_to_be_contacted(pk)
    assert "Do not contact: only answers" in agent.get(f"/customers/{pk}/timeline").content.decode()
    agent.post(f"/customers/{pk}/stop", {"allow": "1"})
    assert not queries.is_not_to_be_contacted(pk)
    assert Consent.objects.filter(customer_id=pk).count() == 2


def test_one_line_of_time_holds_every_room_in_few_statements(signed_in):
    member_shop_owner = signed_in(language="en")
    member_shop.start_programme()
    who = member_shop.member()
    member_shop.buy(who, 12_000, key="sale-1")
    now = timezone.now()
    pk = who.customer_id
    case = CaseIn(kind="complaint", source="phone", text="外送洒了。", customer_id=pk)
    voice.open_case(case=case, actor="system", now=now)
    said = Statement("email", "marketing", "given", "a form on paper")
    customers.state_consent(customer_id=pk, statement=said, now=now)
    contact = ContactIn("visit", "tasted the new beans", "k", "liked them")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=now)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = member_shop_owner.get(f"/customers/{pk}/timeline").content.decode()
    for part in ("Bought for", "+120 points", "Complaint", "a form on paper", "liked them"):
        assert part in page, part
    assert len(seen) <= STATEMENTS, [row["sql"][:90] for row in seen]


@pytest.mark.parametrize("tab", ["cases", "campaigns", "messages"])
def test_the_tabs_of_other_rooms_open_in_few_statements(signed_in, tab):
    pk = _known(signed_in)
    owner = signed_in(language="en")
    with CaptureQueriesContext(connection) as seen:
        page = owner.get(f"/customers/{pk}?tab={tab}")
    assert page.status_code == 200
    assert f'?tab={tab}#history" aria-current="page"' in page.content.decode()
    assert len(seen) <= STATEMENTS, [row["sql"][:90] for row in seen]


@pytest.mark.parametrize("table", ["consent", "contact"])
def test_what_was_said_is_never_edited(signed_in, table):
    pk = _known(signed_in)
    customers.stop_contact(customer_id=pk, evidence="told", now=timezone.now())
    contact = ContactIn("note", "likes oat milk", "k")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=timezone.now())
    column = "state" if table == "consent" else "text"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE customers_{table} SET {column} = 'other'")


def _known(signed_in):
    signed_in(language="en").post("/customers/new", filled())
    return Customer.objects.get().pk


def test_what_they_like_and_need_stands_beside_a_case_and_at_the_till(signed_in):
    pk = _known(signed_in)
    owner = signed_in(language="en")
    now = timezone.now()
    owner.post(f"/customers/{pk}/edit", filled(needs="oat milk, no sugar"))
    contact = ContactIn("note", "sits at the window", "k")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=now)
    said = Statement("sms", "marketing", "refused", "at the counter")
    customers.state_consent(customer_id=pk, statement=said, now=now)
    customers.stop_contact(customer_id=pk, evidence="told", now=now)
    case = CaseIn("enquiry", "phone", "Open on Sunday?", customer_id=pk)
    number = voice.open_case(case=case, actor="system", now=now).public_id
    agent, cashier = (signed_in(role, language="en") for role in ("service_agent", "cashier"))
    pages = [
        agent.get(f"/cases/{number}"),
        cashier.get(f"/till/sale?customer={pk}"),
    ]
    for page in pages:
        shown = page.content.decode()
        for part in (
            "oat milk, no sugar", "豆友会", "sits at the window", "Text message · refused",
            "Do not contact",
        ):  # fmt: skip
            assert part in shown, part
    kept = AuditEntry.objects.filter(action="edit_customer").latest("id").after
    assert kept == {"changed": ["needs"]}
