"""Benefits less costs, from forms that may have gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.insights import perceived_value

NAN = float("nan")


@pytest.mark.parametrize(
    ("benefits", "costs", "expected"),
    [
        pytest.param((4, 5, 4, 3), (3, 2, 2, 1), 8, id="the worked example: 16 - 8"),
        pytest.param((5, 5, 5, 5), (1, 1, 1, 1), 16, id="the best there is"),
        pytest.param((1, 1, 1, 1), (5, 5, 5, 5), -16, id="the worst there is"),
        pytest.param((4, 5, NAN, 3), (3, 2, 2, 1), 8, id="one missing: 12 x 4/3 = 16"),
        pytest.param((4, 5, NAN, 3), (3, 2, NAN, 1), 8, id="one missing on each side"),
        pytest.param((4, NAN, NAN, 3), (3, 2, 2, 1), NAN, id="two missing on a side: no value"),
    ],
)
def test_a_form(benefits, costs, expected):
    got = perceived_value.perceived(np.array([benefits], float), np.array([costs], float))
    assert got == pytest.approx([expected], nan_ok=True)


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 8), min_size=1, max_size=20))
def test_a_value_stays_within_its_range(forms):
    items = np.array(forms, float)
    got = perceived_value.perceived(items[:, :4], items[:, 4:])
    assert (np.abs(got) <= 16).all()


def test_the_item_with_most_room_raises_the_value_most():
    benefits = np.tile([5.0, 5.0, 2.0, 5.0], (10, 1))
    costs = np.tile([1.0, 1.0, 1.0, 1.0], (10, 1))
    costs[:4, 0] = 3
    best, second, *rest = perceived_value.what_if(benefits, costs)
    assert (best["item"], best["raises"]) == ("benefit_staff", 1)
    assert (second["item"], second["raises"]) == ("cost_money", 0.4)
    assert all(row["raises"] == 0 for row in rest)
