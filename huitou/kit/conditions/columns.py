"""Conditions on columns in memory: people by the batch, a batch of one included.

The tables hold what the database holds: a table of people has ``customer_id`` and a column per
field; a table of a collection has ``customer_id``, ``at``, ``on``, ``key`` and a column per field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from huitou.kit.conditions import clocks
from huitou.kit.conditions.comparing import Column, Flags, answers, compared, filled
from huitou.kit.conditions.types import (
    Agg,
    Aggregate,
    All,
    AnyOf,
    Clock,
    Expression,
    Field,
    InAudience,
    Kind,
    Leaf,
    Node,
    Not,
    Op,
    Window,
)
from huitou.kit.conditions.walking import leaves

Positions = npt.NDArray[np.int64]


class Turned(NamedTuple):
    """A leaf as it turned out for one person."""

    node: Leaf | Aggregate
    negated: bool  # it stands under an odd number of "not"
    value: Any  # what is known: an age in days or hours where that is asked; None = nothing
    holds: bool  # the leaf itself, before any "not"


def evaluate(
    expression: Expression,
    table: pa.Table,
    *,
    today: date,
    now: datetime,
    collections: Mapping[str, pa.Table] | None = None,
) -> Flags:
    """For each row of ``table`` whether the expression chooses that person."""
    return _Look(table.combine_chunks(), collections or {}, today, now).node(expression.where)


def explain(
    expression: Expression,
    table: pa.Table,
    *,
    today: date,
    now: datetime,
    collections: Mapping[str, pa.Table] | None = None,
) -> list[list[Turned]]:
    """For each row of ``table`` every leaf with its value and verdict, in reading order."""
    look = _Look(table.combine_chunks(), collections or {}, today, now)
    columns = []
    for node, negated in leaves(expression.where):
        verdicts = look.node(node)  # refuses an audience that was not resolved
        if not isinstance(node, InAudience):
            shown = zip(look.values(node), verdicts, strict=True)
            columns.append([Turned(node, negated, value, bool(holds)) for value, holds in shown])
    return [list(row) for row in zip(*columns, strict=True)] or [[] for _ in range(len(table))]


@dataclass(frozen=True, slots=True)
class _Look:
    table: pa.Table
    collections: Mapping[str, pa.Table]
    today: date
    now: datetime

    def node(self, node: Node) -> Flags:
        match node:
            case All(nodes):
                return reduce(np.logical_and, map(self.node, nodes), self._all(True))
            case AnyOf(nodes):
                return reduce(np.logical_or, map(self.node, nodes), self._all(False))
            case Not(inner):
                return ~self.node(inner)
            case Leaf(known, op, value):
                return self._answers(known, self._column(known), op, value)
            case Aggregate():
                return self._aggregate(node)
            case InAudience(name):
                raise ValueError(f"the audience {name} was not resolved")

    def values(self, node: Leaf | Aggregate) -> list[Any]:
        """What is known of each person where the leaf looks."""
        if isinstance(node, Leaf):
            return [self._aged(node.field, one) for one in self._column(node.field).to_pylist()]
        found = self._gathered(node)
        if node.agg is Agg.AVERAGE:
            rows = self._counted(node)
            pairs = zip(found.to_pylist(), rows, strict=True)
            return [None if total is None else total / int(n) for total, n in pairs]
        return cast(list[Any], found.to_pylist())

    def _all(self, value: bool) -> Flags:
        return np.full(self.table.num_rows, value)

    def _column(self, known: Field) -> Column:
        return self.table.column(known.name).combine_chunks()

    def _answers(self, known: Field, column: Column, op: Op, value: Any) -> Flags:
        return answers(known, column, op, value, today=self.today, now=self.now)

    def _aged(self, known: Field, stored: Any) -> Any:
        if stored is None or not known.clock:
            return stored
        match known.clock:
            case Clock.DAYS_SINCE:
                return (self.today - stored).days
            case Clock.DAYS_UNTIL:
                return (stored - self.today).days
            case Clock.HOURS_SINCE:
                return int((self.now - stored).total_seconds() // 3600)
        return clocks.yearly(self.today).get(stored)

    def _aggregate(self, node: Aggregate) -> Flags:
        found = self._gathered(node)
        if node.agg is Agg.AVERAGE and node.op is not Op.KNOWN:
            return self._average(found, node)
        return self._answers(node.result, found, node.op, node.value)

    def _average(self, totals: Column, node: Aggregate) -> Flags:
        """Sum against value × rows: exact where a division would round."""
        known = pc.is_valid(totals).to_numpy(zero_copy_only=False).astype(np.bool_)
        if pa.types.is_floating(totals.type):
            means = totals.fill_null(0).to_numpy(zero_copy_only=False)
            return known & _scaled(means, self._counted(node), node)
        sums = np.array([Decimal(one or 0) for one in totals.to_pylist()], np.object_)
        return known & _scaled(sums, self._counted(node), node)

    def _rows(self, node: Aggregate) -> tuple[pa.Table, Positions]:
        """The rows that count, and the place of each one's person in the table of people."""
        rows = self.collections[node.collection.name].combine_chunks()
        keep = self._in_window(rows, node.window)
        for leaf in node.where:
            column = rows.column(leaf.field.name).combine_chunks()
            keep &= self._answers(leaf.field, column, leaf.op, leaf.value)
        if node.field is not None:
            keep &= _numbers(pc.is_valid(rows.column(node.field.name))).astype(np.bool_)
        ids = _numbers(self.table.column("customer_id"))
        order = np.argsort(ids, kind="stable")
        owners = filled(rows.column("customer_id").combine_chunks(), pa.int64(), -1)
        at = np.searchsorted(ids[order], owners)
        inside = np.minimum(at, max(len(ids) - 1, 0))
        keep &= (ids[order][inside] == owners) if len(ids) else False
        picked = np.flatnonzero(keep)
        return rows.take(picked), order[inside[picked]]

    def _in_window(self, rows: pa.Table, window: Window) -> Flags:
        day = Field("on", Kind.DATE, "")
        on = rows.column("on").combine_chunks()
        if window.hours is not None:
            age = Field("at", Kind.NUMBER, "", clock=Clock.HOURS_SINCE)
            at = rows.column("at").combine_chunks()
            return self._answers(age, at, Op.BETWEEN, (0, window.hours - 1))
        keep = self._answers(day, on, Op.LTE, self.today)
        if window.days is not None:
            age = Field("on", Kind.NUMBER, "", clock=Clock.DAYS_SINCE)
            keep &= self._answers(age, on, Op.LT, window.days)
        if window.since is not None:
            keep &= self._answers(day, on, Op.GTE, window.since)
        return keep

    def _counted(self, node: Aggregate) -> Positions:
        _, people = self._rows(node)
        return np.bincount(people, minlength=self.table.num_rows).astype(np.int64)

    def _gathered(self, node: Aggregate) -> Column:
        """The aggregate of each person; of an average the sum."""
        rows, people = self._rows(node)
        size = self.table.num_rows
        if node.agg is Agg.COUNT or node.field is None:
            return pa.array(np.bincount(people, minlength=size).astype(np.int64))
        column = rows.column(node.field.name).combine_chunks()
        match node.agg:
            case Agg.DISTINCT:
                codes = _numbers(column.dictionary_encode().indices)
                pairs = np.unique(np.stack([people, codes]), axis=1) if len(people) else None
                owners = pairs[0] if pairs is not None else people
                return pa.array(np.bincount(owners, minlength=size).astype(np.int64))
            case Agg.FIRST | Agg.LAST:
                return _edge(rows, column, people, size, last=node.agg is Agg.LAST)
        return _summed(column, people, size, empty_is_known=node.agg is Agg.SUM)


