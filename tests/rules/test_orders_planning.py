"""A file of orders is checked whole before anything is written: what gets in, what does not, and
why."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.orders_rows import nobody, planned, row


def utc(*parts):
    """An instant as the workbench keeps it: UTC without saying so."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def reasons(plan):
    return [(found.line, found.field, found.reason) for found in plan.rejected(100)]


def orders(plan, *columns):
    return plan.con.execute(f"SELECT {', '.join(columns)} FROM ord ORDER BY ord_no").fetchall()


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        pytest.param(
            {"amount": "1.999"}, "amount", "too_many_decimals", id="a tenth of a fen is no money"
        ),
        pytest.param({"amount": "NaN"}, "amount", "not_an_amount", id="NaN is no amount"),
        pytest.param({"amount": "Infinity"}, "amount", "not_an_amount", id="infinity is no amount"),
        pytest.param({"amount": "1e30"}, "amount", "not_an_amount", id="an exponent is no amount"),
        pytest.param({"amount": "9" * 18}, "amount", "too_large", id="more money than there is"),
        pytest.param({"amount": "9" * 40}, "amount", "not_an_amount", id="forty digits"),
        pytest.param(
            {"amount": "12,50"}, "amount", "not_an_amount", id="a comma that nobody explained"
        ),
        pytest.param({"amount": ""}, "amount", "empty", id="no money at all"),
        pytest.param({"amount": "=1+1"}, "amount", "not_an_amount", id="a formula is no amount"),
        pytest.param({"currency": "USD"}, "currency", "other_currency", id="another currency"),
        pytest.param({"ordered_at": "2026-02-30"}, "ordered_at", "not_a_date", id="30 February"),
        pytest.param({"ordered_at": "0001-01-01"}, "ordered_at", "too_early", id="the year 1"),
        pytest.param(
            {"ordered_at": "infinity"}, "ordered_at", "not_a_date", id="a word the database knows"
        ),
        pytest.param({"ordered_at": "epoch"}, "ordered_at", "not_a_date", id="another such word"),
        pytest.param(
            {"ordered_at": "03/04/2026"},
            "ordered_at",
            "not_a_date",
            id="a date of the other format",
        ),
        pytest.param({"ordered_at": ""}, "ordered_at", "empty", id="no date"),
        pytest.param(
            {"ordered_at": "2036-01-01"}, "ordered_at", "in_the_future", id="ten years ahead"
        ),
        pytest.param({"order_id": ""}, "order_id", "empty", id="no order number"),
        pytest.param(
            {"customer": "a\x07b"}, "customer", "control_character", id="a bell in a name"
        ),
        pytest.param(
            {"product": "a\x1bb"}, "product", "control_character", id="an escape in a product"
        ),
        pytest.param({"quantity": "one"}, "quantity", "not_a_number", id="a quantity in words"),
        pytest.param(
            {"quantity": "0.1234567"},
            "quantity",
            "too_many_decimals",
            id="a ten-millionth of a piece",
        ),
        pytest.param({"status": "bezahlt"}, "status", "not_a_status", id="a status nobody knows"),
        pytest.param({"amount": "-5"}, "amount", "negative", id="a negative row that says not why"),
        pytest.param(
            {"amount": "5", "quantity": "-1"}, "amount", "signs_differ", id="pieces go, money comes"
        ),
        pytest.param(
            {"refund_of": "7"}, "amount", "refund_not_negative", id="a refund that is no refund"
        ),
        pytest.param({"unit_cost": "-1"}, "unit_cost", "not_a_cost", id="a negative cost"),
        pytest.param(
            {"problem": "too_many_cells"},
            "file",
            "too_many_cells",
            id="what the reader found wrong",
        ),
    ],
)
def test_a_row_that_cannot_be_meant_is_rejected_with_field_and_reason(
    tmp_path, cells, field, reason
):
    with planned(tmp_path, [row(**cells)]) as plan:
        assert reasons(plan) == [(2, field, reason)]
        assert plan.compare(nobody()).orders == {
            "new": 0,
            "changed": 0,
            "unchanged": 0,
            "rejected": 1,
        }


def test_an_order_is_rejected_as_a_whole_and_names_the_line(tmp_path):
    rows = [row(), row(amount="x"), row(order_id="2")]
    with planned(tmp_path, rows) as plan:
        found = plan.rejected(10)
        assert [(r.line, r.reason, r.because_line) for r in found] == [
            (2, "order_rejected", 3),
            (3, "not_an_amount", None),
        ]
        tally = plan.compare(nobody())
    assert tally.rows == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 2, "ignored": 0}
    assert tally.orders == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1}


def test_rows_of_one_order_must_agree_on_customer_and_store(tmp_path):
    rows = [row(), row(customer="C2"), row(order_id="2", store="a"), row(order_id="2", store="b")]
    with planned(tmp_path, rows) as plan:
        assert [r for r in reasons(plan) if r[2] == "differs"] == [
            (3, "customer", "differs"),
            (5, "store", "differs"),
        ]


