"""Conditions on the database: one SELECT over all people, every value bound, nothing pasted.

Aggregates are joined once each, grouped per customer, so that the whole answer is a handful of
scans whatever the number of people.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlglot import exp, parse_one

from huitou.kit.conditions import clocks
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
    PersonCollection,
    PersonField,
    Source,
    Value,
    Window,
)

ROW: Final = "i"  # how a row of a collection is called
_NO_PLACEHOLDER: Final = re.compile(r"%(?!\(q\d+\)s)")
_TYPES: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.SET: "text",
    Kind.DATE: "date",
    Kind.INSTANT: "timestamptz",
    Kind.FLAG: "boolean",
}
_COMPARED: Final[Mapping[Op, type[exp.Binary]]] = {
    Op.EQ: exp.EQ,
    Op.NE: exp.NEQ,
    Op.LT: exp.LT,
    Op.LTE: exp.LTE,
    Op.GT: exp.GT,
    Op.GTE: exp.GTE,
}


@dataclass(frozen=True, slots=True)
class Bindings:
    """Where the asked-about stands: the people, and fields and collections by name."""

    people: Source
    fields: Mapping[str, PersonField]
    collections: Mapping[str, PersonCollection]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Conditions as text over ``FROM {people} {joins}``.

    A condition may be NULL where it means false: use it in WHERE or FILTER.
    """

    people: str
    key: str  # the customer id, by the alias of the people
    joins: str
    conditions: tuple[str, ...]
    params: Mapping[str, Any]  # for psycopg, by name

    def everybody(self, *, more: str = "", joins: str = "", where: str = "TRUE") -> str:
        """A SELECT of everybody: ``id``, ``yes`` (the first condition), and the columns ``more``.

        The answer is a column, not a WHERE: guesses of how few a chain of conditions leaves would
        tempt the planner to join row by row. OFFSET 0 keeps what stands outside from moving in.
        """
        return (
            f"SELECT {self.key} AS id, {self.conditions[0]} AS yes{more}"
            f" FROM {self.people}\n{self.joins}\n{joins} WHERE {where} OFFSET 0"
        )


def compiled(nodes: Sequence[Node], bindings: Bindings, *, today: date, now: datetime) -> Compiled:
    """All ``nodes`` over one set of joins."""
    writer = _Writer(bindings, today, now)
    conditions = tuple(_text(writer.node(node)) for node in nodes)
    people = bindings.people
    return Compiled(
        f"{people.relation} {people.alias}",
        f"{people.alias}.{people.key}",
        "\n".join(writer.joins.values()),
        conditions,
        writer.params,
    )


def chosen(
    expression: Expression, bindings: Bindings, *, today: date, now: datetime
) -> tuple[str, Mapping[str, Any]]:
    """The statement that lists the customer ids an expression chooses, and its values."""
    made = compiled([expression.where], bindings, today=today, now=now)
    return f"SELECT id FROM ({made.everybody()}) asked WHERE yes", made.params


def source_join(source: Source, people: Source) -> str:
    """The join that brings the values of ``source`` to people."""
    more = f" AND {source.where}" if source.where else ""
    return (
        f"LEFT JOIN {source.relation} {source.alias}"
        f" ON {source.alias}.{source.key} = {people.alias}.{people.key}{more}"
    )


