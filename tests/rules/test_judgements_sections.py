"""Every section of the report from one made-up shop: the keys screens read, and honest gaps."""

import json

import numpy as np
import pytest

from huitou.insights import (
    attitudes,
    churn,
    economics,
    expectation,
    grid,
    habits,
    index,
    levels,
    manifestations,
    new_existing,
    perceived_value,
    reasons,
    secure,
)
from huitou.insights.frames import MoneyBasis
from huitou.insights.kernels import gamma_gamma, mbgnbd
from tests.rules.shop_frames import MBG, MONEY, context, frames_of, in_force, scores_of

WITH_COLUMNS = (attitudes, habits, index, levels, grid, reasons, churn, manifestations)
WITH_SECTION = {
    "index": index.section,
    "secure": secure.section,
    "levels": levels.section,
    "satisfied_not_returning": levels.satisfied_not_returning,
    "expectation": expectation.section,
    "perceived_value": perceived_value.section,
    "grid": grid.section,
    "churn_list": churn.section,
    "manifestations": manifestations.section,
    "economics": economics.section,
    "new_existing": new_existing.section,
}


def purchases(customers):
    generator = np.random.default_rng(1)
    for customer in range(1, customers + 1):
        start = np.datetime64("2025-01-05") + int(generator.integers(0, 500))
        for step in range(int(generator.integers(1, 9))):
            day = start + 20 * step
            if day <= np.datetime64("2026-06-30"):
                yield customer, str(day), int(generator.integers(500, 9_000))


def answer(customer):
    words = list(attitudes.SATISFACTION), list(attitudes.RECOMMENDATION)
    return {
        "customer_id": customer,
        "answered_on": np.datetime64("2026-05-01").astype(object),
        "wave": "1",
        "satisfaction": words[0][customer % 4],
        "recommendation": words[1][customer % 3],
        "prefers_us": customer % 2 == 0,
        "expectation": 4.0,
        "perception": float(3 + customer % 3),
        "touchpoint": "till" if customer % 2 else "web",
        **dict.fromkeys(perceived_value.BENEFITS, 4),
        **dict.fromkeys(perceived_value.COSTS, 2),
    }


def modelled(frames):
    summary = [frames.column(name) for name in ("x", "t_x_days", "T_days")]
    p = dict(MBG.parameters)
    spend = gamma_gamma.expected_spend(MONEY.parameters, summary[0], frames.money_major())
    alive, year = mbgnbd.p_alive(p, *summary), mbgnbd.expected_purchases(p, *summary, 365)
    risk = 1 - mbgnbd.p_repeat(p, *summary, 90)
    return {
        "p_alive": alive,
        "p_repeat": 1 - risk,
        "risk": risk,
        "p_repeat_365": mbgnbd.p_repeat(p, *summary, 365),
        "expected_spend": spend,
        "expected_margin_365": year * spend,
        "value_at_risk": risk * year * spend,
        "probably_lost": (1 - alive) * year * spend / alive,
    }


def measured(customers, answered, *, model=True):
    frames = frames_of(
        purchases(customers),
        [answer(customer) for customer in range(1, answered + 1)],
        model=in_force() if model else None,
    )
    scores = scores_of(frames, **(modelled(frames) if model else {}))
    for measure in WITH_COLUMNS:
        found = measure.columns(frames, scores)
        assert all(len(column) == frames.size for column in found.values())
        scores |= found
    return frames, scores


def report(frames, scores):
    found = {name: section(frames, scores) for name, section in WITH_SECTION.items()}
    return json.loads(json.dumps(found, allow_nan=False))


@pytest.fixture(scope="module")
def shop():
    frames, scores = measured(300, 120)
    return frames, scores, report(frames, scores)


