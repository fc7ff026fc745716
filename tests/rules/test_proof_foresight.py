"""Before sending: what could be seen, what to hold out; when to look; small campaigns together."""

import numpy as np
import pytest

from huitou.insights.proof import foresight, guards, looks, pooling
from huitou.insights.proof.difference import Difference


@pytest.mark.parametrize(("share", "points"), [(0.10, 4.5), (0.20, 6.0), (0.30, 6.8)])
def test_the_smallest_effect_of_the_worked_example(share, points):
    seen = foresight.smallest_effect(share * (1 - share), 3_529, 392)
    assert seen is not None
    assert round(100 * seen, 1) == points


@pytest.mark.parametrize(
    ("units", "share", "at_10", "at_50"),
    [
        (2_000, 0.03, 3.6, 2.1),
        (2_000, 0.15, 7.5, 4.5),
        (2_000, 0.50, 10.4, 6.3),
        (10_000, 0.03, 1.6, 1.0),
        (10_000, 0.15, 3.3, 2.0),
        (10_000, 0.50, 4.7, 2.8),
        (50_000, 0.03, 0.7, 0.4),
        (50_000, 0.15, 1.5, 0.9),
        (50_000, 0.50, 2.1, 1.3),
    ],
)
def test_the_table_of_visible_effects(units, share, at_10, at_50):
    seen = foresight.foresee(units, share, 0.0, 0.0)
    points = {offer.percent: round(100 * (offer.visible_share or 0), 1) for offer in seen.offers}
    assert (points[10], points[50]) == (at_10, at_50)


@pytest.mark.parametrize(
    ("sigma", "share", "percent", "part"),
    [
        (0.8, 0.03, 10, 1.57),
        (0.8, 0.15, 10, 0.68),
        (0.6, 0.50, 10, 0.28),
        (0.8, 0.03, 50, 0.94),
        (0.6, 0.50, 50, 0.17),
    ],
)
def test_the_visible_part_of_money_for_a_lognormal_shop(sigma, share, percent, part):
    # 2,000 people, money of buyers lognormal, cut at its 99th percentile.
    money = np.random.default_rng(1).lognormal(0, sigma, 400_000)
    kept = guards.winsorised(money, most=guards.ceiling(money)).values
    mean = share * kept.mean()
    variance = share * (kept**2).mean() - mean**2
    seen = foresight.foresee(2_000, share, mean, variance)
    offer = next(one for one in seen.offers if one.percent == percent)
    assert offer.visible_money_part == pytest.approx(part, abs=0.015)


@pytest.mark.parametrize(
    ("units", "share", "advised"),
    [
        pytest.param(50_000, 0.15, 10, id="a large audience needs only 10 %"),
        pytest.param(10_000, 0.15, 10, id="10 % shows 3.3 points, a quarter of 15 is 3.75"),
        pytest.param(2_000, 0.50, 10, id="cafe: 10.4 points against 12.5"),
        pytest.param(6_000, 0.15, 20, id="20 % where 10 % is not enough"),
        pytest.param(2_000, 0.15, None, id="at best 4.5 points, a quarter is 3.75: too small"),
        pytest.param(10_000, 0.03, None, id="rare buyers: 1.0 points against 0.75"),
        pytest.param(0, 0.15, None, id="nobody"),
        pytest.param(2_000, 0.0, None, id="no buyer at all"),
    ],
)
def test_the_smallest_share_that_shows_a_quarter_of_the_buyers_is_advised(units, share, advised):
    assert foresight.foresee(units, share, 0.0, 0.0).advised_percent == advised


def test_money_may_be_the_outcome_only_where_a_fifth_of_its_mean_is_visible():
    assert foresight.foresee(50_000, 0.5, 100.0, 40_000.0).may_judge_money
    assert not foresight.foresee(2_000, 0.03, 10.0, 60_000.0).may_judge_money


def test_a_share_somebody_chose_stands_among_the_others():
    seen = foresight.foresee(10_000, 0.15, 0, 0, chosen_percent=15)
    assert [offer.percent for offer in seen.offers] == [10, 15, 20, 30, 50]


def test_the_sequence_factor_at_the_planned_number_is_that_of_the_design():
    assert looks.sequence_factor(1_000, planned=1_000) == pytest.approx(3.0354, abs=5e-5)


def test_the_sequence_is_widest_in_standard_errors_far_from_the_plan():
    at = [looks.sequence_factor(n, planned=1_000) for n in (20, 300, 1_000, 4_000)]
    assert at[0] > at[1] > 3.0354 - 1e-4
    assert looks.sequence_interval(2.0, 1.0, 1_000, planned=1_000)[0] == pytest.approx(
        -1.0354, abs=1e-4
    )


