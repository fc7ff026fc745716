"""What more retention is worth: the textbook's numbers, and the model's own."""

import json
from pathlib import Path

import numpy as np
import pytest

from huitou.insights import economics
from huitou.insights.kernels.lifetime import Term

ORACLES = Path(__file__).parent.parent / "oracles"
MBG = {"r": 0.52484316, "alpha": 6.18308528, "a": 0.89135939, "b": 1.61400224}


def oracle(file, name):
    cases = json.loads((ORACLES / file).read_text())["cases"]
    return next(case for case in cases if case["name"] == name)


def test_the_multiples_and_gains_of_the_textbook():
    case = oracle("formulas.json", "retention_economics")
    discount = case["input"]["discount"]
    for (before, after), multiples, gain in zip(
        case["input"]["from_to"],
        case["expected"]["multiple"],
        case["expected"]["gain"],
        strict=True,
    ):
        got = [economics.multiple(rate, discount) for rate in (before, after)]
        assert got == pytest.approx(multiples, abs=1e-6)
        assert economics.gain(before, after, discount) == pytest.approx(gain, abs=1e-6)


@pytest.mark.parametrize("retention", [-0.1, 1.1, 2.0])
def test_a_retention_without_an_end_is_refused(retention):
    with pytest.raises(ValueError, match="retention"):
        economics.multiple(retention, 0.1)


def test_no_retention_is_worth_nothing_and_compares_with_nothing():
    assert economics.multiple(0, 0.1) == 0
    with pytest.raises(ValueError, match="0"):
        economics.gain(0, 0.5, 0.1)


def test_a_constant_rate_halves_what_different_customers_are_worth():
    # sBG(.8, 1.2): .60 stay the first year, the formula says 1.20, the truth is 2.38 margins.
    assert economics.multiple(0.60, 0.10) == pytest.approx(1.20)
    assert economics.sbg_multiple(0.8, 1.2, 0.10) == pytest.approx(2.38, abs=0.005)


def test_the_claims_only_multiply():
    claim = oracle("source_texts.json", "retention_5_points_claim")
    assert list(economics.claimed_profit(claim["input"]["profit"])) == claim["expected"]["range"]
    assert economics.claimed_cost_to_keep(500) == 100
    assert economics.claimed_existing_order(100) == 131


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        pytest.param((5_000.0, 10, 1_000.0, 10), 5, id="five times as dear to win"),
        pytest.param((5_000.0, 0, 1_000.0, 10), None, id="nobody was won"),
        pytest.param((5_000.0, 10, 0.0, 10), None, id="keeping cost nothing that is known"),
    ],
)
def test_own_cost_to_win_against_cost_to_keep(period, expected):
    assert economics.win_over_keep(*period) == expected


def test_company_value_adds_margins_and_takes_off_the_cost_of_winning():
    worth = economics.company_value(100, 50.0, 2.0, won=10, cost_to_win_minor=30.0)
    assert worth == 100 * 50 * 2 - 300


def base(n=400):
    generator = np.random.default_rng(5)
    x = generator.poisson(2, n)
    age = generator.integers(100, 700, n)
    t_x = np.where(x > 0, (age * generator.uniform(0.1, 1, n)).astype(int), 0)
    return economics.Base(x, np.maximum(t_x, (x > 0) * 1), age, np.full(n, 30.0), 1.0)


def test_the_drop_out_found_lifts_the_repeat_share_by_the_points_asked():
    from huitou.insights.kernels import mbgnbd

    here = base()
    customers = (here.x, here.t_x_days, here.T_days)
    before = mbgnbd.p_repeat(MBG, *customers, 365).mean()
    factor = economics.drop_out_for("mbgnbd", MBG, here, 5)
    changed = economics.with_drop_out("mbgnbd", MBG, factor)
    after = mbgnbd.p_repeat(changed, *customers, 365).mean()
    assert after - before == pytest.approx(0.05, abs=1e-4)
    assert changed["a"] + changed["b"] == pytest.approx(MBG["a"] + MBG["b"])


def test_more_points_are_worth_more_and_unreachable_ones_are_not_invented():
    gains = [
        economics.gain_of("mbgnbd", MBG, base(), points, Term(365, 10.0)) for points in (1, 3, 5)
    ]
    assert 0 < gains[0] < gains[1] < gains[2]
    assert economics.gain_of("mbgnbd", MBG, base(), 99, Term(365, 10.0)) is None


def test_every_kth_customer_stands_for_all():
    whole = base(1_000)
    part = whole.every(100)
    assert len(part.x) == 100
    assert part.scale == 10
    assert whole.every(5_000).scale == 1


def test_a_flat_fit_gives_a_gain_without_an_interval():
    from dataclasses import replace

    from tests.rules.shop_frames import in_force

    sure = in_force()
    flat = replace(sure, purchases=replace(sure.purchases, converged=False))
    known = economics.more_retention(sure, base(), Term(365, 10.0), seed=1)
    unsure = economics.more_retention(flat, base(), Term(365, 10.0), seed=1)
    assert [row["gain"] for row in unsure] == [row["gain"] for row in known]
    assert all(row["lo"] is None for row in unsure)
    assert all(row["lo"] < row["gain"] < row["hi"] for row in known if row["gain"])
