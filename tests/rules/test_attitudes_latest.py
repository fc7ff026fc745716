"""The latest valid answer to each question stands beside the person."""

from datetime import date

import numpy as np
import pytest

from huitou.insights import attitudes

D = date(2026, 6, 30)
COLUMNS = (
    "satisfaction",
    "recommendation",
    "repurchase_probability",
    "prefers_us",
    "resists_offers",
)


def said(customer, day, satisfaction="", recommendation="", **more):
    rest = (more.get("p", np.nan), more.get("prefers"), more.get("resists"))
    return (customer, day, satisfaction, recommendation, *rest)


def latest(*rows, people=(1, 2, 3)):
    ordered = sorted(rows, key=lambda row: row[:2])
    names = ("customer_id", "answered_on", *COLUMNS)
    types = (np.int64, "datetime64[D]", object, object, float, object, object)
    answers = {
        name: np.array([row[i] for row in ordered], dtype=kind)
        for i, (name, kind) in enumerate(zip(names, types, strict=True))
    }
    return attitudes.latest(answers, np.array(people, dtype=np.int64), D, valid_days=365)


def test_the_five_levels_and_the_three_are_the_texts_numbers():
    assert list(attitudes.SATISFACTION.values()) == [100, 75, 50, 25, 0]
    assert list(attitudes.RECOMMENDATION.values()) == [100, 50, 0]


def test_no_answers_leave_everyone_unknown():
    got = latest()
    assert np.isnan(got["satisfaction"]).all()
    assert np.isnat(got["content_since"]).all()


def test_each_question_keeps_its_own_latest_answer():
    got = latest(
        said(1, "2026-01-01", "satisfied", "possible", prefers=True),
        said(1, "2026-05-01", "very_satisfied"),
        said(3, "2026-05-01", "", "impossible", p=0.4, resists=False),
        said(9, "2026-05-01", "satisfied"),
    )
    assert got["satisfaction"].tolist()[0] == 100
    assert got["recommendation"][[0, 2]].tolist() == [50, 0]
    assert got["prefers"][0] == 1
    assert got["asked_probability"][2] == pytest.approx(0.4)
    assert got["resists"][2] == 0
    assert np.isnan(got["satisfaction"][1])
    assert got["satisfaction_before"][0] == 50


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        pytest.param("2025-06-30", True, id="365 days old is still valid"),
        pytest.param("2025-06-29", False, id="366 days old is missing"),
    ],
)
def test_an_answer_is_valid_for_a_year(day, valid):
    got = latest(said(2, day, "satisfied"))
    assert bool(got["satisfaction"][1] == 50) is valid
    assert got["satisfaction_on"][1] == np.datetime64(day)


@pytest.mark.parametrize(
    ("answers", "since", "until"),
    [
        pytest.param(
            [("2025-01-01", "satisfied"), ("2026-01-01", "very_satisfied")],
            "2025-01-01",
            "2026-01-01",
            id="two positive answers span a year",
        ),
        pytest.param(
            [
                ("2025-01-01", "satisfied"),
                ("2025-06-01", "dissatisfied"),
                ("2026-01-01", "satisfied"),
            ],
            "2026-01-01",
            "2026-01-01",
            id="a low answer starts the count anew",
        ),
        pytest.param(
            [("2025-01-01", "satisfied"), ("2026-01-01", "very_dissatisfied")],
            "NaT",
            "NaT",
            id="a low answer last leaves no positive measurement",
        ),
    ],
)
def test_contentment_counts_from_the_last_low_answer(answers, since, until):
    got = latest(said(1, "2026-01-05", "satisfied"), *(said(2, day, word) for day, word in answers))
    assert str(got["content_since"][1]) == since
    assert str(got["content_until"][1]) == until
    assert str(got["content_since"][0]) == "2026-01-05"
