"""One person's index and level from what they say now, on the examples of the measures."""

from datetime import date

import numpy as np
import pytest

from huitou.insights import at_once

D = date(2026, 6, 30)
NAMES = (
    "answered_on", "wave", "satisfaction", "recommendation", "repurchase_probability",
    "prefers_us", "resists_offers",
)  # fmt: skip


def attitude(*rows, purchases=6, p_repeat=0.62, lasted_days=400, is_one_off=False):
    whole = [(day, "", *said, *[None] * (5 - len(said))) for day, *said in rows]
    columns = {
        name: np.array([row[place] for row in whole], dtype=object)
        for place, name in enumerate(NAMES)
    }
    columns["answered_on"] = columns["answered_on"].astype("datetime64[D]")
    columns["customer_id"] = np.full(len(rows), 7, dtype=np.int64)
    row = {"customer_id": 7, "purchases": purchases, "p_repeat": p_repeat, "t_x_days": lasted_days}
    return at_once.renewed(columns, row, as_of=D, valid_days=365, is_one_off=is_one_off)


def test_the_index_of_the_measure_s_example():
    # Measurement 8: fairly satisfied, P = .62, possible -> 62.33; without recommendation 68.5.
    assert attitude((D, "fairly_satisfied", "possible"))["loyalty_index"] == pytest.approx(
        62.3333, abs=1e-4
    )
    assert attitude((D, "fairly_satisfied", ""))["loyalty_index"] == pytest.approx(68.5)


def test_fewer_than_two_parts_are_no_index():
    assert attitude()["loyalty_index"] is None
    assert attitude(p_repeat=None)["loyalty_index"] is None
    assert attitude((D, "satisfied", ""), p_repeat=None)["loyalty_index"] is None


def test_the_stated_chance_counts_only_where_no_model_knows_better():
    said = (D, "very_satisfied", "", 0.5)
    assert attitude(said, p_repeat=0.9)["loyalty_index"] == pytest.approx(95)
    assert attitude(said, p_repeat=None)["loyalty_index"] == pytest.approx(75)
    assert attitude(said, p_repeat=None, is_one_off=True)["loyalty_index"] is None


def test_levels_of_the_measure_s_examples():
    # Measurement 5: 6 purchases, .81, satisfaction 50, recommendation possible -> habitual.
    assert attitude((D, "satisfied", "possible"), p_repeat=0.81)["loyalty_level"] == "habitual"
    # Satisfaction 100, very likely, prefers, two positive answers 120 days apart -> devoted.
    earlier = (date(2026, 3, 2), "satisfied", "")
    now = (D, "very_satisfied", "very_likely", None, True, True)
    assert attitude(earlier, now, p_repeat=0.81)["loyalty_level"] == "devoted"
    assert attitude(p_repeat=0.81)["loyalty_level"] == ""


def test_an_answer_older_than_a_year_is_missing():
    assert attitude((date(2025, 6, 30), "satisfied", "possible"))["loyalty_index"] is not None
    assert attitude((date(2025, 6, 29), "satisfied", "possible"))["loyalty_index"] is None


def test_who_never_bought_is_no_part_of_the_index():
    assert attitude((D, "very_satisfied", "very_likely"), purchases=0) is None
