"""The programme and its coupons in the console: started, tried, changed; given out, filed,
stopped."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from huitou.customers.models import Customer
from huitou.kit.clock import zone
from huitou.points import queries as points
from huitou.programmes import presets, queries, services
from huitou.programmes.types import BatchIn, CouponKind

pytestmark = pytest.mark.django_db


def today():
    """The civil day of the shop, whatever hour the tests run at."""
    return timezone.localdate(timezone=zone("Asia/Shanghai"))


@pytest.fixture
def owner(signed_in):
    return signed_in("owner", language="en")


@pytest.fixture
def started(company):
    now = timezone.now()
    services.start(
        name="豆友",
        rules=presets.draft("cafe"),
        valid_from=today(),
        actor="cli",
        now=now,
    )
    who = Customer.objects.create(code="C1", created_at=now)
    services.join(customer_id=who.pk, source="till", actor="cli", now=now)


def fields(page):
    """What the form on the page would send."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        found[name] = re.search(r'value="([^"]+)" selected', options)[1]
    return found


def test_before_there_is_a_programme_the_page_offers_to_start_one(owner):
    page = owner.get(reverse("programme"))
    assert page.status_code == 200
    assert reverse("programme_start") in page.content.decode()
    assert owner.get(reverse("programme_rules")).url == reverse("programme_start")


def test_a_programme_is_started_from_the_draft_of_the_trade(owner):
    page = owner.get(reverse("programme_start"))
    sent = fields(page.content.decode())
    assert sent["points_for_one_major"] == "50"  # the café's
    answer = owner.post(reverse("programme_start"), sent | {"name": "豆友"})
    assert answer.status_code == 302, answer.content.decode()
    assert queries.programme().name == "豆友"
    assert queries.rules_on(today()).rules == presets.draft("cafe")
    assert owner.get(reverse("programme_start")).url == reverse("programme")


@pytest.mark.usefixtures("started")
def test_the_page_says_the_rules_in_words_within_twelve_statements(
    owner, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        page = owner.get(reverse("programme")).content.decode()
    assert "1 point for every ¥1.00 paid." in page
    assert "50 points pay ¥1.00" in page
    assert "Platinum" in page


@pytest.mark.usefixtures("started")
def test_rules_are_tried_before_they_are_put_in_force(owner):
    address = reverse("programme_rules")
    sent = fields(owner.get(address).content.decode()) | {"rate": "2"}
    tried = owner.post(address, sent | {"do": "try"})
    assert tried.status_code == 200
    assert b"preview-title" in tried.content
    assert len(queries.versions()) == 1
    saved = owner.post(address, sent | {"do": "save"})
    assert saved.url == reverse("programme")
    assert [row.version for row in queries.versions()] == [2, 1]
    assert queries.rules_on(today()).rules.points_per_major == 2
    assert queries.rules_on(today()).rules.tiers == presets.draft("cafe").tiers


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"rate": "one"}, "rate", id="no number"),
        pytest.param({"rate": "1/0"}, "rate", id="divided by nothing"),
        pytest.param({"points_for_one_major": "0"}, "points_for_one_major", id="for nothing"),
        pytest.param({"paying_ceiling_percent": "120"}, "paying_ceiling_percent", id="over all"),
    ],
)
def test_rules_that_cannot_be_are_refused_beside_their_field(owner, wrong, field):
    address = reverse("programme_rules")
    sent = fields(owner.get(address).content.decode()) | wrong
    answer = owner.post(address, sent | {"do": "save"})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert len(queries.versions()) == 1


@pytest.mark.usefixtures("started")
def test_rules_of_a_day_that_has_passed_are_refused(owner):
    address = reverse("programme_rules")
    yesterday = today() - timedelta(days=1)
    sent = fields(owner.get(address).content.decode()) | {"valid_from": yesterday.isoformat()}
    assert owner.post(address, sent | {"do": "save"}).status_code == 422


@pytest.mark.usefixtures("company")
def test_a_coupon_is_made_given_out_as_codes_and_filed(owner):
    assert b"ticket" in owner.get(reverse("coupons")).content
    made = owner.post(
        reverse("coupon_new"), {"name": "周末", "kind": "percent", "percent": "15", "minimum": "30"}
    )
    assert made.status_code == 302, made.content.decode()
    (row,) = queries.batches()
    assert (row.percent, row.minimum_minor, row.kind) == (15, 3_000, "percent")
    page = owner.get(made.url).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    for _ in range(2):  # a second click gives the same codes
        owner.post(reverse("coupon_codes_make", args=[row.public_id]), {"count": "3", "key": key})
    assert queries.batch(row.public_id).issued == 3
    sent = owner.get(reverse("coupon_codes", args=[row.public_id]))
    lines = b"".join(sent.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("Code,")
    codes = {coupon.code for coupon in queries.codes(row.public_id, today=today())}
    assert {line.split(",")[0] for line in lines[1:]} == codes
    assert owner.get(reverse("coupons")).status_code == 200


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"kind": "amount", "amount": ""}, "amount", id="nothing off"),
        pytest.param({"kind": "amount", "amount": "two"}, "amount", id="no amount"),
        pytest.param({"kind": "percent"}, "percent", id="no percentage"),
        pytest.param(
            {"kind": "percent", "percent": "5", "ends_on": "2020-01-01"}, "ends_on", id="over"
        ),
    ],
)
def test_a_coupon_that_cannot_be_is_refused_beside_its_field(owner, wrong, field):
    answer = owner.post(reverse("coupon_new"), {"name": "周末", **wrong})
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert queries.batches() == []