@dataclass(slots=True)
class _Writer:
    bindings: Bindings
    today: date
    now: datetime
    params: dict[str, Any] = field(default_factory=dict)
    joins: dict[object, str] = field(default_factory=dict)
    _aliases: dict[object, str] = field(default_factory=dict)

    def node(self, node: Node) -> exp.Expr:
        match node:
            case All(nodes):
                return exp.and_(*map(self.node, nodes)) if nodes else exp.true()
            case AnyOf(nodes):
                return exp.or_(*map(self.node, nodes)) if nodes else exp.false()
            case Not(inner):
                return exp.not_(_or_false(self.node(inner)))
            case Leaf(known, op, value):
                return self.leaf(known, self._column(known), op, value)
            case Aggregate():
                return self._aggregate(node)
            case InAudience(name):
                raise ValueError(f"the audience {name} was not resolved")

    def leaf(self, known: Field, column: exp.Expr, op: Op, value: Value) -> exp.Expr:
        """The question about ``column``, which holds what is stored of the field."""
        if op is Op.KNOWN:
            return _known(known, column) if value else exp.not_(_known(known, column))
        if known.clock is Clock.DAYS_TO_YEARLY:
            keys = list(clocks.yearly_keys(op, value, self.today))
            return self._any_of(column, self._bound(keys, "bigint[]"))
        if known.clock is Clock.HOURS_SINCE:
            return self._between_instants(column, clocks.on_instants(op, value, self.now))
        if known.clock:
            op, value = clocks.on_days(known.clock, op, value, self.today)
            return self._compared(Kind.DATE, column, op, value)
        return self._compared(known.kind, column, op, value)

    def _column(self, known: Field) -> exp.Expr:
        bound = self.bindings.fields[known.name]
        if bound.source != self.bindings.people:
            join = source_join(bound.source, self.bindings.people)
            self.joins.setdefault(bound.source.alias, join)
        return _parsed(bound.column).copy()

    def _compared(self, kind: Kind, column: exp.Expr, op: Op, value: Value) -> exp.Expr:
        if isinstance(value, tuple) and op is Op.BETWEEN:
            low, high = (self._bound(one, _type(kind, one)) for one in value)
            return exp.Between(this=column, low=low, high=high)
        if isinstance(value, tuple):
            return self._in(kind, column, value)
        if op is Op.STARTS_WITH:
            return exp.Like(this=column, expression=self._bound(_prefix(str(value)), "text"))
        bound = self._bound(value, _type(kind, value))
        if op is Op.CONTAINS:
            found = exp.Anonymous(this="strpos", expressions=[column, bound])
            return exp.GT(this=found, expression=exp.Literal.number(0))
        if op is Op.HAS:
            return self._any_of(bound, column)
        return _COMPARED[op](this=_wrapped(column), expression=bound)

    def _in(self, kind: Kind, column: exp.Expr, values: tuple[Any, ...]) -> exp.Expr:
        type_ = f"{_type(kind, values)}[]"
        listed: list[Any] = list(values)
        if type_ == "numeric[]":
            listed = [Decimal(one) for one in values]
        bound = self._bound(listed, type_)
        if kind is Kind.SET:
            return exp.ArrayOverlaps(this=column, expression=bound)
        return self._any_of(column, bound)

    def _between_instants(self, column: exp.Expr, bounds: clocks.Bounds) -> exp.Expr:
        parts: list[exp.Expr] = []
        if bounds.after is not None:
            after = self._bound(bounds.after, "timestamptz")
            parts.append(exp.GT(this=column.copy(), expression=after))
        if bounds.until is not None:
            until = self._bound(bounds.until, "timestamptz")
            parts.append(exp.LTE(this=column.copy(), expression=until))
        inside = exp.and_(*parts)
        return exp.not_(inside) if bounds.outside else inside

    def _aggregate(self, node: Aggregate) -> exp.Expr:
        alias = self._joined(node)
        value: exp.Expr = exp.column("v", table=alias)
        if node.agg in (Agg.COUNT, Agg.SUM, Agg.DISTINCT):
            value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        if node.agg is Agg.AVERAGE and node.op is not Op.KNOWN:
            return self._average(alias, value, node)
        return self.leaf(node.result, value, node.op, node.value)

    def _average(self, alias: str, total: exp.Expr, node: Aggregate) -> exp.Expr:
        """Sum against value × rows: exact where a division would round."""
        values = node.value if isinstance(node.value, tuple) else (node.value,)
        if node.op is Op.IN:
            return exp.or_(*(self._share(alias, total, Op.EQ, one) for one in values))
        if node.op is Op.BETWEEN:
            low, high = values
            above = self._share(alias, total, Op.GTE, low)
            return exp.and_(above, self._share(alias, total, Op.LTE, high))
        return self._share(alias, total, node.op, values[0])

    def _share(self, alias: str, total: exp.Expr, op: Op, value: Any) -> exp.Expr:
        rows = exp.column("n", table=alias)
        expected = exp.Mul(this=self._bound(value, "numeric"), expression=rows)
        return _COMPARED[op](this=total.copy(), expression=expected)

    def _joined(self, node: Aggregate) -> str:
        key = (node.agg, node.collection.name, node.field, node.window, node.where)
        if key not in self._aliases:
            alias = f"a{len(self._aliases)}"
            people = self.bindings.people
            rows = _text(self._rows(node))
            self._aliases[key] = alias
            self.joins[key] = (
                f"LEFT JOIN ({rows}) {alias} ON {alias}.k = {people.alias}.{people.key}"
            )
        return self._aliases[key]

    def _rows(self, node: Aggregate) -> exp.Select:
        """One row per customer: k who, v the value, n how many values."""
        bound = self.bindings.collections[node.collection.name]
        who = _row_column(bound.customer)
        of = _row_column(_column_of(bound, node.field)) if node.field else None
        filters: list[exp.Expr] = [exp.Not(this=exp.Is(this=who.copy(), expression=exp.null()))]
        filters += [self._in_window(bound, node.window)]
        filters += [
            self.leaf(leaf.field, _row_column(_column_of(bound, leaf.field)), leaf.op, leaf.value)
            for leaf in node.where
        ]
        if bound.where:
            filters.append(exp.paren(_row_column(bound.where)))
        select = exp.select(exp.alias_(who, "k")).from_(f"{bound.relation} AS {ROW}")
        if node.agg in (Agg.FIRST, Agg.LAST) and of is not None:
            filters.append(exp.Not(this=exp.Is(this=of.copy(), expression=exp.null())))
            is_last = node.agg is Agg.LAST
            order = [exp.Ordered(this=_row_column(name), desc=is_last) for name in _order(bound)]
            return (
                select.distinct(who.copy())
                .select(exp.alias_(of, "v"))
                .where(*filters)
                .order_by(who.copy(), *order)
            )
        values = [exp.alias_(_made(node.agg, of), "v")]
        if of is not None:
            values.append(exp.alias_(exp.Count(this=of.copy()), "n"))
        return select.select(*values).where(*filters).group_by(who.copy())

    def _in_window(self, bound: PersonCollection, window: Window) -> exp.Expr:
        day, at = _row_column(bound.on), _row_column(bound.at)
        if window.hours is not None:
            after = self.now - timedelta(hours=window.hours)
            return self._between_instants(at, clocks.Bounds(after, self.now))
        parts: list[exp.Expr] = [exp.LTE(this=day, expression=self._bound(self.today, "date"))]
        if window.days is not None:
            after_day = self.today - timedelta(days=window.days)
            parts.append(exp.GT(this=day.copy(), expression=self._bound(after_day, "date")))
        if window.since is not None:
            parts.append(exp.GTE(this=day.copy(), expression=self._bound(window.since, "date")))
        return exp.and_(*parts)

    def _bound(self, value: Any, type_: str) -> exp.Expr:
        """A placeholder of a named value, with its type."""
        name = f"q{len(self.params)}"
        self.params[name] = value
        return exp.cast(exp.Placeholder(this=name), exp.DataType.build(type_, dialect="postgres"))

    @staticmethod
    def _any_of(value: exp.Expr, values: exp.Expr) -> exp.Expr:
        return exp.EQ(this=_wrapped(value), expression=exp.Any(this=exp.paren(values)))


