"""Layers, RFM scores and suggested windows on small tables with known answers."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huitou.insights import layers, movements, rfm, windows
from huitou.insights.engine import Engine

PRESET = (45, 90, 180, 360)


@pytest.fixture(scope="module")
def engine():
    started = Engine(threads=1)
    yield started
    started.close()


def placed(engine, rows):
    """The layer of each (dormancy, recent, earlier)."""
    dormancy, recent, earlier = zip(*rows, strict=True)
    table = engine.put(
        "people",
        {
            "place": np.arange(len(rows)),
            "dormancy": np.array([-1 if d is None else d for d in dormancy]),
            "recent": np.array(recent),
            "earlier": np.array(earlier),
        },
    )
    word = layers.layer(table.dormancy.nullif(-1), table.recent, table.earlier, PRESET)
    found = engine.columns(table.select("place", layer=word).order_by("place"))
    return found["layer"].tolist()


# requirements 3.2: (dormancy, recent, earlier) of the twelve worked customers.
TWELVE = [
    pytest.param((None, 0, 0), "no_purchase", id="1 cancelled is not a purchase"),
    pytest.param((0, 1, 0), "new", id="2 two orders on one day are one purchase"),
    pytest.param((44, 1, 0), "new", id="3 last day of the window"),
    pytest.param((45, 0, 1), "cooling", id="4 day 45 is outside"),
    pytest.param((3, 2, 0), "developing", id="5 two purchases inside 45 days"),
    pytest.param((10, 1, 1), "developing", id="6 one earlier, one recent"),
    pytest.param((44, 1, 2), "active", id="7 day 45 counts as earlier"),
    pytest.param((89, 0, 2), "cooling", id="8 history does not matter once dormant"),
    pytest.param((90, 0, 3), "high_win_back", id="9 day 90 opens the window"),
    pytest.param((179, 0, 1), "high_win_back", id="10 last day before 180"),
    pytest.param((180, 0, 1), "low_win_back", id="11 day 180 belongs to one layer only"),
    pytest.param((360, 0, 1), "lost", id="12 day 360 closes the last window"),
    pytest.param((359, 0, 1), "low_win_back", id="12b day 359 does not"),
]


@pytest.mark.parametrize(("row", "word"), TWELVE)
def test_a_worked_customer_stands_in_its_layer(engine, row, word):
    assert placed(engine, [row]) == [word]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 800), st.integers(0, 5), st.integers(0, 5)), min_size=1))
def test_every_customer_is_in_exactly_one_layer(engine, rows):
    found = placed(engine, rows)
    sums = layers.by_layer(np.array(found, dtype=object), np.ones(len(rows), dtype=np.int64))
    assert sum(sums.values()) == len(rows)
    assert set(sums) == set(layers.LAYERS)


@pytest.mark.parametrize("wrong", [(45, 45, 180, 360), (0, 90, 180, 360), (90, 45, 180, 360)])
def test_windows_must_rise(wrong):
    with pytest.raises(ValueError, match="rise"):
        layers.checked(wrong)


def rank_scores(engine, values):
    table = engine.put("values", {"place": np.arange(len(values)), "v": np.array(values)})
    scored = table.select("place", score=rfm.rank_score(table.v)).order_by("place")
    return engine.columns(scored)["score"].tolist()


def test_equal_values_share_a_score_as_in_the_worked_example(engine):
    assert rank_scores(engine, [0, 0, 0, 0, 1, 1, 2, 3, 3, 9]) == [2, 2, 2, 2, 3, 3, 4, 5, 5, 5]
    assert rank_scores(engine, [7] * 6) == [3] * 6


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_scores_are_those_of_exact_fractions(engine, values):
    found = rank_scores(engine, values)
    for value, score in zip(values, found, strict=True):
        worse = sum(other < value for other in values)
        equal = values.count(value)
        assert score == 1 + int(Fraction(5 * (2 * worse + equal), 2 * len(values)))


def test_distinct_values_fall_into_equal_fifths(engine):
    found = rank_scores(engine, list(range(50)))
    assert [found.count(score) for score in range(1, 6)] == [10] * 5


def gap_days(pairs):
    return windows.Gaps(
        np.array([length for length, _ in pairs]),
        np.array([weight for _, weight in pairs], dtype=float),
        round(sum(weight for _, weight in pairs)),
    )


def test_quantiles_11_26_52_104_suggest_14_30_60_120():
    gaps = gap_days([(11, 750), (26, 150), (52, 50), (104, 30), (300, 20)])
    found = windows.suggestion(gaps, history_days=800, preset=PRESET)
    assert found.quantiles == (11, 26, 52, 104)
    assert found.windows == (14, 30, 60, 120)


def test_too_few_gaps_or_too_short_a_history_suggest_nothing_of_their_own():
    few = windows.suggestion(gap_days([(11, 150)]), history_days=800, preset=PRESET)
    assert (few.windows, few.reason) == (None, "few_gaps")
    long_gaps = gap_days([(11, 750), (26, 150), (52, 50), (200, 50)])
    capped = windows.suggestion(long_gaps, history_days=300, preset=PRESET)
    assert capped.windows == (14, 30, 60, 360)  # 240 is beyond half the history: the preset's


def test_every_customer_weighs_one_whatever_the_number_of_gaps(engine):
    # One customer with nine gaps of 3 days, one with a single gap of 30: the median is between.
    start = date(2025, 1, 1)
    rows = [(1, start + timedelta(days=3 * k), 3 if k else None) for k in range(10)]
    rows += [(2, start, None), (2, start + timedelta(days=30), 30)]
    import pyarrow as pa

    days = engine.put(
        "days_of_two",
        pa.table(
            {
                "customer_id": pa.array([row[0] for row in rows], pa.int64()),
                "day": pa.array([row[1] for row in rows], pa.date32()),
                "gap_days": pa.array([row[2] for row in rows], pa.int32()),
            }
        ),
    )
    base, _ = windows.gaps(engine, days, as_of=date(2025, 6, 1), history_days=151)
    assert base.lengths.tolist() == [3, 30]
    assert base.weights.tolist() == pytest.approx([1.0, 1.0])
    assert base.customers == 2


def test_movements_add_up_to_everyone_of_both_runs(engine):
    before = engine.put(
        "run_before",
        {"customer_id": np.array([1, 2, 3]), "layer": np.array(["new", "new", "lost"])},
    )
    now = engine.put(
        "run_now",
        {
            "customer_id": np.array([2, 3, 4, 5]),
            "layer": np.array(["active", "lost", "new", "new"]),
        },
    )
    told = movements.table(engine, before, now)
    assert told["arrived"] == 2
    assert told["erased"] == 1
    assert told["cells"] == [
        {"left": "lost", "entered": "lost", "customers": 1},
        {"left": "new", "entered": "active", "customers": 1},
    ]
