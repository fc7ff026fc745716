"""Every code of an explanation has words, and no fact of a sentence is lost on the way."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from huitou.insights import explain, levels, manifestations, reasons
from huitou.ui import explaining, explaining_words
from tests.rules.test_explain_reasons import row, run

SOURCE = Path(explain.__file__).read_text()
CODES = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', SOURCE))
CODES |= {f"reason.{code}" for code in reasons.CODES}
CODES |= {f"layer.{name}" for name in ("new", "developing", "active")}
CODES |= {f"{kind}.{name}" for kind in ("repeat", "risk") for name in ("frequency", "not_checked")}


def test_every_code_has_words():
    without = CODES - set(explaining_words.LINES) - {"level.missing"}
    assert not {code for code in without if not code.startswith(("gate.", "manifestation."))}
    assert set(levels.GATES) | set(manifestations.MANIFESTATIONS) <= set(explaining_words.GATES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_customer_is_explained_in_both_languages(language):
    full = row(
        loyalty_level="habitual", square="latent", level_gates=0b111, loyalty_index=68.5,
        satisfaction=75.0, repeat_part=62.0, grid_cell="develop", current_minor=11_500.0,
        headroom_minor=10_850.0, recognises=1.0, repeats=1.0, manifestations=2, run_periods=2,
        longest_run_periods=5,
    )  # fmt: skip
    with translation.override(language):
        shown = [explaining.told(why, currency="CNY") for why in explain.explained(full, run())]
    text = " ".join(
        [*(each.title for each in shown), *(s for each in shown for s in each.sentences)]
    )
    assert "{" not in text
    assert all(each.sentences for each in shown)
    figures = {each.score: each.figure for each in shown}
    assert figures["value_at_risk"] == "¥14"
    assert figures["risk"] == "60%"


def test_where_profit_is_not_known_the_word_is_not_used():
    with translation.override("en"):
        shown = [explaining.told(why, currency="CNY") for why in explain.explained(row(), run())]
    text = " ".join(
        [*(each.title for each in shown), *(s for each in shown for s in each.sentences)]
    )
    assert "rofit" not in text
    assert "Sales likely to be lost" in text


def test_the_parts_of_a_chance_are_points():
    with translation.override("en"):
        shown = {
            each.score: explaining.told(each, currency="CNY")
            for each in explain.explained(row(), run())
        }
    labels = dict(shown["repeat_probability"].parts)
    assert labels["A typical customer"].endswith("%")
    assert labels["Days since the last purchase"].endswith("points")
