"""20/80/30 names its denominators, and Gini its doubt."""

import numpy as np
import pytest

from huitou.insights import pareto
from huitou.insights.frames import MoneyBasis
from tests.rules import cdnow, shop_frames

PROFITS = np.array([40, 40, 4, 4, 4, 4, 4, -16, -17, -17])
REVENUE = np.array([50, 20, 10, 8, 5, 3, 2, 1, 1, 0])


def test_profits_are_those_of_the_source_texts():
    expected = cdnow.oracle("source_texts.json", "law_20_80_30")["expected"]
    found = pareto.law(PROFITS, REVENUE, seed=1)
    assert found["top20"] == {"members": 2, "sum_minor": expected["top20_sum"]}
    assert found["bottom30"] == {"members": 3, "sum_minor": expected["worst30_sum"]}
    assert found["potential_minor"] == expected["potential_without_worst30"]
    assert found["actual_minor"] == expected["actual_total"]
    assert found["top_over_potential"] == expected["top20_share_of_potential"]
    assert found["top_over_actual"] == expected["top20_share_of_total"]
    assert found["actual_over_potential"] == expected["actual_over_potential"]
    assert found["gini"] is None
    assert found["gini_reason"] == "negative_or_no_total"
    assert min(height for _, height in found["lorenz"]) < 0
    assert found["few"]


def test_revenue_has_the_computed_concentration():
    expected = cdnow.oracle("formulas.json", "lorenz")["expected"]
    found = pareto.law(REVENUE, REVENUE, seed=1)
    assert found["revenue"] == {
        "top20_share": expected["top20_share"],
        "bottom30_share": expected["bottom30_share"],
    }
    assert found["customers_for_80"] == {"count": expected["customers_for_80"], "share": 0.3}
    assert found["gini"] == pytest.approx(expected["gini"], abs=1e-9)
    assert found["lorenz"][0] == [0.0, 0.0]
    assert found["lorenz"][-1] == [1.0, 1.0]
    assert [p for p, _ in found["lorenz"]] == pytest.approx(np.arange(11) / 10)


@pytest.mark.parametrize(
    ("n", "top", "bottom"),
    [(5, 1, 1), (6, 2, 1), (9, 2, 2), (10, 2, 3), (11, 3, 3), (101, 21, 30)],
)
def test_the_top_is_rounded_up_and_the_bottom_down(n, top, bottom):
    found = pareto.law(np.arange(n), np.arange(n), seed=1)
    assert (found["top20"]["members"], found["bottom30"]["members"]) == (top, bottom)


def test_a_denominator_that_is_not_positive_gives_no_share():
    found = pareto.law(np.array([10, 0, 0, -5, -20]), np.zeros(5, dtype=int), seed=1)
    assert found["actual_minor"] == -15
    assert found["top_over_actual"] is None
    assert found["top_over_potential"] == 2.0
    assert found["actual_over_potential"] == -3.0
    assert found["revenue"] is None
    assert found["lorenz"] == []
    lost = pareto.law(np.full(5, -1), np.zeros(5, dtype=int), seed=1)
    assert lost["top_over_potential"] is None


def test_equal_buyers_have_gini_zero_and_their_fifth_brings_a_fifth():
    found = pareto.law(np.full(10, 7), np.full(10, 7), seed=1)
    assert found["gini"] == pytest.approx(0, abs=1e-12)
    assert found["top_over_actual"] == 0.2


def test_under_five_buyers_there_is_no_figure():
    found = pareto.law(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 4]), seed=1)
    assert (found["n"], found["reason"], found["actual_minor"]) == (4, "too_few", None)
    assert pareto.law(np.empty(0, dtype=int), np.empty(0, dtype=int), seed=1)["reason"] == "too_few"


def test_a_large_base_has_at_most_101_points():
    worth = np.random.default_rng(1).integers(0, 9_999, 12_345)
    assert len(pareto.lorenz(worth)) == 101


def test_drawing_buyers_is_the_plain_bootstrap():
    worth = np.random.default_rng(7).lognormal(3, 1, 60).astype(int)
    generator = np.random.default_rng(5)
    drawn = [pareto.gini(generator.choice(worth, len(worth))) for _ in range(3_000)]
    expected = np.quantile(drawn, [0.025, 0.975])
    assert pareto.gini_bootstrap(worth, seed=9) == pytest.approx(expected, abs=0.015)
    assert pareto.gini_bootstrap(worth, seed=9) == pareto.gini_bootstrap(worth, seed=9)


def test_the_influence_function_agrees_with_the_bootstrap():
    worth = np.random.default_rng(8).lognormal(5, 0.8, 4_000).astype(int)
    assert pareto.gini_influence(worth) == pytest.approx(
        pareto.gini_bootstrap(worth, seed=3), abs=0.003
    )


def bought(nets):
    return [(customer, "2026-05-01", net) for customer, net in enumerate(nets, start=1)]


def test_only_buyers_of_the_last_twelve_months_take_part():
    old = [(99, "2024-01-01", 10_000)]
    found = shop_frames.frames_of(bought(REVENUE.tolist()) + old)
    report = pareto.section(found, shop_frames.scores_of(found))
    assert (report["n"], report["basis"], report["actual_minor"]) == (10, "sales", 100)


def test_profit_is_used_only_where_it_is_known():
    run = shop_frames.context(money=MoneyBasis("profit", 0.95, 0.05, 0.4))
    found = shop_frames.frames_of(bought([100] * 10), run=run)
    found._columns["margin_365_minor"] = PROFITS.astype(float)
    found._columns |= {
        name: found.engine.columns(found.people.order_by("customer_id").select(name))[name]
        for name in ("days_365", "net_365_minor", "customer_id")
    }
    report = pareto.section(found, {})
    assert report["basis"] == "profit"
    assert report["top_over_actual"] == 1.6
    assert report["revenue"]["top20_share"] == 0.2