def _scaled(totals: npt.NDArray[Any], rows: Positions, node: Aggregate) -> Flags:
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    per_row = [
        np.array([Decimal(cast(int, value)) * int(n) for n in rows], np.object_)
        if totals.dtype == np.object_
        else np.array([float(Decimal(cast(int, value)) * int(n)) for n in rows])
        for value in values
    ]
    differences = [totals - expected for expected in per_row]
    if node.op is Op.BETWEEN:
        return compared(differences[0], Op.GTE, 0) & compared(differences[1], Op.LTE, 0)
    if node.op is Op.IN:
        return cast(Flags, np.logical_or.reduce([compared(one, Op.EQ, 0) for one in differences]))
    return compared(differences[0], node.op, 0)


def _edge(rows: pa.Table, column: Column, people: Positions, size: int, *, last: bool) -> Column:
    """The value of each person's first or last row, by time and then by key; null = no row."""
    at = _numbers(rows.column("at").cast(pa.timestamp("us", "UTC")).cast(pa.int64()))
    order = np.lexsort((_numbers(rows.column("key")), at))
    places = np.full(size, -1, np.int64)
    places[people[order if last else order[::-1]]] = order if last else order[::-1]
    return column.take(pa.array(places, pa.int64(), mask=places < 0))


def _summed(column: Column, people: Positions, size: int, *, empty_is_known: bool) -> Column:
    counted = np.bincount(people, minlength=size)
    unknown = np.zeros(size, np.bool_) if empty_is_known else counted == 0
    if pa.types.is_decimal(column.type):
        exact = np.full(size, Decimal(0), np.object_)
        np.add.at(exact, people, np.array(column.to_pylist(), np.object_))
        shown = [None if gone else total for total, gone in zip(exact, unknown, strict=True)]
        return pa.array(shown, pa.decimal128(38, column.type.scale))
    is_float = pa.types.is_floating(column.type)
    totals = np.zeros(size, np.float64 if is_float else np.int64)
    np.add.at(totals, people, _numbers(column).astype(totals.dtype))
    return pa.array(totals, mask=unknown)


def _numbers(column: "Column | pa.ChunkedArray[Any]") -> npt.NDArray[Any]:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.to_numpy(zero_copy_only=False)
