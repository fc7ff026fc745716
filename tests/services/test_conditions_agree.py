"""Both evaluators of conditions choose the same people: the database and the columns in memory."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from huitou.kit.conditions import columns, sql
from huitou.kit.conditions.parsing import parse, to_json
from tests.rules import random_people as shop

pytestmark = pytest.mark.django_db


def _chosen_in_database(cursor, expression, people, items):
    cursor.execute(shop.TABLES)
    for table, rows in (("some_people", people), ("some_items", items)):
        if rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    text, values = sql.chosen(expression, shop.BINDINGS, today=shop.TODAY, now=shop.NOW)
    cursor.execute(text, values)
    return sorted(row[0] for row in cursor.fetchall())


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shop.conditions, shop.people, shop.items)
def test_the_database_and_the_columns_choose_the_same_people(condition, people, items):
    expression = parse({"v": 1, "where": condition}, shop.REGISTRY)
    assert parse(to_json(expression), shop.REGISTRY) == expression

    with connection.cursor() as cursor:
        in_database = _chosen_in_database(cursor, expression, people, items)

    table = shop.people_table(people)
    flags = columns.evaluate(
        expression,
        table,
        today=shop.TODAY,
        now=shop.NOW,
        collections={"items": shop.items_table(items)},
    )
    in_memory = [
        one for one, holds in zip(table["customer_id"].to_pylist(), flags, strict=True) if holds
    ]
    assert in_database == in_memory
