"""Every score says why, from what it was made of, and its parts add up."""

import json
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huitou.insights import contributions, explain, levels
from huitou.insights.kernels import mbgnbd
from tests.rules.shop_frames import MBG, frames_of, scores_of

NAN = float("nan")
P = dict(MBG.parameters)
DECILES = [
    {"from": 0.0, "to": 0.4, "n": 900, "observed": 0.2, "lo": 0.18, "hi": 0.22, "checked": True},
    {"from": 0.4, "to": 1.0, "n": 90, "observed": 0.6, "lo": 0.5, "hi": 0.7, "checked": False},
]
REPORT = {
    "windows": {"in_force": [45, 90, 180, 360]},
    "models": {"mbgnbd": {"parameters": P}},
    "money": {"name": "sales"},
    "calibration": {"deciles": DECILES, "risk": {"deciles": []}},
    "typical": {"all": {"n": 500, "purchases": 3.0, "usual_gap_days": 30.0, "dormancy_days": 60.0}},
    "grid": {"cuts": {"current_minor": 12_000, "headroom_minor": 9_000}, "reason": None},
}


def run(**other):
    facts = {
        "as_of": date(2026, 6, 30),
        "horizon_days": 90,
        "value_days": 1095,
        "model": "mbgnbd",
        "report": REPORT,
        **other,
    }
    return explain.Measured(**facts)


def row(**other):
    x, t_x, age = 5, 168, 266
    p = float(mbgnbd.p_repeat(P, np.array([x]), np.array([t_x]), np.array([age]), 90)[0])
    return {
        "layer": "high_win_back",
        "last_on": date(2026, 3, 24),
        "dormancy_days": age - t_x,
        "purchases": x + 1,
        "x": x,
        "t_x_days": t_x,
        "T_days": age,
        "recent": 0,
        "earlier": 6,
        "mark": "",
        "p_repeat": p,
        "risk": 0.603,
        "risk_days": 120,
        "expected_margin_365": 22.80,
        "value_at_risk": 0.603 * 22.80,
        "probably_lost": 25.23,
        "expected_spend": 24.0,
        "margin_share": 1.0,
        "lifetime_value": 36.33,
        "lifetime_undiscounted": 38.0887,
        "reasons": 1,
        "p_silence": 0.0039,
        **other,
    }


def why(score, **other):
    found = {each.score: each for each in explain.explained(row(**other), run())}
    return found[score]


def codes(found):
    return [line.code for line in found.lines]


def test_every_score_answers_in_order_and_as_json():
    found = explain.explained(row(), run())
    assert tuple(each.score for each in found) == explain.ORDER
    assert all(each.lines for each in found)
    assert json.dumps([each.json() for each in found], default=str, allow_nan=False)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"dormancy_days": 98},
            ["layer.last_purchase", "layer.between", "layer.next_in"],
            id="between two windows",
        ),
        pytest.param(
            {"layer": "lost", "dormancy_days": 400, "last_on": date(2025, 5, 26)},
            ["layer.last_purchase", "layer.at_least"],
            id="past the last window",
        ),
        pytest.param(
            {"layer": "new", "dormancy_days": 3, "last_on": date(2026, 6, 27)},
            ["layer.last_purchase", "layer.new", "layer.next_in"],
            id="within the first window the counts decide",
        ),
        pytest.param(
            {"dormancy_days": 90},
            ["layer.last_purchase", "layer.between", "layer.closed_days", "layer.next_in"],
            id="closed days are named",
        ),
        pytest.param({"layer": "no_purchase"}, ["layer.no_purchase"], id="never bought"),
    ],
)
def test_why_a_layer(facts, expected):
    assert codes(why("layer", **facts)) == expected


def test_the_window_and_the_days_to_the_next_layer_are_said():
    between, ahead = why("layer").lines[1:]
    assert between.facts == {"from": 90, "to": 180, "days": 98}
    assert ahead.facts["days"] == 82


def test_a_checked_cell_gives_a_natural_frequency_with_its_interval():
    found = why("repeat_probability")
    first = found.lines[0]
    assert first.code == "repeat.frequency"
    assert (first.facts["of_100"], first.facts["n"]) == (pytest.approx(20), 900)


def test_a_small_cell_is_not_yet_checked():
    assert codes(why("repeat_probability", p_repeat=0.5))[0] == "repeat.not_checked"
    assert codes(why("risk"))[0] == "risk.not_checked"


def test_the_parts_of_a_repeat_probability_add_up_exactly():
    found = why("repeat_probability")
    assert sum(part.amount for part in found.parts) == pytest.approx(found.value, abs=1e-12)
    silence = next(part for part in found.parts if part.code == "dormancy_days")
    assert silence.amount < 0


