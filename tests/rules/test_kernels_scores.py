# ruff: noqa: N806 - T is the age of a customer in every paper and in the score file
"""Scores of a customer agree with integrals, simulation and another package."""

import warnings

import numpy as np
import pytest
from scipy import integrate, special, stats

from huitou.insights import horizons
from huitou.insights.kernels import gamma_gamma, lifetime
from huitou.insights.kernels.models import MODELS
from tests.rules import cdnow

BG = {"r": 0.24259452, "alpha": 4.41360202, "a": 0.79292202, "b": 2.42590678}
MBG = {"r": 0.52484316, "alpha": 6.18308528, "a": 0.89135939, "b": 1.61400224}
PARETO = {"r": 0.55327705, "alpha": 10.57768346, "s": 0.60623999, "beta": 11.6687353}
OF = {"bgnbd": BG, "mbgnbd": MBG, "paretonbd": PARETO}


@pytest.fixture(scope="module")
def peers():
    """Another package's models; its own warnings are not ours to answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes

        yield lifetimes


@pytest.mark.parametrize("x", [0, 1, 5, 60])
@pytest.mark.parametrize(
    ("model", "a", "b", "shift"),
    [
        pytest.param("bgnbd", 0.79, 2.4, 0, id="BG/NBD"),
        pytest.param("mbgnbd", 0.89, 1.6, 1, id="MBG/NBD"),
        pytest.param("bgnbd", 1.0, 2.4, 0, id="BG/NBD at the hole a = 1"),
        pytest.param("bgnbd", 0.3, 0.7, 0, id="BG/NBD at the hole a + b = 1"),
        pytest.param("bgnbd", 0.2, 0.3, 0, id="BG/NBD with a + b < 1"),
        pytest.param("mbgnbd", 4.0, 30.0, 1, id="MBG/NBD with a > 1"),
    ],
)
def test_expected_purchases_are_the_integral_over_the_drop_out(model, a, b, shift, x):
    parameters = {"r": 0.5, "alpha": 4.4, "a": a, "b": b}
    weeks, T = 26.0, 38.0
    customer = [np.array([x]), np.array([200 * (x > 0)]), np.array([T * 7])]
    alive = MODELS[model].p_alive(parameters, *customer)[0]

    def rate(q):
        none = ((4.4 + T) / (4.4 + T + q * weeks)) ** (0.5 + x)
        return (1 - none) / q * stats.beta.pdf(q, a, b + x + shift)

    expected = alive * integrate.quad(rate, 0, 1, epsabs=1e-11, limit=200)[0]
    found = MODELS[model].expected_purchases(parameters, *customer, weeks * 7)[0]
    assert found == pytest.approx(expected, rel=3e-7)


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param(PARETO, id="the published ones"),
        pytest.param({"r": 2.0, "alpha": 20.0, "s": 0.2, "beta": 3.0}, id="alpha above beta"),
        pytest.param({"r": 0.5, "alpha": 9.3, "s": 15.6, "beta": 748.0}, id="beta far above alpha"),
        pytest.param({"r": 0.4, "alpha": 0.3, "s": 0.05, "beta": 90.0}, id="hardly any drop-out"),
        pytest.param({"r": 0.4, "alpha": 60.0, "s": 4.0, "beta": 0.5}, id="drop-out at once"),
    ],
)
def test_pareto_scores_are_those_of_the_hypergeometric_formula(parameters):
    r, alpha, s, beta = parameters.values()
    x, t_x, T = np.array([0, 1, 4, 12, 30]), np.array([0, 3, 20, 35, 38.0]), np.full(5, 39.0)
    k = r + s + x

    def primitive(u):
        if alpha >= beta:
            shape = special.hyp2f1(k, s + 1, k + 1, (alpha - beta) / (alpha + u))
            return shape / (alpha + u) ** k
        shape = special.hyp2f1(k, r + x, k + 1, (beta - alpha) / (beta + u))
        return shape / (beta + u) ** k

    gone = s / k * (alpha + T) ** (r + x) * (beta + T) ** s * (primitive(t_x) - primitive(T))
    alive = MODELS["paretonbd"].p_alive(parameters, x, t_x * 7, T * 7)
    assert alive == pytest.approx(1 / (1 + gone), rel=1e-8)

    def first(u, count):
        buys = (r + count) / (alpha + 39 + u) * ((alpha + 39) / (alpha + 39 + u)) ** (r + count)
        return buys * ((beta + 39) / (beta + 39 + u)) ** s

    once = [integrate.quad(first, 0, 26, args=(count,), epsabs=1e-12)[0] for count in x]
    found = MODELS["paretonbd"].p_repeat(parameters, x, t_x * 7, T * 7, 182)
    assert found == pytest.approx(alive * once, rel=1e-9)


def test_a_silent_one_time_buyer_comes_back_as_often_as_simulated():
    generator = np.random.default_rng(2026)
    gaps = generator.exponential(1 / generator.gamma(BG["r"], 1 / BG["alpha"], 4_000_000))
    waiting = gaps > 20
    share = (gaps[waiting] <= 46).mean()
    found = MODELS["bgnbd"].p_repeat(BG, np.array([0]), np.array([0]), np.array([140]), 182)[0]
    assert found == pytest.approx(share, abs=4 * (share / waiting.sum()) ** 0.5)
    # With dropping out after the first purchase, those who left are never seen again.
    gaps = generator.exponential(1 / generator.gamma(MBG["r"], 1 / MBG["alpha"], 4_000_000))
    left = generator.random(4_000_000) < generator.beta(MBG["a"], MBG["b"], 4_000_000)
    gaps[left] = np.inf
    waiting = gaps > 20
    share = (gaps[waiting] <= 46).mean()
    found = MODELS["mbgnbd"].p_repeat(MBG, np.array([0]), np.array([0]), np.array([140]), 182)[0]
    assert found == pytest.approx(share, abs=4 * (share / waiting.sum()) ** 0.5)


@pytest.mark.parametrize("model", MODELS)
def test_one_horizon_for_all_and_one_for_each_give_the_same(model):
    x, t_x, T, _ = cdnow.full()
    kernel = MODELS[model]
    for score in (kernel.p_repeat, kernel.expected_purchases):
        together = score(OF[model], x, t_x, T, 90)
        apart = score(OF[model], x, t_x, T, np.full(len(x), 90))
        assert together == pytest.approx(apart, rel=1e-11, abs=1e-13)
    both = kernel.p_repeat(OF[model], x, t_x, T, np.where(np.arange(len(x)) % 2, 30, 365))
    assert both[1::2] == pytest.approx(kernel.p_repeat(OF[model], x, t_x, T, 30)[1::2])
    assert both[::2] == pytest.approx(kernel.p_repeat(OF[model], x, t_x, T, 365)[::2])


@pytest.mark.parametrize("model", MODELS)
def test_more_days_never_lower_a_score_and_none_are_refused(model):
    customers = [column[:500] for column in cdnow.sample()[:3]]
    chances = [MODELS[model].p_repeat(OF[model], *customers, days) for days in (1, 30, 365, 9999)]
    assert np.all(np.diff(chances, axis=0) > 0)
    assert np.all(chances[-1] <= MODELS[model].p_alive(OF[model], *customers))
    for days in (0, -7):
        with pytest.raises(ValueError, match="horizon"):
            MODELS[model].p_repeat(OF[model], *customers, days)
        with pytest.raises(ValueError, match="horizon"):
            MODELS[model].expected_purchases(OF[model], *customers, days)


@pytest.mark.parametrize("model", MODELS)
def test_no_customer_gives_no_score(model):
    none = np.empty(0, dtype=int)
    assert MODELS[model].p_alive(OF[model], none, none, none).shape == (0,)
    assert MODELS[model].p_repeat(OF[model], none, none, none, 30).shape == (0,)
    assert MODELS[model].expected_purchases(OF[model], none, none, none, 30).shape == (0,)


@pytest.mark.parametrize("model", MODELS)
def test_lifetime_value_is_the_sum_of_its_steps(model):
    x, t_x, T, money = cdnow.full()
    kernel = MODELS[model]
    spend = np.where(x > 0, np.nan_to_num(money), 20.0)
    term = lifetime.Term(value_days=400, discount_percent_per_year=12.0)
    value, whole = lifetime.lifetime_value(kernel, OF[model], spend, (x, t_x, T), term=term)
    ends = [*range(30, 400, 30), 400]
    bought = [np.zeros(len(x))]
    bought += [
        kernel.expected_purchases(OF[model], x, t_x, T, np.full(len(x), end)) for end in ends
    ]
    steps = np.diff(bought, axis=0) * spend
    worth = np.array([1.12 ** (-end / 365) for end in ends])
    assert value == pytest.approx(worth @ steps, rel=1e-9, abs=1e-9)
    assert whole == pytest.approx(steps.sum(axis=0), rel=1e-9, abs=1e-9)


def test_the_interval_of_a_total_holds_the_total():
    x, t_x, T, money = cdnow.sample()
    purchases = MODELS["bgnbd"].fit(x, t_x, T)
    spending = gamma_gamma.fit(x, money)
    spend = gamma_gamma.expected_spend(spending.parameters, x, money)
    total = lifetime.lifetime_value(MODELS["bgnbd"], purchases.parameters, spend, (x, t_x, T))[
        0
    ].sum()
    lo, hi = lifetime.total_interval(
        MODELS["bgnbd"], purchases, spending, (x, t_x, T, money), seed=7
    )
    assert lo < total < hi
    assert (hi - lo) / total < 0.5
    again = lifetime.total_interval(
        MODELS["bgnbd"], purchases, spending, (x, t_x, T, money), seed=7
    )
    assert (lo, hi) == again


def test_money_too_unequal_for_a_mean_gives_no_mean():
    parameters = {"p": 1.0, "q": 0.5, "v": 10.0}
    found = gamma_gamma.expected_spend(parameters, np.array([0, 1]), np.array([np.nan, 8.0]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(36.0)


@pytest.mark.filterwarnings("ignore")
def test_fits_and_scores_are_those_of_another_package(peers):
    x, t_x, T, money = cdnow.sample()
    weeks = (x, t_x / 7, T / 7)
    for name, peer in (
        ("bgnbd", peers.BetaGeoFitter()),
        ("mbgnbd", peers.ModifiedBetaGeoFitter()),
        ("paretonbd", peers.ParetoNBDFitter()),
    ):
        peer.fit(*weeks)
        ours = MODELS[name].fit(x, t_x, T).parameters
        assert [ours[key] for key in peer.params_.index] == pytest.approx(
            peer.params_.to_numpy(), rel=2e-3 if name == "paretonbd" else 1e-4
        )
        alive = MODELS[name].p_alive(dict(peer.params_), x, t_x, T)
        assert alive == pytest.approx(
            np.asarray(peer.conditional_probability_alive(*weeks)), abs=1e-9
        )
        expected = peer.conditional_expected_number_of_purchases_up_to_time(26, *weeks)
        found = MODELS[name].expected_purchases(dict(peer.params_), x, t_x, T, 182)
        assert found == pytest.approx(np.asarray(expected), rel=1e-7, abs=1e-9)
    again = x > 0
    peer = peers.GammaGammaFitter().fit(x[again], money[again])
    ours = gamma_gamma.fit(x, money).parameters
    assert list(ours.values()) == pytest.approx(peer.params_.to_numpy(), rel=1e-4)
    spend = gamma_gamma.expected_spend(dict(peer.params_), x, money)
    assert spend == pytest.approx(np.asarray(peer.conditional_expected_average_profit(x, money)))


def test_risk_and_value_at_risk_are_those_of_the_worked_table():
    weeks = np.array([36, 30, 24, 18, 10])
    customers = (np.full(5, 5), weeks * 7, np.full(5, 38 * 7))
    kernel = MODELS["mbgnbd"]
    alive = kernel.p_alive(MBG, *customers)
    own = horizons.own_days(customers[0], customers[1], 60.0)
    risk = 1 - kernel.p_repeat(MBG, *customers, own)
    spend = gamma_gamma.expected_spend(
        {"p": 6.24880249, "q": 3.74458845, "v": 15.44774802}, customers[0], np.full(5, 24.0)
    )
    margin = kernel.expected_purchases(MBG, *customers, 365) * spend * 0.4
    assert alive == pytest.approx([0.852, 0.711, 0.475, 0.210, 0.028], abs=5e-4)
    assert risk == pytest.approx([0.216, 0.345, 0.603, 0.824, 0.979], abs=5e-4)
    assert margin == pytest.approx([40.91, 34.15, 22.80, 10.08, 1.35], abs=5e-3)
    # The table multiplies its rounded columns, hence 13.75 for 13.745.
    assert risk * margin == pytest.approx([8.83, 11.79, 13.75, 8.31, 1.32], abs=6e-3)
    gone = (1 - alive) * margin / alive
    assert gone == pytest.approx([7.12, 13.88, 25.23, 37.95, 46.68], abs=5e-3)
    once = (np.array([0]), np.array([0]), np.array([140]))
    risk = 1 - kernel.p_repeat(MBG, *once, horizons.own_days(once[0], once[1], 60.0))
    assert risk[0] == pytest.approx(0.862, abs=1e-3)
