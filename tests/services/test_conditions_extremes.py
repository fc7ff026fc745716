"""Strange conditions: every field and collection asked with the smallest, the largest and the
oddest values that parse. Nothing breaks, and the two evaluators choose the same people."""

from zoneinfo import ZoneInfo

import pytest

from huitou.audiences import queries, registry
from huitou.kit.conditions import columns
from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.types import Kind
from tests.services import four_people as shop
from tests.services.four_people import AT, condition

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBERS = (0, -3_660, 3_660, 10**15, -(10**15), 1e-6)
DAYS = ("0001-01-01", "9999-12-31", "2024-02-29")
INSTANTS = ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2026-03-29T02:30:00+01:00")
TEXTS = ("%", "\\", "'", "𠮷", "%(today)s")
ODD = {
    Kind.NUMBER: NUMBERS,
    Kind.MONEY: NUMBERS,
    Kind.DATE: DAYS,
    Kind.INSTANT: INSTANTS,
    Kind.FLAG: (True, False),
}


def values_of(field):
    return (
        [*[code for code, _ in field.choices][:2], "', --"]
        if field.choices
        else ODD.get(field.kind, TEXTS)
    )


def questions(field):
    for op in field.ops:
        for value in (True, False) if op == "known" else values_of(field):
            if op == "between":
                yield op.value, [value, value]
            elif op == "in":
                yield op.value, [value, *values_of(field)]
                yield op.value, [value]
            else:
                yield op.value, value


def agreed(node, everybody):
    """Whether the condition parsed; then everything that can be asked of it is."""
    try:
        asked = queries.read(condition(node))
    except ConditionError:
        return False
    found = queries.members(asked, **AT).tolist()
    table = queries.people_columns(asked, everybody)
    rows = queries.collection_columns(asked, everybody, today=AT["today"])
    chosen = columns.evaluate(asked, table, **AT, collections=rows)
    ids = table.column("customer_id").to_pylist()
    assert sorted(one for one, yes in zip(ids, chosen, strict=True) if yes) == found, node
    queries.next_crossing(asked, **AT, zone=SHANGHAI)
    return True


def test_every_field_bears_the_oddest_values():
    everybody = [one.pk for one in shop.four_people(shop.two_stores()).values()]
    asked = 0
    for bound in registry.fields().values():
        for op, value in questions(bound.field):
            asked += agreed({"field": bound.field.name, "op": op, "value": value}, everybody)
    assert asked > 300


@pytest.mark.parametrize("window", [{"days": 3_660}, {"hours": 1}], ids=str)
def test_every_collection_bears_the_oddest_values(window):
    everybody = [one.pk for one in shop.four_people(shop.two_stores()).values()]
    asked = 0
    for bound in registry.collections().values():
        known = bound.collection
        of = {"of": known.name, "window": window, "where": []}
        for value in (0, 1, 10**15, -1, 0.5):
            asked += agreed({"agg": "count", **of, "op": "gte", "value": value}, everybody)
        for field in known.fields:
            for agg in ("sum", "average", "first", "last", "distinct"):
                named = {**of, "of": f"{known.name}.{field.name}", "agg": agg}
                for op, value in list(questions(field))[::15]:
                    asked += agreed({**named, "op": op, "value": value}, everybody)
    assert asked > 15
