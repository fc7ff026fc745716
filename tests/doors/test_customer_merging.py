"""Two records that are one person become one in every room, and two again, as they were."""

from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from huitou.audiences.models import Person, StorePerson
from huitou.campaigns.models import Assignment, Campaign
from huitou.customers import errors, queries
from huitou.customers import services as customers
from huitou.customers.models import Consent, Contact, Customer, Identity, Merge
from huitou.customers.types import NewcomerIn
from huitou.flows import erasure, merging, personal_data
from huitou.orders.models import Order, OrderBeforeImage
from huitou.platform.models import AuditEntry, Fact, Message
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.programmes import services as programme_services
from huitou.programmes.models import Coupon
from huitou.voice.models import Answer, Case, Promise
from tests.doors import member_shop, two_records
from tests.doors.test_customer_erasure import holding
from tests.doors.two_records import ACTOR, NEW, join
from tests.services.threads import in_thread, wait_until_somebody_waits

pytestmark = pytest.mark.django_db
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
    """The numbers of the record that stays and of the one that goes."""
    return two_records.made(signed_in)


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


@pytest.mark.django_db(transaction=True)
def test_whoever_edits_while_it_is_undone_loses_nothing(pair):
    kept, gone = pair
    merge_id = join(kept, gone)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Customer.objects.filter(pk=kept).update(name="刚改的名字")
            undone = in_thread(
                pool, lambda: merging.unmerge(merge_id=merge_id, actor=ACTOR, now=timezone.now())
            )
            wait_until_somebody_waits()
        assert undone.result(30) == errors.MergeChanged.code
    assert Customer.objects.get(pk=kept).name == "刚改的名字"
    assert not Customer.objects.filter(pk=gone).exists()


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
        created_by="user:1", created_at=now, coupon_batch="", drawn_at=now, state="running",
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