def test_a_cell_of_the_first_row_that_is_empty_is_filled_by_a_later_one(tmp_path):
    with planned(
        tmp_path, [row(customer=""), row(customer="C9"), row(order_id="2", customer="")]
    ) as plan:
        assert orders(plan, "customer") == [("C9",), ("",)]


@pytest.mark.parametrize(
    ("cells", "currency", "minor"),
    [
        pytest.param({"amount": "19.99"}, "CNY", 1999, id="an amount is exact"),
        pytest.param({"amount": "19.9900"}, "CNY", 1999, id="zeros at the end say nothing"),
        pytest.param({"amount": "19"}, "JPY", 19, id="yen have no decimals"),
        pytest.param({"amount": "1.234"}, "KWD", 1234, id="dinars have three"),
        pytest.param(
            {"amount": "", "quantity": "3", "unit_price": "0.335"}, "CNY", 101, id="1.005 rounds up"
        ),
        pytest.param(
            {"amount": "", "quantity": "3", "unit_price": "0.3349999999"},
            "CNY",
            100,
            id="a hair less down",
        ),
        pytest.param(
            {"amount": "", "quantity": "1", "unit_price": "0.0049999999999999"},
            "CNY",
            0,
            id="many decimals round once",
        ),
        pytest.param(
            {"amount": "", "quantity": "0.5", "unit_price": "0.01"},
            "CNY",
            1,
            id="half a fen rounds up",
        ),
        pytest.param(
            {"amount": "", "unit_price": "7.5"}, "CNY", 750, id="no quantity is one piece"
        ),
        pytest.param(
            {"amount": "", "quantity": "2", "unit_price": "10", "discount": "3.50"},
            "CNY",
            1650,
            id="a discount is not paid",
        ),
    ],
)
def test_money_is_exact(tmp_path, cells, currency, minor):
    with planned(tmp_path, [row(**cells)], currency=currency) as plan:
        assert reasons(plan) == []
        assert orders(plan, "total_minor") == [(minor,)]


def test_a_return_takes_back_what_the_same_sale_gave(tmp_path):
    sale = row(amount="", quantity="3", unit_price="0.335")
    back = row(order_id="2", amount="", quantity="-3", unit_price="0.335", status="returned")
    with planned(tmp_path, [sale, back]) as plan:
        assert orders(plan, "total_minor", "unmatched_minor", "status", "is_counted") == [
            (101, 0, "paid", True),
            (0, 101, "returned", False),
        ]


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        pytest.param(
            "2026-06-01",
            utc(2026, 6, 1, 4),
            date(2026, 6, 1),
            id="a bare date is noon of the store",
        ),
        pytest.param(
            "2026-06-01 00:30",
            utc(2026, 5, 31, 16, 30),
            date(2026, 6, 1),
            id="the store's clock",
        ),
        pytest.param(
            "2026-05-31 16:30:00+00:00",
            utc(2026, 5, 31, 16, 30),
            date(2026, 6, 1),
            id="an instant falls on the store's day",
        ),
        pytest.param(
            "2026-06-01T01:30:00Z", utc(2026, 6, 1, 1, 30), date(2026, 6, 1), id="Z is UTC"
        ),
        pytest.param(
            "2026-06-01 23:59:59.999999+08:00",
            utc(2026, 6, 1, 15, 59, 59, 999999),
            date(2026, 6, 1),
            id="to the microsecond",
        ),
    ],
)
def test_the_day_is_that_of_the_store(tmp_path, text, instant, day):
    with planned(tmp_path, [row(ordered_at=text)]) as plan:
        assert orders(plan, "ordered_at", "ordered_on") == [(instant, day)]


def test_each_store_has_its_own_clock(tmp_path):
    rows = [
        row(ordered_at="2026-06-01 12:00", store="LON"),
        row(order_id="2", ordered_at="2026-06-01 12:00"),
    ]
    with planned(tmp_path, rows, zones={"LON": "Europe/London"}) as plan:
        assert orders(plan, "ordered_at") == [
            (utc(2026, 6, 1, 11),),
            (utc(2026, 6, 1, 4),),
        ]


def test_exact_duplicates_count_unless_they_repeat_a_whole_order(tmp_path):
    a, b = row(sku="A"), row(sku="B")
    other = row(order_id="2")
    with planned(tmp_path, [a, a, b, other, a, a, b]) as plan:
        assert orders(plan, "number", "total_minor") == [("1", 3000), ("2", 1000)]
        assert plan.compare(nobody()).rows["ignored"] == 3


def test_an_order_that_goes_on_later_in_the_file_is_one_order(tmp_path):
    with planned(tmp_path, [row(sku="A"), row(order_id="2"), row(sku="B")]) as plan:
        assert orders(plan, "number", "rows_count") == [("1", 2), ("2", 1)]
        assert plan.con.execute(
            "SELECT position FROM line WHERE ord_no = 0 ORDER BY n"
        ).fetchall() == [(1,), (2,)]


