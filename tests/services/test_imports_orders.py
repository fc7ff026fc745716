"""Orders come in as a plan before a change, once, and can be taken back."""

import pytest

from huitou.customers import queries as customers
from huitou.customers.models import Customer
from huitou.flows.errors import NothingToRollBack
from huitou.orders import queries
from huitou.orders.errors import RollbackBlockedByImport, RollbackBlockedByRefund
from huitou.platform.imports import queries as records
from tests.services.incoming import HEADER, NOW, bring_in, csv, everything, roll_back, rows, source

pytestmark = pytest.mark.django_db

TWO = (
    "1001,C1,2026-01-05,120.00,CNY,A,1,,",
    "1001,C1,2026-01-05,30.00,CNY,B,2,,",
    "1002,C2,2026-02-14 10:00,200,CNY,C,1,,",
)


def net():
    return dict(rows("SELECT number, net_minor FROM orders_v_net ORDER BY number"))


def test_a_file_comes_in_and_says_what_it_changed(tmp_path):
    result = bring_in(csv(tmp_path, "a.csv", *TWO))
    assert result.applied
    shown = result.as_json()
    assert {
        name: shown[name] for name in ("new", "changed", "unchanged", "rejected", "ignored")
    } == {
        "new": 3,
        "changed": 0,
        "unchanged": 0,
        "rejected": 0,
        "ignored": 0,
    }
    assert shown["orders"] == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 0}
    assert net() == {"1001": 15000, "1002": 20000}
    record = records.one(result.import_id)
    assert (record.state, record.counts["new"], record.applied_at) == ("applied", 3, NOW)


def test_the_result_has_exactly_the_keys_of_the_contract(tmp_path):
    shown = bring_in(csv(tmp_path, "a.csv", *TWO, "1003,C1,2026-02-30,1,CNY,A,1,,")).as_json()
    assert set(shown) >= {
        "import_id",
        "applied",
        "new",
        "changed",
        "unchanged",
        "rejected",
        "ignored",
        "orders",
        "rejections",
        "rejections_file",
        "error",
    }
    assert shown["rejections"] == [
        {
            "line": 5,
            "field": "ordered_at",
            "value": "2026-02-30",
            "reason": "This is not a date we can read, such as 2026-03-31 or 2026-03-31 18:05.",
        }
    ]
    assert shown["error"]["code"] == "imports.rows_rejected"
    assert shown["error"]["facts"] == {"count": 1}
    assert shown["applied"] is False


def test_nothing_is_written_if_anything_is_rejected(tmp_path):
    before = everything()
    result = bring_in(csv(tmp_path, "a.csv", *TWO, "1003,C1,2026-02-30,1,CNY,A,1,,"))
    assert everything() == before
    assert records.one(result.import_id).state == "refused"


def test_the_others_come_in_if_asked_and_the_rejected_can_be_mended_and_imported(tmp_path):
    file = csv(tmp_path, "a.csv", *TWO, "1003,C1,2026-02-30,1,CNY,A,1,,")
    out = tmp_path / "rejected.csv"
    result = bring_in(file, skip_rejected=True, rejects_path=str(out))
    assert (result.applied, result.things.new, result.rejections_file) == (True, 2, str(out))
    assert out.read_text() == HEADER + "1003,C1,2026-02-30,1,CNY,A,1,,\n"
    out.write_text(out.read_text().replace("02-30", "02-28"))
    assert bring_in(out).things.new == 1
    assert len(net()) == 3


def test_the_same_file_twice_changes_nothing(tmp_path):
    file = csv(tmp_path, "a.csv", *TWO)
    bring_in(file)
    before = everything()
    again = bring_in(file)
    assert (again.applied, again.things.unchanged, again.rows.unchanged) == (True, 2, 3)
    assert everything() == before


def test_an_order_in_the_file_replaces_that_order_as_a_whole_and_others_stay(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO))
    result = bring_in(csv(tmp_path, "b.csv", "1001,C1,2026-01-05,99.00,CNY,A,1,,"))
    assert (result.things.changed, result.things.new) == (1, 0)
    assert net() == {"1001": 9900, "1002": 20000}
    assert rows("SELECT count(*) FROM orders_orderline") == [(2,)]


def test_a_rollback_puts_back_what_was_there(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO, "1004,C1,2026-03-01,-30.00,CNY,B,-2,returned,"))
    before = everything()
    second = bring_in(
        csv(
            tmp_path,
            "b.csv",
            "1001,C9,2026-01-06,99.00,CNY,Z,1,,",
            "1009,C8,2026-01-06,5,CNY,Y,1,,",
        )
    )
    assert everything() != before
    roll_back(second.import_id)
    assert everything() == before
    assert records.one(second.import_id).state == "rolled_back"
    assert customers.by_code("C9") is None


