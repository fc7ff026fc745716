"""Forecasts of earlier days are held against what happened, and a miss is told from chance."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from huitou.insights import calibration, reliability
from huitou.insights.calibration import Policy, calibrate
from huitou.insights.shares import wilson
from tests.rules import simulated


@pytest.fixture(scope="module")
def held():
    bought = simulated.purchases(6_000)
    return calibrate(simulated.origins(bought, 90), horizon_days=90, median_gap_days=20.0)


def test_a_right_model_is_found_checked(held):
    report = held.report
    assert report["state"] == "checked"
    assert abs(report["deviation_points"]) < 2
    assert len(report["deciles"]) == 10
    assert sum(row["n"] for row in report["deciles"]) == sum(row["n"] for row in report["origins"])
    inside = [row["lo"] <= row["predicted"] <= row["hi"] for row in report["deciles"]]
    assert sum(inside) >= 9
    assert report["season"] is None
    assert report["skill"] > 0
    assert all(0.7 < row["auc"] < 1 for row in report["origins"])
    for row in report["origins"]:
        assert row["expected_total"] == pytest.approx(row["observed_total"], rel=0.06)
    assert held.fits["mbgnbd"].converged


def test_deciles_are_equal_and_lie_side_by_side(held):
    rows = held.report["deciles"]
    sizes = [row["n"] for row in rows]
    assert max(sizes) - min(sizes) <= 0.02 * sum(sizes)
    assert [row["from"] for row in rows][1:] == [row["to"] for row in rows][:-1]
    assert (rows[0]["from"], rows[-1]["to"]) == (0.0, 1.0)
    means = [row["predicted"] for row in rows]
    assert means == sorted(means)


def test_risk_is_checked_within_each_customers_own_horizon(held):
    rows = held.report["risk"]["deciles"]
    inside = [
        row["lo"] - 0.02 <= row["predicted"] <= row["hi"] + 0.02 for row in rows if row["checked"]
    ]
    assert len(inside) >= 8
    assert sum(inside) >= len(inside) - 1


def test_store_totals_lie_inside_their_intervals(held):
    assert held.report["stores"]["n"] == 16
    assert held.report["stores"]["share"] >= 0.8


def test_a_person_is_answered_with_the_cell_of_people_scored_alike(held):
    rows = held.report["deciles"]
    cell = reliability.cell_for(rows, 0.5)
    assert cell["from"] <= 0.5 < cell["to"]
    assert reliability.cell_for(rows, 1.0) is rows[-1]
    assert reliability.cell_for([], 0.5) is None
    few = [dict(row, n=199, checked=False) for row in rows]
    assert reliability.cell_for(few, 0.5) is None


def test_a_base_that_stops_buying_is_found_to_run_high():
    bought = simulated.purchases(6_000)
    shut = (bought.day > 400) & (bought.customer % 3 == 0)
    gone = simulated.Purchases(bought.customer[~shut], bought.day[~shut], bought.last_day)
    origins = [simulated.origin(gone, 400 - k, 90) for k in (0, 10, 20, 30)]
    report = calibrate(origins, horizon_days=90, median_gap_days=20.0).report
    assert report["state"] == "runs_high"
    assert report["deviation_points"] < -3
    assert report["season"]["direction"] == "down"


def test_fewer_than_three_origins_give_a_difference_only():
    bought = simulated.purchases(3_000)
    for count, state in ((2, "difference_only"), (1, "difference_only"), (0, "not_yet")):
        found = calibrate(
            simulated.origins(bought, 90, count), horizon_days=90, median_gap_days=None
        )
        assert found.report["state"] == state
        assert found.choice.name in ("mbgnbd", "bgnbd")
    assert found.choice.reason == "fewer_than_two_origins"
    assert found.report["deciles"] == []


def test_origins_that_cannot_be_fitted_are_not_held():
    bought = simulated.purchases(30)
    found = calibrate(simulated.origins(bought, 90), horizon_days=90, median_gap_days=20.0)
    assert found.report["state"] == "not_yet"


def test_the_pareto_model_takes_part_where_it_is_switched_on():
    bought = simulated.purchases(2_000)
    policy = Policy(models=("mbgnbd", "bgnbd", "paretonbd"), forced="paretonbd")
    found = calibrate(
        simulated.origins(bought, 90), horizon_days=90, median_gap_days=20.0, policy=policy
    )
    assert found.report["model"] == "paretonbd"
    assert set(found.choice.candidates) == {"mbgnbd", "bgnbd", "paretonbd"}


def test_a_correction_is_used_only_where_it_was_better_every_time():
    bought = simulated.purchases(4_000)
    origins = simulated.origins(bought, 90)
    policy = Policy(learn_correction=True)
    found = calibrate(origins, horizon_days=90, median_gap_days=20.0, policy=policy)
    told = found.report["correction"]
    better = [new < old for new, old in zip(told["brier"], told["brier_without"], strict=True)]
    assert told["used"] is all(better)
    assert (found.learnt is not None) is told["used"]
    # Half of those the model expects never come, at every origin: that can be learnt.
    spoilt = []
    for origin in origins:
        hidden = np.arange(len(origin.x)) % 2 == 0
        spoilt.append(replace(origin, purchases=np.where(hidden, 0, origin.purchases)))
    found = calibrate(spoilt, horizon_days=90, median_gap_days=20.0, policy=policy)
    assert found.report["correction"]["used"]


def test_the_flag_is_the_worked_example():
    n = np.full(4, 5_000.0)
    happened = np.full(4, 1_500.0)
    found = reliability.deviation(
        n, happened, happened - n * np.array([0.041, -0.012, 0.055, 0.018])
    )
    assert found.mean * 100 == pytest.approx(2.6, abs=0.06)
    assert found.between * 100 == pytest.approx(2.9, abs=0.06)
    assert found.half * 100 == pytest.approx(4.7, abs=0.06)
    assert reliability.verdict(found, flag_points=3) == "checked"
    steady = reliability.deviation(n, happened, happened - n * np.array([0.051, 0.05, 0.049, 0.05]))
    assert reliability.verdict(steady, flag_points=3) == "runs_low"
    assert reliability.verdict(steady, flag_points=6) == "checked"


def test_a_cells_interval_is_never_narrower_than_wilsons():
    n = np.full(3, 400.0)
    happened = np.array([120.0, 121.0, 119.0])
    lo, hi = reliability.pooled_interval(n, happened, happened)
    assert (lo, hi) == pytest.approx(wilson(360, 1200), abs=0.04)  # t of 2 degrees, not z
    assert lo <= wilson(360, 1200)[0]
    wild = reliability.pooled_interval(n, np.array([60.0, 180.0, 120.0]), happened)
    assert wild[1] - wild[0] > 0.5


def test_area_under_the_curve_is_that_of_the_rank_test_with_ties():
    generator = np.random.default_rng(3)
    forecast = generator.integers(0, 20, 400) / 20
    outcome = generator.random(400) < forecast
    statistic = stats.mannwhitneyu(forecast[outcome], forecast[~outcome]).statistic
    expected = statistic / (outcome.sum() * (~outcome).sum())
    assert reliability.area_under_curve(forecast, outcome) == pytest.approx(expected, abs=1e-12)
    assert reliability.area_under_curve(forecast, np.zeros(400, dtype=bool)) is None


def test_equal_forecasts_share_one_cell():
    forecast = np.r_[np.full(500, 0.2), np.linspace(0.3, 0.9, 500)]
    edges = reliability.decile_edges([forecast])
    cells = reliability.cell_of(edges, forecast)
    assert len(set(cells[:500].tolist())) == 1
    assert np.bincount(cells).min() > 0


@pytest.mark.parametrize(
    ("p", "band"),
    [(0.95, 2), (0.7, 2), (0.6999, 1), (0.5, 1), (0.3001, 1), (0.3, 0), (0.05, 0)],
)
def test_seventy_is_high_and_thirty_is_low(p, band):
    assert reliability.band_of(np.array([p]))[0] == band


def test_a_cell_under_five_shows_nothing():
    tally = reliability.Tally(*(np.array([[4.0]]), np.array([[2.0]]), np.array([[1.0]])))
    row = reliability.figures(tally, 0)
    assert row["n"] == 4
    assert row["observed"] is None
    assert row["few"]


def test_what_the_last_purchase_foretells_is_learnt_one_origin_back():
    dormancy = np.repeat(np.arange(10), 30)
    came = np.tile(np.r_[np.ones(15), np.zeros(15)], 10) * (dormancy < 5)
    forecast = reliability.last_purchase_forecast((dormancy, came), np.array([0, 4, 5, 9, 99]))
    assert forecast == pytest.approx([0.5, 0.5, 0, 0, 0])


def test_origins_lie_a_horizon_apart_as_long_as_two_lie_before_them():
    days = calibration.origin_days(dt.date(2026, 6, 30), dt.date(2025, 1, 1), 90)
    assert days == [
        dt.date(2026, 4, 1),
        dt.date(2026, 1, 1),
        dt.date(2025, 10, 3),
        dt.date(2025, 7, 5),
    ]
    assert len(calibration.origin_days(dt.date(2026, 6, 30), dt.date(2025, 1, 1), 180)) == 1
    assert calibration.origin_days(dt.date(2026, 6, 30), dt.date(2026, 1, 1), 180) == []


def test_every_figure_of_the_report_can_be_written_as_json(held):
    def figures(part):
        if isinstance(part, dict):
            part = part.values()
        if isinstance(part, list | tuple) or not isinstance(part, str | float | int | bool | None):
            for item in part:
                yield from figures(item)
        else:
            yield part

    found = list(figures(held.report)) + list(figures(held.choice.report()))
    assert len(found) > 100
    assert all(type(value) in (str, float, int, bool, type(None)) for value in found)
    assert all(math.isfinite(value) for value in found if isinstance(value, float))


def test_an_origin_moves_back_until_its_horizon_has_its_open_days():
    closed = [[dt.date(2026, 6, day) for day in range(1, 11)], [dt.date(2026, 6, 1)]]
    days = calibration.origin_days(dt.date(2026, 6, 30), dt.date(2025, 1, 1), 30, closed)
    # 30 open days of the store that was closed for ten: 22 May … 30 June are 40 civil days.
    assert days[0] == dt.date(2026, 5, 21)
    assert calibration.open_days_since(days[0], dt.date(2026, 6, 30), closed) == 30


def test_a_closed_day_before_the_origin_found_so_far_is_counted_too():
    closed = [[dt.date(2026, 6, 5), dt.date(2026, 5, 31)]]
    days = calibration.origin_days(dt.date(2026, 6, 30), dt.date(2025, 1, 1), 30, closed)
    assert days[0] == dt.date(2026, 5, 29)
    assert calibration.open_days_since(days[0], dt.date(2026, 6, 30), closed) == 30