def test_the_factors_of_money_multiply_to_the_score():
    for score in ("value_at_risk", "lifetime_value"):
        found = why(score)
        assert np.prod([part.amount for part in found.parts]) == pytest.approx(found.value)


def test_profit_has_its_share_as_a_factor():
    known = run(report={**REPORT, "money": {"name": "profit"}})
    found = explain.explained(row(margin_share=0.4), known)
    lifetime = next(each for each in found if each.score == "lifetime_value")
    assert [part.code for part in lifetime.parts][2] == "margin_share"
    assert np.prod([part.amount for part in lifetime.parts]) == pytest.approx(lifetime.value)


def test_a_risk_names_its_reasons_and_never_a_complaint():
    found = why("risk")
    assert "reason.silence" in codes(found)
    assert codes(found)[-2:] == ["reason.chance_rate", "risk.cases_never_count"]
    assert "reason.chance_rate" not in codes(why("risk", reasons=0))


def test_without_a_model_every_forecast_says_so():
    unknown = dict.fromkeys(("p_repeat", "risk", "value_at_risk", "lifetime_value"), NAN)
    for score in ("repeat_probability", "risk", "value_at_risk", "lifetime_value"):
        found = why(score, **unknown)
        assert (found.value, codes(found)) == (None, ["model.none"])


def test_an_index_of_two_names_the_missing_third():
    found = why(
        "loyalty_index",
        satisfaction=75.0,
        repeat_part=62.0,
        recommendation=NAN,
        loyalty_index=68.5,
        repeat_origin="model",
    )
    assert codes(found) == ["index.mean", "index.missing"]
    mean = sum(
        part.amount * part.facts["weight"] for part in found.parts if part.amount is not None
    )
    assert mean == pytest.approx(68.5)


def test_no_index_says_how_many_were_known():
    found = why("loyalty_index", satisfaction=NAN, repeat_part=62.0, recommendation=NAN)
    assert found.value is None
    assert found.lines[0] == explain.Line("index.none", {"known": 1})


def test_a_level_says_what_is_missing_for_the_next():
    gates = {name: np.array([name in {"asked", "bought_twice", "attitude_strong", "prefers_us"}])
             for name in levels.GATES}  # fmt: skip
    found = why(
        "loyalty_level",
        loyalty_level="habitual",
        square="latent",
        level_gates=int(levels.packed(gates)[0]),
    )
    missing = [line.facts["gates"] for line in found.lines if line.code == "level.missing"]
    assert missing == [["index_70"], ["positive_twice", "positive_and_lasting"]]


def test_nobody_unasked_has_a_level():
    assert codes(why("loyalty_level", loyalty_level="")) == ["level.not_asked"]


def test_a_cell_kept_only_by_the_clearance_says_so():
    facts = {"grid_cell": "keep_and_reward", "current_minor": 11_500.0, "headroom_minor": 10_850.0}
    assert "grid.kept" in codes(why("grid_cell", **facts))
    assert "grid.kept" not in codes(why("grid_cell", **{**facts, "grid_cell": "develop"}))


@settings(max_examples=25)
@given(
    purchases=st.integers(1, 40),
    gap=st.integers(1, 200),
    dormancy=st.integers(0, 700),
)
def test_any_customer_adds_up(purchases, gap, dormancy):
    own = contributions.Habit(purchases, gap, dormancy)
    typical = contributions.Habit(2.0, 45.0, 80.0)
    found = contributions.contributions("mbgnbd", P, own, typical, horizon_days=90)
    assert found.typical + sum(found.parts.values()) == pytest.approx(found.own, abs=1e-12)
    if purchases == 1:
        assert 0 <= found.own <= 1


def test_what_does_not_differ_contributes_nothing():
    same = contributions.Habit(4.0, 30.0, 50.0)
    away = contributions.Habit(4.0, 30.0, 150.0)
    found = contributions.contributions("mbgnbd", P, away, same, horizon_days=90)
    assert found.parts["purchases"] == pytest.approx(0, abs=1e-15)
    assert found.parts["dormancy_days"] == pytest.approx(found.own - found.typical)


def test_the_typical_customer_of_a_base_and_its_layers():
    frames = frames_of(
        [(1, "2026-06-01", 1), (2, "2026-05-01", 1), (2, "2026-05-31", 1), (3, "2026-01-01", 1)]
    )
    layer = np.array(["new", "active", "high_win_back"], dtype=object)
    got = contributions.section(frames, scores_of(frames, layer=layer))
    assert got["all"] == {
        "n": 3,
        "purchases": 1,
        "usual_gap_days": 30,
        "dormancy_days": 30,
    }
    assert set(got) == {"all", "new", "active", "high_win_back"}
    assert got["new"]["usual_gap_days"] == 30
