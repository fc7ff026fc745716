"""Random people with rows of theirs, and random conditions on them: for both evaluators alike."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pyarrow as pa
from hypothesis import strategies as st

from huitou.kit.conditions.sql import Bindings
from huitou.kit.conditions.types import (
    Clock,
    Collection,
    Field,
    Kind,
    Op,
    PersonCollection,
    PersonField,
    Registry,
    Source,
)

TODAY = date(2027, 2, 26)  # a year without 29 February is near
NOW = datetime(2027, 2, 26, 5, 30, tzinfo=UTC)
TABLES = """
CREATE TEMP TABLE IF NOT EXISTS some_people (
    id bigint PRIMARY KEY, name text, whole integer, precise numeric(12, 3), rough double precision,
    money bigint, day date, at timestamptz, flag boolean, choice text, tags text[],
    yearly integer
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS some_items (
    id bigint PRIMARY KEY, owner bigint, at timestamptz NOT NULL, on_day date NOT NULL,
    money bigint, precise numeric(12, 3), kind text, name text, day date
) ON COMMIT DROP;
DELETE FROM some_people;
DELETE FROM some_items;
"""
CODES = ("a", "b", "c%", "d_'\\")
_NAMES = ("ann", "an%", "a_n", "安娜", "zoë", "an\\n")
_PEOPLE = Source("c", "some_people", key="id")
_CHOICES = tuple((code, code) for code in CODES)
_PERSON = (
    Field("name", Kind.TEXT, ""),
    Field("whole", Kind.NUMBER, ""),
    Field("precise", Kind.NUMBER, ""),
    Field("rough", Kind.NUMBER, ""),
    Field("money", Kind.MONEY, ""),
    Field("day", Kind.DATE, ""),
    Field("at", Kind.INSTANT, ""),
    Field("flag", Kind.FLAG, ""),
    Field("choice", Kind.CHOICE, "", choices=_CHOICES),
    Field("tags", Kind.SET, ""),
)
_AGES = (
    ("days_since", "day", Clock.DAYS_SINCE),
    ("days_until", "day", Clock.DAYS_UNTIL),
    ("hours_since", "at", Clock.HOURS_SINCE),
    ("yearly", "yearly", Clock.DAYS_TO_YEARLY),
)
_ITEMS = Collection(
    "items",
    "",
    (
        Field("money", Kind.MONEY, ""),
        Field("precise", Kind.NUMBER, ""),
        Field("kind", Kind.CHOICE, "", choices=_CHOICES),
        Field("name", Kind.TEXT, ""),
        Field("day", Kind.DATE, ""),
    ),
)
FIELDS = {
    **{one.name: PersonField(one, _PEOPLE, f"c.{one.name}") for one in _PERSON},
    **{
        name: PersonField(Field(name, Kind.NUMBER, "", clock=clock), _PEOPLE, f"c.{column}")
        for name, column, clock in _AGES
    },
}
BINDINGS = Bindings(
    _PEOPLE,
    FIELDS,
    {
        "items": PersonCollection(
            _ITEMS, "some_items", key="id", at="at", on="on_day", customer="owner"
        )
    },
)
REGISTRY = Registry.of((one.field for one in FIELDS.values()), [_ITEMS])


def _numbered(rows):
    numbers = count(1)
    return [(next(numbers), *row) for row in rows]


def _mostly(values):
    """Three in four are known."""
    return st.one_of(values, values, values, st.none())


_days = st.integers(-9, 5).map(lambda n: TODAY + timedelta(days=n))
_instants = st.tuples(st.integers(-60, 12), st.sampled_from([-1, 0, 1])).map(
    lambda at: NOW + timedelta(hours=at[0], microseconds=at[1])
)
_wholes = st.integers(-3, 3)
_precise = st.sampled_from([Decimal(one) for one in ("-1.5", "0", "0.001", "1.5", "2")])
_rough = st.sampled_from([-1.5, 0.0, 0.1, 0.3, 0.1 + 0.2, 1.5, 2.0])
_yearly = st.sampled_from([229, 228, 301, 227, 1231, 101, -101, -130, -129, -815, -121])
_codes = st.sampled_from(CODES)
_people = st.tuples(
    *(
        _mostly(values)
        for values in (
            st.sampled_from(_NAMES), _wholes, _precise, _rough, st.integers(-4, 4), _days,
            _instants, st.booleans(), _codes, st.lists(_codes, max_size=3), _yearly,
        )
    )
)  # fmt: skip
_items = st.tuples(
    st.sampled_from([1, 1, 2, 2, 3, 4, 99, None]),
    _instants,
    _days,
    *(
        _mostly(values)
        for values in (st.integers(-4, 4), _precise, _codes, st.sampled_from(_NAMES), _days)
    ),
)
people = st.lists(_people, min_size=1, max_size=4).map(_numbered)
items = st.lists(_items, min_size=2, max_size=14).map(_numbered)

_TYPES = {
    "name": pa.string(), "whole": pa.int32(), "precise": pa.decimal128(12, 3),
    "rough": pa.float64(), "money": pa.int64(), "day": pa.date32(),
    "at": pa.timestamp("us", "UTC"), "flag": pa.bool_(), "choice": pa.string(),
    "tags": pa.list_(pa.string()), "yearly": pa.int32(),
}  # fmt: skip


def people_table(rows):
    """The people as the evaluator in memory takes them."""
    columns = list(zip(*rows, strict=True)) or [()] * (len(_TYPES) + 1)
    made = {"customer_id": pa.array(columns[0], pa.int64())}
    stored = {
        name: pa.array(values, type_)
        for (name, type_), values in zip(_TYPES.items(), columns[1:], strict=True)
    }
    made |= {name: stored[name] for name in stored if name != "yearly"}
    made |= {name: stored[column] for name, column, _ in _AGES}
    return pa.table(made)


def items_table(rows):
    """The rows of people as the evaluator in memory takes them."""
    types = {
        "key": pa.int64(), "customer_id": pa.int64(), "at": _TYPES["at"], "on": pa.date32(),
        "money": pa.int64(), "precise": _TYPES["precise"], "kind": pa.string(),
        "name": pa.string(), "day": pa.date32(),
    }  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    made = zip(types.items(), columns, strict=True)
    return pa.table({name: pa.array(values, type_) for (name, type_), values in made})


def _json_days(values):
    return values.map(date.isoformat)


_VALUES = {
    Kind.TEXT: st.sampled_from([*_NAMES, "a", "%", "n"]),
    Kind.NUMBER: st.integers(-3, 3) | st.sampled_from([-1.5, 0.1, 0.3, 1.5, 0.001, 2.5]),
    Kind.MONEY: st.integers(-4, 4),
    Kind.DATE: _json_days(_days),
    Kind.INSTANT: _instants.map(datetime.isoformat),
    Kind.FLAG: st.booleans(),
    Kind.CHOICE: _codes,
    Kind.SET: _codes | st.just("x"),
}
_AGE_VALUES = {
    Clock.DAYS_SINCE: st.integers(0, 9),
    Clock.DAYS_UNTIL: st.integers(-9, 9),
    Clock.HOURS_SINCE: st.integers(0, 60),
    Clock.DAYS_TO_YEARLY: st.integers(0, 9) | st.integers(0, 366),
}


@st.composite
def questions(draw, field):
    """``op`` and ``value`` of a question that fits the field."""
    op = draw(st.sampled_from(field.ops))
    values = _AGE_VALUES[field.clock] if field.clock else _VALUES[field.kind]
    if op is Op.KNOWN:
        return {"op": "known", "value": draw(st.booleans())}
    if op is Op.IN:
        return {"op": "in", "value": draw(st.lists(values, min_size=1, max_size=3))}
    if op is Op.BETWEEN:
        ends = draw(st.lists(values, min_size=2, max_size=2))
        return {"op": "between", "value": sorted(ends)}
    return {"op": op.value, "value": draw(values)}


@st.composite
def leaf(draw, fields):
    """A question about one of the fields."""
    field = draw(st.sampled_from(fields))
    return {"field": field.name, **draw(questions(field))}


@st.composite
def aggregate(draw):
    """A question about the rows of a person."""
    agg, names = draw(
        st.sampled_from(
            [
                ("count", [None]),
                ("sum", ["money", "precise"]),
                ("average", ["money", "precise"]),
                ("distinct", ["money", "kind", "name", "day", "precise"]),
                ("first", ["money", "kind", "name", "day", "precise"]),
                ("last", ["money", "kind", "name", "day", "precise"]),
            ]
        )
    )
    name = draw(st.sampled_from(names))
    of = next((one for one in _ITEMS.fields if one.name == name), None)
    kept = agg in ("first", "last") or (agg in ("sum", "average") and name == "money")
    asked = of if kept else Field("result", Kind.NUMBER, "")
    span = {"days": st.integers(1, 9), "hours": st.integers(1, 60), "since": _json_days(_days)}
    window = st.just("ever") | st.one_of(
        st.fixed_dictionaries({key: values}) for key, values in span.items()
    )
    return {
        "agg": agg,
        "of": "items" if name is None else f"items.{name}",
        "window": draw(window),
        "where": draw(st.just([]) | st.lists(leaf(_ITEMS.fields), max_size=2)),
        **draw(questions(asked)),
    }


ages = leaf([FIELDS[name].field for name, _, _ in _AGES])
_leaves = leaf([one.field for one in FIELDS.values()]) | aggregate()
# Alone a leaf decides; among others it is often drowned.
conditions = (
    aggregate()
    | ages
    | st.recursive(
        _leaves,
        lambda nodes: st.one_of(
            st.lists(nodes, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(nodes, max_size=3).map(lambda parts: {"any": parts}),
            nodes.map(lambda part: {"not": part}),
        ),
        max_leaves=6,
    )
)
