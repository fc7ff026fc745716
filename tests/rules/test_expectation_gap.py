"""Expectation against perception, on one scale, exactly compared."""

from datetime import date

import numpy as np
import pytest

from huitou.insights import expectation

NAN = float("nan")


def answers(*rows):
    """(customer, day, touchpoint, E, P) in the order customer, day."""
    return {
        "customer_id": np.array([row[0] for row in rows], dtype=np.int64),
        "answered_on": np.array([row[1] for row in rows], dtype="datetime64[D]"),
        "touchpoint": np.array([row[2] for row in rows], dtype=object),
        "expectation": np.array([row[3] for row in rows], dtype=float),
        "perception": np.array([row[4] for row in rows], dtype=float),
    }


@pytest.mark.parametrize(
    ("perceived", "word", "gap"),
    [
        pytest.param(8, "disappointed", -2, id="found less than expected"),
        pytest.param(10, "met", 0, id="found exactly what was expected"),
        pytest.param(12, "delighted", 2, id="found more"),
        pytest.param(13, "delighted", 3, id="found much more"),
    ],
)
def test_ten_expected(perceived, word, gap):
    pairs = expectation.paired(answers((1, "2026-06-01", "", 10, perceived)))
    assert pairs.gap[0] == gap
    assert expectation.classes(pairs.gap)[0] == word


def test_the_worked_pairs():
    said = [(5, 4), (4, 4), (5, 3), (3, 4), (5, 5), (4, 2), (4, NAN)]
    pairs = expectation.paired(
        answers(*[(i, "2026-06-01", "till", e, p) for i, (e, p) in enumerate(said)])
    )
    facts = expectation.gap_facts(pairs.gap)
    assert facts["n"] == 6
    assert pairs.dropped == 1
    assert facts["mean_gap"] == pytest.approx(-0.666667, abs=1e-6)
    assert pairs.gap.std(ddof=1) / np.sqrt(6) == pytest.approx(0.494413, abs=1e-6)
    assert facts["few"]
    assert facts["shares"]["disappointed"]["k"] == 3


@pytest.mark.parametrize(
    ("rows", "gaps", "remembered", "dropped"),
    [
        pytest.param(
            [(1, "2026-01-01", "till", 4, NAN), (1, "2026-02-01", "till", NAN, 5)],
            [1],
            [False],
            0,
            id="expected first, found later",
        ),
        pytest.param(
            [(1, "2026-01-01", "till", 4, NAN), (1, "2026-02-01", "web", NAN, 5)],
            [],
            [],
            2,
            id="touchpoints are not mixed",
        ),
        pytest.param(
            [(1, "2026-01-01", "till", 4, NAN), (2, "2026-02-01", "till", NAN, 5)],
            [],
            [],
            2,
            id="nor customers",
        ),
        pytest.param(
            [
                (1, "2026-01-01", "till", 4, NAN),
                (1, "2026-02-01", "till", NAN, 5),
                (1, "2026-03-01", "till", NAN, 2),
            ],
            [1],
            [False],
            1,
            id="an expectation serves one perception",
        ),
        pytest.param(
            [(1, "2026-01-01", "till", 2, NAN), (1, "2026-02-01", "till", 4, 5)],
            [1],
            [True],
            1,
            id="asked together it is remembered",
        ),
        pytest.param(
            [(1, "2026-02-01", "till", NAN, 5), (1, "2026-03-01", "till", 4, NAN)],
            [],
            [],
            2,
            id="an expectation after the perception does not count",
        ),
    ],
)
def test_pairing(rows, gaps, remembered, dropped):
    pairs = expectation.paired(answers(*rows))
    assert pairs.gap.tolist() == gaps
    assert pairs.is_remembered.tolist() == remembered
    assert pairs.dropped == dropped


def test_only_the_latest_valid_pair_of_a_customer_counts():
    pairs = expectation.paired(
        answers(
            (1, "2026-01-01", "till", 5, 1),
            (1, "2026-05-01", "web", 3, 3),
            (2, "2024-01-01", "till", 5, 1),
        )
    )
    rows = expectation.latest_of_each(pairs, date(2026, 6, 30), valid_days=365)
    assert pairs.gap[rows].tolist() == [0]


def test_no_answers_give_no_pairs():
    pairs = expectation.paired(answers())
    assert len(pairs.gap) == 0
    assert pairs.dropped == 0
