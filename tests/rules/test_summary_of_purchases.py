"""Purchase-day summaries, open days and the summary state, from Parquet files alone."""

import random
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huitou.insights import manifest as manifests
from huitou.insights import stages, state, summary, yearly
from huitou.insights.engine import Engine, numpy_columns
from huitou.insights.frames import EVERYONE, ORDERS
from huitou.insights.manifest import Manifest, StoredFile

KINDS = {
    "int64": pa.int64(), "date": pa.date32(), "string": pa.string(), "boolean": pa.bool_(),
}  # fmt: skip
SCHEMA = pa.schema([(name, KINDS[kind]) for name, kind in ORDERS.items()])


@pytest.fixture
def engine():
    started = Engine(threads=2)
    yield started
    started.close()


def order(number, customer, on, net, unmatched=0, is_counted=True):
    return {
        "order_id": number, "customer_id": customer, "store_id": 1, "ordered_on": on,
        "net_minor": net, "unmatched_minor": unmatched, "cost_minor": None, "costed_minor": 0,
        "tax_minor": 0, "delivery_minor": 0, "main_category": "", "is_counted": is_counted,
    }  # fmt: skip


def files(folder, rows):
    """The manifest of these orders, one file a month, as an extraction leaves them."""
    months = {}
    (folder / "orders").mkdir(exist_ok=True)
    for month in sorted({f"{row['ordered_on']:%Y-%m}" for row in rows}):
        own = [row for row in rows if f"{row['ordered_on']:%Y-%m}" == month]
        table = pa.Table.from_pylist(sorted(own, key=lambda row: row["order_id"]), SCHEMA)
        draft = folder / "orders" / "draft"
        pq.write_table(table, draft)
        digest = manifests.digest_of(draft)
        path = f"orders/{month}-{digest[:32]}.parquet"
        draft.replace(folder / path)
        months[month] = StoredFile(path, digest, len(own))
    return Manifest(months=months)


def people_of(engine, folder, rows, as_of, closed=None, first_window_days=45):
    listed = files(folder, rows)
    orders = state.orders_until(engine, folder, listed, as_of)
    sums = summary.day_sums(engine, orders)
    states = state.full(engine, orders, sums)
    everyone = engine.files("everyone", [], EVERYONE)
    homes = summary.home_stores(engine, sums, everyone)
    calendar = summary.calendars(engine, sums, closed or {}, as_of)
    days = summary.days(engine, sums, homes, calendar)
    today = summary.todays(engine, homes, calendar, as_of)
    people = summary.people(
        engine, days, states, today, as_of=as_of, first_window_days=first_window_days
    )
    people = summary.with_unmatched(engine, people, orders, as_of)
    people = summary.with_first_category(engine, people, orders)
    return engine.columns(people.order_by("customer_id"))


def test_the_worked_example_gives_its_numbers(engine, tmp_path):
    # measurement, section 1; the refund of 50 lowers the order of 200 before it is in the files.
    rows = [
        order(1, 7, date(2026, 1, 5), 120),
        order(2, 7, date(2026, 1, 5), 30),
        order(3, 7, date(2026, 2, 14), 150),
        order(4, 7, date(2026, 4, 1), 80),
    ]
    found = people_of(engine, tmp_path, rows, date(2026, 6, 30))
    assert {name: found[name].tolist() for name in ("x", "t_x_days", "T_days")} == {
        "x": [2], "t_x_days": [86], "T_days": [176],
    }  # fmt: skip
    assert found["dormancy_days"].tolist() == [90]
    assert found["money_minor"].tolist() == [115.0]
    assert found["net_total_minor"].tolist() == [380]


def test_days_a_store_was_closed_are_no_silence(engine, tmp_path):
    # measurement, section 2: last purchase 20 January, closed 8 days, D = 12 March: 43 days.
    shut = tuple(date(2026, 2, 15) + timedelta(days=n) for n in range(8))
    rows = [order(1, 1, date(2026, 1, 20), 100)]
    found = people_of(engine, tmp_path, rows, date(2026, 3, 12), closed={1: shut})
    assert found["dormancy_days"].tolist() == [43]
    assert found["recent"].tolist() == [1]


def test_a_day_with_a_sale_was_not_closed_whatever_the_calendar_says(engine, tmp_path):
    shut = (date(2026, 2, 15), date(2026, 2, 16))
    rows = [order(1, 1, date(2026, 1, 20), 100), order(2, 2, date(2026, 2, 15), 100)]
    found = people_of(engine, tmp_path, rows, date(2026, 3, 12), closed={1: shut})
    assert found["dormancy_days"].tolist() == [50, 24]


def test_a_return_without_its_sale_lowers_the_total_only(engine, tmp_path):
    rows = [
        order(1, 1, date(2026, 1, 5), 500),
        order(2, 1, date(2026, 1, 9), 700),
        order(3, 1, date(2026, 2, 9), 0, unmatched=50, is_counted=False),
    ]
    found = people_of(engine, tmp_path, rows, date(2026, 3, 1))
    assert found["purchases"].tolist() == [2]
    assert found["money_minor"].tolist() == [700.0]
    assert found["net_total_minor"].tolist() == [1150]


def test_orders_after_the_run_day_are_not_counted(engine, tmp_path):
    rows = [order(1, 1, date(2026, 1, 5), 500), order(2, 1, date(2026, 1, 6), 500)]
    found = people_of(engine, tmp_path, rows, date(2026, 1, 5))
    assert found["purchases"].tolist() == [1]


