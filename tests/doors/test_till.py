"""The till: whoever stands there is found, a sale counts once, a refund needs the right."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from huitou.customers import queries as customers
from huitou.customers import services as customer_services
from huitou.customers.models import Customer
from huitou.customers.types import ContactIn, NewcomerIn
from huitou.flows import following
from huitou.orders.models import Order
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.staff.models import Store, User
from tests.doors.member_shop import Member, buy

pytestmark = pytest.mark.django_db
KEY = "a" * 32


@pytest.fixture
def cashier(signed_in) -> Client:
    """A browser of the cashier, in English."""
    return signed_in("cashier", language="en")


def sale_of(who: Member) -> str:
    return f"/till/sale?customer={who.customer_id}"


def typed(who: Member, amount: str, **more: str) -> dict[str, str]:
    return {"amount": amount, "store": str(who.store_id), "key": KEY, **more}


def digest_in(page: str) -> str:
    found = re.search(r'name="digest" value="([^"]+)"', page)
    assert found, "nothing was quoted"
    return found.group(1)


def pay(browser: Client, who: Member, **said: str):
    quoted = browser.post(sale_of(who), said)
    digest = digest_in(quoted.content.decode())
    return browser.post(sale_of(who), {**said, "digest": digest, "pay": "1"})


def test_a_scanned_card_leads_straight_to_the_sale(known, cashier):
    spaced = known.card_number.lower()
    assert cashier.get("/till", {"q": spaced}).headers["Location"] == sale_of(known)


def test_a_scanned_coupon_names_its_owner_and_is_filled_in(known, cashier):
    moved = cashier.get("/till", {"q": known.coupon}).headers["Location"]
    assert moved == f"{sale_of(known)}&coupon={known.coupon}"
    assert known.coupon in cashier.get(moved).content.decode()


@pytest.mark.parametrize("text", ["1234", "陈一诺", "chenyi", "cyn"])
def test_the_end_of_a_number_or_a_name_lists_who_is_meant(known, cashier, text):
    page = cashier.get("/till", {"q": text}).content.decode()
    assert "陈一诺" in page
    assert "…1234" in page
    assert "13800001234" not in page


def test_nobody_fits_is_said_and_a_new_member_is_offered(known, cashier):
    page = cashier.get("/till", {"q": "13911112222"}).content.decode()
    assert "Nobody fits" in page
    assert "/till/join?q=13911112222" in page


def test_somebody_joins_at_the_till_and_is_served(known, cashier):
    refused = cashier.post("/till/join", {"name": "方晓棠"})
    assert refused.status_code == 422
    said = {"name": "方晓棠", "phone": "13911112222", "has_agreed": "on", "key": KEY}
    moved = cashier.post("/till/join", said).headers["Location"]
    found = re.fullmatch(r"/till/sale\?customer=(\d+)", moved)
    assert found
    joined = programmes.member(int(found.group(1)))
    assert joined is not None
    assert joined.source == "till"
    assert customers.consents(int(found.group(1))) == []
    assert cashier.post("/till/join", said).headers["Location"] == moved  # pressed twice: one


def test_who_is_reached_at_the_same_phone_is_shown_before_a_second_card_is_made(known, cashier):
    said = {"name": "陈小姐", "phone": "138-0000-1234", "has_agreed": "on", "key": KEY}
    asked = cashier.post("/till/join", said)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert sale_of(known) in page
    assert 'value="陈小姐"' in page
    assert Customer.objects.count() == 1
    moved = cashier.post("/till/join", {**said, "is_another": "on"})
    assert moved.status_code == 302
    assert Customer.objects.count() == 2


def test_a_cashier_of_another_store_serves_but_does_not_read_what_was_noted(known, signed_in):
    customer_services.note(
        customer_id=known.customer_id,
        contact=ContactIn("note", "对牛奶过敏", "n-1"),
        user_id=None,
        now=timezone.now(),
    )
    cashier = signed_in("cashier", language="en")
    user = User.objects.get(role="cashier")
    other = Store.objects.create(
        code="S2", name="外滩店", zone="Asia/Shanghai", created_at=timezone.now()
    )
    user.stores.set([other.pk])
    page = cashier.get(sale_of(known)).content.decode()
    assert "陈一诺" in page
    assert "对牛奶过敏" not in page
    user.stores.set([known.store_id, other.pk])
    buy(known, 4_800, key="d" * 32)
    following.follow(timezone.now())
    assert "对牛奶过敏" in cashier.get(sale_of(known)).content.decode()


def test_a_customer_who_bought_before_is_made_a_member_and_stays_the_same(known, cashier):
    newcomer = NewcomerIn("老顾客", phone="13900001111")
    customer_id = customer_services.welcome(newcomer=newcomer, now=timezone.now())
    page = cashier.get(f"/till/sale?customer={customer_id}").content.decode()
    admit = f"/till/join/{customer_id}"
    assert admit in page
    assert 'href="/till"' in page  # and the way to the next customer
    assert cashier.get(admit).status_code == 200
    assert cashier.post(admit, {"key": KEY}).status_code == 422
    assert programmes.member(customer_id) is None
    moved = cashier.post(admit, {"has_agreed": "on"})
    assert moved.headers["Location"] == f"/till/sale?customer={customer_id}"
    joined = programmes.member(customer_id)
    assert joined is not None
    assert joined.left_at is None
    assert cashier.get("/till/join/987654321").status_code == 404


def test_a_sale_is_quoted_then_sold_and_earns(known, cashier):
    said = typed(known, "28 + 20")
    quoted = cashier.post(sale_of(known), said)
    page = quoted.content.decode()
    assert "¥48.00" in page
    assert "48" in page
    assert Order.objects.count() == 0
    sold = cashier.post(sale_of(known), {**said, "digest": digest_in(page), "pay": "1"})
    assert sold.headers["Location"] == f"/till/sold/{KEY}"
    receipt = cashier.get(f"/till/sold/{KEY}").content.decode()
    assert "+48" in receipt
    assert Order.objects.get().total_minor == 4_800


def test_a_second_press_sells_nothing_more(known, cashier):
    said = typed(known, "30", coupon=known.coupon)
    digest = digest_in(cashier.post(sale_of(known), said).content.decode())
    once = cashier.post(sale_of(known), {**said, "digest": digest, "pay": "1"})
    twice = cashier.post(sale_of(known), {**said, "digest": digest, "pay": "1"})
    assert once.headers["Location"] == twice.headers["Location"]
    assert Order.objects.count() == 1
    assert points.account(1, known.customer_id).balance == 25


def test_a_coupon_is_taken_off_and_used_once(known, cashier):
    pay(cashier, known, **typed(known, "30", coupon=known.coupon))
    assert Order.objects.get().total_minor == 2_500
    again = cashier.post(
        sale_of(known), {**typed(known, "30", coupon=known.coupon), "key": "b" * 32}
    )
    assert again.status_code == 422
    assert "has been used already" in again.content.decode()


def test_points_pay_a_part_by_one_button(known, cashier):
    buy(known, 100_000, key="c" * 32)
    said = typed(known, "20")
    page = cashier.post(sale_of(known), said).content.decode()
    (offered,) = re.findall(r'name="use_points" value="(\d+)"', page)
    assert offered == "1000"  # half of the order may be paid with points, 100 for one yuan
    page = cashier.post(sale_of(known), {**said, "use_points": offered}).content.decode()
    assert "−¥10.00" in page
    pay(cashier, known, **typed(known, "20", points=offered))
    assert Order.objects.latest("id").total_minor == 1_000


def test_what_changed_meanwhile_is_shown_and_not_sold(known, cashier):
    said = {**typed(known, "30"), "digest": "old", "pay": "1"}
    answer = cashier.post(sale_of(known), said)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing was sold" in page
    assert digest_in(page) != "old"
    assert Order.objects.count() == 0


def test_a_sale_without_a_member_is_kept_and_earns_nothing(known, cashier):
    said = typed(known, "12.50")
    page = cashier.post("/till/sale", said).content.decode()
    assert "earns" not in page
    cashier.post("/till/sale", {**said, "digest": digest_in(page), "pay": "1"})
    order = Order.objects.get()
    assert (order.total_minor, order.customer_id) == (1_250, None)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("abc", "no amount"),
        ("-3", "no amount"),
        ("", "required"),
        ("9" * 13, "no amount"),  # the shop itself is not worth that
    ],
)
def test_a_wrong_amount_is_said_beside_its_field(known, cashier, amount, words):
    answer = cashier.post(sale_of(known), typed(known, amount))
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("points", ["NaN", "sNaN", "Infinity", "-1", "1.5"])
def test_points_that_are_no_number_are_said_beside_their_field(known, cashier, points):
    answer = cashier.post(sale_of(known), typed(known, "30", points=points))
    assert answer.status_code == 422
    assert "Points are a whole number" in answer.content.decode()


def test_signs_no_scanner_sends_are_left_out(known, cashier, signed_in):
    assert cashier.get("/till", {"q": f"{known.card_number}\x00"}).status_code == 302
    owner = signed_in(language="en")
    assert owner.get("/till/refund", {"number": "a\x00b"}).status_code == 200


def test_the_quote_alone_answers_a_page_that_asks_while_typing(known, cashier):
    answer = cashier.post(sale_of(known), typed(known, "30"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "¥30.00 received, sell" in page


@pytest.mark.parametrize("customer", ["0", "abc", "9" * 30, "²"])
def test_a_customer_who_is_not_there_is_said_in_peace(known, cashier, customer):
    assert cashier.get("/till/sale", {"customer": customer}).status_code == 404


def test_a_cashier_takes_nothing_back_a_manager_does_and_once(known, cashier, signed_in):
    receipt = buy(known, 4_800, key=KEY)
    assert cashier.get(f"/till/refund/{receipt.number}").status_code == 403
    manager = signed_in("manager", language="en")
    found = manager.get("/till/refund", {"number": receipt.number})
    assert found.headers["Location"] == f"/till/refund/{receipt.number}"
    said = {"part": "amount", "amount": "18", "key": KEY}
    for _ in range(2):
        done = manager.post(f"/till/refund/{receipt.number}", said)
        assert done.headers["Location"] == f"/till/refund/done/{KEY}"
    assert "¥18.00" in manager.get(f"/till/refund/done/{KEY}").content.decode()
    assert points.account(1, known.customer_id).balance == 30
    rest = manager.post(f"/till/refund/{receipt.number}", {"part": "all", "key": "d" * 32})
    assert rest.status_code == 302
    assert points.account(1, known.customer_id).balance == 0
    over = manager.post(
        f"/till/refund/{receipt.number}", {"part": "amount", "amount": "1", "key": "e" * 32}
    )
    assert over.status_code == 422


def test_an_order_the_till_never_sold_cannot_be_taken_back_here(known, signed_in):
    manager = signed_in("manager", language="en")
    page = manager.get("/till/refund", {"number": "TB-1"}).content.decode()
    assert "The till has sold no order TB-1" in page


def test_pages_of_the_till_stay_within_twelve_statements(
    known, cashier, django_assert_max_num_queries
):
    buy(known, 4_800, key="c" * 32)
    for page in ("/till", "/till?q=1234", sale_of(known), "/till/join"):
        with django_assert_max_num_queries(14):  # with session, user and company
            assert cashier.get(page).status_code == 200
