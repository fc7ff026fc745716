"""Intervals of groups against published numbers, and the rules for small groups."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import shares


def test_wilson_gives_the_worked_intervals():
    k_n = [[80, 100], [8, 10], [9, 10], [12, 40], [0, 5], [16, 24], [412, 600]]
    expected = [
        [0.711171, 0.866633],
        [0.490162, 0.943318],
        [0.59585, 0.982124],
        [0.180748, 0.4543],
        [0, 0.434482],
        [0.467063, 0.820278],
        [0.648463, 0.722495],
    ]
    k, n = np.array(k_n).T
    lo, hi = shares.wilson(k, n)
    assert np.column_stack([lo, hi]) == pytest.approx(np.array(expected), abs=1e-6)


def test_wilson_agrees_with_newcombe_1998_table_one():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    assert shares.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert shares.wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert shares.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert shares.wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_no_trials_give_no_interval():
    assert np.isnan(shares.wilson(0, 0)).all()


@given(n=st.integers(1, 5_000), data=st.data())
def test_a_wilson_interval_holds_the_share_and_stays_within_0_and_1(n, data):
    k = data.draw(st.integers(0, n))
    lo, hi = shares.wilson(k, n)
    assert 0 <= lo <= k / n <= hi <= 1


def test_wilson_covers_as_promised_on_average():
    """The yardstick: over p in .05-.95 at n = 30 at least 94 % on average, 90 % at one p."""
    from scipy import stats

    lo, hi = shares.wilson(np.arange(31), np.full(31, 30))
    coverage = [
        stats.binom.pmf(np.arange(31), 30, p)[(lo <= p) & (p <= hi)].sum()
        for p in np.arange(0.05, 0.951, 0.01)
    ]
    assert np.mean(coverage) >= 0.94
    assert min(coverage) >= 0.90


def test_the_t_interval_is_students_own_example():
    # Student (1908), sleep data, drug 2 minus drug 1: n 10, R's t.test gives [.7001, 2.4599].
    difference = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    lo, hi = shares.t_interval(difference.mean(), difference.std(ddof=1), 10)
    assert (lo, hi) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)


def test_one_value_has_no_interval():
    assert np.isnan(shares.t_interval(3.0, 0.0, 1)).all()


def test_the_worked_roll_up_is_weighted_back_to_the_base():
    got = shares.stratified_mean([6_000, 3_000, 1_000], [60, 60, 80], [62, 70, 84], [25, 22, 18])
    assert got.mean == pytest.approx(66.6)
    assert (got.lo, got.hi) == pytest.approx((62.4, 70.8), abs=0.05)
    assert got.n_eff == pytest.approx(131, abs=0.5)
    assert got.n == 200


def test_no_cell_gives_no_mean():
    got = shares.stratified_mean([], [], [], [])
    assert np.isnan(got.mean)
    assert got.n == 0


def test_the_bootstrap_repeats_with_its_seed():
    money = np.random.default_rng(1).lognormal(4, 1, 300)
    ones = np.ones(300)
    assert shares.ratio_bootstrap(money, ones, seed=7) == shares.ratio_bootstrap(
        money, ones, seed=7
    )
    assert shares.ratio_bootstrap(money, ones, seed=7) != shares.ratio_bootstrap(
        money, ones, seed=8
    )


@pytest.mark.parametrize("n", [5_000, 20_000])
def test_influence_and_bootstrap_say_the_same_for_many_customers(n):
    generator = np.random.default_rng(n)
    orders = generator.poisson(3, n) + 1.0
    money = orders * generator.lognormal(3, 0.8, n)
    boot = np.array(shares.ratio_bootstrap(money, orders, seed=3))
    influence = np.array(shares.ratio_influence(money, orders))
    assert influence == pytest.approx(boot, abs=0.08 * (boot[1] - boot[0]))


def test_above_20000_customers_the_influence_interval_takes_over():
    values = np.random.default_rng(4).lognormal(3, 1, 20_001)
    ones = np.ones_like(values)
    assert shares.ratio_interval(values, ones, seed=1) == shares.ratio_influence(values, ones)
    assert shares.ratio_interval(values[1:], ones[1:], seed=1) == shares.ratio_bootstrap(
        values[1:], ones[1:], seed=1
    )


def test_the_bootstrap_of_money_covers_at_least_90_percent_at_50_buyers():
    """The yardstick, with fewer draws to stay quick; the true mean is exp(.5 x .8^2)."""
    generator, hits = np.random.default_rng(11), 0
    for trial in range(300):
        money = generator.lognormal(0, 0.8, 50)
        lo, hi = shares.ratio_bootstrap(money, np.ones(50), seed=trial, draws=400)
        hits += lo <= np.exp(0.32) <= hi
    assert hits / 300 >= 0.87  # 90 % less the noise of 300 trials


def test_a_total_keeps_its_number_of_customers():
    values = np.random.default_rng(2).lognormal(2, 1, 400)
    lo, hi = shares.total_interval(values, seed=5)
    assert lo < values.sum() < hi


def test_benjamini_hochberg_keeps_the_four_of_their_own_paper():
    # Benjamini & Hochberg (1995), the thrombolysis example: 15 p-values, 4 rejected at .05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert shares.benjamini_hochberg(p, rate=0.05).tolist() == [True] * 4 + [False] * 11


def test_untested_people_never_stand_and_are_not_counted():
    p = [0.04, np.nan, np.nan, np.nan]
    assert shares.benjamini_hochberg(p, rate=0.05).tolist() == [True, False, False, False]
    assert not shares.benjamini_hochberg([np.nan, np.nan]).any()


@given(st.lists(st.floats(0, 1), max_size=60))
def test_a_smaller_p_value_never_falls_where_a_larger_one_stands(p):
    stands = shares.benjamini_hochberg(p)
    if stands.any():
        assert stands[np.array(p) <= np.array(p)[stands].max()].all()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([40, 30, 10], [False, False, False], id="nothing small, nothing hidden"),
        pytest.param(
            [40, 30, 3], [False, True, True], id="one small part takes the next smallest with it"
        ),
        pytest.param(
            [40, 4, 3], [False, True, True], id="two small parts of seven hide each other"
        ),
        pytest.param(
            [40, 2, 1, 30], [False, True, True, True], id="three people in two parts need a third"
        ),
        pytest.param([3], [True], id="a small whole is hidden"),
        pytest.param([40, 0, 3], [True, False, True], id="an empty part cannot hide anything"),
    ],
)
def test_no_small_part_can_be_had_by_subtraction(sizes, expected):
    assert shares.withheld(sizes) == expected


@pytest.mark.parametrize(
    ("n", "shown", "few"),
    [
        pytest.param(4, False, True, id="four answers give no figure"),
        pytest.param(5, True, True, id="five give a figure marked few"),
        pytest.param(29, True, True, id="twenty-nine are still few"),
        pytest.param(30, True, False, id="thirty are normal"),
    ],
)
def test_small_groups(n, shown, few):
    facts = shares.share_facts(1, n)
    assert (facts["share"] is not None, facts["k"] is not None, facts["few"]) == (shown, shown, few)
    means = shares.mean_facts(np.arange(n))
    assert (means["mean"] is not None, means["few"]) == (shown, few)


def test_facts_are_json():
    assert json.loads(json.dumps(shares.share_facts(0, 0)))["reason"] == "too_few"
    assert shares.number(float("nan")) is None