def test_a_rollback_waits_for_later_imports_of_the_same_orders(tmp_path):
    first = bring_in(csv(tmp_path, "a.csv", *TWO))
    second = bring_in(csv(tmp_path, "b.csv", "1001,C1,2026-01-05,99.00,CNY,A,1,,"))
    with pytest.raises(RollbackBlockedByImport) as blocked:
        roll_back(first.import_id)
    assert blocked.value.facts == {"count": 1, "imports": second.import_id}
    roll_back(second.import_id)
    roll_back(first.import_id)
    assert net() == {}


def test_a_rollback_waits_for_refunds_that_name_its_orders(tmp_path):
    first = bring_in(csv(tmp_path, "a.csv", *TWO))
    bring_in(csv(tmp_path, "b.csv", "R1,C2,2026-03-01,-50,CNY,,,,1002"))
    with pytest.raises(RollbackBlockedByRefund) as blocked:
        roll_back(first.import_id)
    assert blocked.value.facts == {"count": 1, "number": "1002"}
    assert len(net()) == 3


def test_what_is_not_in_force_cannot_be_rolled_back(tmp_path):
    first = bring_in(csv(tmp_path, "a.csv", *TWO))
    roll_back(first.import_id)
    with pytest.raises(NothingToRollBack):
        roll_back(first.import_id)


def test_a_customer_of_two_imports_survives_the_rollback_of_the_first(tmp_path):
    first = bring_in(csv(tmp_path, "a.csv", *TWO))
    bring_in(csv(tmp_path, "b.csv", "1009,C1,2026-03-01,5,CNY,A,1,,"))
    roll_back(first.import_id)
    assert customers.by_code("C1") is not None
    assert customers.by_code("C2") is None
    assert rows("SELECT sku FROM orders_product ORDER BY sku") == [("A",)]


def test_the_worked_example_of_refunds_that_name_their_order(tmp_path):
    """Orders 120 and 30 on one day, 200 later, 50 of it refunded, 80 at last: 380 in all, four
    counted."""
    bring_in(
        csv(
            tmp_path,
            "a.csv",
            "1,C1,2026-01-05,120,CNY,,,,",
            "2,C1,2026-01-05,30,CNY,,,,",
            "3,C1,2026-02-14,200,CNY,,,,",
            "R,C1,2026-02-20,-50,CNY,,,,3",
            "4,C1,2026-04-01,80,CNY,,,,",
        )
    )
    assert net() == {"1": 12000, "2": 3000, "3": 15000, "4": 8000, "R": 0}
    person = rows(
        "SELECT purchases, net_minor, first_ordered_on::text, last_ordered_on::text "
        "FROM audiences_person"
    )
    assert person == [(3, 38000, "2026-01-05", "2026-04-01")]


def test_a_full_refund_removes_the_order_and_its_day(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO))
    bring_in(csv(tmp_path, "b.csv", "R,C2,2026-03-01,-200,CNY,C,-1,returned,"))
    assert rows("SELECT number FROM orders_v_net WHERE is_counted ORDER BY number") == [("1001",)]
    assert (
        rows(
            "SELECT purchases FROM audiences_person "
            "JOIN customers_v_customer c ON c.id = customer_id "
            "WHERE code = 'C2'"
        )
        == []
    )


def test_a_return_without_its_sale_is_booked_on_its_own_day_until_the_sale_comes(tmp_path):
    bring_in(csv(tmp_path, "b.csv", "R,C2,2026-03-01,-200,CNY,C,-1,returned,"))
    assert rows("SELECT unmatched_minor FROM orders_v_net") == [(20000,)]
    bring_in(csv(tmp_path, "a.csv", *TWO))
    found = rows(
        "SELECT number, net_minor, unmatched_minor, is_counted FROM orders_v_net ORDER BY number"
    )
    assert found == [("1001", 15000, 0, True), ("1002", 0, 0, False), ("R", 0, 0, False)]


def test_an_earlier_sale_that_comes_late_is_found_by_a_return_already_there(tmp_path):
    bring_in(
        csv(
            tmp_path,
            "a.csv",
            "1,C1,2026-01-01,100,CNY,A,1,,",
            "R,C1,2026-02-01,-100,CNY,A,-1,returned,",
        )
    )
    assert net() == {"1": 0, "R": 0}
    bring_in(csv(tmp_path, "b.csv", "2,C1,2026-01-15,100,CNY,A,1,,"))
    assert net() == {"1": 10000, "2": 0, "R": 0}, "the latest sale before the return"


