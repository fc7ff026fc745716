"""Marks that depart from what the model expects, few of them by chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import reasons, shares

MBG = {"r": 0.52484316, "alpha": 6.18308528, "a": 0.89135939, "b": 1.61400224}
MONEY = {"p": 6.24880249, "q": 3.74458845, "v": 15.44774802}
NAN = float("nan")


@pytest.mark.parametrize(("week", "chance"), [(24, 0.122), (10, 0.0039)])
def test_the_worked_silences(week, chance):
    got = reasons.silence(MBG, np.array([5]), np.array([7 * week]), np.array([7 * 38]))
    assert got == pytest.approx([chance], rel=0.01)


def test_who_bought_today_is_not_silent():
    assert reasons.silence(MBG, np.array([3]), np.array([200]), np.array([200])) == [1.0]


@pytest.mark.parametrize(
    ("day_money", "chance"),
    [pytest.param(12, 0.011, id="half of before"), pytest.param(18, 0.163, id="a quarter less")],
)
def test_the_worked_spendings(day_money, chance):
    got = reasons.spending_less(
        MONEY, np.array([3.0 * day_money]), np.array([5 * 24.0]), np.array([5])
    )
    assert got == pytest.approx([chance], abs=0.0006)


@pytest.mark.parametrize(
    ("last", "before", "days"),
    [
        pytest.param(NAN, 50.0, 2, id="fewer than four repeat days"),
        pytest.param(-5.0, 50.0, 2, id="more returned than bought"),
        pytest.param(5.0, 0.0, 2, id="nothing before"),
    ],
)
def test_money_that_cannot_be_compared_is_not_tested(last, before, days):
    got = reasons.spending_less(MONEY, np.array([last]), np.array([before]), np.array([days]))
    assert np.isnan(got).all()


def test_buying_less_often_is_the_tail_of_the_forecast_of_180_days_ago():
    """Against simulation: a Gamma rate with the past already seen, Poisson counts ahead."""
    generator = np.random.default_rng(8)
    purchases, recent, age = 12, 1, 540
    size = MBG["r"] + purchases - recent - 1
    rate = generator.gamma(size, 1 / (MBG["alpha"] + 360 / 7), 400_000)
    simulated = (generator.poisson(rate * 180 / 7) <= recent).mean()
    got = reasons.buying_less_often(MBG, np.array([purchases]), np.array([recent]), np.array([age]))
    assert got == pytest.approx([simulated], abs=0.002)


def test_a_customer_of_half_a_year_has_no_forecast_to_miss():
    got = reasons.buying_less_often(MBG, np.array([3, 3]), np.array([3, 0]), np.array([180, 181]))
    assert np.isnan(got[0])
    assert got[1] < 1


@pytest.mark.parametrize(
    ("now", "before", "fell"),
    [
        pytest.param(25, NAN, True, id="dissatisfied"),
        pytest.param(50, 100, True, id="two levels lower"),
        pytest.param(75, 100, False, id="one level lower"),
        pytest.param(50, NAN, False, id="satisfied, nothing before"),
        pytest.param(NAN, 100, False, id="no valid answer"),
    ],
)
def test_satisfaction_fell(now, before, fell):
    assert reasons.satisfaction_fell(np.array([float(now)]), np.array([float(before)]))[0] == fell


def test_stable_customers_are_hardly_ever_marked():
    """4,000 living customers: the rule marks under .1 %, twice the usual gap far more."""
    generator = np.random.default_rng(21)
    rate = generator.gamma(2.0, 1 / 8.0, 4_000)  # purchases a week
    gaps = [np.cumsum(generator.exponential(1 / each, 400)) for each in rate]
    times = [each[each <= 104] for each in gaps]
    x = np.array([len(each) for each in times])
    t_x = np.array([each[-1] if len(each) else 0.0 for each in times]) * 7
    chance = reasons.silence({"r": 2.0, "alpha": 8.0}, x, t_x, np.full(4_000, 728.0))
    marked = shares.benjamini_hochberg(chance, rate=reasons.CHANCE_RATE)
    silent = 728 - t_x > 2 * t_x / np.maximum(x, 1)
    assert marked.mean() < 0.001
    assert silent[x > 1].mean() > 0.1


@given(
    x=st.integers(0, 50),
    t_x=st.integers(0, 500),
    silent=st.integers(0, 500),
    more=st.integers(1, 99),
)
def test_a_longer_silence_is_never_less_surprising(x, t_x, silent, more):
    first, longer = reasons.silence(
        MBG, np.array([x, x]), np.array([t_x, t_x]), np.array([t_x + silent, t_x + silent + more])
    )
    assert 0 <= longer <= first <= 1


def test_bits_are_named_in_order():
    assert reasons.named(0) == []
    assert reasons.named(0b1001) == ["silence", "satisfaction_fell"]
