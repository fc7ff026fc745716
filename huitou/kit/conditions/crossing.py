"""When the clock alone next changes whom an expression chooses: one moment for all its people.

Each question about an age or a span of time turns when a stored day or instant has reached some
age. The next turn is the smallest stored value that has not reached it yet, plus that age: an index
range, never a timer per person.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from huitou.kit.conditions.types import (
    Aggregate,
    Clock,
    Expression,
    Leaf,
    Op,
    Value,
    Window,
)
from huitou.kit.conditions.walking import leaves


class Turn(NamedTuple):
    """Stored values above ``after`` have their turn ``shift`` later; the smallest is next.

    ``leaf`` stands on a field of people; else ``aggregate`` on the rows of a collection, by their
    day, or by their instant where ``shift`` is one of hours.
    """

    leaf: Leaf | None
    aggregate: Aggregate | None
    after: date | datetime
    shift: timedelta


def turns(expression: Expression, *, today: date, now: datetime) -> list[Turn]:
    """Every way in which the clock can change the answer, yearly days left out."""
    found: list[Turn] = []
    for node, _ in leaves(expression.where):
        if isinstance(node, Leaf) and node.field.clock is Clock.HOURS_SINCE:
            spans = [timedelta(hours=age) for age in _ages(node.op, node.value)]
            found += [Turn(node, None, now - span, span) for span in spans]
        elif isinstance(node, Leaf) and node.field.clock in (Clock.DAYS_SINCE, Clock.DAYS_UNTIL):
            spans = _day_spans(node)
            found += [Turn(node, None, today - span, span) for span in spans]
        elif isinstance(node, Aggregate):
            found += _window_turns(node, node.window, today, now)
    return found


def hangs_on_the_year(expression: Expression) -> bool:
    """Whether a yearly day is asked about: such an answer may change every midnight."""
    return any(
        isinstance(node, Leaf)
        and node.field.clock is Clock.DAYS_TO_YEARLY
        and node.op is not Op.KNOWN
        for node, _ in leaves(expression.where)
    )


def moment(turn: Turn, stored: date | datetime, zone: ZoneInfo) -> datetime:
    """When the turn of a stored value comes: an instant, or the midnight of the company's zone."""
    reached = stored + turn.shift
    return reached if isinstance(reached, datetime) else midnight(reached, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of ``day`` in ``zone``."""
    return datetime.combine(day, time(), zone)


def next_crossing(
    expression: Expression,
    table: pa.Table,
    *,
    today: date,
    now: datetime,
    zone: ZoneInfo,
    collections: Mapping[str, pa.Table] | None = None,
) -> datetime | None:
    """When the clock next may change the answer for somebody in ``table``; ``None``: never."""
    moments: list[datetime] = []
    if hangs_on_the_year(expression) and table.num_rows:
        moments.append(midnight(today + timedelta(days=1), zone))
    for turn in turns(expression, today=today, now=now):
        stored = _smallest(_column(turn, table, collections or {}), turn.after)
        if stored is not None:
            moments.append(moment(turn, stored, zone))
    return min(moments, default=None)


def _column(
    turn: Turn, table: pa.Table, collections: Mapping[str, pa.Table]
) -> "pa.ChunkedArray[Any]":
    if turn.leaf is not None:
        return table.column(turn.leaf.field.name)
    rows = collections[cast(Aggregate, turn.aggregate).collection.name]
    mine = pc.is_in(rows.column("customer_id"), value_set=table.column("customer_id"))
    by_instant = isinstance(turn.after, datetime)
    return rows.filter(mine).column("at" if by_instant else "on")


def _smallest(column: "pa.ChunkedArray[Any]", after: date | datetime) -> Any:
    beyond = column.filter(pc.greater(column, pa.scalar(after, column.type)))
    return pc.min(beyond).as_py()


def _day_spans(leaf: Leaf) -> list[timedelta]:
    """How long after the stored day the answer turns; before it for days until it."""
    ages = _ages(leaf.op, leaf.value)
    if leaf.field.clock is Clock.DAYS_SINCE:
        return [timedelta(days=age) for age in ages]
    # Days until shrink: n + 1 becomes n where an age of n would become n + 1.
    return [timedelta(days=1 - age) for age in ages]


def _ages(op: Op, value: Value) -> list[int]:
    """The ages at which the answer may turn, on reaching them."""
    values = [cast(int, one) for one in (value if isinstance(value, tuple) else (value,))]
    match op:
        case Op.KNOWN:
            return []
        case Op.GTE | Op.LT:
            return values
        case Op.GT | Op.LTE:
            return [one + 1 for one in values]
        case Op.BETWEEN:
            return [values[0], values[1] + 1]
    return sorted({age for one in values for age in (one, one + 1)})


def _window_turns(node: Aggregate, window: Window, today: date, now: datetime) -> list[Turn]:
    """A row comes in on its own day and goes when it leaves the window."""
    if window.hours is not None:
        spans = (timedelta(), timedelta(hours=window.hours))
        return [Turn(None, node, now - span, span) for span in spans]
    days = (0,) if window.days is None else (0, window.days)
    return [Turn(None, node, today - timedelta(days=span), timedelta(days=span)) for span in days]
