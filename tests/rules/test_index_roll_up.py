"""The answers of some, weighted back to everyone they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import rollup

NAN = float("nan")


def base(*cells):
    """Cells of (layer, store, people, values known) as population columns."""
    values, layer, store = [], [], []
    for name, shop, people, known in cells:
        values += [*known, *[NAN] * (people - len(known))]
        layer += [name] * people
        store += [shop] * people
    return np.array(values, dtype=float), np.array(layer, dtype=object), np.array(store)


def spread(n, mean, sd):
    """n values with exactly this mean and standard deviation (n even)."""
    half = sd * np.sqrt((n - 1) / n)
    return [mean - half, mean + half] * (n // 2)


def test_the_worked_roll_up():
    got = rollup.rolled_up(
        *base(
            ("new", 1, 6_000, spread(60, 62, 25)),
            ("active", 1, 3_000, spread(60, 70, 22)),
            ("cooling", 1, 1_000, spread(80, 84, 18)),
        )
    )
    assert got.mean.mean == pytest.approx(66.6)
    assert (got.mean.lo, got.mean.hi) == pytest.approx((62.4, 70.8), abs=0.05)
    assert got.mean.n_eff == pytest.approx(131, abs=0.5)
    assert got.coverage == pytest.approx(0.02)
    assert not got.not_represented


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            [("new", 1, 100, [10] * 5), ("new", 2, 50, [40] * 3), ("new", 3, 50, [40] * 2)],
            (100 * 10 + 100 * 40) / 200,
            id="small cells of a layer are joined over the stores",
        ),
        pytest.param(
            [("new", 1, 100, [10] * 5), ("new", 2, 100, [40] * 4)],
            (50 + 160) / 9,
            id="where the rest is still under five the whole layer is one cell",
        ),
        pytest.param(
            [("new", 1, 100, [10] * 3), ("developing", 1, 100, [40] * 9)],
            (30 + 360) / 12,
            id="a layer under five joins the next layer",
        ),
        pytest.param(
            [("active", 1, 100, [10] * 9), ("lost", 1, 100, [40] * 3)],
            (90 + 120) / 12,
            id="the last layer joins the one before it",
        ),
    ],
)
def test_cells_with_fewer_than_five_answers_are_joined(cells, expected):
    assert rollup.rolled_up(*base(*cells)).mean.mean == pytest.approx(expected)


def test_people_nobody_answered_for_are_named_and_leave_the_weights():
    got = rollup.rolled_up(
        *base(
            ("new", 1, 100, [50.0] * 10),
            ("active", 1, 300, [70.0] * 10),
            ("high_win_back", 1, 40, []),
            ("low_win_back", 1, 60, []),
            ("lost", 1, 5, [20.0] * 5),
        )
    )
    # low_win_back joins lost; high_win_back joins low_win_back, which lost already carries.
    assert not got.not_represented
    silent = rollup.rolled_up(*base(("new", 1, 100, []), ("active", 1, 300, [])))
    assert silent.not_represented == (("new", 100), ("active", 300))
    assert silent.facts()["mean"] is None


def test_an_empty_population_is_an_empty_figure():
    got = rollup.rolled_up(np.array([]), np.array([], dtype=object), np.array([], dtype=np.int64))
    assert (got.population, got.coverage, got.facts()["n"]) == (0, None, 0)


def test_few_effective_answers_are_marked():
    got = rollup.rolled_up(*base(("new", 1, 90, [50.0, 60.0] * 10)))
    assert got.facts()["few"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(rollup.LAYERS),
            st.integers(1, 3),
            st.integers(0, 30),
            st.lists(st.floats(0, 100), max_size=12),
        ),
        max_size=12,
    )
)
def test_a_roll_up_keeps_its_people_and_stays_within_its_answers(cells):
    values, layer, store = base(*[(a, b, c + len(d), d) for a, b, c, d in cells])
    got = rollup.rolled_up(values, layer, store)
    assert got.population == len(values)
    known = values[~np.isnan(values)]
    assert got.mean.n == len(known)
    if len(known):
        assert known.min() - 1e-6 <= got.mean.mean <= known.max() + 1e-6


def test_full_answers_give_the_plain_mean():
    generator = np.random.default_rng(3)
    values = generator.uniform(0, 100, 4_000)
    layer = generator.choice(np.array(rollup.LAYERS, dtype=object), 4_000)
    got = rollup.rolled_up(values, layer, generator.integers(1, 5, 4_000))
    assert got.mean.mean == pytest.approx(values.mean())