def _text(made: exp.Expr) -> str:
    """The SQL for psycopg: percent signs that are no placeholder (mod() is written so) doubled."""
    return _NO_PLACEHOLDER.sub("%%", made.sql("postgres"))


def _made(agg: Agg, of: exp.Expr | None) -> exp.Expr:
    if of is None:
        return exp.Count(this=exp.Star())
    if agg is Agg.DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[of.copy()]))
    return exp.Sum(this=of.copy())


def _column_of(bound: PersonCollection, known: Field) -> str:
    return bound.columns.get(known.name, known.name)


def _order(bound: PersonCollection) -> tuple[str, str]:
    return bound.at, bound.key


def _known(known: Field, column: exp.Expr) -> exp.Expr:
    if known.kind is Kind.SET:
        size = exp.Anonymous(this="cardinality", expressions=[column])
        counted = exp.Coalesce(this=size, expressions=[exp.Literal.number(0)])
        return exp.GT(this=counted, expression=exp.Literal.number(0))
    return exp.Not(this=exp.Is(this=_wrapped(column), expression=exp.null()))


def _or_false(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=condition, expressions=[exp.false()])


def _wrapped(column: exp.Expr) -> exp.Expr:
    simple = isinstance(column, exp.Column | exp.Cast | exp.Coalesce | exp.Paren)
    return column if simple else exp.paren(column)


def _type(kind: Kind, value: Any) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    values = value if isinstance(value, tuple) else (value,)
    return "bigint" if all(isinstance(one, int) for one in values) else "numeric"


def _prefix(text: str) -> str:
    """``text`` and whatever follows, as LIKE wants it."""
    for mark in ("\\", "%", "_"):
        text = text.replace(mark, "\\" + mark)
    return text + "%"


@cache
def _parsed(column: str) -> exp.Expr:
    return parse_one(column, read="postgres")


def _row_column(text: str) -> exp.Expr:
    return _parsed(text).copy()
