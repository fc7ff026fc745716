# ruff: noqa: N806 - T is the age of a customer in every paper and in the score file
"""The purchase and money models give the published numbers."""

import numpy as np
import pytest

from huitou.insights.kernels import gamma_gamma, lifetime
from huitou.insights.kernels.models import MODELS
from tests.rules import cdnow

NAMES = {
    "bgnbd": ("r", "alpha", "a", "b"),
    "mbgnbd": ("r", "alpha", "a", "b"),
    "paretonbd": ("r", "alpha", "s", "beta"),
}
GAMMA_GAMMA = ("p", "q", "v")


def assert_fit(fit, case):
    expected, tolerance = dict(case["expected"]), case["tolerance"]
    log_likelihood = expected.pop("loglik")
    assert fit.converged
    for name, value in expected.items():
        assert fit.parameters[name] == pytest.approx(value, rel=tolerance["params_rel"]), name
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=tolerance["loglik_abs"])


@pytest.mark.parametrize(
    ("model", "case", "rounded"),
    [
        pytest.param("bgnbd", "bgnbd_fit_rounded_weeks", True, id="BG/NBD, weeks of two decimals"),
        pytest.param("bgnbd", "bgnbd_fit_exact_days", False, id="BG/NBD, whole days"),
        pytest.param("mbgnbd", "mbg_fit_rounded_weeks", True, id="MBG/NBD, weeks of two decimals"),
        pytest.param("paretonbd", "pnbd_fit_exact_days", False, id="Pareto/NBD, whole days"),
    ],
)
def test_the_fit_of_the_sample_is_the_published_one(model, case, rounded):
    customers = cdnow.sample(rounded_weeks=rounded)
    assert_fit(MODELS[model].fit(*customers[:3]), cdnow.oracle("cdnow_sample.json", case))


def test_standard_errors_of_the_sample_are_those_of_the_inverse_hessian():
    case = cdnow.oracle("cdnow_sample.json", "bgnbd_standard_errors")
    fit = MODELS["bgnbd"].fit(*cdnow.sample()[:3])
    assert fit.standard_errors == pytest.approx(case["expected"], rel=case["tolerance"]["rel"])


def test_the_money_of_the_sample_has_the_published_parameters():
    customers = cdnow.sample()
    fit = gamma_gamma.fit(customers.x, customers.money)
    assert fit.n == 946
    assert_fit(fit, cdnow.oracle("cdnow_sample.json", "gamma_gamma_fit"))


def test_the_summary_of_all_customers_has_the_published_counts():
    expected = cdnow.oracle("cdnow_full.json", "summary")["expected"]
    x, t_x, T, money = cdnow.full()
    assert {
        "customers": len(x),
        "one_time": int((x == 0).sum()),
        "x_sum": int(x.sum()),
        "t_x_days_sum": int(t_x.sum()),
        "T_days_sum": int(T.sum()),
        "gamma_gamma_customers": int((money > 0).sum()),
    } == expected
    totals = cdnow.oracle("cdnow_full.json", "file_totals")["expected"]
    customer, dates, dollars = cdnow.purchases()
    assert len(dollars) == totals["purchases"]
    assert len(np.unique(customer)) == totals["customers"]
    assert (str(dates.min()), str(dates.max())) == (totals["first"], totals["last"])
    assert dollars.sum() == pytest.approx(totals["sum_dollars"], abs=0.005)


def test_the_fit_of_all_customers_is_the_recomputed_one():
    x, t_x, T, money = cdnow.full()
    assert_fit(MODELS["bgnbd"].fit(x, t_x, T), cdnow.oracle("cdnow_full.json", "bgnbd_fit"))
    assert_fit(gamma_gamma.fit(x, money), cdnow.oracle("cdnow_full.json", "gamma_gamma_fit"))
    case = cdnow.oracle("cdnow_full.json", "pnbd_loglik")
    found = MODELS["paretonbd"].fit(x, t_x, T)
    assert found.log_likelihood == pytest.approx(
        case["expected"]["loglik"], abs=case["tolerance"]["abs"]
    )


