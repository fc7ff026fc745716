"""The demonstration's shop: the same rows again, rows an import accepts, and its story."""

from datetime import date

import pyarrow.compute as pc
import pytest

from huitou.testing.demo import cafe, menu

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def made():
    return cafe.shop(LAST, customers=2_000)


def test_the_same_seed_and_day_give_the_same_rows(made):
    again = cafe.shop(LAST, customers=2_000)
    assert again.orders.equals(made.orders)
    assert again.customers.equals(made.customers)
    assert again.answers.equals(made.answers)


def test_every_customer_of_the_file_has_bought(made):
    buyers = set(made.orders["customer"].to_pylist()) - {""}
    assert buyers == set(made.customers["customer"].to_pylist())


def test_nobody_buys_on_a_day_the_stores_are_closed(made):
    sales = made.orders.filter(pc.equal(made.orders["status"], "paid"))
    days = {text[:10] for text in sales["ordered_at"].to_pylist()}
    assert made.closed
    assert not days & {day.isoformat() for day in made.closed}


def test_no_row_lies_after_the_last_day(made):
    assert max(made.orders["ordered_at"].to_pylist())[:10] <= LAST.isoformat()


def test_a_return_names_a_sale_that_stands_in_the_file(made):
    returns = made.orders.filter(pc.equal(made.orders["status"], "returned"))
    sold = set(made.orders["order_id"].to_pylist())
    assert len(returns) > 0
    assert set(returns["refund_of"].to_pylist()) <= sold
    assert all(text.startswith("-") for text in returns["amount"].to_pylist())


def test_prices_rise_on_the_two_days_of_the_story(made):
    latte = made.orders.filter(
        pc.and_(
            pc.equal(made.orders["sku"], "C02"),
            pc.and_(
                pc.equal(made.orders["quantity"], "1"), pc.equal(made.orders["discount"], "0.00")
            ),
        )
    )
    seen = list(dict.fromkeys(latte.sort_by("ordered_at")["amount"].to_pylist()))
    whole = [str(round(24 * factor)) + ".00" for factor in (1.0, 1.05, 1.05 * 1.04)]
    assert [text for text in seen if not text.startswith("-")] == whole


def test_answers_are_lower_where_service_broke_down(made):
    stores = {
        row["customer"]: row["home_store"]
        for row in made.customers.select(["customer", "home_store"]).to_pylist()
    }
    slump_store = menu.BRANCHES[menu.SLUMP_BRANCH].name
    low = {"不满意", "很不满意"}
    hurt = [
        row["satisfaction"] in low
        for row in made.answers.to_pylist()
        if stores[row["customer"]] == slump_store
    ]
    other = [
        row["satisfaction"] in low
        for row in made.answers.to_pylist()
        if stores[row["customer"]] != slump_store
    ]
    assert sum(hurt) / len(hurt) > sum(other) / len(other)
