"""What the clock changes: days of both calendars, and nothing before the next crossing."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huitou.kit.clock import civil_day
from huitou.kit.conditions import clocks, columns, crossing
from huitou.kit.conditions.parsing import parse
from tests.rules import random_people as shop

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = civil_day(shop.NOW, ZONE)


@pytest.mark.parametrize(
    ("today", "key", "away"),
    [
        pytest.param(date(2026, 11, 24), 1124, 0, id="today is a birthday"),
        pytest.param(date(2026, 11, 24), 1123, 364, id="yesterday's comes in a year"),
        pytest.param(date(2027, 2, 20), 229, 8, id="29 February is kept on the 28th"),
        pytest.param(date(2028, 2, 20), 229, 9, id="29 February in a leap year"),
        # The Spring Festival of 2027 is 6 February, the Mid-Autumn Festival 15 September.
        pytest.param(date(2027, 2, 1), -101, 5, id="the first day of the lunar year"),
        pytest.param(date(2027, 9, 1), -815, 14, id="the middle of the eighth lunar month"),
    ],
)
def test_the_next_return_of_a_day_of_the_year(today, key, away):
    assert clocks.yearly(today)[key] == away


def _evaluated(expression, people, items, today, now):
    return columns.evaluate(
        expression, people, today=today, now=now, collections={"items": items}
    ).tolist()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shop.conditions, shop.people, shop.items, st.floats(0, 1))
def test_nothing_changes_before_the_next_crossing(condition, people, items, part):
    expression = parse({"v": 1, "where": condition}, shop.REGISTRY)
    table, rows = shop.people_table(people), shop.items_table(items)
    crossing_at = crossing.next_crossing(
        expression, table, today=TODAY, now=shop.NOW, zone=ZONE, collections={"items": rows}
    )
    end = crossing_at or shop.NOW + timedelta(days=400)
    assert end > shop.NOW
    last = end - timedelta(microseconds=1)
    between = shop.NOW + (last - shop.NOW) * part

    before = _evaluated(expression, table, rows, TODAY, shop.NOW)
    for later in (between, last):
        assert _evaluated(expression, table, rows, civil_day(later, ZONE), later) == before


def test_an_age_crosses_its_threshold_at_midnight_of_the_company():
    expression = parse(
        {"v": 1, "where": {"field": "days_since", "op": "gte", "value": 10}}, shop.REGISTRY
    )
    people = [(1, None, None, None, None, None, TODAY - timedelta(days=8), *[None] * 5)]
    crossing_at = crossing.next_crossing(
        expression, shop.people_table(people), today=TODAY, now=shop.NOW, zone=ZONE
    )
    assert crossing_at == crossing.midnight(TODAY + timedelta(days=2), ZONE)
