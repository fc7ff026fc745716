"""Why a condition chooses somebody: what is known of each person, read once, judged in memory.

The same columns can be asked for a batch of people by rooms that evaluate conditions themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from huitou.audiences import fields, registry
from huitou.audiences.queries.saved import resolved
from huitou.audiences.types import Chosen
from huitou.kit.conditions import columns, sql
from huitou.kit.conditions.comparing import Column
from huitou.kit.conditions.sql import ROW
from huitou.kit.conditions.types import (
    Aggregate,
    Expression,
    Field,
    Kind,
    Leaf,
    PersonCollection,
)
from huitou.kit.conditions.walking import leaves

_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.CHOICE: pa.string(),
    Kind.SET: pa.list_(pa.string()),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us", "UTC"),
    Kind.FLAG: pa.bool_(),
    Kind.MONEY: pa.int64(),
}
_STORED_AGES: Final = {"hours_since": pa.timestamp("us", "UTC"), "days_to_yearly": pa.int64()}


def why(
    expression: Expression, customer_ids: Sequence[int], *, today: date, now: datetime
) -> list[Chosen]:
    """Every condition with what is known of each of these people, in the order given."""
    asked = resolved(expression)
    table = people_columns(asked, customer_ids)
    rows = collection_columns(asked, customer_ids, today=today)
    found = columns.explain(asked, table, today=today, now=now, collections=rows)
    turned = dict(zip(table.column("customer_id").to_pylist(), found, strict=True))
    return [Chosen(one, tuple(turned[one])) for one in customer_ids if one in turned]


def people_columns(expression: Expression, customer_ids: Sequence[int]) -> pa.Table:
    """The stored values of the fields the expression asks about, one row per person."""
    asked = {
        node.field.name: node.field
        for node, _ in leaves(expression.where)
        if isinstance(node, Leaf)
    }
    bound = [registry.fields()[name] for name in asked]
    sources = {one.source.alias: one.source for one in bound if one.source != fields.PEOPLE}
    joins = " ".join(sql.source_join(source, fields.PEOPLE) for source in sources.values())
    key = f"{fields.PEOPLE.alias}.{fields.PEOPLE.key}"
    listed = ", ".join([key, *(one.column for one in bound)])
    text = (
        f"SELECT {listed} FROM {fields.PEOPLE.relation} {fields.PEOPLE.alias} {joins}"
        f" WHERE {key} = ANY(%(ids)s::bigint[])"
    )
    rows = _rows(text, {"ids": list(customer_ids)})
    return _table(["customer_id", *asked], [pa.int64(), *map(_type, asked.values())], rows)


def collection_columns(
    expression: Expression, customer_ids: Sequence[int], *, today: date
) -> dict[str, pa.Table]:
    """The rows of the collections the expression asks about that belong to these people."""
    wanted: dict[str, dict[str, Field]] = {}
    for node, _ in leaves(expression.where):
        if isinstance(node, Aggregate):
            known = wanted.setdefault(node.collection.name, {})
            named = [node.field, *(leaf.field for leaf in node.where)]
            known.update({one.name: one for one in named if one is not None})
    return {
        name: _collection(registry.collections()[name], list(known.values()), customer_ids, today)
        for name, known in wanted.items()
    }


def _collection(
    bound: PersonCollection, known: Sequence[Field], customer_ids: Sequence[int], today: date
) -> pa.Table:
    listed = [bound.customer, bound.at, bound.on, bound.key]
    listed += [bound.columns.get(one.name, one.name) for one in known]
    more = f" AND ({bound.where})" if bound.where else ""
    text = (
        f"SELECT {', '.join(listed)} FROM {bound.relation} {ROW}"
        f" WHERE {bound.customer} = ANY(%(ids)s::bigint[]) AND {bound.on} <= %(today)s{more}"
    )
    rows = _rows(text, {"ids": list(customer_ids), "today": today})
    types: list[pa.DataType | None] = [
        pa.int64(),
        pa.timestamp("us", "UTC"),
        pa.date32(),
        pa.int64(),
    ]
    names = ["customer_id", "at", "on", "key", *(one.name for one in known)]
    return _table(names, types + [_type(one) for one in known], rows)


def _type(field: Field) -> pa.DataType | None:
    """How a field is stored; ``None``: whole, decimal or float, as the values say."""
    if field.clock:
        return _STORED_AGES.get(field.clock.value, pa.date32())
    return _TYPES.get(field.kind)


def _table(
    names: Sequence[str], types: Sequence[pa.DataType | None], rows: list[tuple[Any, ...]]
) -> pa.Table:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [
        _numbers(column) if type_ is None else pa.array(column, type_)
        for column, type_ in zip(values, types, strict=True)
    ]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _numbers(values: Sequence[Any]) -> Column:
    made: Column = pa.array(values)
    return made.cast(pa.int64()) if pa.types.is_null(made.type) else made


def _rows(text: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
