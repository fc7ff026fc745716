"""Differences of arms: Newcombe's interval, re-drawn money, what was known before taken out."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from huitou.insights.proof import adjust, difference, redraw

CASES = {
    case["name"]: case
    for case in json.loads(
        (Path(__file__).parent.parent / "oracles" / "formulas.json").read_text(encoding="utf-8")
    )["cases"]
}


@pytest.mark.parametrize(
    ("k1", "n1", "k0", "n0", "lo", "hi"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
        pytest.param(56, 70, 48, 80, 0.0524, 0.3339, id="56 of 70 against 48 of 80"),
        pytest.param(9, 10, 3, 10, 0.1705, 0.8090, id="9 of 10 against 3 of 10"),
        pytest.param(6, 7, 2, 7, 0.0582, 0.8062, id="6 of 7 against 2 of 7"),
        pytest.param(5, 56, 0, 29, -0.0381, 0.1926, id="nobody in one arm"),
        pytest.param(0, 10, 0, 20, -0.1611, 0.2775, id="nobody at all"),
        pytest.param(10, 10, 0, 20, 0.6791, 1.0000, id="all against nobody"),
        pytest.param(10, 10, 0, 10, 0.6075, 1.0000, id="all against nobody, small"),
    ],
)
def test_newcombes_interval_is_that_of_his_paper(k1, n1, k0, n0, lo, hi):
    found = difference.newcombe(k1, n1, k0, n0)
    assert (found.lo, found.hi) == (pytest.approx(lo, abs=6e-5), pytest.approx(hi, abs=6e-5))
    assert found.value == pytest.approx(k1 / n1 - k0 / n0)


@pytest.mark.parametrize("level", [0.05, 0.048, 0.001])
def test_the_interval_touches_zero_exactly_at_its_p_value(level):
    found = difference.newcombe(56, 70, 48, 80)
    at_p = difference.newcombe(56, 70, 48, 80, level=found.p)
    assert at_p.lo == pytest.approx(0, abs=1e-9)
    wider = difference.newcombe(56, 70, 48, 80, level=level)
    assert wider.is_gain == (found.p < level)


def test_equal_shares_have_no_evidence_at_all():
    assert difference.newcombe(10, 100, 5, 50).p == 1.0


def test_lin_and_cuped_give_the_numbers_of_the_worked_example():
    case = CASES["lin_and_cuped"]
    y, x, w = (np.array(case["input"][name], dtype=float) for name in ("y", "x", "w"))
    want, abs_ = case["expected"], case["tolerance"]["abs"]
    plain = redraw.welch(y[w == 1], y[w == 0])
    assert plain == pytest.approx((want["difference"], want["se"]), abs=abs_)
    lin = adjust.lin(y, w == 1, x)
    assert (lin.value, lin.se) == pytest.approx((want["lin"], want["lin_se_hc2"]), abs=abs_)
    cuped = adjust.cuped(y, w == 1, x)
    assert cuped.theta == pytest.approx(want["cuped_theta"], abs=abs_)
    assert (cuped.adjusted.value, cuped.adjusted.se) == pytest.approx(
        (want["cuped"], want["cuped_se"]), abs=abs_
    )


def test_lin_with_several_covariates_is_the_regression_with_every_interaction():
    random = np.random.default_rng(3)
    x = random.normal(size=(80, 3))
    w = random.random(80) < 0.4
    y = 1 + x @ [2, -1, 0.5] + w * (0.7 + x[:, 0]) + random.normal(size=80)
    centred = x - x.mean(axis=0)
    design = np.column_stack([np.ones(80), w, centred, w[:, None] * centred])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    residual = y - design @ beta
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    meat = design.T @ (design * (residual**2 / (1 - leverage))[:, None])
    found = adjust.lin(y, w, x)
    assert found.value == pytest.approx(beta[1], abs=1e-9)
    assert found.se == pytest.approx(np.sqrt((inverse @ meat @ inverse)[1, 1]), abs=1e-9)


def test_covariates_that_say_what_others_say_are_dropped():
    random = np.random.default_rng(1)
    x = random.normal(size=(50, 2))
    same = np.column_stack([x, x[:, 0] + x[:, 1], np.ones(50), np.zeros(50)])
    assert adjust.independent(same).shape == (50, 2)


def test_a_covariate_that_never_differs_leaves_the_plain_difference():
    y, w = np.array([1.0, 2, 3, 4, 5, 9]), np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    assert adjust.cuped(y, w, np.ones(6)).adjusted.value == pytest.approx(2 - 6)


def test_with_nearly_normal_money_redrawing_agrees_with_welch():
    random = np.random.default_rng(5)
    one, zero = random.normal(10.4, 2, 400), random.normal(10, 2, 400)
    found = redraw.mean_difference(one, zero, seed=1)
    welch = stats.ttest_ind(one, zero, equal_var=False)
    half = welch.confidence_interval(0.95)
    assert (found.lo, found.hi) == pytest.approx((half.low, half.high), abs=0.02)
    assert found.p == pytest.approx(float(welch.pvalue), abs=0.01)


def test_every_split_of_a_few_units_gives_the_exact_p_value():
    # Six units, three in each arm: 20 splits. t of the observed one is the largest of them.
    one, zero = np.array([7.0, 8, 9]), np.array([1.0, 2, 3])
    found = redraw.mean_difference(one, zero, seed=2, redraws=40_000)
    assert found.p == pytest.approx(2 / 20, abs=0.01)


def test_the_same_seed_gives_the_same_bits():
    random = np.random.default_rng(8)
    arms = random.gamma(0.1, 300, 900), random.gamma(0.1, 300, 100)
    assert redraw.mean_difference(*arms, seed=4) == redraw.mean_difference(*arms, seed=4)
    assert redraw.mean_difference(*arms, seed=4) != redraw.mean_difference(*arms, seed=5)


def test_the_smaller_arm_may_be_the_treated_one():
    random = np.random.default_rng(9)
    few, many = random.gamma(0.5, 10, 60), random.gamma(0.5, 10, 600)
    one = redraw.mean_difference(few, many, seed=1)
    other = redraw.mean_difference(many, few, seed=1)
    assert one.value == -other.value
    assert (one.lo, one.hi) == pytest.approx((-other.hi, -other.lo), rel=0.05)


def test_money_that_never_differs_says_nothing():
    found = redraw.mean_difference(np.zeros(40), np.zeros(10), seed=1)
    assert not found.is_gain
    assert not found.is_harm
    assert found.p == 1.0