def test_settling_agrees_with_the_plan(tmp_path):
    """The sums made in the plan and those made after returns are the same sums."""
    from huitou.orders.services.statements import run

    bring_in(
        csv(
            tmp_path,
            "a.csv",
            "1,C1,2026-01-05,120,A,3,0.335,1.50,2,",
            "1,C1,2026-01-05,30,B,1,,0,0,",
            "2,,2026-01-06,10,A,2,0.333,0.30,0,returned",
            "3,C1,2026-01-07,0,A,1,0.1,0,0,",
            "4,C2,2026-01-08,-7,A,-1,,0,0,returned",
            "5,C2,2026-01-09,7,A,1,2,0.1,3,cancelled",
            "6,C2,2026-01-09,7,A,1,2,0.1,3,pending",
            header="order_id,customer,ordered_at,amount,sku,quantity,unit_cost,tax,delivery,status\n",
        )
    )
    columns = "number, returned_minor, unmatched_minor, cost_minor, costed_minor, is_counted"
    planned = rows(f"SELECT {columns} FROM orders_order ORDER BY number")
    run("open_import")
    rows("INSERT INTO orders_to_settle SELECT id FROM orders_order RETURNING order_id")
    run("gather_returned")
    run("settle", {"factor": 100})
    assert rows(f"SELECT {columns} FROM orders_order ORDER BY number") == planned


def test_another_currency_is_rejected_with_both_codes(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO))
    result = bring_in(csv(tmp_path, "b.csv", "9,C1,2026-01-05,12,USD,A,1,,"))
    assert (
        result.rejections[0].reason
        == "The currency here is USD; the company keeps its books in CNY."
    )


def test_a_preview_writes_nothing_at_all(tmp_path):
    from huitou.flows import imports
    from huitou.flows.types import Wishes
    from huitou.platform.progress import Silent

    result = imports.preview(
        source(csv(tmp_path, "a.csv", *TWO)), Wishes(), now=NOW, reporter=Silent()
    )
    assert (result.things.new, result.applied, result.import_id) == (2, False, None)
    assert rows("SELECT count(*) FROM platform_import") == [(0,)]
    assert not any(everything().values())


def test_the_first_figure_is_the_share_of_sales_with_a_known_customer(tmp_path):
    result = bring_in(csv(tmp_path, "a.csv", *TWO, "1003,,2026-03-01,150,CNY,A,1,,"))
    assert result.figures["known_customer_share"] == pytest.approx(0.7)
    assert records.one(result.import_id).figures["known_customer_share"] == pytest.approx(0.7)
    assert queries.known_share() == (2, 3, 35000, 50000)


def test_nicks_of_two_platforms_are_two_people(tmp_path):
    header = "order_id,customer,ordered_at,amount\n"
    bring_in(csv(tmp_path, "a.csv", "1,小明,2026-01-05,1", header=header), source="taobao")
    bring_in(csv(tmp_path, "b.csv", "1,小明,2026-01-05,1", header=header), source="youzan")
    assert set(Customer.objects.values_list("code", flat=True)) == {"小明", "youzan:小明"}


def test_a_customers_orders_come_in_pages_and_lines_say_what_came_back(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO, "1005,C1,2026-03-01,-15,CNY,B,-1,returned,"))
    customer_id = customers.by_code("C1")
    first = queries.orders_of(customer_id, limit=1)
    assert [order.number for order in first.rows] == ["1005"]
    rest = queries.orders_of(customer_id, limit=5, after=first.next)
    assert [order.number for order in rest.rows] == ["1001"]
    assert rest.next is None
    lines = queries.lines_of(rest.rows[0].order_id)
    assert [(line.sku, line.amount_minor, line.taken_back_minor) for line in lines] == [
        ("A", 12000, 0),
        ("B", 3000, 1500),
    ]


def test_months_that_were_written_are_told(tmp_path):
    bring_in(csv(tmp_path, "a.csv", *TWO))
    assert rows("SELECT month_on::text FROM orders_v_month_change ORDER BY 1") == [
        ("2026-01-01",),
        ("2026-02-01",),
    ]


def test_an_order_line_without_its_order_cannot_be_written():
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="names no order"):
        rows(
            "INSERT INTO orders_orderline (order_id, position, description, quantity, "
            "amount_minor, discount_minor, tax_minor, delivery_minor, refund_of, is_returned) "
            "VALUES (999999, 1, '', 1, 1, 0, 0, 0, '', false) "
            "RETURNING order_id"
        )
