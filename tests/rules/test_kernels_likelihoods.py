# ruff: noqa: N803, N806 - T is the age of a customer in every paper and in the score file
"""Likelihoods and fits hold what mathematics promises of them, whatever the data."""

from functools import partial

import numpy as np
import pytest

from huitou.insights.kernels import gamma_gamma, paretonbd
from huitou.insights.kernels import geometric_likelihood as geometric
from huitou.insights.kernels.columns import triples
from huitou.insights.kernels.models import MODELS
from huitou.insights.kernels.newton import NoModel
from tests.rules import cdnow

CUSTOMERS = triples(*cdnow.sample()[:3])


def likelihood_of(model):
    if model == "paretonbd":
        return paretonbd.Likelihood
    return partial(geometric.Likelihood, one_time_may_be_gone=model == "mbgnbd")


def money_likelihood():
    x, _, _, money = cdnow.sample()
    used = x > 0
    return gamma_gamma.Likelihood(x[used], money[used], np.ones(int(used.sum())))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("likelihood", "size"),
    [
        pytest.param(
            lambda: geometric.Likelihood(CUSTOMERS, one_time_may_be_gone=False), 4, id="BG/NBD"
        ),
        pytest.param(
            lambda: geometric.Likelihood(CUSTOMERS, one_time_may_be_gone=True), 4, id="MBG/NBD"
        ),
        pytest.param(lambda: paretonbd.Likelihood(CUSTOMERS), 4, id="Pareto/NBD"),
        pytest.param(money_likelihood, 3, id="Gamma-Gamma"),
    ],
)
def test_gradient_and_hessian_are_those_of_central_differences(likelihood, size, seed):
    evaluate = likelihood()
    at = np.exp(np.random.default_rng(seed).normal(0.5, 0.7, size))
    _, gradient, hessian = evaluate(at)
    steps = np.diag(at * 1e-5)
    ends = [(evaluate(at + step), evaluate(at - step)) for step in steps]
    widths = 2 * np.diag(steps)
    slope = np.array([up[0] - down[0] for up, down in ends]) / widths
    bend = np.array([up[1] - down[1] for up, down in ends]) / widths[:, None]
    scale = np.abs(gradient).max()
    assert gradient / scale == pytest.approx(slope / scale, abs=1e-6)
    scale = np.abs(hessian).max()
    assert hessian / scale == pytest.approx(bend / scale, abs=1e-6)
    assert hessian == pytest.approx(hessian.T, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_weighted_distinct_customers_are_the_customers_themselves(model):
    case = cdnow.oracle("formulas.json", "weighted_triples")["input"]["triples"]
    x, t_x, T, weight = np.array(case).T
    at = np.array([0.24259452, 4.41360202, 0.79292202, 2.42590678])

    def likelihood(customers):
        return likelihood_of(model)(customers)(at)

    grouped = likelihood(triples(x, t_x * 7, T * 7, weight))
    each = [np.repeat(column, weight) for column in (x, t_x * 7, T * 7)]
    apart = triples(*each)
    assert apart.weight.tolist() == [2, 3]
    for one, other in zip(grouped, likelihood(apart), strict=True):
        assert np.asarray(one) == pytest.approx(np.asarray(other), rel=1e-12)
    # Two rows of the same customer with their own weights are that customer with the sum.
    rows = np.array([[0, 0, 2], [0, 0, 70], [140, 140, 210]])
    halves = triples(*rows, np.array([1.5, 0.5, 3]))
    assert halves.weight.tolist() == [2, 3]
    assert likelihood(halves)[0] == pytest.approx(grouped[0], rel=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_neither_row_order_nor_time_unit_changes_a_score(model):
    kernel = MODELS[model]
    x, t_x, T, _ = cdnow.sample()
    fit = kernel.fit(x, t_x, T)
    order = np.random.default_rng(5).permutation(len(x))
    mixed = kernel.fit(x[order], t_x[order], T[order])
    slow = kernel.fit(x, t_x * 24, T * 24)  # the same lives counted in hours
    for score in (kernel.p_repeat, kernel.expected_purchases):
        plain = score(fit.parameters, x, t_x, T, 180)
        again = score(mixed.parameters, x[order], t_x[order], T[order], 180)
        assert again == pytest.approx(plain[order], abs=1e-9)
        hours = score(slow.parameters, x, t_x * 24, T * 24, 180 * 24)
        assert hours == pytest.approx(plain, abs=1e-9)
    scaled = dict(fit.parameters)
    for name in {"alpha", "beta"} & set(scaled):
        scaled[name] *= 24
    assert slow.parameters == pytest.approx(scaled, rel=1e-6)


def test_yesterdays_parameters_lead_to_the_same_summit_in_fewer_steps():
    x, t_x, T, money = cdnow.full()
    yesterday = MODELS["mbgnbd"].fit(*cdnow.full("1997-09-29")[:3])
    cold = MODELS["mbgnbd"].fit(x, t_x, T)
    warm = MODELS["mbgnbd"].fit(x, t_x, T, start=yesterday.parameters)
    assert warm.parameters == pytest.approx(cold.parameters, rel=1e-7)
    assert warm.evaluations <= 4 < cold.evaluations
    again = gamma_gamma.fit(x, money, start=gamma_gamma.fit(x, money).parameters)
    assert again.evaluations <= 2


def test_a_pilot_does_not_move_the_summit():
    x, t_x, T, money = (np.tile(column, 5) for column in cdnow.full())
    for name in ("bgnbd", "mbgnbd"):
        one = MODELS[name].fit(*cdnow.full()[:3])
        five = MODELS[name].fit(x, t_x, T)
        assert five.parameters == pytest.approx(one.parameters, rel=1e-8)
        assert five.log_likelihood == pytest.approx(5 * one.log_likelihood, rel=1e-12)
        for parameter, error in one.standard_errors.items():
            assert five.standard_errors[parameter] == pytest.approx(error / 5**0.5, rel=1e-6)
    assert gamma_gamma.fit(x, money).parameters == pytest.approx(
        gamma_gamma.fit(*[cdnow.full()[i] for i in (0, 3)]).parameters, rel=1e-8
    )


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_that_cannot_be_made_says_why(model):
    few = np.arange(1, 50)
    with pytest.raises(NoModel) as refused:
        MODELS[model].fit(few, few * 7, few * 14)
    assert (refused.value.reason, refused.value.facts) == (
        "too_few_customers",
        {"customers": 49, "needed": 50},
    )
    nobody = np.zeros(60, dtype=int)
    with pytest.raises(NoModel) as refused:
        MODELS[model].fit(nobody, nobody, nobody + 100)
    assert refused.value.reason == "nobody_came_back"


def test_money_that_cannot_be_fitted_says_why():
    ones = np.ones(60, dtype=int)
    with pytest.raises(NoModel) as refused:
        gamma_gamma.fit(ones, np.where(np.arange(60) < 20, 5.0, np.nan))
    assert refused.value.reason == "too_few_repeaters_with_money"
    with pytest.raises(NoModel) as refused:
        gamma_gamma.fit(ones, np.full(60, 9.9))
    assert refused.value.reason == "all_money_equal"


def drawn_without_drop_out(size=4_000, history=400):
    """Customers who never leave: Poisson purchases at Gamma rates."""
    generator = np.random.default_rng(11)
    x = generator.poisson(generator.gamma(2.0, 1 / 60, size) * history)
    last = np.floor(history * generator.random(size) ** (1 / np.maximum(x, 1))).astype(int)
    return x, np.where(x > 0, np.maximum(last, 1), 0), np.full(size, history)


def test_a_base_without_drop_out_is_said_to_have_none():
    fit = MODELS["bgnbd"].fit(*drawn_without_drop_out())
    assert "no_drop_out_visible" in {warning["code"] for warning in fit.warnings}
    assert np.isfinite(fit.log_likelihood)


@pytest.mark.parametrize("model", MODELS)
def test_shapes_that_run_away_are_named_and_stay_finite(model):
    """Every customer came back exactly once: no spread for a Gamma or a Beta to describe."""
    generator = np.random.default_rng(7)
    T = generator.integers(2, 800, 300)
    customers = (np.ones(300, dtype=int), np.ceil(T * generator.random(300)).astype(int), T)
    fit = MODELS[model].fit(*customers)
    named = [w["facts"] for w in fit.warnings if w["code"] == "flat_ridge"]
    assert named
    assert all(1e4 < facts["value"] <= 1.01e8 for facts in named)
    chance = MODELS[model].p_repeat(fit.parameters, *customers, 90)
    expected = MODELS[model].expected_purchases(fit.parameters, *customers, 90)
    assert np.all((chance >= 0) & (chance <= 1))
    assert np.all(np.isfinite(expected))


def test_warnings_carry_the_facts_behind_them():
    x, t_x, T, money = cdnow.sample()
    warnings = {w["code"]: w["facts"] for w in MODELS["mbgnbd"].fit(x, t_x, T).warnings}
    assert warnings["many_one_time_buyers"]["share"] == pytest.approx((x == 0).mean())
    early = (x < 2) & (t_x <= 200)
    slow = MODELS["bgnbd"].fit(x[early], np.where(x[early] > 0, 150, 0), np.full(early.sum(), 200))
    told = {w["code"]: w["facts"] for w in slow.warnings}
    assert told["short_history"] == {"history_days": 200, "median_gap_days": 150}
    spent = np.where(np.arange(len(x)) < 200, -5.0, money)
    warned = {w["code"]: w["facts"] for w in gamma_gamma.fit(x, spent).warnings}
    assert warned["net_negative_left_out_of_fit"]["customers"] == int((x[:200] > 0).sum())
    related = gamma_gamma.fit(x, np.where(x > 0, x**1.0 * (1 + np.arange(len(x)) % 7), np.nan))
    assert "money_and_frequency_related" in {w["code"] for w in related.warnings}


@pytest.mark.parametrize(
    ("x", "t_x", "T"),
    [
        pytest.param([1], [20], [10], id="a last purchase after the day of the run"),
        pytest.param([0], [5], [10], id="a one-time buyer with a second day"),
        pytest.param([2], [0], [10], id="a repeater without one"),
        pytest.param([1, 1], [5], [10], id="columns of two lengths"),
    ],
)
def test_columns_that_cannot_be_customers_are_refused(x, t_x, T):
    with pytest.raises(ValueError, match=r"hold|together|length"):
        triples(np.array(x), np.array(t_x), np.array(T))