@pytest.mark.parametrize(
    ("buyers", "smaller", "done", "due"),
    [
        pytest.param(499, 90, 0, False, id="not yet half of the buyers"),
        pytest.param(500, 49, 0, False, id="half, but fewer than 50 in the smaller arm"),
        pytest.param(500, 50, 0, True, id="half of the buyers, 50 in the smaller arm"),
        pytest.param(700, 80, 1, False, id="the second look waits for three quarters"),
        pytest.param(750, 80, 1, True, id="three quarters"),
        pytest.param(990, 99, 2, False, id="never a third look"),
    ],
)
def test_looks_go_by_information_not_by_days(buyers, smaller, done, due):
    progress = looks.Progress(buyers, 1_000.0, smaller, done)
    assert looks.may_look(progress, looks_planned=2) is due


def test_a_campaign_without_planned_looks_is_never_looked_at():
    assert not looks.may_look(looks.Progress(900, 1_000.0, 400, 0), looks_planned=0)


def test_a_look_stops_only_below_one_in_a_thousand():
    assert looks.stops(Difference(1, 0.1, 0.5, 1.5, 0.0009))
    assert not looks.stops(Difference(1, 0.1, 0.5, 1.5, 0.0011))
    assert (looks.final_level(0), looks.final_level(2)) == (0.05, 0.048)


def test_pooling_gives_the_numbers_of_the_worked_example():
    found = pooling.pool([4.0, -1.0, 1.2, 5.5, 0.2], [1.1, 0.9, 1.4, 1.6, 0.8])
    assert found is not None
    assert found.tau2 == pytest.approx(5.06, abs=5e-3)
    assert (found.mean, found.lo, found.hi) == (
        pytest.approx(1.79, abs=5e-3),
        pytest.approx(-1.51, abs=5e-3),
        pytest.approx(5.09, abs=5e-3),
    )
    assert found.shrunk[0] == pytest.approx(3.57, abs=5e-3)
    assert found.shrunk[3] == pytest.approx(4.25, abs=5e-3)


def test_three_campaigns_are_not_pooled():
    assert pooling.pool([1, 2, 3], [1, 1, 1]) is None


def test_equal_campaigns_keep_the_plain_interval():
    found = pooling.pool([2.0] * 4, [1.0] * 4)
    assert found is not None
    assert found.tau2 == 0
    assert (found.lo, found.hi) == pytest.approx((2 - 0.98, 2 + 0.98), abs=1e-3)


def test_a_later_campaign_that_shares_a_fifth_of_its_people_is_left_out():
    assert pooling.apart([1, 2, 3], [(2, 1, 0.21), (2, 3, 0.9), (1, 3, 0.2)]) == ([1, 3], [2])


@pytest.mark.parametrize(
    ("treated", "held_out", "is_broken"),
    [(9_000, 1_000, False), (8_930, 1_070, False), (8_800, 1_200, True), (9_500, 500, True)],
)
def test_arms_far_from_the_plan_are_a_broken_assignment(treated, held_out, is_broken):
    p = guards.sample_ratio_p(treated, held_out, holdout_percent=10)
    assert (p < guards.BROKEN_BELOW) is is_broken


def test_amounts_are_cut_at_the_99th_percentile_of_the_buyers_before():
    before = np.concatenate([np.zeros(1_000), np.arange(1, 102)])
    most = guards.ceiling(before)
    assert most == 100
    cut = guards.winsorised([0, 50, 100, 5_000], most=most)
    assert (cut.values.tolist(), cut.cut, cut.uncut_mean) == ([0, 50, 100, 100], 1, 1287.5)


def test_without_buyers_before_nothing_is_cut():
    assert guards.ceiling(np.zeros(10)) is None
    assert guards.winsorised([9e9], most=None).values.tolist() == [9e9]


def test_holms_p_values_are_those_of_his_paper():
    assert guards.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


@pytest.mark.parametrize(("share", "effect"), [(0.15, 0.0), (0.5, 0.0), (0.5, 0.08)])
def test_the_sequence_holds_the_truth_through_all_looks_together(share, effect):
    """400 journeys of 1,000 people, looked at after every 20: at most 5 % ever lose the truth."""
    random = np.random.default_rng(11)
    lost = 0
    for _journey in range(400):
        treated = random.random(1_000) < 0.5
        back = random.random(1_000) < share + effect * treated
        for n in range(100, 1_001, 20):
            arms = back[:n][treated[:n]], back[:n][~treated[:n]]
            value = arms[0].mean() - arms[1].mean()
            se = np.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms))
            low, high = looks.sequence_interval(value, se, n, planned=1_000)
            if not low <= effect <= high:
                lost += 1
                break
    assert lost / 400 <= 0.05