@pytest.mark.parametrize(
    ("model", "file", "case"),
    [
        pytest.param("bgnbd", "cdnow_sample.json", "customer_1_bgnbd", id="BG/NBD, customer 1"),
        pytest.param(
            "paretonbd", "cdnow_sample.json", "customer_1_pnbd", id="Pareto/NBD, customer 1"
        ),
        pytest.param("mbgnbd", "cdnow_sample.json", "customer_1_mbg", id="MBG/NBD, customer 1"),
        pytest.param("bgnbd", "formulas.json", "bgnbd_one_time_buyer", id="BG/NBD, one-time buyer"),
        pytest.param("bgnbd", "formulas.json", "bgnbd_repeater", id="BG/NBD, repeater"),
        pytest.param("mbgnbd", "formulas.json", "mbg_one_time_buyer", id="MBG/NBD, one-time buyer"),
        pytest.param(
            "paretonbd", "formulas.json", "pnbd_one_time_buyer", id="Pareto/NBD, one-time"
        ),
    ],
)
def test_scores_of_a_customer_are_the_published_ones(model, file, case):
    found = cdnow.oracle(file, case)
    given = found["input"]
    parameters = dict(zip(NAMES[model], given["params"], strict=True))
    customer = [np.array([given["x"]])]
    customer += [np.array([given[name] * 7]) for name in ("t_x_weeks", "T_weeks")]
    days = given["horizon_weeks"] * 7
    kernel = MODELS[model]
    scores = {
        "p_alive": kernel.p_alive(parameters, *customer)[0],
        "p_repeat": kernel.p_repeat(parameters, *customer, days)[0],
        "expected_purchases": kernel.expected_purchases(parameters, *customer, days)[0],
    }
    for name, value in found["expected"].items():
        assert scores[name] == pytest.approx(value, abs=found["tolerance"]["abs"]), name


@pytest.mark.parametrize("model", ["bgnbd", "mbgnbd", "paretonbd"])
def test_scores_stay_finite_for_customers_of_hundreds_of_purchases(model):
    case = cdnow.oracle("cdnow_sample.json", "p_alive_stays_finite")["input"]
    parameters = dict(zip(NAMES["paretonbd"], case["pnbd_params"], strict=True))
    if model != "paretonbd":
        parameters = {"r": 0.5143, "alpha": 2.8845, "a": 0.2856, "b": 14.1087}
    customers = [np.array(case["x"])]
    customers += [np.array(case[name]) * 7 for name in ("t_x_weeks", "T_weeks")]
    alive = MODELS[model].p_alive(parameters, *customers)
    assert np.all((alive > 0) & (alive <= 1))
    assert np.all(np.isfinite(MODELS[model].expected_purchases(parameters, *customers, 90)))
    assert np.all(MODELS[model].p_repeat(parameters, *customers, 90) <= alive)


def test_expected_spend_is_the_published_one_also_for_net_negative_customers():
    case = cdnow.oracle("cdnow_sample.json", "customer_1_expected_spend")
    parameters = dict(zip(GAMMA_GAMMA, case["input"]["params"], strict=True))
    found = gamma_gamma.expected_spend(
        parameters, np.array([2, 2, 0, 1]), np.array([22.35, -30, np.nan, 10])
    )
    assert found[0] == pytest.approx(case["expected"]["expected_spend"], abs=1e-5)
    assert found == pytest.approx([24.6586, -18.2650, 35.1710, 17.6816], abs=5e-5)


def test_lifetime_value_is_discounted_per_year():
    case = cdnow.oracle("formulas.json", "clv_360_days")
    given, expected = case["input"], case["expected"]
    customer = tuple(np.array([given[name]]) for name in ("x", "t_x_days", "T_days"))
    parameters = dict(zip(NAMES["bgnbd"], given["bgnbd"], strict=True))
    spend = gamma_gamma.expected_spend(
        dict(zip(GAMMA_GAMMA, given["gamma_gamma"], strict=True)),
        customer[0],
        np.array([given["m"]]),
    )
    term = lifetime.Term(
        given["horizon_days"], given["discount_per_year"] * 100, given["step_days"]
    )
    value, whole = lifetime.lifetime_value(MODELS["bgnbd"], parameters, spend, customer, term=term)
    assert whole[0] == pytest.approx(expected["undiscounted"], abs=1e-5)
    assert value[0] == pytest.approx(expected["discounted"], abs=1e-5)
    value, _ = lifetime.lifetime_value(
        MODELS["bgnbd"], parameters, spend, customer, term=term, margin=0.4
    )
    assert value[0] == pytest.approx(expected["discounted_margin_40_percent"], abs=1e-5)
