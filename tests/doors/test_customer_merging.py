"""Two records that are one person become one in every room, and two again, as they were."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from huitou.audiences.models import Person, StorePerson
from huitou.campaigns.models import Assignment, Campaign
from huitou.customers import errors, queries
from huitou.customers import services as customers
from huitou.customers.models import Address, Consent, Contact, Customer, Identity, Merge
from huitou.customers.types import ContactIn, NewcomerIn, Statement
from huitou.flows import erasure, merging, personal_data
from huitou.orders import services as orders
from huitou.orders.models import Order, OrderBeforeImage
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.platform.models import AuditEntry, Fact, Message
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.programmes import services as programme_services
from huitou.programmes.models import Coupon
from huitou.staff.models import Store, User
from huitou.voice import services as voice
from huitou.voice.models import Answer, Case, Invitation, Promise, Survey, Wave
from huitou.voice.types import CaseIn, PromiseIn, Reply
from tests.doors import member_shop
from tests.doors.test_customer_erasure import holding

pytestmark = pytest.mark.django_db
ACTOR = "user:1"
ZONE = ZoneInfo("Asia/Shanghai")
# Number of the record that went: in which arm it was drawn is never changed.
STAYS = {
    ("campaigns_assignment", "customer_id"),
    ("campaigns_assignment", "unit_id"),
    ("customers_merge", "gone_customer_id"),
    ("orders_order", "nobody"),
}


@pytest.fixture
def pair(signed_in):
    """A member who bought, and a second record of the same person in every room; their ids."""
    signed_in(language="en")
    member_shop.start_programme()
    who = member_shop.member()
    receipt = member_shop.buy(who, 12_000, key="sale-1")
    orders.settle_sold(order_ids=[receipt.order_id], now=timezone.now())
    now = timezone.now() - timedelta(minutes=5)
    newcomer = NewcomerIn("小陈", "twin@example.com", "13800005678")
    twin = customers.welcome(newcomer=newcomer, now=now)
    _buys(twin, now)
    _speaks(twin, now)
    _is_asked(who.customer_id, twin, now)
    _is_given(who.customer_id, twin, now)
    return who.customer_id, twin


def _buys(pk, now):
    store = Store.objects.get()
    order = Order.objects.create(
        source="taobao", number="t-1", customer_id=pk, store=store, status="paid",
        ordered_at=now, ordered_on=now.date(), total_minor=5_000, returned_minor=0,
        is_counted=True, digest=b"", import_id=1, created_import_id=1,
    )  # fmt: skip
    orders.settle_sold(order_ids=[order.pk], now=now)
    OrderBeforeImage.objects.create(
        import_id=2, order_id=order.pk, image={"order": {"customer_id": pk}, "lines": []}
    )


def _speaks(pk, now):
    Identity.objects.create(source="taobao", value="nick", customer_id=pk)
    Address.objects.create(customer_id=pk, kind="email", value="work@example.com")
    said = Statement("sms", "marketing", "withdrawn", "on paper")
    customers.state_consent(customer_id=pk, statement=said, now=now)
    contact = ContactIn("phone", "asked about beans", "key-1")
    customers.note(customer_id=pk, contact=contact, user_id=None, now=now)
    case = CaseIn("complaint", "phone", "外送洒了。", customer_id=pk)
    opened = voice.open_case(case=case, actor="system", now=now)
    told = Reply("sorry", promise=PromiseIn("a cup", now.date() + timedelta(3)))
    agent = User.objects.values_list("pk", flat=True)[0]
    voice.reply(public_id=opened.public_id, said=told, actor=f"user:{agent}", now=now)
    letter = Outgoing(channel="email", purpose="service", customer_id=pk, address="t@example.com",
                      subject="s", text="t", key="m1", source="test")  # fmt: skip
    outbox.queue(letter, now=now)


def _is_asked(kept, gone, now):
    """Both are asked in one wave and only the second in another; it answered in both."""
    survey = Survey.objects.create(public_id="s", name="s", created_by="u", created_at=now)
    for number, asked in enumerate([(kept, gone), (gone,)]):
        wave = Wave.objects.create(
            public_id=f"w{number}", survey=survey, key=f"w{number}", channel="email", rest_days=1,
            language="en", asked_by="u", asked_at=now, expires_at=now,
        )  # fmt: skip
        for pk in asked:
            row = Invitation.objects.create(
                wave=wave, customer_id=pk, state="asked", token=f"t{number}-{pk}", asked_at=now
            )
        Answer.objects.create(
            customer_id=gone, answered_at=now, answered_on=now.date(), invitation=row,
            satisfaction="satisfied", key=f"a{number}", wave=f"w{number}",
        )  # fmt: skip
    Answer.objects.create(  # of a file that gives days only: both at the same moment
        customer_id=kept, answered_at=now, answered_on=now.date(), satisfaction="satisfied",
        wave="w0",
    )  # fmt: skip


def _is_given(kept, gone, now):
    """A coupon for the second; both have one for the same thing. A campaign that is over."""
    batch = Coupon.objects.filter(customer_id=kept).latest("pk").batch.public_id
    for key in ("test", "other"):
        programme_services.issue_coupons(
            batch_public_id=batch, customer_ids=[gone], source_key=key, now=now
        )
    campaign = Campaign.objects.create(
        public_id="cmp_1", theme="t", goal="g", channel="email", salt="s", seed=1, state="draft",
        created_by="user:1", created_at=now, coupon_batch="", drawn_at=now, finished_at=now,
    )  # fmt: skip
    Assignment.objects.create(campaign=campaign, customer_id=gone, unit_id=gone, arm="held_out")


def snapshot():
    """Every row of every table that says whose it is, and the people themselves."""
    tables = sorted({table for table, _column in personal_data.PARTS})
    # Sessions end when an address changes; standings and reasons come with the next measurement.
    left_out = {"points_account", "insights_change", "insights_reason", "audiences_standing"}
    left_out |= {"customers_membersession"}
    found = {}
    with connection.cursor() as cursor:
        for table in [*tables, "customers_customer", "orders_orderbeforeimage"]:
            if table in left_out or table == "customers_merge":
                continue
            drop = " - 'id'" if table == "customers_address" else ""
            cursor.execute(f'SELECT (to_jsonb(t){drop})::text FROM "{table}" t ORDER BY 1')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def today():
    """The day of the company."""
    return timezone.now().astimezone(ZONE).date()


def join(kept, gone, **wishes):
    return merging.merge(kept_id=kept, gone_id=gone, actor=ACTOR, now=timezone.now(), **wishes)


def test_everything_of_the_second_record_is_the_firsts_afterwards(pair):
    kept, gone = pair
    before = merging.preview(kept_id=kept, gone_id=gone, now=timezone.now())
    assert before.refusal is None
    assert before.moves["orders"] == 1
    join(kept, gone)
    assert not Customer.objects.filter(pk=gone).exists()
    assert holding(gone) <= STAYS
    for model in (Case, Promise, Answer, Consent, Contact, Identity, Message):
        assert model.objects.filter(customer_id=kept).exists(), model
    assert Order.objects.filter(customer_id=kept).count() == 2
    assert OrderBeforeImage.objects.get().image["order"]["customer_id"] == kept
    assert Coupon.objects.filter(customer_id=kept).count() == 3
    row = Customer.objects.get(pk=kept)
    assert (row.name, row.email) == ("陈一诺", member_shop.MAIL)
    assert set(queries.addresses(kept)) == {
        ("phone", "+8613800005678"),
        ("email", "twin@example.com"),
        ("email", "work@example.com"),
    }


def test_the_first_record_has_bought_both_and_members_orders_earn(pair):
    kept, gone = pair
    join(kept, gone)
    assert Person.objects.get(customer_id=kept).net_minor == 17_000
    assert not Person.objects.filter(customer_id=gone).exists()
    assert not StorePerson.objects.filter(customer_id=gone).exists()
    assert points.account(1, kept).balance == 195  # 120, and 50 as gold: one and a half a yuan
    assert points.audit().is_sound
    assert programmes.check(today=today(), zone=str(ZONE)).is_sound


def test_the_second_record_wins_where_it_is_chosen(pair):
    kept, gone = pair
    join(kept, gone, take={"email", "name"})
    row = Customer.objects.get(pk=kept)
    assert (row.name, row.name_pinyin, row.email) == ("小陈", "xiaochen", "twin@example.com")
    assert ("email", member_shop.MAIL) in queries.addresses(kept)


def test_undone_at_once_everything_is_as_it_was(pair):
    kept, gone = pair
    before = snapshot()
    merge_id = join(kept, gone, take={"email"})
    assert snapshot() != before
    merging.unmerge(merge_id=merge_id, actor=ACTOR, now=timezone.now())
    after = snapshot()
    earned = {"programmes_earning", "programmes_membership"}  # the ledger shows both ways
    assert {name for name in before if before[name] != after[name]} <= earned
    assert points.account(1, kept).balance == 120
    assert points.audit().is_sound
    assert programmes.check(today=today(), zone=str(ZONE)).is_sound
    row = Merge.objects.get()
    assert (row.gone_before, row.moved) == ({}, {})


def _buys_again(kept):
    store = Store.objects.get()
    who = member_shop.Member(kept, "", "", store.pk, None)
    member_shop.buy(who, 3_000, key="sale-2")


NEW = {
    "contacts": lambda kept: customers.note(
        customer_id=kept, contact=ContactIn("note", "x", "n"), user_id=None, now=timezone.now()
    ),
    "cases": lambda kept: voice.open_case(
        case=CaseIn("enquiry", "phone", "?", customer_id=kept), actor="system", now=timezone.now()
    ),
    "consents": lambda kept: customers.stop_contact(
        customer_id=kept, evidence="told", now=timezone.now()
    ),
    "orders": _buys_again,
    "profile": lambda kept: customers.rename(
        customer_id=kept, name="Another", phone="", now=timezone.now()
    ),
}


@pytest.mark.parametrize("part", NEW)
def test_once_something_new_happened_it_is_not_undone_and_nothing_is_changed(pair, part):
    kept, gone = pair
    merge_id = join(kept, gone)
    NEW[part](kept)
    before = snapshot()
    with pytest.raises(errors.MergeChanged) as refused:
        merging.unmerge(merge_id=merge_id, actor=ACTOR, now=timezone.now())
    assert part in refused.value.facts["parts"]
    assert snapshot() == before
    assert Merge.objects.get().undone_at is None


def test_a_member_is_never_the_record_that_goes(pair):
    kept, gone = pair
    with pytest.raises(errors.MergeMember):
        join(gone, kept)
    assert isinstance(
        merging.preview(kept_id=gone, gone_id=kept, now=timezone.now()).refusal, errors.MergeMember
    )
    programme_services.join(customer_id=gone, source="till", actor="system", now=timezone.now())
    with pytest.raises(errors.MergeMember):
        join(kept, gone)
    assert Customer.objects.count() == 2


def test_who_stands_in_an_open_campaign_waits_for_its_end(pair):
    kept, gone = pair
    now = timezone.now()
    campaign = Campaign.objects.create(
        public_id="cmp_2", theme="回来", goal="g", channel="email", salt="s", seed=1,
        created_by="user:1", created_at=now, coupon_batch="", drawn_at=now,
    )  # fmt: skip
    Assignment.objects.create(campaign=campaign, customer_id=gone, unit_id=gone, arm="treated")
    with pytest.raises(errors.MergeCampaign) as refused:
        join(kept, gone)
    assert refused.value.facts["campaign"] == "回来"
    assert Customer.objects.count() == 2


def test_nobody_is_joined_with_themselves_or_with_nobody(pair):
    kept, _gone = pair
    with pytest.raises(errors.MergeSame):
        join(kept, kept)
    with pytest.raises(errors.NoSuchCustomer):
        join(kept, 10**9)


def test_the_old_code_finds_the_record_that_stayed(pair):
    kept, gone = pair
    code = Customer.objects.get(pk=gone).code
    merge_id = join(kept, gone)
    assert queries.by_code(code) == kept
    assert queries.search(code).ids == (kept,)
    assert queries.identified([code], source="x", uses_our_codes=True) == {code: kept}
    assert queries.joined_to(gone) == kept
    merging.unmerge(merge_id=merge_id, actor=ACTOR, now=timezone.now())
    assert queries.by_code(code) == gone


def test_of_three_records_the_last_joined_is_divided_first(pair):
    kept, gone = pair
    third = customers.welcome(newcomer=NewcomerIn("阿诺"), now=timezone.now())
    first = join(gone, third)
    second = join(kept, gone)
    assert queries.by_code(Merge.objects.get(pk=first).gone_code) == kept
    with pytest.raises(errors.MergeNotLast):
        merging.unmerge(merge_id=first, actor=ACTOR, now=timezone.now())
    for merge_id in (second, first):
        merging.unmerge(merge_id=merge_id, actor=ACTOR, now=timezone.now())
    assert set(Customer.objects.values_list("pk", flat=True)) == {kept, gone, third}
    with pytest.raises(errors.MergeMissing):
        merging.unmerge(merge_id=first, actor=ACTOR, now=timezone.now())


def test_erasing_the_person_forgets_the_record_that_was_joined_too(pair):
    kept, gone = pair
    join(kept, gone)
    code = Customer.objects.get(pk=kept).code
    erasure.erase(code, confirmed=code, actor=ACTOR, now=timezone.now())
    assert not Merge.objects.exists()
    assert holding(gone) <= STAYS


def test_it_is_on_record_without_a_name(pair):
    kept, gone = pair
    merge_id = join(kept, gone)
    entry = AuditEntry.objects.get(action="merge_customers")
    assert (entry.subject, entry.after) == (f"customer:{kept}", {"merge": merge_id, "other": gone})
    fact = Fact.objects.get(name="customers.merged").payload
    assert fact == {"merge_id": merge_id, "customer_id": kept, "gone_customer_id": gone}