@pytest.mark.usefixtures("company")
def test_a_stopped_coupon_offers_no_codes(owner):
    batch = BatchIn("咖啡", CouponKind.AMOUNT, amount_minor=500)
    made = services.add_batch(batch=batch, actor="cli", now=timezone.now())
    owner.post(reverse("coupon_stop", args=[made]))
    page = owner.get(reverse("coupon_batch", args=[made])).content.decode()
    assert reverse("coupon_codes_make", args=[made]) not in page


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("role", "sees", "manages"),
    [("analyst", 200, 403), ("marketer", 200, 403), ("cashier", 403, 403), ("manager", 200, 200)],
)
def test_who_may_see_the_programme_and_who_may_change_it(signed_in, role, sees, manages):
    browser = signed_in(role)
    for name in ("programme", "coupons"):
        assert browser.get(reverse(name)).status_code == sees
    for name in ("programme_rules", "coupon_new"):
        assert browser.get(reverse(name)).status_code == manages


@pytest.mark.usefixtures("started")
def test_the_health_tells_of_facts_that_were_not_followed(client):
    told = client.get(reverse("healthz")).json()
    assert told["facts_waiting"] >= 1  # the member's joining
    assert told["facts_failing"] == 0


@pytest.fixture
def member(started):
    return Customer.objects.get(code="C1")


def test_the_member_page_says_what_there_is_and_why(owner, member, django_assert_max_num_queries):
    owner.post(
        reverse("member_adjust", args=[member.pk]),
        {"points": "120", "reason": "goodwill", "key": "k"},
    )
    owner.get(reverse("member", args=[member.pk]))  # the notice of the button is shown
    with django_assert_max_num_queries(12):
        page = owner.get(reverse("member", args=[member.pk])).content.decode()
    assert queries.member(member.pk).card_number in page
    assert "+120" in page
    assert "A thank-you of the house" in page
    for tab in ("coupons", "tiers"):
        assert owner.get(reverse("member", args=[member.pk]), {"tab": tab}).status_code == 200


def test_points_are_corrected_once_however_often_the_button_is_pressed(owner, member):
    sent = {"points": "50", "reason": "missed", "key": "one"}
    for _ in range(2):
        assert owner.post(reverse("member_adjust", args=[member.pk]), sent).status_code == 302
    assert points.account(1, member.pk).balance == 50
    taken = owner.post(
        reverse("member_adjust", args=[member.pk]), sent | {"points": "-51", "key": "two"}
    )
    assert taken.status_code == 422
    assert "points-error" in taken.content.decode()
    assert points.account(1, member.pk).balance == 50


@pytest.mark.usefixtures("started")
def test_a_customer_joins_and_leaves_at_their_wish(owner):
    who = Customer.objects.create(code="C9", created_at=timezone.now())
    assert b"member/C9" not in owner.get(reverse("member", args=[who.pk])).content
    owner.post(reverse("member_join", args=[who.pk]))
    assert queries.member(who.pk).left_at is None
    owner.post(reverse("member_leave", args=[who.pk]))
    assert queries.member(who.pk).left_at is not None
    assert owner.get(reverse("member", args=[who.pk])).status_code == 200


@pytest.mark.parametrize(
    ("role", "sees", "joins", "adjusts"),
    [("service_agent", 200, 302, 403), ("cashier", 200, 403, 403), ("manager", 200, 302, 302)],
)
def test_who_may_correct_points(signed_in, member, role, sees, joins, adjusts):
    browser = signed_in(role)
    assert browser.get(reverse("member", args=[member.pk])).status_code == sees
    assert browser.post(reverse("member_join", args=[member.pk])).status_code == joins
    sent = {"points": "5", "reason": "missed", "key": "k"}
    assert browser.post(reverse("member_adjust", args=[member.pk]), sent).status_code == adjusts


def test_nobody_finds_the_points_of_a_customer_there_is_not(owner, started):
    for number in (0, 999_999, 10**20):
        assert owner.get(f"/customers/{number}/points").status_code == 404