def test_line_numbers_of_the_file_are_kept_and_must_be_unique(tmp_path):
    rows = [
        row(line_no="10"),
        row(line_no="20"),
        row(order_id="2", line_no="1"),
        row(order_id="2", line_no="1", amount="2"),
    ]
    with planned(tmp_path, rows) as plan:
        assert ("line_no", "twice") in [(f, r) for _, f, r in reasons(plan)]
        assert plan.con.execute(
            "SELECT position FROM line WHERE ord_no = 0 ORDER BY n"
        ).fetchall() == [(10,), (20,)]


def test_without_order_numbers_a_row_is_an_order_named_by_customer_day_and_count(tmp_path):
    rows = [
        {"customer": "1", "ordered_at": "1997-01-01", "amount": "11.77"},
        {"customer": "2", "ordered_at": "1997-01-12", "amount": "12.00"},
        {"customer": "1", "ordered_at": "1997-01-01", "amount": "11.77"},
    ]
    with planned(tmp_path, rows, chunks=2) as plan:
        assert orders(plan, "number") == [
            ("1/1997-01-01/1",),
            ("2/1997-01-12/1",),
            ("1/1997-01-01/2",),
        ]


def test_an_anonymous_sale_gets_in_unless_that_is_refused(tmp_path):
    with planned(tmp_path, [row(customer="")]) as plan:
        assert reasons(plan) == []
    with planned(tmp_path, [row(customer="")], refuse_anonymous=True) as plan:
        assert reasons(plan) == [(2, "customer", "anonymous")]


def test_a_positive_row_with_the_status_returned_came_back_whole(tmp_path):
    rows = [
        row(status="returned"),
        row(order_id="2", status="paid"),
        row(order_id="2", status="returned", amount="4"),
    ]
    with planned(tmp_path, rows) as plan:
        assert orders(plan, "status", "total_minor", "returned_minor", "is_counted") == [
            ("returned", 1000, 1000, False),
            ("paid", 1400, 400, True),
        ]


def test_costs_are_summed_of_what_was_kept(tmp_path):
    rows = [
        row(quantity="3", unit_cost="0.335", tax="0.50", delivery="2.00"),
        row(amount="5.00"),
        row(order_id="2"),
    ]
    with planned(tmp_path, rows) as plan:
        assert orders(plan, "cost_minor", "costed_minor") == [(301, 950), (None, 0)]


def test_right_to_left_and_emoji_names_survive(tmp_path):
    names = ["مرحبا", "שלום", "👩‍🚀 小明", "𠮷野家"]
    rows = [row(order_id=str(n), customer=name) for n, name in enumerate(names)]
    with planned(tmp_path, rows) as plan:
        assert [name for (name,) in orders(plan, "customer")] == names


CELLS = st.sampled_from(
    [
        row(),
        row(amount="-3", status="returned"),
        row(sku="A", quantity="2", amount="", unit_price="1.005"),
        row(order_id="2", customer=""),
        row(order_id="3", ordered_at="2026-06-02 10:00"),
        row(amount="x"),
        row(order_id="2", status="cancelled"),
        row(order_id="4", refund_of="1", amount="-1"),
        row(order_id="5"),
    ]
)
QUIET = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def digests(plan):
    sound = plan.sound_orders()
    return dict(
        zip(sound.column("number").to_pylist(), sound.column("digest").to_pylist(), strict=True)
    )


@QUIET
@given(rows=st.lists(CELLS, min_size=1, max_size=12), chunks=st.integers(1, 4))
def test_every_row_is_counted_once_and_chunks_change_nothing(tmp_path, rows, chunks):
    with planned(tmp_path, rows) as whole, planned(tmp_path, rows, chunks=chunks) as cut:
        tally = whole.compare(nobody())
        assert sum(tally.rows.values()) == len(rows)
        assert cut.compare(nobody()) == tally
        assert digests(cut) == digests(whole)


@QUIET
@given(rows=st.lists(CELLS, min_size=1, max_size=12))
def test_planning_the_same_file_again_plans_only_unchanged(tmp_path, rows):
    with planned(tmp_path, rows) as first:
        stored = digests(first)
    with planned(tmp_path, rows) as again:
        sound = again.sound_orders().to_pylist()
        known = pa.table(
            {
                "ord_no": pa.array([order["ord_no"] for order in sound], pa.int32()),
                "id": pa.array([n + 1 for n in range(len(sound))], pa.int64()),
                "is_same": pa.array(
                    [stored[order["number"]] == order["digest"] for order in sound], pa.bool_()
                ),
                "created_import_id": pa.array([1] * len(sound), pa.int64()),
            }
        )
        tally = again.compare(known)
    assert tally.orders["new"] == tally.orders["changed"] == 0


def test_a_digest_does_not_see_how_a_number_is_written(tmp_path):
    short = [row(amount="", unit_price="2.5", quantity="2")]
    long = [
        row(amount="", unit_price="2.5000", quantity="2.0", ordered_at="2026-06-01 12:00:00+08:00")
    ]
    with planned(tmp_path, short) as a, planned(tmp_path, long) as b:
        assert digests(a) == digests(b)
