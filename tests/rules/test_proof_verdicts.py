"""The verdict of one campaign: which words, and when none."""

from dataclasses import replace

import numpy as np
import pytest

from huitou.insights.proof import reading, verdict
from huitou.insights.proof.verdict import Terms, Units


def shop(n: int = 20_000, held_out: int = 2_000, *, treated_share: float, seed: int = 1) -> Units:
    """A shop in which 15 % come back by themselves."""
    random = np.random.default_rng(seed)
    treated = np.ones(n, dtype=bool)
    treated[random.permutation(n)[:held_out]] = False
    back = random.random(n) < np.where(treated, treated_share, 0.15)
    money = np.where(back, random.lognormal(8, 0.8, n), 0.0)
    before = np.where(random.random(n) < 0.15, random.lognormal(8, 0.8, n), 0.0)
    return Units(treated, back, money, back * 1.0, before, before > 0, before[:, None])


@pytest.mark.parametrize(
    ("share", "said"),
    [
        pytest.param(0.20, verdict.EFFECTIVE, id="five points more is an effect"),
        pytest.param(0.15, verdict.NO_EVIDENCE, id="no effect is no evidence"),
        pytest.param(0.10, verdict.HARMFUL, id="five points fewer is harm"),
    ],
)
def test_the_words_follow_the_interval(share, said):
    found = verdict.judge(shop(treated_share=share), Terms(10))
    assert found["verdict"] == said
    assert found["primary"]["lo"] < share - 0.15 < found["primary"]["hi"]
    assert {one["outcome"] for one in found["secondary"]} == {"money", "purchases"}


def test_without_anybody_held_out_nothing_can_be_judged():
    units = shop(treated_share=0.3)
    all_sent = replace(units, is_treated=np.ones(len(units), dtype=bool))
    found = verdict.judge(all_sent, Terms(0))
    assert found["verdict"] == verdict.NO_CONTROL
    assert found["primary"] is None
    assert found["arms"]["treated"]["units"] == len(units)


def test_arms_that_are_not_the_planned_ones_give_no_figures():
    found = verdict.judge(shop(treated_share=0.3, held_out=2_600), Terms(10))
    assert found["verdict"] == verdict.BROKEN
    assert found["primary"] is None


def test_an_audience_too_small_says_so_instead_of_no_evidence():
    small = shop(200, 20, treated_share=0.15)
    assert verdict.judge(small, Terms(10))["verdict"] == verdict.TOO_FEW
    larger = shop(2_000, 200, treated_share=0.15)
    assert verdict.judge(larger, Terms(10, was_too_small=True))["verdict"] == verdict.TOO_FEW


def test_fewer_than_five_in_an_arm_show_no_figure():
    found = verdict.judge(shop(40, 4, treated_share=0.5), Terms(10))
    assert found["verdict"] == verdict.TOO_FEW
    assert found["primary"] is None
    assert found["arms"]["held_out"]["share"] is None


def test_money_may_be_the_primary_outcome_and_is_cut():
    found = verdict.judge(shop(treated_share=0.25), Terms(10, primary="money"))
    assert found["primary"]["outcome"] == "money"
    assert found["verdict"] == verdict.EFFECTIVE
    assert found["cut"]["values"] > 0
    assert [one["is_verdict"] for one in found["adjusted"]] == [False, False]


@pytest.mark.parametrize("outcome", ["came_back", "money"])
def test_the_adjusted_figure_is_the_verdict_only_if_it_was_chosen_before(outcome):
    units = shop(600, 200, treated_share=0.9)
    found = verdict.judge(units, Terms(100 / 3, primary=outcome, adjusted=True))
    mine = next(one for one in found["adjusted"] if one["outcome"] == outcome)
    assert [one["is_verdict"] for one in found["adjusted"]].count(True) == 1
    assert mine["is_verdict"]
    assert found["primary"]["value"] == pytest.approx(mine["value"])
    plain = verdict.judge(units, Terms(100 / 3, primary=outcome))
    assert not any(one["is_verdict"] for one in plain["adjusted"])


