"""Who is on the churn list, in which order, and what it adds up to."""

import numpy as np
import pytest

from huitou.insights import churn
from huitou.insights.kernels import gamma_gamma, mbgnbd
from tests.rules.shop_frames import MBG, MONEY

P, SPEND = dict(MBG.parameters), dict(MONEY.parameters)


@pytest.mark.parametrize(
    ("dormancy", "mark", "listed"),
    [
        pytest.param(0, "", True, id="who bought today"),
        pytest.param(725, "", True, id="lost for 365 days"),
        pytest.param(726, "", False, id="lost for longer"),
        pytest.param(200, "yearly:11-11", False, id="a yearly buyer before the date"),
    ],
)
def test_who_is_listed(dormancy, mark, listed):
    got = churn.is_listed(np.array([dormancy]), 360, np.array([mark], dtype=object))
    assert got.tolist() == [listed]


def test_the_order_is_value_then_risk_then_id():
    at_risk = np.array([5.0, 9.0, 5.0, 5.0, np.nan])
    risk = np.array([0.2, 0.1, 0.8, 0.2, 0.9])
    assert churn.order(at_risk, risk, np.array([4, 1, 9, 2, 3])).tolist() == [1, 2, 3, 0, 4]


@pytest.mark.parametrize(
    ("week", "horizon", "risk", "margin", "at_risk", "lost"),
    [
        (36, 180, 0.216, 40.91, 8.83, 7.12),
        (30, 180, 0.345, 34.15, 11.79, 13.88),
        (24, 120, 0.603, 22.80, 13.75, 25.23),
        (18, 120, 0.824, 10.08, 8.31, 37.95),
        (10, 90, 0.979, 1.35, 1.32, 46.68),
    ],
)
def test_the_worked_table_of_value_at_risk(week, horizon, risk, margin, at_risk, lost):
    """Five customers of five repeats in 38 weeks, money 24, margin .4."""
    past = np.array([5]), np.array([7 * week]), np.array([7 * 38])
    alive = mbgnbd.p_alive(P, *past)[0]
    leaves = 1 - mbgnbd.p_repeat(P, *past, horizon)[0]
    spend = gamma_gamma.expected_spend(SPEND, past[0], np.array([24.0]))[0]
    expected = 0.4 * spend * mbgnbd.expected_purchases(P, *past, 365)[0]
    assert leaves == pytest.approx(risk, abs=6e-4)
    assert expected == pytest.approx(margin, abs=0.006)
    assert leaves * expected == pytest.approx(at_risk, abs=0.006)
    assert (1 - alive) / alive * expected == pytest.approx(lost, abs=0.02)
