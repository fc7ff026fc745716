"""Retention by period and segment, and who leaves without a word."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from huitou.insights import retention
from tests.rules import shop_frames

D = shop_frames.D


def steady(customers, every, *, since=date(2025, 6, 1), until=D, first_id=1):
    """Customers who buy every ``every`` days, each starting on a day of their own."""
    found = []
    for customer in range(first_id, first_id + customers):
        day = since + timedelta(days=customer % every)
        while day <= until:
            found.append((customer, day.isoformat(), 100 * customer))
            day += timedelta(days=every)
    return found


def by_hand(purchases, start, horizon):
    days = {}
    for customer, day, _ in purchases:
        days.setdefault(customer, set()).add(date.fromisoformat(day))
    span = timedelta(days=horizon)
    active = [c for c, seen in days.items() if any(start - span <= day < start for day in seen)]
    kept = [c for c in active if any(start <= day < start + span for day in days[c])]
    return len(active), len(kept)


@pytest.mark.parametrize("horizon", [14, 30, 90])
def test_months_are_those_counted_by_hand(horizon):
    generator = np.random.default_rng(4)
    purchases = [
        (int(c), (date(2025, 3, 1) + timedelta(days=int(d))).isoformat(), 10)
        for c, d in zip(
            generator.integers(0, 60, 700), generator.integers(0, 487, 700), strict=True
        )
    ]
    frames = shop_frames.frames_of(purchases)
    rows = retention.months(frames.engine, frames.days, frames.people, D, horizon)
    assert len(rows) >= 10
    for row in rows:
        start = date.fromisoformat(row["month"])
        assert (row["active_before"], row["kept"]) == by_hand(purchases, start, horizon)
        assert row["complete"] is (start + timedelta(days=horizon - 1) <= D)
        assert row["churn"] == pytest.approx(1 - row["share"])


def test_closed_days_do_not_move_the_purchase_before():
    purchases = steady(40, 9)
    frames = shop_frames.frames_of(
        purchases,
        run=shop_frames.context(closed_days={1: tuple(date(2026, 2, n) for n in range(10, 24))}),
    )
    # As a shop that was closed has it: gaps in open days are shorter than in civil days.
    frames = dataclasses.replace(
        frames, days=frames.days.mutate(gap_days=(frames.days.gap_days - 2).cast("int32"))
    )
    rows = retention.section(frames, shop_frames.scores_of(frames))["months"]
    assert len(rows) >= 6
    horizon = frames.context.horizon_days
    for row in rows:
        start = date.fromisoformat(row["month"])
        assert (row["active_before"], row["kept"]) == by_hand(purchases, start, horizon)


def test_a_segment_too_small_to_tell_takes_the_next_smallest_with_it():
    # Four customers of three purchases among many of two: their churn would name them.
    many = steady(60, 20) + steady(60, 40, first_id=61)
    frames = shop_frames.frames_of(many + [(900 + n, "2026-06-01", 10) for n in range(4)])
    rows = retention.churn(frames, 30)
    small = [row for row in rows if row["n"] < 5]
    assert small
    assert all(row["share"] is None and row["k"] is None for row in small)


def test_months_whose_base_reaches_before_the_data_are_left_out():
    frames = shop_frames.frames_of(steady(10, 7, since=date(2026, 3, 15)))
    rows = retention.months(frames.engine, frames.days, frames.people, D, 30)
    assert [row["month"] for row in rows] == ["2026-05-01", "2026-06-01"]


def report(purchases, **run):
    frames = shop_frames.frames_of(purchases, run=shop_frames.context(horizon_days=30, **run))
    return {(row["segment"], row["name"]): row for row in retention.churn(frames, 30)}


def test_rising_churn_of_the_best_customers_is_said():
    # The best customers (highest ids spend most) stop thirty days before D; the others stay.
    stayers = steady(160, 7)
    leavers = steady(40, 7, first_id=161, until=D - timedelta(days=30))
    found = report(stayers + leavers)
    assert found["value", "high"]["share"] == 1.0
    assert found["value", "high"]["before"]["share"] == 0.0
    assert found["value", "high"]["rises"]
    assert found["value", "other"]["share"] == 0.0
    assert not found["value", "other"]["rises"]
    assert found["all", None]["share"] == 0.2
    assert found["all", None]["n"] == 200


def test_few_customers_raise_no_alarm():
    gone = report(steady(29, 7, until=D - timedelta(days=30)))
    assert gone["all", None]["share"] == 1.0
    assert not gone["all", None]["rises"]
    assert gone["all", None]["few"]


def test_no_customer_gives_no_segment():
    assert report([]) == {}
    frames = shop_frames.frames_of([])
    assert retention.months(frames.engine, frames.days, frames.people, D, 30) == []


def test_the_difference_of_shares_has_newcombes_interval():
    # Newcombe (1998), table II, case (a): 56/70 and 48/80, method 10.
    lo, hi = retention.newcombe((56 / 70, 70), (48 / 80, 80))
    assert (lo, hi) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_silent_leavers_have_a_rhythm_broken_and_said_nothing():
    day = (D - timedelta(days=100)).isoformat()
    before = (D - timedelta(days=130)).isoformat()
    purchases = [(c, d, 10) for c in (1, 2, 3) for d in (before, day)]
    purchases += [(4, day, 10), (5, before, 10), (5, D.isoformat(), 10)]
    said = [
        {"customer_id": 2, "answered_on": D - timedelta(days=50), "satisfaction": "dissatisfied"},
        {"customer_id": 3, "answered_on": D - timedelta(days=120), "satisfaction": "satisfied"},
        {"customer_id": 77, "answered_on": D, "satisfaction": "satisfied"},
    ]
    frames = shop_frames.frames_of(purchases, said)
    scores = shop_frames.scores_of(frames, value_at_risk=np.array([1.0, 5.0, 9.0, 2.0, 3.0]))
    found = retention.silent(frames, scores)
    # 2 spoke after the last purchase, 4 never had a rhythm, 5 was here today.
    assert found == {"customers": 2, "quiet": 3, "top": [3, 1]}
