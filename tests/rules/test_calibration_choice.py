"""The model in force is the one that foresaw best, without flicker; horizons follow the shop's own
gaps."""

import numpy as np
import pytest

from huitou.insights import horizons
from huitou.insights.model_choice import choose


@pytest.mark.parametrize(
    ("brier", "in_force", "name", "reason"),
    [
        pytest.param({}, None, "mbgnbd", "fewer_than_two_origins", id="nothing is complete yet"),
        pytest.param({"mbgnbd": [0.2], "bgnbd": [0.1]}, "bgnbd", "mbgnbd", "fewer_than_two_origins",
                     id="one origin proves nothing"),
        pytest.param({"mbgnbd": [0.20, 0.21], "bgnbd": [0.19, 0.20]}, None, "bgnbd", "lowest_brier",
                     id="the first choice is the lowest"),
        pytest.param({"mbgnbd": [0.2, 0.2], "bgnbd": [0.2, 0.2]}, None, "mbgnbd", "lowest_brier",
                     id="of equals the default"),
        pytest.param({"mbgnbd": [0.20, 0.21], "bgnbd": [0.19, 0.20]}, "mbgnbd", "bgnbd",
                     "clearly_lower_brier", id="lower every time and by five per cent"),
        pytest.param({"mbgnbd": [0.2000, 0.2100], "bgnbd": [0.1999, 0.2099]}, "mbgnbd", "mbgnbd",
                     "no_clear_winner", id="lower every time but by a hair"),
        pytest.param({"mbgnbd": [0.20, 0.21], "bgnbd": [0.15, 0.22]}, "mbgnbd", "mbgnbd",
                     "no_clear_winner", id="much lower on average but not every time"),
        pytest.param({"mbgnbd": [0.19, 0.2], "bgnbd": [0.2, 0.21]}, "mbgnbd", "mbgnbd",
                     "still_lowest_brier", id="the one in force is the lowest"),
        pytest.param({"mbgnbd": [0.19, 0.2]}, "paretonbd", "mbgnbd", "lowest_brier",
                     id="the one in force is switched off"),
    ],
)  # fmt: skip
def test_the_model_is_chosen_by_the_stated_rule(brier, in_force, name, reason):
    choice = choose(brier, in_force=in_force)
    assert (choice.name, choice.reason) == (name, reason)


def test_a_setting_forces_any_model():
    choice = choose({"mbgnbd": [0.1, 0.1]}, in_force="mbgnbd", forced="bgnbd")
    assert (choice.name, choice.reason) == ("bgnbd", "set_by_hand")
    assert choice.report()["candidates"]["mbgnbd"]["mean_brier"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("gap", "customers", "days", "reason"),
    [
        pytest.param(6, 900, 30, "gaps", id="a café"),
        pytest.param(62, 900, 180, "gaps", id="a shop of the quarter"),
        pytest.param(150, 900, 365, "rare_purchase", id="a rare purchase"),
        pytest.param(24, 900, 60, "gaps", id="exactly on the grid"),
        pytest.param(6, 49, 180, "few_gaps", id="too few customers with a gap"),
        pytest.param(None, 0, 180, "few_gaps", id="no gap at all"),
    ],
)
def test_the_headline_horizon_is_two_and_a_half_gaps(gap, customers, days, reason):
    assert horizons.headline(gap, customers) == (days, reason)


def test_every_customer_weighs_one_in_the_median_gap():
    # One customer with nine gaps of a day, two with one gap of 30 days each.
    gaps = np.array([1] * 9 + [30, 30])
    assert horizons.median_gap(gaps, np.array([1 / 9] * 9 + [1, 1])) == 30
    assert horizons.median_gap(np.array([1, 30]), np.array([1.0, 2.0])) == 30
    assert horizons.median_gap(np.array([5, 7]), np.array([1.0, 1.0])) == 5
    assert horizons.median_gap(np.empty(0), np.empty(0)) is None


def test_the_own_horizons_are_those_of_the_worked_table():
    t_x = np.array([36, 30, 24, 18, 10]) * 7
    days = horizons.own_days(np.full(5, 5), t_x, 60.0)
    assert days.tolist() == [180, 180, 120, 120, 90]
    assert horizons.own_days(np.array([0]), np.array([0]), 60.0).tolist() == [180]