def states(engine, folder, listed, as_of):
    kept = state.Kept(folder)
    found = state.refresh(engine, kept, listed, as_of=as_of)
    return numpy_columns(engine.arrow(found.order_by("customer_id")))


def from_nothing(engine, folder, listed, as_of):
    found = state.full(engine, state.orders_until(engine, folder, listed, as_of))
    return numpy_columns(engine.arrow(found.order_by("customer_id")))


@pytest.mark.parametrize("seed", range(6))
def test_the_state_brought_up_to_date_equals_the_state_from_nothing(tmp_path, seed):
    # New orders, changed old ones, lost ones, returns and a later day, in turn.
    engine = Engine(threads=2)
    chance = random.Random(seed)
    start = date(2025, 1, 1)
    rows = [
        order(n, chance.randrange(30), start + timedelta(days=chance.randrange(150)), 100 + n)
        for n in range(120)
    ]
    as_of = start + timedelta(days=120)
    states(engine, tmp_path, files(tmp_path, rows), as_of)
    for step in range(5):
        for _ in range(15):
            late = start + timedelta(days=100 + chance.randrange(60))
            rows.append(order(1000 + len(rows), chance.randrange(36), late, chance.randrange(900)))
        if step % 2:
            changed = chance.randrange(len(rows))
            rows[changed] = {**rows[changed], "net_minor": 5}
            del rows[chance.randrange(len(rows))]
            rows.append(order(5000 + step, chance.randrange(36), late, 0, 9, is_counted=False))
        as_of += timedelta(days=chance.randrange(12))
        listed = files(tmp_path, rows)
        found = states(engine, tmp_path, listed, as_of)
        fresh = from_nothing(engine, tmp_path, listed, as_of)
        for name in state.STATE:
            np.testing.assert_array_equal(found[name], fresh[name], err_msg=f"{name} {step}")
    engine.close()


def test_an_earlier_day_than_the_kept_state_is_computed_from_the_files(engine, tmp_path):
    rows = [order(n, n % 3, date(2025, 1, 1 + n), 100) for n in range(20)]
    listed = files(tmp_path, rows)
    states(engine, tmp_path, listed, date(2025, 1, 20))
    found = states(engine, tmp_path, listed, date(2025, 1, 5))
    assert found["purchases"].sum() == 5


def test_yearly_buyers_are_marked_with_their_date(engine, tmp_path):
    rows = [
        order(1, 1, date(2023, 11, 11), 100),
        order(2, 1, date(2024, 11, 12), 100),
        order(3, 1, date(2025, 11, 9), 100),
        order(4, 2, date(2024, 3, 1), 100),
        order(5, 2, date(2024, 9, 1), 100),
        order(6, 2, date(2025, 6, 1), 100),
    ]
    as_of = date(2026, 6, 30)
    people_of(engine, tmp_path, rows, as_of)
    import ibis

    from huitou.insights.frames import DAYS, PEOPLE

    days = ibis.table(ibis.schema(DAYS), name="days")
    people = ibis.table(ibis.schema(PEOPLE), name="people")
    found = engine.rows(yearly.marks(engine, days, people, as_of))
    assert found == [{"customer_id": 1, "mark": "yearly:11-11", "next_on": date(2026, 11, 11)}]


@pytest.mark.parametrize(
    ("today", "last", "waits"),
    [
        pytest.param("2026-11-20", "2025-11-11", True, id="9 days after the date: still time"),
        pytest.param("2026-12-17", "2025-11-11", False, id="36 days after the date: missed it"),
        pytest.param("2027-06-01", "2026-11-12", True, id="bought on the date: waits for the next"),
    ],
)
def test_a_mark_keeps_a_yearly_buyer_out_of_lists_until_35_days_after(today, last, waits):
    next_on = "2026-11-11" if today < "2026-11-11" else "2027-11-11"
    found = yearly.waits(
        np.array([next_on], dtype="datetime64[D]"),
        np.array([last], dtype="datetime64[D]"),
        date.fromisoformat(today),
    )
    assert found.tolist() == [waits]


def test_stages_go_by_purchases_and_own_acts_and_fall_quiet_without_evidence():
    never = np.datetime64("NaT")
    day = np.datetime64
    life = stages.Life(
        first_on=np.array([never, never, day("2025-01-01"), day("2026-01-01")]),
        second_on=np.array([never, never, never, day("2026-02-01")]),
        last_on=np.array([never, never, day("2025-01-01"), day("2026-02-01")]),
        acted_on=np.array([never, day("2026-01-01"), never, never]),
        acted_last_on=np.array([never, day("2026-01-01"), never, never]),
    )
    assert stages.stage(life).tolist() == [
        "suspect", "prospect", "first_purchase", "repeat_purchase",
    ]  # fmt: skip
    assert stages.quiet(life, date(2026, 6, 30)).tolist() == [False, False, True, False]


def test_a_return_without_its_sale_lowers_the_money_of_the_year_it_was_booked_in(engine, tmp_path):
    rows = [
        order(1, 7, date(2025, 1, 5), 500),
        order(2, 7, date(2026, 3, 1), 200),
        order(3, 7, date(2026, 4, 1), 0, unmatched=60, is_counted=False),
        order(4, 7, date(2025, 6, 1), 0, unmatched=40, is_counted=False),  # before the year
        order(5, 8, date(2026, 5, 1), 100),
    ]
    found = people_of(engine, tmp_path, rows, date(2026, 6, 30))
    assert found["net_360_minor"].tolist() == [140, 100]
    assert found["net_365_minor"].tolist() == [140, 100]
    assert found["net_total_minor"].tolist() == [600, 100]
