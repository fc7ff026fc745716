"""Contracts that are renewed or ended: the published two cohorts, and their survival."""

import numpy as np
import pytest

from huitou.insights.kernels import sbg
from huitou.insights.kernels.newton import NoModel
from tests.rules import cdnow


@pytest.mark.parametrize("name", ["regular", "high_end"])
def test_the_two_cohorts_have_the_published_parameters(name):
    case = cdnow.oracle("sbg.json", name)
    fit = sbg.fit(np.array(case["input"]["survivors"]))
    expected, tolerance = dict(case["expected"]), case["tolerance"]
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(expected.pop("loglik"), abs=tolerance["loglik_abs"])
    assert fit.parameters == pytest.approx(expected, rel=tolerance["params_rel"])
    assert all(error > 0 for error in fit.standard_errors.values())


def test_survival_is_the_product_of_retention_and_retention_rises():
    parameters = {"alpha": 0.7040773, "beta": 1.182043}
    renewals = np.arange(1, 13)
    stays = sbg.retention(parameters, renewals)
    assert sbg.survival(parameters, renewals) == pytest.approx(np.cumprod(stays))
    assert np.all(np.diff(stays) > 0)
    # First-year retention of sBG(.8, 1.2) is .60.
    assert sbg.retention({"alpha": 0.8, "beta": 1.2}, np.array([1]))[0] == pytest.approx(0.6)


def test_a_cohort_that_cannot_be_fitted_says_why():
    with pytest.raises(NoModel, match="nobody_left"):
        sbg.fit(np.array([100, 100, 100]))
    with pytest.raises(NoModel, match="too_few"):
        sbg.fit(np.array([49, 40]))
    with pytest.raises(ValueError, match="more"):
        sbg.fit(np.array([100, 101]))
