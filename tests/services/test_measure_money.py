"""Profit is known only where costs are; margins are dated, and closed days are no silence."""

from datetime import UTC, date, datetime

import pytest

from huitou.audiences import models as audiences
from huitou.insights import queries
from huitou.staff import services as staff
from tests.services import measured_shop
from tests.services.measured_shop import NOW, Sale
from tests.services.test_measure_chain import in_force, measure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(tmp_path, settings):
    settings.HOME = tmp_path
    return measured_shop.found()


def test_without_costs_the_figures_are_sales(shop):
    shop.add([Sale("a", date(2026, 6, 1)), Sale("a", date(2026, 6, 20))])
    money = measure(date(2026, 6, 30)).report["money"]
    assert (money["name"], money["cost_coverage"], money["margin"]) == ("sales", 0.0, None)


def test_costs_of_nine_tenths_of_the_sales_make_profit_known_and_fill_the_rest(shop):
    shop.add(
        [
            Sale("a", date(2026, 6, 1), 90_000, cost_minor=54_000),
            Sale("b", date(2026, 6, 2), 10_000),
        ]
    )
    run = measure(date(2026, 6, 30))
    money = run.report["money"]
    assert money["name"] == "profit"
    assert money["cost_coverage"] == pytest.approx(0.9)
    assert money["estimated_share"] == pytest.approx(0.1)
    assert money["margin"] == pytest.approx(0.4)
    assert queries.score_of(shop.customers["b"])["margin_365_minor"] == 4_000


def test_a_margin_that_is_set_counts_for_sales_without_costs(shop):
    shop.add([Sale("a", date(2026, 6, 1), 10_000)])
    staff.set_setting(
        name="margin_percent", value="35", valid_from=date(2026, 6, 30), actor="cli", now=NOW
    )
    staff.set_setting(
        name="cost_to_serve_minor", value=200, valid_from=date(2026, 1, 1), scope="order",
        actor="cli", now=NOW,
    )  # fmt: skip
    run = measure(date(2026, 6, 30))
    assert run.report["money"]["name"] == "profit"
    assert queries.score_of(shop.customers["a"])["margin_365_minor"] == 3_300


def margin(value, begins, scope=""):
    staff.set_setting(
        name="margin_percent", value=value, valid_from=begins, scope=scope, actor="cli", now=NOW
    )


def test_a_margin_that_is_taken_back_is_not_known_from_that_day_on(shop):
    shop.add([Sale("a", date(2026, 6, 1), 10_000), Sale("b", date(2026, 6, 20), 10_000)])
    margin("35", date(2026, 5, 1))
    margin(None, date(2026, 6, 15))
    money = measure(date(2026, 6, 30)).report["money"]
    assert (money["name"], money["cost_coverage"]) == ("sales", pytest.approx(0.5))


def test_a_category_whose_margin_is_taken_back_has_the_companys_again(shop):
    shop.add(
        [
            Sale("a", date(2026, 6, 1), 10_000, category="拿铁"),
            Sale("b", date(2026, 6, 20), 10_000, category="拿铁"),
        ]
    )
    margin("40", date(2026, 5, 1))
    margin("60", date(2026, 5, 1), "category:拿铁")
    margin(None, date(2026, 6, 15), "category:拿铁")
    money = measure(date(2026, 6, 30)).report["money"]
    assert money["name"] == "profit"
    assert money["margin"] == pytest.approx((0.6 + 0.4) / 2)


def test_a_margin_first_left_empty_and_then_known_holds_for_all_days(shop):
    shop.add([Sale("a", date(2026, 6, 1), 10_000)])
    margin(None, date(2026, 5, 1))
    margin("35", date(2026, 6, 15))
    run = measure(date(2026, 6, 30))
    assert queries.score_of(shop.customers["a"])["margin_365_minor"] == 3_500
    assert run.report["money"]["name"] == "profit"


def test_closed_days_of_the_shop_are_no_silence(shop):
    shop.add([Sale("a", date(2026, 1, 20)), Sale("b", date(2026, 3, 1))])
    staff.close_days(days=[date(2026, 2, 15 + n) for n in range(8)], actor="cli", now=NOW)
    run = measure(date(2026, 3, 12))
    found = queries.score_of(shop.customers["a"])
    assert (found["dormancy_days"], found["layer"]) == (43, "new")
    assert run.report["windows"]["closed_days"] == 8


def test_windows_of_the_settings_are_those_of_the_layers(shop):
    shop.add([Sale("a", date(2026, 6, 1))])
    staff.set_setting(
        name="windows", value=[14, 30, 60, 120], valid_from=date(2026, 7, 1), actor="cli", now=NOW
    )
    run = measure(date(2026, 6, 30), now=datetime(2026, 7, 2, tzinfo=UTC))
    assert run.report["windows"]["in_force"] == [14, 30, 60, 120]
    assert run.report["windows"]["origin"] == "setting"
    assert in_force().get().layer == "cooling"


def test_the_share_of_sales_with_a_known_customer_is_told(shop):
    shop.add([Sale("a", date(2026, 6, 1), 7_500), Sale(None, date(2026, 6, 2), 2_500)])
    people = measure(date(2026, 6, 30)).report["population"]
    assert people["known_share"] == pytest.approx(0.75)
    assert (people["orders"], people["customers"]) == (2, 1)


def test_the_slot_in_force_changes_with_every_measurement(shop):
    shop.add([Sale("a", date(2026, 6, 1))])
    slots = []
    for _ in range(3):
        run = measure(date(2026, 6, 30))
        slot = audiences.StandingSlot.objects.get()
        assert slot.run_id == run.id
        slots.append(slot.slot)
    assert slots == [0, 1, 0]
