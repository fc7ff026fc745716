"""Three definitions of retention by cohort, incomplete cells marked, and the loyalty rate."""

from datetime import date

import numpy as np
import pytest

from huitou.insights import cohorts, loyalty_rate, survival
from huitou.insights.shares import wilson
from tests.rules import shop_frames

# Six customers of January and two of May; D is 2026-06-30.
PURCHASES = [
    (1, "2026-01-05", 10), (1, "2026-01-20", 10), (1, "2026-02-10", 10), (1, "2026-04-01", 10),
    (2, "2026-01-31", 10), (2, "2026-02-01", 10),
    (3, "2026-01-10", 10), (3, "2026-06-29", 10),
    (4, "2026-01-11", 10), (5, "2026-01-12", 10), (6, "2026-01-13", 10),
    (7, "2026-05-01", 10), (7, "2026-06-01", 10), (8, "2026-05-20", 10),
]  # fmt: skip


@pytest.fixture(scope="module")
def report():
    frames = shop_frames.frames_of(PURCHASES, run=shop_frames.context(horizon_days=30))
    return cohorts.section(frames, {})


def cells(report, definition, month, name):
    (row,) = [r for r in report[definition]["rows"] if r["month"] == month]
    return row["size"], {cell["k"]: cell[name] for cell in row["cells"]}


def test_in_period_k_counts_who_bought_in_it(report):
    size, counts = cells(report, "in_period", "2026-01-01", "count")
    assert (size, counts) == (6, {1: 2, 2: 0, 3: 1, 4: 0, 5: 1})
    assert cells(report, "in_period", "2026-05-01", "count") == (2, {1: 1})


def test_in_period_k_or_later_never_rises_with_k(report):
    _, counts = cells(report, "in_period_or_later", "2026-01-01", "count")
    assert counts == {1: 3, 2: 2, 3: 2, 4: 1, 5: 1}
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_the_newest_cells_will_still_rise(report):
    _, rising = cells(report, "in_period_or_later", "2026-01-01", "will_rise")
    assert rising == {1: False, 2: False, 3: False, 4: False, 5: True}
    assert [row["k"] for row in report["in_period_or_later"]["averages"]] == [1, 2, 3, 4]


def test_a_period_that_is_not_over_is_incomplete_and_left_out_of_averages():
    early = shop_frames.context(as_of=date(2026, 6, 29), horizon_days=30)
    found = cohorts.section(shop_frames.frames_of(PURCHASES, run=early), {})
    _, complete = cells(found, "in_period", "2026-01-01", "complete")
    assert complete == {1: True, 2: True, 3: True, 4: True, 5: False}
    averages = {row["k"]: (row["count"], row["size"]) for row in found["in_period"]["averages"]}
    # May's only cell is June's, which is not over: k = 1 is January's alone.
    assert averages == {1: (2, 6), 2: (0, 6), 3: (1, 6), 4: (0, 6)}


def test_averages_are_sums_of_counts_over_sums_of_sizes(report):
    first = report["in_period"]["averages"][0]
    assert (first["count"], first["size"], first["share"]) == (3, 8, 3 / 8)
    assert (first["lo"], first["hi"]) == pytest.approx(wilson(3, 8))
    assert first["few"]


def test_every_complete_cell_has_wilsons_interval(report):
    january = report["in_period"]["rows"][0]
    first, last = january["cells"][0], january["cells"][-1]
    assert (first["lo"], first["hi"]) == pytest.approx(wilson(first["count"], january["size"]))
    assert first["share"] == first["count"] / january["size"]
    assert first["few"]
    unfinished = [cell for cell in january["cells"] if not cell["complete"]]
    assert all(cell["share"] is None for cell in unfinished), last


def test_returned_within_counts_only_those_watched_so_long(report):
    returned = report["returned_within"]
    (january,) = [row for row in returned["rows"] if row["month"] == "2026-01-01"]
    by_days = {cell["days"]: (cell["k"], cell["n"]) for cell in january["cells"]}
    # Customer 1 after 15 days, 2 after 1, 3 after 170; 365 days have passed for nobody.
    assert by_days == {30: (2, 6), 60: (2, 6), 90: (2, 6), 180: (None, 0), 365: (None, 0)}
    assert returned["averages"][0]["n"] == 8
    assert returned["averages"][0]["k"] == 2


