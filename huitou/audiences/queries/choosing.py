"""Whom a condition chooses: how many, who, how each channel reaches them. One statement each.

``today`` is the civil day of the company's zone, ``now`` the instant; both are the door's. A
``sight`` keeps to the customers a reader may see. Audiences named in an expression are resolved to
their version in force.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db import connection

from huitou.audiences import fields, registry
from huitou.audiences.queries.saved import resolved
from huitou.audiences.types import Look, Reach, Sight
from huitou.customers import fields as customers
from huitou.kit.conditions import crossing, sql
from huitou.kit.conditions.types import Expression, Kind, Node

Ids = npt.NDArray[np.int64]
SAMPLE: Final = 5  # people a look shows
_LOOKED_AT: Final = 20_000  # rows that are looked at for the values a field has
_SIGHT: Final = """(c.home_store_id = ANY(%(sight_stores)s::bigint[]) OR EXISTS (
    SELECT FROM audiences_storeperson b
     WHERE b.customer_id = c.id AND b.store_id = ANY(%(sight_stores)s::bigint[])
       AND b.last_ordered_on >= %(sight_since)s::date))"""

_WAYS: Final = "".join(
    f", {way.address} AS {way.channel}_address, {way.state} AS {way.channel}_state"
    f", {way.is_dead} AS {way.channel}_dead"
    for way in customers.WAYS
)
# How many are chosen, and of them per channel what the parts of Reach say.
_REACH: Final = (
    "count(*) FILTER (WHERE yes)",
    *(
        f"count(*) FILTER (WHERE yes AND {condition.format(way=way.channel)})"
        for way in customers.WAYS
        for condition in (
            "{way}_address AND {way}_state = 'given' AND NOT {way}_dead",
            "NOT {way}_address",
            "{way}_address AND {way}_state = 'unknown'",
            "{way}_address AND {way}_state = 'refused'",
            "{way}_address AND {way}_state = 'withdrawn'",
            "{way}_address AND {way}_state = 'do_not_contact'",
            "{way}_address AND {way}_state = 'given' AND {way}_dead",
        )
    ),
)


def count(expression: Expression, *, today: date, now: datetime, sight: Sight | None = None) -> int:
    """How many people the expression chooses."""
    return counts([resolved(expression).where], today=today, now=now, sight=sight)[0]


def counts(
    nodes: Sequence[Node], *, today: date, now: datetime, sight: Sight | None = None
) -> list[int]:
    """How many people each of the nodes chooses, all in one statement.

    The nodes name no audiences: resolve first.
    """
    if not nodes:
        return []
    made = _compiled(nodes, today, now)
    chosen = [f"count(*) FILTER (WHERE {condition})" for condition in made.conditions]
    row = _rows(f"SELECT {', '.join(chosen)} {_from(made)} WHERE {_seen(sight)}", made, sight)[0]
    return [int(one) for one in row]


def members(
    expression: Expression, *, today: date, now: datetime, sight: Sight | None = None
) -> Ids:
    """The ids of the people the expression chooses, ascending."""
    made = _compiled([resolved(expression).where], today, now)
    asked = made.everybody(where=_seen(sight))
    rows = _rows(f"SELECT id FROM ({asked}) asked WHERE yes ORDER BY id", made, sight)
    return np.fromiter((row[0] for row in rows), np.int64, count=len(rows))


def look(
    expression: Expression,
    steps: Sequence[Node] = (),
    *,
    seed: str = "",
    today: date,
    now: datetime,
    sight: Sight | None = None,
) -> Look:
    """What a screen shows of an expression, in one pass over everybody.

    ``steps`` are further conditions to be counted; they name no audiences. The sample is five of
    the chosen, every one as likely as any other; one seed, one sample.
    """
    made = _compiled([resolved(expression).where, *steps], today, now)
    consents = sql.source_join(customers.CONSENTS, fields.PEOPLE)
    joins = "" if consents in made.joins else consents
    counted = "".join(f", {one} AS step_{n}" for n, one in enumerate(made.conditions[1:]))
    asked = made.everybody(more=counted + _WAYS, joins=joins, where=_seen(sight))
    figures = [
        "count(*)",
        *(f"count(*) FILTER (WHERE step_{n})" for n in range(len(steps))),
        "(array_agg(id ORDER BY sha256(convert_to(%(seed)s || ':' || id, 'UTF8')))"
        f" FILTER (WHERE yes))[1:{SAMPLE}]",
        *_REACH,
    ]
    text = f"SELECT {', '.join(figures)} FROM ({asked}) asked"
    row = _rows(text, made, sight, {"seed": seed})[0]
    after = 1 + len(steps)
    return Look(row[0], list(row[1:after]), list(row[after] or ()), _reach(row[after + 1 :]))


def sample_ids(
    expression: Expression,
    size: int,
    *,
    seed: str,
    today: date,
    now: datetime,
    sight: Sight | None = None,
) -> list[int]:
    """``size`` people of the audience, every one as likely as any other; one seed, one sample."""
    made = _compiled([resolved(expression).where], today, now)
    text = (
        f"SELECT id FROM ({made.everybody(where=_seen(sight))}) asked WHERE yes"
        " ORDER BY sha256(convert_to(%(seed)s || ':' || id, 'UTF8')) LIMIT %(size)s"
    )
    return [row[0] for row in _rows(text, made, sight, {"seed": seed, "size": size})]


def reach(
    expression: Expression, *, today: date, now: datetime, sight: Sight | None = None
) -> list[Reach]:
    """How many of the chosen people each channel may carry marketing to, and why not the rest.

    By address and consent alone: limits and quiet hours depend on the moment of sending.
    """
    return look(expression, today=today, now=now, sight=sight).reach


def next_crossing(
    expression: Expression, *, today: date, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """When the clock alone next changes whom the expression chooses; ``None``: never by itself.

    One statement: for each age or span the smallest stored value that has not reached it yet.
    """
    asked = resolved(expression)
    found = crossing.turns(asked, today=today, now=now)
    moments: list[datetime] = []
    if crossing.hangs_on_the_year(asked):
        moments.append(crossing.midnight(today + timedelta(days=1), zone))
    if found:
        bounds = {f"after_{n}": turn.after for n, turn in enumerate(found)}
        smallest = ", ".join(f"({_smallest(turn, n)})" for n, turn in enumerate(found))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {smallest}", bounds)
            row = cursor.fetchone()
        stored = zip(found, row, strict=True)
        moments += [crossing.moment(turn, one, zone) for turn, one in stored if one is not None]
    return min(moments, default=None)


def seen(name: str, *, of: str = "", limit: int = 30) -> list[str]:
    """The values a field without listed choices has, the commonest first.

    Of people, or of the newest rows of the collection ``of``.
    """
    if of:
        rows = registry.collections()[of]
        column = rows.columns.get(name, name)
        relation = f"{rows.relation} {sql.ROW} ORDER BY {rows.key} DESC LIMIT {_LOOKED_AT}"
    else:
        bound = registry.fields()[name]
        people = fields.PEOPLE
        join = "" if bound.source == people else sql.source_join(bound.source, people)
        is_set = bound.field.kind is Kind.SET
        column = f"unnest({bound.column})" if is_set else bound.column
        relation = (
            f"{people.relation} {people.alias} {join}"
            f" ORDER BY {people.alias}.{people.key} DESC LIMIT {_LOOKED_AT}"
        )
    text = (
        f"SELECT v FROM (SELECT {column} AS v FROM {relation}) looked_at"
        " WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, {"limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _compiled(nodes: Sequence[Node], today: date, now: datetime) -> sql.Compiled:
    bindings = sql.Bindings(fields.PEOPLE, registry.fields(), registry.collections())
    return sql.compiled(nodes, bindings, today=today, now=now)


def _from(made: sql.Compiled) -> str:
    return f"FROM {made.people} {made.joins}"


def _smallest(turn: crossing.Turn, number: int) -> str:
    type_ = "timestamptz" if isinstance(turn.after, datetime) else "date"
    bound = f"%(after_{number})s::{type_}"
    if turn.leaf is not None:
        person = registry.fields()[turn.leaf.field.name]
        people = fields.PEOPLE
        join = "" if person.source == people else sql.source_join(person.source, people)
        relation, column, where = f"{people.relation} {people.alias} {join}", person.column, "TRUE"
    else:
        assert turn.aggregate is not None
        rows = registry.collections()[turn.aggregate.collection.name]
        relation, where = f"{rows.relation} {sql.ROW}", f"({rows.where or 'TRUE'})"
        column = rows.at if type_ == "timestamptz" else rows.on
    return f"SELECT min({column}) FROM {relation} WHERE {where} AND {column} > {bound}"


def _reach(figures: Sequence[int]) -> list[Reach]:
    people, *parts = figures
    size = len(Reach._fields) - 2
    return [
        Reach(way.channel, people, *parts[size * place : size * (place + 1)])
        for place, way in enumerate(customers.WAYS)
    ]


def _seen(sight: Sight | None) -> str:
    return "TRUE" if sight is None else _SIGHT


def _rows(
    text: str, made: sql.Compiled, sight: Sight | None, more: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {**made.params, **(more or {})}
    if sight is not None:
        values |= {"sight_stores": list(sight.stores), "sight_since": sight.sold_since}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
