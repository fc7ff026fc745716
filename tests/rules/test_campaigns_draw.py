"""The draw: a hash anybody can compute again, households together."""

from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.campaigns import draw

IDS = np.arange(1, 20_001)


def test_u_is_the_first_eight_bytes_of_the_hash_of_salt_campaign_and_unit():
    digest = sha256(b"saltcam_1" + b"42").digest()
    assert draw.chance("salt", "cam_1", 42) == Fraction(int.from_bytes(digest[:8], "big"), 2**64)


def test_a_unit_is_held_out_if_u_is_below_the_share():
    out = draw.held_out("salt", "cam_1", IDS.tolist(), percent=Fraction(10))
    chances = [draw.chance("salt", "cam_1", int(unit)) < Fraction(1, 10) for unit in IDS]
    assert out.tolist() == chances


@pytest.mark.parametrize(("percent", "least", "most"), [(10, 1_850, 2_150), (50, 9_750, 10_250)])
def test_about_the_share_is_held_out(percent, least, most):
    out = draw.held_out("s", "cam_2", IDS.tolist(), percent=Fraction(percent))
    assert least < out.sum() < most


def test_nobody_at_0_and_everybody_at_100_percent():
    assert not draw.held_out("s", "c", IDS.tolist(), percent=Fraction(0)).any()
    assert draw.held_out("s", "c", IDS.tolist(), percent=Fraction(100)).all()


def test_another_campaign_draws_others():
    one = draw.held_out("s", "cam_1", IDS.tolist(), percent=Fraction(50))
    other = draw.held_out("s", "cam_2", IDS.tolist(), percent=Fraction(50))
    assert 9_700 < (one == other).sum() < 10_300


def test_the_global_group_stays_within_the_year_and_changes_with_it():
    this = draw.globally_held_out("s", 2026, IDS.tolist(), percent=Fraction(2))
    again = draw.globally_held_out("s", 2026, IDS.tolist(), percent=Fraction(2))
    after = draw.globally_held_out("s", 2027, IDS.tolist(), percent=Fraction(2))
    assert this.tolist() == again.tolist() != after.tolist()


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=50), st.integers(0, 100))
def test_the_draw_of_a_unit_does_not_depend_on_who_else_is_there(units, percent):
    together = draw.held_out("s", "c", units, percent=Fraction(percent))
    alone = [draw.held_out("s", "c", [unit], percent=Fraction(percent))[0] for unit in units]
    assert together.tolist() == alone


def test_people_who_share_a_phone_or_an_address_are_one_unit_named_after_the_lowest():
    pairs = [(3, 9), (9, 12), (5, 6)]  # 3-9 by phone, 9-12 by e-mail
    units = draw.units_of(np.array([3, 5, 6, 9, 12, 20]), pairs)
    assert units.tolist() == [3, 5, 5, 3, 3, 20]


def test_a_chain_of_households_in_any_order_is_one():
    assert draw.units_of(np.array([8, 7, 2, 1]), [(7, 8), (2, 7), (1, 2)]).tolist() == [1, 1, 1, 1]
