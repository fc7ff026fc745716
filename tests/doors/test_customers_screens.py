"""The list of customers, one customer, and the list as a file: for those who may, and nothing
else."""

import csv
import io

import pytest

from huitou.platform.models import AuditEntry
from tests.doors import shop

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def file_of(response):
    assert response.status_code == 200
    raw = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(raw)))


@pytest.fixture
def made():
    return shop.measured()


@pytest.fixture
def owner(made):
    return shop.client_of(shop.user())


def test_the_list_begins_with_the_most_to_lose(owner):
    page = text_of(owner.get("/customers"))
    assert page.index("苏以宁") < page.index("顾长风") < page.index("方晓棠")
    assert "about 14 in 100" in page
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize(
    ("asked", "there", "absent"),
    [
        pytest.param("q=su", "苏以宁", "顾长风", id="pinyin"),
        pytest.param("q=gcf", "顾长风", "苏以宁", id="initials"),
        pytest.param("q=1201", "顾长风", "苏以宁", id="the end of a phone number"),
        pytest.param("q=M-0011", "M-0011", "苏以宁", id="a code, of someone not measured yet"),
        pytest.param("layer=cooling", "顾长风", "苏以宁", id="a layer"),
        pytest.param("level=preference", "苏以宁", "顾长风", id="a level"),
        pytest.param("level=not_asked", "顾长风", "苏以宁", id="not asked"),
        pytest.param("band=high", "苏以宁", "沈知微", id="a band"),
        pytest.param("sort=name&order=asc", "苏以宁", "nobody", id="names"),
        pytest.param(
            "sort=nonsense&layer=nonsense&at=!!&store=x",
            "苏以宁",
            "nobody",
            id="nonsense is left out",
        ),
    ],
)
def test_filters_and_search_leave_whom_they_name(owner, asked, there, absent):
    page = text_of(owner.get(f"/customers?{asked}"))
    assert there in page
    assert absent not in page


def test_nobody_found_says_how_search_works(owner):
    assert "Nobody fits" in text_of(owner.get("/customers?q=zzzz"))


def test_pages_follow_one_another_and_lead_back(made, owner, monkeypatch):
    monkeypatch.setattr("huitou.console.customers.PAGE_LENGTH", 4)
    first = owner.get("/customers?sort=risk")
    second = owner.get("/customers" + first.context["after"])
    third = owner.get("/customers" + second.context["after"])
    seen = [line.name for page in (first, second, third) for line in page.context["lines"]]
    assert len(seen) == len(set(seen)) == 11
    assert third.context["after"] == ""
    back = owner.get("/customers" + second.context["before"])
    assert [line.name for line in back.context["lines"]] == [
        line.name for line in first.context["lines"]
    ]


@pytest.mark.parametrize(
    "place", ["W10", "bnVsbA", "WyJ4IiwxLGZhbHNlXQ", "WzEsLTEsZmFsc2Vd", "W1tdLDEsZmFsc2Vd", "e30"]
)
def test_a_place_that_fits_nothing_is_the_first_page(owner, place):
    assert "苏以宁" in text_of(owner.get(f"/customers?at={place}"))


def test_before_a_measurement_the_list_shows_orders_only():
    shop.with_orders()
    page = text_of(shop.client_of(shop.user()).get("/customers"))
    assert "苏以宁" in page
    assert "Risk of leaving" not in page


def test_the_file_holds_every_customer_of_the_list_and_is_on_record(made, owner):
    made.customers[1].name = "=HYPERLINK(1)"
    made.customers[1].save()
    response = owner.get("/customers/export?sort=risk&order=asc")
    assert "attachment" in response["Content-Disposition"]
    header, *rows = file_of(response)
    assert header[0] == "Code"
    assert [row[0] for row in rows] == [f"M-{i:04}" for i in range(11)]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[0][9] == "94.00"
    assert rows[1][13] == "+8613800001201"
    assert rows[4][13] == ""  # a masked number reaches nobody
    assert AuditEntry.objects.get(action="customers.export").actor.startswith("user:")


def test_a_reader_without_contact_data_gets_a_file_without_them(made):
    header, *_ = file_of(shop.client_of(shop.user("analyst")).get("/customers/export"))
    assert "Phone" not in header


def test_only_those_who_may_export_get_a_file(made):
    cashier = shop.client_of(shop.user("cashier"))
    assert cashier.get("/customers/export").status_code == 403
    assert "/customers/export" not in text_of(cashier.get("/customers"))


