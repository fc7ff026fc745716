"""A member's orders fold into requests: once, in business time, and back again with the goods."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.points.types import POINTS, QUALIFYING, Award, ClawBack, Policy
from huitou.programmes.fold import fold
from huitou.programmes.types import (
    ClawBackPolicy,
    Expiry,
    MemberState,
    OrderEvent,
    Rounding,
    Rules,
    RulesRow,
    Tier,
)

NOW = datetime(2026, 12, 31, tzinfo=UTC)
LADDER = (Tier("base", "普通", "Member", 0), Tier("gold", "黄金", "Gold", 100, 150))
RULES = Rules(Fraction(1), tiers=LADDER, tier_months=12, expiry=Expiry(months=6))
FIRST = RulesRow(11, 1, date(2026, 1, 1), RULES, "cli", NOW)
MEMBER = MemberState(7, date(2026, 3, 1), None, {})


def order(number, day, yuan):
    return OrderEvent("pos", number, datetime.combine(day, time(4), UTC), day, round(yuan * 100))


def folded(*events, state=MEMBER, versions=(FIRST,)):
    return fold(state, events, versions=versions, factor=100, now=NOW)


def awards(outcome):
    return {entry.unit: entry for entry in outcome.entries if isinstance(entry, Award)}


def test_an_order_earns_points_and_qualifying_points_each_with_its_last_day():
    _, (outcome,) = folded(order("A", date(2026, 3, 31), 62.99))
    found = awards(outcome)
    assert {unit: entry.points for unit, entry in found.items()} == {POINTS: 62, QUALIFYING: 62}
    assert found[POINTS].expires_on == date(2026, 9, 30)  # six months, clamped
    assert found[QUALIFYING].expires_on == date(2027, 3, 31)
    assert (found[POINTS].source, found[POINTS].external_id) == ("order/7/1:pos", "A")
    assert (found[POINTS].leg, found[QUALIFYING].leg) == (1, 2)
    assert found[POINTS].rule_version == 11


def test_why_is_enough_to_count_again_by_hand():
    _, (_, outcome) = folded(order("A", date(2026, 3, 2), 130), order("B", date(2026, 3, 9), 20.5))
    why = outcome.why
    assert why["base_minor"] == 2_050
    assert (why["points_per_major"], why["rounding"]) == ("1", "floor")
    assert (why["tier"], why["tier_points"], why["multiplier_percent"]) == ("gold", 130, 150)
    assert (why["qualifying"], why["points"]) == (20, 30)


@pytest.mark.parametrize(
    ("day", "joined", "left", "earns"),
    [
        pytest.param(date(2026, 2, 28), date(2026, 3, 1), None, False, id="before joining"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 1), None, True, id="on the day of joining"),
        pytest.param(
            date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1), True, id="on the day of leaving"
        ),
        pytest.param(date(2026, 4, 2), date(2026, 3, 1), date(2026, 4, 1), False, id="after it"),
        pytest.param(date(2025, 12, 31), date(2025, 1, 1), None, False, id="before the rules"),
    ],
)
def test_orders_earn_from_the_day_of_joining_through_the_day_of_leaving(day, joined, left, earns):
    state = MemberState(7, joined, left, {})
    _, outcomes = folded(order("A", day, 50), state=state)
    assert bool(outcomes) is earns


def test_the_tier_of_an_order_is_that_of_the_points_before_it():
    _, outcomes = folded(
        order("A", date(2026, 3, 2), 99),
        order("B", date(2026, 3, 3), 1),
        order("C", date(2026, 3, 4), 10),
    )
    assert [outcome.points for outcome in outcomes] == [99, 1, 15]


def test_qualifying_points_count_through_their_last_day_and_not_a_day_longer():
    early = order("A", date(2026, 3, 2), 100)
    for day, points in ((date(2027, 3, 2), 15), (date(2027, 3, 3), 10)):
        _, (_, outcome) = folded(early, order("B", day, 10))
        assert outcome.points == points


def test_the_same_orders_again_change_nothing():
    events = [order("A", date(2026, 3, 2), 99), order("B", date(2026, 3, 3), 20)]
    state, _ = folded(*events)
    again, outcomes = folded(*events, state=state)
    assert outcomes == []
    assert again == state


def test_goods_that_come_back_take_what_their_money_earned():
    state, _ = folded(order("A", date(2026, 3, 2), 99.9))
    state, (first,) = folded(order("A", date(2026, 3, 2), 50.5), state=state)
    _, (second,) = folded(order("A", date(2026, 3, 2), 0), state=state)
    assert [(entry.of_leg, entry.points) for entry in first.entries] == [(1, 49), (2, 49)]
    assert [entry.points for entry in second.entries] == [50, 50]
    assert {entry.source for entry in first.entries} != {entry.source for entry in second.entries}
    assert first.entries[0].policy is Policy.DEBT
    assert first.entries[1].policy is Policy.WITHIN_BALANCE


def test_goods_that_come_back_keep_the_rules_and_the_tier_they_were_sold_by():
    state, _ = folded(order("A", date(2026, 3, 2), 100), order("B", date(2026, 3, 3), 100))
    other = RulesRow(
        12, 2, date(2026, 3, 3), replace(RULES, points_per_major=Fraction(9)), "cli", NOW
    )
    _, (outcome,) = folded(order("B", date(2026, 3, 3), 40), state=state, versions=(FIRST, other))
    assert outcome.points == 60 - 150  # 40 yuan at one point, half as many again


def test_an_order_corrected_upwards_earns_the_rest_under_a_key_of_its_own():
    state, _ = folded(order("A", date(2026, 3, 2), 50))
    state, (more,) = folded(order("A", date(2026, 3, 2), 80), state=state)
    assert awards(more)[POINTS].points == 30
    assert awards(more)[POINTS].source == "order/7/2:pos"
    _, (back,) = folded(order("A", date(2026, 3, 2), 10), state=state)
    assert [(entry.of_source, entry.of_leg, entry.points) for entry in back.entries] == [
        ("order/7/2:pos", 1, 30),
        ("order/7/2:pos", 2, 30),
        ("order/7/1:pos", 1, 40),
        ("order/7/1:pos", 2, 40),
    ]
    assert [entry.leg for entry in back.entries] == [1, 2, 3, 4]


def test_a_late_order_is_credited_on_its_own_day():
    state, _ = folded(order("B", date(2026, 6, 1), 200))
    _, (late,) = folded(order("A", date(2026, 3, 2), 10), state=state)
    assert awards(late)[POINTS].effective_on == date(2026, 3, 2)
    assert late.points == 10  # of that day's tier, not of today's


money = st.integers(0, 50_000)


@given(steps=st.lists(money, min_size=1, max_size=8), rounding=st.sampled_from(Rounding))
def test_however_an_order_is_refunded_it_ends_with_what_its_last_money_earns(steps, rounding):
    rules = replace(
        RULES, points_per_major=Fraction(7, 3), rounding=rounding, claw_back=ClawBackPolicy.DEBT
    )
    version = RulesRow(11, 1, date(2026, 1, 1), rules, "cli", NOW)
    state, given_points, keys = MEMBER, 0, set()
    for minor in steps:
        event = OrderEvent("pos", "A", NOW, date(2026, 3, 2), minor)
        state, outcomes = folded(event, state=state, versions=(version,))
        for outcome in outcomes:
            for entry in outcome.entries:
                key = (entry.source, entry.external_id, entry.leg)
                assert key not in keys
                keys.add(key)
                if entry.leg == 1 and isinstance(entry, Award):
                    given_points += entry.points
                if isinstance(entry, ClawBack) and entry.of_leg == 1:
                    given_points -= entry.points
    _, outcomes = folded(
        OrderEvent("pos", "A", NOW, date(2026, 3, 2), steps[-1]), versions=(version,)
    )
    assert given_points == sum(outcome.points for outcome in outcomes)
    earning = state.earnings.get(("pos", "A"))
    assert (earning.points if earning else 0) == given_points


@given(
    orders=st.lists(
        st.tuples(st.integers(0, 600), st.integers(1, 30_000)), min_size=1, max_size=25
    ),
    cuts=st.sets(st.integers(0, 25)),
)
def test_orders_one_by_one_or_all_at_once_earn_the_same(orders, cuts):
    days = sorted(orders)
    events = [
        order(f"{n:03}", date.fromordinal(date(2026, 3, 1).toordinal() + day), minor / 100)
        for n, (day, minor) in enumerate(days)
    ]
    _, whole = folded(*events)
    state, parts = MEMBER, []
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(events)], strict=True):
        state, some = folded(*events[begin:end], state=state)
        parts += some
    assert [one.entries for one in parts] == [one.entries for one in whole]
