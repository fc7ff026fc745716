"""Who responds better: the Qini curve of Radcliffe, and when a ranking may say anything."""

import numpy as np
import pytest

from huitou.insights.proof import response
from huitou.insights.proof.response import Seen


@pytest.mark.parametrize(
    ("y", "uplift", "treatment", "expected"),
    [
        # The figures scikit-uplift's own tests expect of its qini_auc_score.
        pytest.param([1, 1], [0.1, 0.3], [0, 1], 1.0, id="the treated one who came is first"),
        pytest.param([1, 1], [0.1, 0.3], [1, 0], 0.0, id="the held-out one who came is first"),
        pytest.param([0, 1], [0.1, 0.3], [1, 0], 1.0, id="nobody treated came"),
        pytest.param([1, 0], [0.1, 0.3], [0, 1], 1.0, id="only the held-out one came"),
        pytest.param([0, 1, 2], [0.1, 0.3, 0.9], [0, 1, 0], -0.5, id="amounts, the wrong way"),
        pytest.param([0, 1, 2], [0.1, 0.3, 0.9], [1, 0, 1], 0.75, id="amounts, nearly right"),
    ],
)
def test_the_qini_is_that_of_scikit_uplift(y, uplift, treatment, expected):
    assert response.qini(y, uplift, treatment) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("y", "uplift", "places", "increments"),
    [
        pytest.param([0, 1, 0], [0.0, 0.0, 0.0], [0, 3], [0, 1], id="one score, one point"),
        pytest.param([0, 1, 2], [0.0, 1.0, 1.0], [0, 2, 3], [0, 3, 3], id="amounts"),
    ],
)  # fmt: skip
def test_the_curve_has_a_point_for_every_score(y, uplift, places, increments):
    found = response.qini_curve(y, uplift, [0, 1, 1])
    assert found[0].tolist() == places
    assert found[1].tolist() == pytest.approx(increments)


def test_the_increment_is_that_of_radcliffe_worked_by_hand():
    # Of six ranked so, half held out: after four, 2 of 2 treated came and 1 of 2 held out.
    y, arm = [1, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0]
    places, increments = response.qini_curve(y, [6, 5, 4, 3, 2, 1], arm)
    assert places.tolist() == [0, 1, 2, 3, 4, 5, 6]
    # 1 - 0 (nobody held out yet), 1 - 0/1, 2 - 0/1, 2 - 1/2 * 2, 2 - 1/2 * 3, 2 - 1/3 * 3
    assert increments.tolist() == pytest.approx([0, 1, 1, 2, 1, 0.5, 1])


def shop(n: int, *, seed: int, lift: float, held_out: float = 0.5) -> Seen:
    """Half of the people are regulars; the campaign brings ``lift`` more of those and no other."""
    random = np.random.default_rng(seed)
    regular = random.random(n) < 0.5
    treated = random.random(n) >= held_out
    back = random.random(n) < 0.2 + lift * (treated & regular)
    before = np.column_stack([regular, random.random(n)]).astype(float)
    return Seen(back, treated, before, {"purchases": regular * 4.0 + 1})


def test_those_who_truly_respond_better_are_found_and_told_apart():
    found = response.who(shop(20_000, seed=1, lift=0.1), seed=7)
    assert found is not None
    assert found["is_known"]
    first, others = found["first"], found["others"]
    assert first["lo"] < 0.1 < first["hi"]
    assert first["lo"] > others["hi"]
    assert first["known"]["purchases"] == pytest.approx(5.0)
    assert first["units"] == 4_000


def test_where_nobody_responds_better_hardly_any_ranking_beats_chance():
    # 2.5 % of rankings lie above the band by luck: 5 or more of 60 would be one in fifty.
    alarms = 0
    for seed in range(60):
        found = response.who(shop(10_000, seed=seed, lift=0.0), seed=seed)
        assert found is not None
        alarms += found["is_known"]
    assert alarms < 5


@pytest.mark.parametrize(
    "few",
    [
        pytest.param(shop(9_000, seed=1, lift=0.3), id="fewer than 10,000 people"),
        pytest.param(shop(20_000, seed=1, lift=0.3, held_out=0.03), id="under 200 buyers held out"),
        pytest.param(
            Seen(*(np.ones(10_000, dtype=bool),) * 2, np.empty((0, 0)), {}), id="nothing known"
        ),
    ],
)
def test_with_few_people_it_is_not_even_tried(few):
    assert response.who(few, seed=1) is None