def test_what_came_before_cuts_the_variance_of_coming_back_by_their_correlation():
    # Half of the people always come, half never: 1 - rho^2 of the variance is left, rho = .8.
    random = np.random.default_rng(5)
    regular = random.random(20_000) < 0.5
    treated = random.random(20_000) < 0.5
    back = random.random(20_000) < np.where(regular, 0.9, 0.1)
    money = np.where(back, 100.0, 0.0)
    units = Units(treated, back, money, back * 1.0, regular * 100.0, regular,
                  regular[:, None] * 100.0, regular[:, None] * 1.0)  # fmt: skip
    found = verdict.judge(units, Terms(50))["adjusted"]
    assert [one["outcome"] for one in found] == ["came_back", "money"]
    for one in found:
        assert one["variance_cut"] == pytest.approx(0.8**2, abs=0.02)


def test_who_responds_better_is_told_only_with_ten_thousand_and_their_past():
    random = np.random.default_rng(4)
    large = shop(treated_share=0.2)
    assert verdict.judge(large, Terms(10))["response"] is None  # nothing is known of them
    known = replace(large, came_by=random.random((20_000, 2)))
    told = verdict.judge(known, Terms(10))["response"]
    assert told["band"][0] < 0 < told["band"][1]
    assert told["first"]["units"] == 4_000
    small = shop(9_000, 900, treated_share=0.2)
    few = verdict.judge(replace(small, came_by=random.random((9_000, 2))), Terms(10))
    assert few["response"] is None


def test_the_word_alone_is_the_word_of_the_whole_judgement():
    for share in (0.10, 0.15, 0.20):
        for outcome in ("came_back", "money"):
            units, terms = shop(treated_share=share), Terms(10, primary=outcome, looks_planned=2)
            assert verdict.word(units, terms) == verdict.judge(units, terms)["verdict"]
    sent = replace(shop(treated_share=0.3), is_treated=np.ones(20_000, dtype=bool))
    assert verdict.word(sent, Terms(10)) == verdict.NO_CONTROL


def test_a_look_that_does_not_stop_says_nothing():
    seen = verdict.look(shop(treated_share=0.16), Terms(10, looks_planned=2))
    assert seen["verdict"] == verdict.WAITING
    assert seen["primary"] is None
    assert seen["arms"] is None


def test_a_look_stops_at_harm_beyond_doubt():
    seen = verdict.look(shop(treated_share=0.05), Terms(10, looks_planned=2))
    assert seen["verdict"] == verdict.HARMFUL
    assert seen["level"] == 0.048


def test_rows_become_columns_with_dormancy_in_layers():
    rows = [
        (1, True, 2, 900.0, 100.0, 1, 500.0, 4, 10),
        (2, False, 0, 0.0, 0.0, 0, 0.0, 0, -1),
        (3, True, 0, 0.0, 0.0, 0, 200.0, 1, 120),
    ]
    units = reading.units(rows, windows=(45, 90, 180, 360))
    assert units.came_back.tolist() == [True, False, False]
    assert units.before[:, 2].tolist() == [3, 0, 0]  # repeat purchases
    assert units.before[:, 3].tolist() == [10, 0, 120]  # days since the last one
    assert units.came_by[:, :2].tolist() == [[1, 1], [0, 0], [0, 1]]  # in W, in 360 days
    layers = units.before[:, 4:]  # never bought, within 45, 90, 180, 360, beyond
    assert layers.argmax(axis=1).tolist() == [1, 0, 3]


def test_the_history_counts_those_who_bought_nothing():
    assert reading.history(np.array([100.0, 300.0]), units=4) == (
        0.5,
        pytest.approx(99.5, abs=0.6),
        pytest.approx(19_800, rel=0.02),
    )
    assert reading.history(np.array([]), units=0) == (0.0, 0.0, 0.0)