def test_one_customer_is_shown_with_one_state_and_its_reason(made, owner):
    page = text_of(owner.get(f"/customers/{made.customers[2].pk}"))
    assert "Easy to win back · 96 days without a purchase" in page
    assert "96 days away, 8× the usual gap" in page
    assert "26%" in page
    assert "about 24 in 100" in page


def test_older_orders_are_one_step_away(made, owner, monkeypatch):
    monkeypatch.setattr("huitou.console.customer.ORDERS_SHOWN", 2)
    address = f"/customers/{made.customers[0].pk}"
    first = owner.get(address)
    assert [order["number"] for order in first.context["orders"]] == ["M-0000-0", "M-0000-1"]
    second = owner.get(address, {"older": first.context["older"]})
    assert [order["number"] for order in second.context["orders"]] == ["M-0000-2"]
    for nonsense in ("x", "2026-01-01~1", "~", "2026-01-01T00:00:00+00:00~-5"):
        assert owner.get(address, {"older": nonsense}).context["orders"]


def test_nobody_has_checked_is_said_where_no_forecast_was_checked(made, owner):
    made.run.report = made.run.report | {"calibration": {"state": "not_yet"}}
    made.run.save()
    page = text_of(owner.get(f"/customers/{made.customers[2].pk}"))
    assert "26%" in page
    assert "not yet checked" in page
    assert "in 100" not in page


def test_contact_data_are_shown_only_to_those_who_may(made, owner):
    address = f"/customers/{made.customers[0].pk}"
    assert "su@example.cn" in text_of(owner.get(address))
    assert "su@example.cn" not in text_of(shop.client_of(shop.user("analyst")).get(address))


def test_a_masked_phone_is_said_to_reach_nobody(made, owner):
    assert "nobody can be reached by it" in text_of(owner.get(f"/customers/{made.customers[4].pk}"))


def test_a_yearly_buyer_is_said_to_be_one(made, owner):
    assert "Buys once a year, around 11-11" in text_of(
        owner.get(f"/customers/{made.customers[3].pk}")
    )


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("orders", "M-0000-0"),
        ("answers", "Fairly satisfied (4/5)"),
        ("changes", "No changes yet"),
        ("consents", "refused"),
    ],
)
def test_every_tab_of_a_customer_opens(made, owner, tab, words):
    assert words in text_of(owner.get(f"/customers/{made.customers[0].pk}?tab={tab}"))


def test_changes_are_told_in_words(made, owner):
    page = text_of(owner.get(f"/customers/{made.customers[2].pk}?tab=changes"))
    assert "Layer: Cooling → Easy to win back" in page


def test_a_customer_who_came_after_the_measurement_says_so(made, owner):
    assert "the next one includes them" in text_of(owner.get(f"/customers/{made.customers[11].pk}"))


def test_a_store_sees_its_own_customers_and_no_other(made):
    reader = shop.client_of(shop.user("cashier", stores=[made.stores[1]]))
    page = text_of(reader.get("/customers"))
    assert "顾长风" in page
    assert "苏以宁" not in page
    assert "苏以宁" not in text_of(reader.get("/customers?q=su"))
    assert reader.get(f"/customers/{made.customers[1].pk}").status_code == 200
    assert reader.get(f"/customers/{made.customers[0].pk}").status_code == 404


def test_of_another_store_only_day_and_amount_are_shown(made):
    from huitou.orders.models import Order

    Order.objects.filter(number="M-0001-0").update(store=made.stores[0])
    reader = shop.client_of(shop.user("cashier", stores=[made.stores[1]]))
    page = text_of(reader.get(f"/customers/{made.customers[1].pk}"))
    assert "M-0001-0" not in page
    assert "another store" in page
    assert "M-0001-1" in page


def test_strangers_and_those_without_the_right_see_nobody(made, client):
    shop.user()
    assert client.get("/customers").status_code == 302
    integrator = shop.client_of(shop.user("integrator"))
    assert integrator.get("/customers").status_code == 403
    assert integrator.get(f"/customers/{made.customers[0].pk}").status_code == 403
    assert shop.client_of(shop.user("manager")).get("/customers/999999").status_code == 404


@pytest.mark.parametrize(
    "address", ["/customers", "/customers?q=su", "/customers?layer=cooling&sort=net", "one"]
)
def test_pages_read_at_most_twelve_times(made, django_assert_max_num_queries, address):
    reader = shop.client_of(shop.user("cashier", stores=[made.stores[0]]))
    address = f"/customers/{made.customers[0].pk}" if address == "one" else address
    with django_assert_max_num_queries(STATEMENTS):
        assert reader.get(address).status_code == 200