def test_every_section_is_plain_json_with_intervals(shop):
    _, _, got = shop
    assert got["index"]["lo"] < got["index"]["value"] < got["index"]["hi"]
    assert 0 < got["index"]["coverage"] < 1
    assert got["index"]["parts"]["repeat"]["n"] == got["index"]["population"]
    assert got["satisfied_not_returning"]["customers"] > 0
    assert got["new_existing"]["new"]["lo"] < got["new_existing"]["new"]["hi"]
    assert got["churn_list"]["lo"] < got["churn_list"]["at_risk_total"] < got["churn_list"]["hi"]
    assert got["expectation"]["n"] == 120
    assert {row["touchpoint"] for row in got["expectation"]["by_touchpoint"]} == {"till", "web"}
    assert got["perceived_value"]["mean"] == 8
    sub_scores = got["manifestations"]["sub_scores"]
    assert sub_scores["behavioural"]["n"] == got["index"]["population"]
    assert sub_scores["emotional"]["n"] <= 120
    assert sub_scores["intended"]["reason"] == "too_few"


def test_the_asked_and_the_not_asked_are_the_population(shop):
    _, _, got = shop
    levels_found = got["levels"]
    assert levels_found["asked"] + levels_found["not_asked"] == levels_found["population"]
    assert sum(levels_found["counts"].values()) == levels_found["asked"]


def test_the_list_is_sorted_by_value_at_risk(shop):
    _, scores, got = shop
    place = {customer: row for row, customer in enumerate(scores["customer_id"].tolist())}
    at_risk = [scores["value_at_risk"][place[customer]] for customer in got["churn_list"]["top"]]
    assert at_risk == sorted(at_risk, reverse=True)


def test_the_cells_of_the_grid_hold_everyone_once(shop):
    _, _, got = shop
    if got["grid"]["reason"] is None:
        held = sum(cell["customers"] for cell in got["grid"]["cells"].values())
        assert held == got["grid"]["population"]
    else:
        assert got["grid"]["reason"] == "axes_say_the_same"


def test_more_retention_is_worth_more(shop):
    _, _, got = shop
    gains = [row["gain"] for row in got["economics"]["more_retention"] if row["gain"] is not None]
    assert gains == sorted(gains)
    assert all(
        row["lo"] <= row["gain"] <= row["hi"]
        for row in got["economics"]["more_retention"]
        if row["lo"] is not None
    )


def test_reasons_come_with_their_facts(shop):
    frames, scores, _ = shop
    found = reasons.rows(frames, scores, scores["is_listed"])
    assert found
    assert all(code in reasons.CODES for _, code, _, _ in found)
    assert json.dumps([facts for _, _, _, facts in found], allow_nan=False)


def test_a_shop_without_answers_has_no_index_but_says_why():
    frames, scores = measured(60, 0)
    got = report(frames, scores)
    assert (got["index"]["value"], got["index"]["reason"]) == (None, "no_answers")
    assert got["index"]["parts"]["repeat"]["mean"] is not None
    assert got["levels"]["reason"] == "not_asked"
    assert got["secure"]["reason"] == "too_few"
    assert got["expectation"]["reason"] == "no_answers"


def test_a_shop_without_a_model_keeps_what_needs_none():
    frames, scores = measured(60, 40, model=False)
    got = report(frames, scores)
    assert got["churn_list"]["reason"] == "no_model"
    assert got["economics"]["reason"] == "no_model"
    assert got["grid"]["reason"] == "no_model"
    assert got["index"]["value"] is not None


def test_a_shop_without_customers_is_an_empty_picture():
    frames, scores = measured(0, 0)
    got = report(frames, scores)
    assert got["index"]["reason"] == "no_buyers"
    assert got["churn_list"]["customers"] == 0


def test_in_a_one_off_business_no_probability_stands_for_a_referral():
    run = context(is_one_off=True)
    frames = frames_of(purchases(40), [answer(each) for each in range(1, 31)], run=run)
    scores = scores_of(frames, p_repeat=np.full(frames.size, 0.9))
    for measure in (attitudes, index):
        scores |= measure.columns(frames, scores)
    assert np.isnan(scores["repeat_part"]).all()
    assert index.section(frames, scores)["three_of_three"] == 0


def test_profit_is_used_where_it_is_known():
    run = context(money=MoneyBasis("profit", 1.0, 0.0, 0.4))
    frames = frames_of([(1, "2026-06-01", 100), (2, "2024-06-01", 100)], run=run)
    assert grid.current_value(frames).tolist() == [0, 0]
    assert grid.current_value(frames_of([(1, "2026-06-01", 100)])).tolist() == [100]
