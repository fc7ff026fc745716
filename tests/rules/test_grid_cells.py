"""Current value against headroom, without flicker on the lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import grid

NAN = float("nan")
CUT = grid.Lines(120.0, 90.0)


def cell(current, room, previous=None):
    before = None if previous is None else np.array([previous], dtype=object)
    return grid.cells(np.array([current], float), np.array([room], float), CUT, before)[0]


def test_the_worked_customer_has_headroom_and_keeps_the_side_of_the_last_run():
    room = grid.headroom(np.array([115.0]), np.array([290.0]), np.array([0.62]))
    assert room == pytest.approx([108.5])
    assert cell(115, 108.5) == "develop"
    assert cell(115, 108.5, "keep_and_reward") == "keep_and_reward"
    assert cell(114, 108.5, "keep_and_reward") == "keep_and_reward"
    assert cell(113.9, 108.5, "keep_and_reward") == "develop"


@pytest.mark.parametrize(
    ("current", "room", "expected"),
    [
        pytest.param(120, 90, "keep_and_reward", id="on both lines counts as high"),
        pytest.param(119, 90, "develop", id="little now, much possible"),
        pytest.param(120, 89, "maintain", id="much now, little more to win"),
        pytest.param(-50, 0, "standard", id="a loss is its own flag, the cell is standard"),
    ],
)
def test_the_four_cells(current, room, expected):
    assert cell(current, room) == expected


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        pytest.param(125.9, "standard", id="not yet clear of the line by 5 %"),
        pytest.param(126, "maintain", id="clear of the line"),
    ],
)
def test_the_way_up_needs_the_same_clearance(current, expected):
    assert cell(current, 10, "standard") == expected


def test_nothing_is_never_high_even_where_half_bought_nothing():
    got = grid.cells(np.zeros(3), np.zeros(3), grid.Lines(0.0, 0.0))
    assert got.tolist() == ["standard"] * 3


def test_peers_are_of_the_same_category_and_year_where_there_are_thirty():
    current = np.concatenate([np.arange(1.0, 31), np.full(29, 1_000.0)])
    category = np.array(["coffee"] * 30 + ["tea"] * 29, dtype=object)
    best = grid.peers_best(current, category, np.zeros(59, dtype=np.int64))
    assert best[:30] == pytest.approx(np.percentile(np.arange(1, 31), 80))
    assert best[30:] == pytest.approx(np.percentile(current, 80))


def test_a_thin_year_looks_to_everyone():
    current = np.arange(40.0)
    years = np.array([0] * 35 + [3] * 5, dtype=np.int64)
    best = grid.peers_best(current, np.array([None] * 40, dtype=object), years)
    assert best[-1] == pytest.approx(np.percentile(current, 80))
    assert best[0] == pytest.approx(np.percentile(current[:35], 80))


def test_axes_that_do_not_vary_have_no_correlation():
    assert grid.rank_correlation(np.ones(40), np.arange(40.0)) is None


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=30, max_size=60),
    st.data(),
)
def test_staying_put_keeps_the_cell(rows, data):
    current, room = np.array(rows).T
    cut = grid.lines(current, room)
    first = grid.cells(current, room, cut)
    assert (grid.cells(current, room, cut, first) == first).all()
