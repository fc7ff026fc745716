"""The three-indicator index of a person and of everyone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import index, rollup
from huitou.insights.attitudes import RECOMMENDATION, SATISFACTION

NAN = float("nan")


def of(satisfaction, p_repeat, recommendation, weights=(1.0, 1.0, 1.0)):
    parts = [
        SATISFACTION.get(satisfaction, NAN),
        NAN if p_repeat is None else 100 * p_repeat,
        RECOMMENDATION.get(recommendation, NAN),
    ]
    return index.combined(np.array([parts]), weights)[0]


@pytest.mark.parametrize(
    ("satisfaction", "p_repeat", "recommendation", "expected"),
    [
        pytest.param("fairly_satisfied", 0.62, "possible", 62.3333, id="the worked example"),
        pytest.param("fairly_satisfied", 0.62, None, 68.5, id="two of three are rescaled"),
        pytest.param(None, 0.62, None, NAN, id="one of three gives no index, never 0"),
        pytest.param(None, None, None, NAN, id="nothing known gives no index"),
        pytest.param("very_satisfied", 1.0, "very_likely", 100, id="all at the top"),
        pytest.param("very_dissatisfied", 0.0, "impossible", 0, id="all at the bottom is a real 0"),
        pytest.param("satisfied", None, "very_likely", 75, id="no model, both answers known"),
    ],
)
def test_the_index_of_a_person(satisfaction, p_repeat, recommendation, expected):
    got = of(satisfaction, p_repeat, recommendation)
    assert got == pytest.approx(expected, abs=1e-4, nan_ok=True)


def test_weights_are_rescaled_over_the_known_parts():
    assert of("very_satisfied", None, "impossible", (3.0, 1.0, 1.0)) == pytest.approx(75)


@pytest.mark.parametrize(
    ("p", "band"),
    [
        (0.95, "high"),
        pytest.param(0.7, "high", id="exactly 70 % is high"),
        pytest.param(0.6999, "middle", id="rounding never lifts a band"),
        (0.5, "middle"),
        (0.3001, "middle"),
        pytest.param(0.3, "low", id="exactly 30 % is low"),
        (0.05, "low"),
    ],
)
def test_both_bounds_belong_to_the_outer_band(p, band):
    assert index.bands(np.array([100 * p]))[0] == band


def test_an_unknown_value_has_no_band():
    assert index.bands(np.array([NAN]))[0] == ""


def test_the_five_satisfaction_levels_have_the_bands_of_the_text():
    got = index.bands(np.array(list(SATISFACTION.values())))
    assert got.tolist() == ["high", "high", "middle", "low", "low"]


@given(
    st.lists(
        st.tuples(*[st.one_of(st.just(NAN), st.floats(0, 100)) for _ in range(3)]), max_size=30
    )
)
def test_an_index_lies_between_its_known_parts(rows):
    parts = np.array(rows, dtype=float).reshape(-1, 3)
    got = index.combined(parts)
    for row, value in zip(parts, got, strict=True):
        known = row[~np.isnan(row)]
        assert np.isnan(value) == (len(known) < 2)
        if len(known) >= 2:
            assert known.min() - 1e-9 <= value <= known.max() + 1e-9


def test_the_asked_probability_stands_in_only_where_there_is_no_model():
    part, origin = index.repeat_part(np.array([0.2, NAN, NAN]), np.array([0.9, 0.9, NAN]))
    assert part == pytest.approx([20, 90, NAN], nan_ok=True)
    assert origin.tolist() == ["model", "asked", ""]


@pytest.mark.parametrize(
    ("bought", "registered", "days", "expected"),
    [
        pytest.param(True, False, 10.0, 100, id="a friend bought"),
        pytest.param(False, True, 10.0, 50, id="a friend only registered"),
        pytest.param(False, False, 360.0, 0, id="nobody within 360 days"),
        pytest.param(False, False, 359.0, NAN, id="too early to say"),
    ],
)
def test_in_a_one_off_business_a_referral_stands_in_for_the_repeat(
    bought, registered, days, expected
):
    got = index.referral_part(np.array([bought]), np.array([registered]), np.array([days]))
    assert got == pytest.approx([expected], nan_ok=True)


def test_cronbach_alpha_by_hand():
    # Variances 2.5 each; the sums 4, 5, 10, 11, 15 have variance 20.5.
    parts = np.array([[1, 1, 2], [2, 2, 1], [3, 3, 4], [4, 4, 3], [5, 5, 5]], dtype=float)
    assert index.cronbach_alpha(parts) == pytest.approx(1.5 * (1 - 7.5 / 20.5))
    assert index.cronbach_alpha(np.repeat(parts[:, :1], 3, axis=1)) == pytest.approx(1)


def test_alpha_needs_five_complete_customers_and_some_spread():
    assert index.cronbach_alpha(np.ones((4, 3))) is None
    assert index.cronbach_alpha(np.ones((9, 3))) is None


def answers(n_satisfied, n_fairly, share_satisfied, share_fairly):
    satisfaction = np.repeat([50.0, 75.0], [n_satisfied, n_fairly])
    likely = [
        np.arange(n) < share * n
        for n, share in ((n_satisfied, share_satisfied), (n_fairly, share_fairly))
    ]
    return satisfaction, np.where(np.concatenate(likely), 100.0, 50.0)


@pytest.mark.parametrize(
    ("case", "suspected"),
    [
        pytest.param((150, 150, 0.6, 0.3), True, id="the lower label recommends more"),
        pytest.param((150, 150, 0.32, 0.3), False, id="a difference within its interval"),
        pytest.param((150, 150, 0.3, 0.6), False, id="the order of the text"),
        pytest.param((90, 90, 0.9, 0.1), None, id="under 200 answers nothing is checked"),
    ],
)
def test_a_misread_scale_is_noticed(case, suspected):
    got = index.misread(*answers(*case))
    assert (got and got["suspected"]) == suspected


def test_a_change_counts_the_same_customers_and_may_be_unproven():
    before = np.array([50.0, 60, 70, NAN, 55, 65, 45])
    up = index.paired_change(before, before + np.array([10.0, 12, 9, 5, 11, 8, 10]))
    assert up["n"] == 6
    assert up["proven"]
    noise = index.paired_change(before, before + np.array([10.0, -12, 9, 5, -11, 8, -5]))
    assert not noise["proven"]


def test_under_ten_percent_coverage_the_silent_are_imagined_lower():
    values = np.full(1_000, NAN)
    values[:50] = np.tile([60.0, 80.0], 25)
    whole = rollup.rolled_up(values, np.full(1_000, "new", dtype=object), np.ones(1_000))
    assert index.sensitivity(whole) == {"points": -10.0, "value": pytest.approx(70 - 9.5)}
    assert index.sensitivity(rollup.rolled_up(values[:60], np.zeros(60, int), np.ones(60))) is None
