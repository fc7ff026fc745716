"""Recent purchases, runs of periods and the last days' money, from the purchase days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import habits, manifestations
from tests.rules.shop_frames import context, frames_of, scores_of


def habits_of(*purchases):
    frames = frames_of(purchases, run=context(median_gap_days=30.0))
    return habits.columns(frames, scores_of(frames))


def test_one_customer_by_hand():
    got = habits_of(
        (7, "2025-08-01", 1_000),
        (7, "2025-12-01", 2_000),
        (7, "2026-02-01", 3_000),
        (7, "2026-05-15", 4_000),
        (7, "2026-06-30", 500),
        (7, "2026-06-30", 500),
    )
    assert got["purchases_180"].tolist() == [3]
    # Ages 333, 211, 149, 46, 0: the thirds are 0-119, 120-239, 240-359.
    assert [got[f"third_{i}_minor"][0] for i in (1, 2, 3)] == [5_000, 5_000, 1_000]
    assert got["last_minor"].tolist() == [3_000 + 4_000 + 1_000]
    assert got["orders_365"].tolist() == [6]
    assert got["first_orders"].tolist() == [1]
    assert got["period_bits"][0] == sum(1 << (age // 30) for age in (333, 211, 149, 46, 0))


def test_fewer_than_four_repeat_days_have_no_last_three():
    got = habits_of((1, "2026-01-01", 10), (1, "2026-02-01", 10), (1, "2026-03-01", 10))
    assert np.isnan(got["last_minor"].astype(float)[0])


@pytest.mark.parametrize(
    ("bits", "current", "longest"),
    [
        pytest.param(0b111, 3, 3, id="three periods up to today"),
        pytest.param(0b1110, 3, 3, id="the period that ends today may still be empty"),
        pytest.param(0b1100, 0, 2, id="two empty periods break the run"),
        pytest.param(0b11011, 2, 2, id="a hole ends the current run"),
        pytest.param(0b11110001, 1, 4, id="the longest run lies in the past"),
        pytest.param(0, 0, 0, id="nothing within the periods"),
    ],
)
def test_unbroken_runs(bits, current, longest):
    got = habits.unbroken_runs(np.array([bits]))
    assert [int(column[0]) for column in got] == [current, longest]


@given(st.lists(st.integers(0, 2**62 - 1), min_size=1, max_size=20))
def test_a_run_is_never_longer_than_the_longest(bits):
    current, longest = habits.unbroken_runs(np.array(bits))
    text = [format(each, "b") for each in bits]
    assert longest.tolist() == [max(map(len, each.split("0"))) for each in text]
    assert (current <= longest).all()


@pytest.mark.parametrize(
    ("gap", "length"),
    [(None, 90), (7.0, 30), (30.0, 30), (31.0, 90), (200.0, 365), (900.0, 365)],
)
def test_a_period_holds_a_usual_gap(gap, length):
    assert habits.period_days(gap) == length


@pytest.mark.parametrize(
    ("thirds", "age", "expected"),
    [
        pytest.param((30, 20, 10), 360, 1.0, id="each third above the one before"),
        pytest.param((30, 20, 20), 400, 0.0, id="level is not rising"),
        pytest.param((30, 20, 10), 359, float("nan"), id="not yet three whole thirds"),
    ],
)
def test_rising_spend(thirds, age, expected):
    got = manifestations.rising_spend(*(np.array([each]) for each in thirds), np.array([age]))
    assert got == pytest.approx([expected], nan_ok=True)
