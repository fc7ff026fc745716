"""Levels by gates: behaviour alone never proves preference, and nobody is judged unasked."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import levels

D = date(2026, 6, 30)
NAN = float("nan")


def evidence(**facts):
    known = {
        "purchases": 1,
        "lasted_days": 0,
        "p_repeat": NAN,
        "satisfaction": NAN,
        "recommendation": NAN,
        "prefers": NAN,
        "resists": NAN,
        "loyalty_index": NAN,
        "content_since": "NaT",
        "content_until": "NaT",
        "referred": False,
        **facts,
    }
    kinds = {"purchases": np.int64, "lasted_days": np.int64, "referred": bool}
    for name in ("content_since", "content_until"):
        kinds[name] = "datetime64[D]"
    return levels.Evidence(
        **{name: np.array([fact], dtype=kinds.get(name, float)) for name, fact in known.items()}
    )


def judged(**facts):
    given_facts = evidence(**facts)
    passed = levels.gates(given_facts, D)
    feeling = levels.attitude(given_facts)
    return levels.placed(passed)[0], levels.square(feeling, passed)[0], feeling[0]


HABIT = {
    "purchases": 6,
    "lasted_days": 300,
    "p_repeat": 0.81,
    "satisfaction": 50,
    "recommendation": 50,
    "loyalty_index": 60.3,
    "content_since": "2026-06-01",
    "content_until": "2026-06-01",
}
TRUE = {
    **HABIT,
    "satisfaction": 100,
    "recommendation": 100,
    "prefers": 1,
    "loyalty_index": 93.7,
    "content_since": "2026-02-01",
    "content_until": "2026-06-01",
    "referred": True,
}


def test_the_two_worked_customers():
    assert judged(**HABIT) == ("habitual", "spurious", 50)
    level, cell, feeling = judged(**TRUE)
    assert (level, cell, feeling) == ("devoted", "true", 100)


@pytest.mark.parametrize(
    ("facts", "level", "cell"),
    [
        pytest.param({}, "", "", id="nobody is placed without an answer"),
        pytest.param({"purchases": 40, "p_repeat": 0.99}, "", "", id="not even by 40 purchases"),
        pytest.param({"recommendation": 100}, "", "", id="a recommendation alone is not asking"),
        pytest.param({"satisfaction": 25}, "none", "", id="one low answer, bought once"),
        pytest.param({"satisfaction": 50}, "habitual", "", id="a positive answer is enough"),
        pytest.param({"satisfaction": 0, "purchases": 2}, "habitual", "", id="two purchases too"),
        pytest.param(
            {"satisfaction": 100, "prefers": 0, "p_repeat": 0.2},
            "habitual",
            "none",
            id="one strong of two is a weak attitude",
        ),
        pytest.param(
            {**TRUE, "referred": False}, "preference", "true", id="devoted needs a referral"
        ),
        pytest.param(
            {**TRUE, "referred": False, "resists": 1}, "devoted", "true", id="or resistance"
        ),
        pytest.param(
            {**TRUE, "resists": 0, "referred": False}, "preference", "true", id="a no is no proof"
        ),
        pytest.param({**TRUE, "prefers": 0}, "habitual", "spurious", id="must prefer us"),
        pytest.param({**TRUE, "prefers": NAN}, "habitual", "true", id="a yes, not a silence"),
        pytest.param({**TRUE, "loyalty_index": 69.9}, "habitual", "true", id="index under 70"),
        pytest.param({**TRUE, "recommendation": 50}, "preference", "true", id="only possible"),
        pytest.param(
            {**TRUE, "p_repeat": 0.30}, "preference", "latent", id="latent reaches preference"
        ),
        pytest.param(
            {**TRUE, "content_since": "2026-04-01"},
            "devoted",
            "true",
            id="one positive with lasting behaviour will do",
        ),
        pytest.param(
            {**TRUE, "content_since": "2026-04-01", "lasted_days": 179},
            "habitual",
            "true",
            id="one positive after 179 days of buying will not",
        ),
        pytest.param(
            {**TRUE, "content_since": "2026-03-03", "lasted_days": 0},
            "devoted",
            "true",
            id="two exactly 90 days apart count",
        ),
        pytest.param(
            {**TRUE, "content_since": "2024-01-01", "content_until": "2025-06-01"},
            "habitual",
            "true",
            id="stale measurements carry no one",
        ),
        pytest.param({**TRUE, "p_repeat": NAN}, "preference", "latent", id="no model, no proof"),
    ],
)
def test_a_level_and_its_cell(facts, level, cell):
    assert judged(**facts)[:2] == (level, cell)


def test_the_bits_of_the_gates_come_back_as_words():
    passed = levels.gates(evidence(**TRUE), D)
    (bits,) = levels.packed(passed)
    got = levels.unpacked(int(bits))
    assert got == {name: bool(passed[name][0]) for name in levels.GATES}
    assert got["positive_twice"]


@given(
    purchases=st.integers(1, 30),
    p=st.one_of(st.just(NAN), st.floats(0, 1)),
    satisfaction=st.sampled_from([NAN, 0, 25, 50, 75, 100]),
    recommendation=st.sampled_from([NAN, 0, 50, 100]),
    prefers=st.sampled_from([NAN, 0, 1]),
)
def test_no_one_climbs_above_what_their_cell_can_reach(
    purchases, p, satisfaction, recommendation, prefers
):
    level, cell, feeling = judged(
        **{
            **TRUE,
            "purchases": purchases,
            "p_repeat": p,
            "satisfaction": satisfaction,
            "recommendation": recommendation,
            "prefers": prefers,
        }
    )
    best = {"true": "devoted", "latent": "preference"}.get(cell, "habitual")
    order = ("", *levels.LEVELS)
    assert order.index(level) <= order.index(best)
    if not feeling >= 70:
        assert level in {"", "none", "habitual"}
