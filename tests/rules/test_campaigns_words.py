"""The sentences of a result: what was shown, and nothing more."""

import pytest
from django.utils import translation

from huitou.console import campaign_result, campaign_words
from huitou.console.loop_proof import proof_figure
from huitou.insights.proof import verdict
from huitou.insights.proof.words import VERDICTS
from huitou.ui import figures


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.067, 0.171, "Of 100 people, 6.7 to 17.1 more came back because of it."),
        (-0.184, -0.077, "Of 100 people, 7.7 to 18.4 fewer came back because of it."),
        (-0.088, 0.016, "between 8.8 fewer and 1.6 more came back: it may have done nothing."),
    ],
)
def test_an_effect_on_people_is_told_for_a_hundred(low, high, said):
    effect = {"outcome": "came_back", "lo": low, "hi": high}
    with translation.override("en"):
        assert said in campaign_words.effect_sentence(effect, "profit", "CNY")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (150, 800, "Between ¥1.50 and ¥8.00 more profit per person."),
        (-800, -150, "Between ¥1.50 and ¥8.00 less profit per person."),
        (
            -150,
            800,
            "Between ¥1.50 less and ¥8.00 more profit per person: it may have done nothing.",
        ),
    ],
)
def test_an_effect_on_money_says_profit_or_sales(low, high, said):
    effect = {"outcome": "money", "lo": low, "hi": high}
    with translation.override("en"):
        assert campaign_words.effect_sentence(effect, "profit", "CNY") == said
        assert "sales" in campaign_words.effect_sentence(effect, "sales", "CNY")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(0, "0.0", id="nothing at all is zero"),
        pytest.param(-0.003, "−0.003", id="just below zero has as many digits as it takes"),
        pytest.param(0.04, "0.04", id="just above zero too"),
        pytest.param(-1e-9, "just below 0", id="and words where digits end"),
        pytest.param(-5.55, "−5.6", id="anything else is rounded as ever"),
    ],
)
def test_an_end_beside_zero_shows_on_which_side_it_lies(value, said):
    assert figures.apart_from_zero(value, "en", 1) == said


def test_money_that_rounds_to_nothing_is_not_shown_as_nothing():
    assert figures.money_apart_from_zero(-0.3, "CNY", "en") == "−¥0.003"
    assert figures.money_apart_from_zero(0, "CNY", "en") == "¥0.00"
    assert figures.money_apart_from_zero(-1e-7, "CNY", "zh-hans") == "略低于 0"
    effect = {"outcome": "money", "lo": -0.3, "hi": 5_600}
    with translation.override("en"):
        said = campaign_words.effect_sentence(effect, "sales", "CNY")
    assert said.startswith("Between ¥0.003 less and ¥56.00 more sales")


def test_every_verdict_has_a_word_and_a_tone():
    assert set(VERDICTS) == {*verdict.VERDICTS} - {verdict.WAITING}
    assert set(campaign_words.VERDICT_TONES) == set(VERDICTS)


def test_what_has_no_interval_has_no_sentence():
    assert campaign_words.effect_sentence({"outcome": "money", "lo": None}, "sales", "CNY") == ""
    assert campaign_words.effect_sentence(None, "sales", "CNY") == ""


@pytest.mark.parametrize(
    ("low", "high", "evidence"), [(0.1, 0.3, "gain"), (-0.3, -0.1, "harm"), (-0.1, 0.1, "none")]
)
def test_the_line_of_an_effect_always_holds_zero(low, high, evidence):
    drawn = campaign_result.plot({"lo": low, "hi": high, "value": (low + high) / 2})
    assert drawn is not None
    assert drawn["evidence"] == evidence
    assert 0 <= drawn["lo"] < drawn["at"] < drawn["hi"] <= 100
    assert 0 <= drawn["zero"] <= 100


def test_the_figure_of_the_overview_counts_verdicts_and_sums_no_effects():
    with translation.override("en"):
        found = proof_figure({"effective": 1, "harmful": 1, "no_evidence": 2, "no_control": 3})
    assert (found.finished, found.proven) == (7, 4)
    assert found.parts[0] == ("effective", "ok", 1)
