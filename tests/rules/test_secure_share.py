"""Customers with all three at the top, and those with one at the bottom."""

import numpy as np
import pytest

from huitou.insights import secure, shares

NAN = float("nan")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((100, 70, 100), (True, False, True), id="all three at the top, 70 included"),
        pytest.param((100, 69.99, 100), (False, False, True), id="just below is not secure"),
        pytest.param((75, 90, 100), (False, False, True), id="fairly satisfied is not the top"),
        pytest.param((25, 90, 100), (False, True, True), id="dissatisfied is vulnerable"),
        pytest.param((100, 90, 0), (False, True, True), id="impossible is vulnerable"),
        pytest.param((100, 30, 100), (False, True, True), id="exactly 30 is vulnerable"),
        pytest.param((100, 90, NAN), (False, False, False), id="two of three are not judged"),
    ],
)
def test_secure_and_vulnerable(parts, expected):
    got = secure.secure(*(np.array([part], dtype=float) for part in parts))
    assert tuple(bool(column[0]) for column in got) == expected


def test_sixteen_of_twenty_four_are_few():
    facts = shares.share_facts(16, 24)
    assert facts["share"] == pytest.approx(2 / 3)
    assert (facts["lo"], facts["hi"]) == pytest.approx((0.467, 0.820), abs=5e-4)
    assert facts["few"]