def test_weeks_and_quarters_are_periods_too():
    frames = shop_frames.frames_of(PURCHASES)
    for unit, k in (("quarter", 1), ("week", 5)):
        sizes, bought, last = cohorts.counted(frames.engine, frames.days, shop_frames.D, unit)
        assert sum(sizes.values()) == 8
        assert last.sum() == 8
        assert bought[:, 0].sum() == 8
        assert bought[0, k] >= 1
    assert cohorts._start(cohorts._number(date(2026, 5, 17), "quarter"), "quarter") == date(
        2026, 4, 1
    )
    assert cohorts._start(cohorts._number(date(2026, 5, 17), "week"), "week") == date(2026, 5, 11)
    days = np.array(["2026-05-17", "2025-12-31"], dtype="datetime64[D]").astype(int)
    for unit in cohorts.UNITS:
        numbers = cohorts._cohort_numbers(days, unit).tolist()
        assert numbers == [
            cohorts._number(d, unit) for d in (date(2026, 5, 17), date(2025, 12, 31))
        ]


def test_histories_longer_than_one_word_of_bits_are_counted_whole():
    days = [(1, "2020-01-06", 10), (1, "2022-12-05", 10), (1, "2026-06-22", 10)]
    frames = shop_frames.frames_of([*days, (2, "2020-01-07", 10)])
    sizes, bought, last = cohorts.counted(frames.engine, frames.days, shop_frames.D, "week")
    assert list(sizes.values()) == [2]
    assert np.flatnonzero(bought[0]).tolist() == [0, 152, 337]
    assert np.flatnonzero(last[0]).tolist() == [0, 337]


def test_a_shop_without_buyers_has_empty_tables():
    found = cohorts.section(shop_frames.frames_of([]), {})
    assert found["in_period"] == {"rows": [], "averages": []}
    assert found["returned_within"]["rows"] == []


def test_waiting_so_far_gives_the_worked_estimate():
    found = survival.returned_by([10, 20, 30, 40, 50], [1, 0, 1, 0, 1], [5, 10, 30, 45, 60])
    assert [row["share"] for row in found[:4]] == pytest.approx([0, 0.2, 0.4667, 0.4667], abs=5e-5)
    assert found[2]["se"] == pytest.approx(0.2483, abs=5e-5)
    assert 0 < found[2]["lo"] < found[2]["share"] < found[2]["hi"] < 1
    assert found[4]["share"] is None
    assert survival.returned_by([], [], [30])[0]["share"] is None


def test_without_censoring_the_estimate_is_the_plain_share():
    waited = np.arange(1, 101)
    found = survival.returned_by(waited, np.ones(100), [25, 50])
    assert [row["share"] for row in found] == pytest.approx([0.25, 0.50])
    assert found[1]["se"] == pytest.approx(0.05)


def test_eighty_of_a_hundred_is_eighty_per_cent_and_the_young_are_apart():
    age = np.r_[np.full(100, 400), np.full(40, 20)]
    gap = np.r_[np.full(80, 100.0), np.full(20, np.nan), np.full(40, 5.0)]
    found = loyalty_rate.rate(age, gap, 365)
    assert (found["k"], found["n"], found["rate"]) == (80, 100, 0.8)
    assert (found["lo"], found["hi"]) == pytest.approx((0.711171, 0.866633), abs=1e-6)
    assert found["not_yet_observable"] == 40


@pytest.mark.parametrize(
    ("age", "gap", "k", "n"),
    [
        pytest.param(365, 365, 5, 5, id="the last day of the window counts"),
        pytest.param(366, 366, 0, 5, id="the day after does not"),
        pytest.param(364, 10, None, 0, id="a window that ends tomorrow is not complete"),
        pytest.param(400, np.nan, 0, 5, id="nobody came back"),
    ],
)
def test_the_window_is_open_at_its_start_and_closed_at_its_end(age, gap, k, n):
    found = loyalty_rate.rate(np.full(5, age), np.full(5, gap), 365)
    assert (found["k"], found["n"]) == (k, n)


def test_two_orders_of_one_day_are_no_return():
    twice = [(customer, "2025-05-01", 10) for customer in range(5) for _ in range(2)]
    frames = shop_frames.frames_of(twice)
    found = loyalty_rate.section(frames, {})
    assert (found["k"], found["n"], found["rate"]) == (0, 5, 0.0)
    assert found["benchmark"]["value"] == 0.5
    assert found["benchmark"]["source"]


def test_no_complete_window_is_no_rate():
    found = loyalty_rate.section(shop_frames.frames_of([(1, "2026-06-01", 10)]), {})
    assert (found["rate"], found["reason"], found["not_yet_observable"]) == (
        None,
        "no_complete_window",
        1,
    )
