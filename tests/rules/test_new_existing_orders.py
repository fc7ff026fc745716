"""First days against later days, and figures of others that are only shown."""

import numpy as np
import pytest

from huitou.insights import benchmarks, habits, new_existing
from tests.rules.shop_frames import frames_of, scores_of


def section(*purchases):
    frames = frames_of(purchases)
    scores = scores_of(frames)
    return new_existing.section(frames, scores | habits.columns(frames, scores))


def test_a_first_day_is_new_and_every_later_day_existing():
    one = [(each, "2026-03-01", 1_000) for each in range(1, 7)]
    later = [(each, "2026-05-01", 1_500) for each in range(1, 7)]
    same_day = [(1, "2026-05-01", 1_500)]
    got = section(*one, *later, *same_day)
    assert (got["new"]["orders"], got["new"]["mean_minor"]) == (6, 1_000)
    assert (got["existing"]["orders"], got["existing"]["mean_minor"]) == (7, 1_500)
    assert got["existing_over_new"] == pytest.approx(0.5)


def test_an_old_customers_first_day_is_not_new_in_this_year():
    got = section(*[(each, "2024-03-01", 900) for each in range(8)])
    assert got["new"]["orders"] == 0
    assert got["existing"]["mean_minor"] is None


def test_orders_of_one_customer_are_not_independent():
    alone = new_existing.order_value(np.full(40, 100.0), np.ones(40), seed=1)
    assert alone["lo"] == alone["hi"] == 100
    money = np.tile([100.0, 900.0], 20)
    wide = new_existing.order_value(money * 10, np.full(40, 10), seed=1)
    many = new_existing.order_value(np.repeat(money, 10), np.ones(400), seed=1)
    assert wide["hi"] - wide["lo"] > 2 * (many["hi"] - many["lo"])


def test_every_benchmark_names_its_source_and_scope():
    for row in benchmarks.BENCHMARKS:
        assert row.source
        assert row.scope
    (market,) = benchmarks.facts("satisfied_market")
    assert 0.78 - market["figure"] == pytest.approx(0.325)
    assert 0.77 - market["figure"] == pytest.approx(0.315)
    with pytest.raises(KeyError):
        benchmarks.facts("made_up")
