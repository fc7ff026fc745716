"""Questions on one column in memory: what is stored in, yes or no out; the unknown is no."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from huitou.kit.conditions import clocks
from huitou.kit.conditions.types import Clock, Field, Kind, Op, Scalar, Value

Flags = npt.NDArray[np.bool_]
Column: TypeAlias = "pa.Array[Any]"
_EPOCH: Final = date(1970, 1, 1)
_COMPARED: Final[Mapping[Op, Callable[[Any, Any], Any]]] = {
    Op.EQ: np.equal,
    Op.NE: np.not_equal,
    Op.LT: np.less,
    Op.LTE: np.less_equal,
    Op.GT: np.greater,
    Op.GTE: np.greater_equal,
}


def answers(
    asked: Field, column: Column, op: Op, value: Value, *, today: date, now: datetime
) -> Flags:
    """For each row whether the question is answered with yes.

    Args:
        column: what is stored of the field: text, whole numbers, floats or decimals, date32,
            timestamp in UTC, booleans or lists of text; null = not known.
    """
    if op is Op.KNOWN:
        found = _known(asked.kind, column)
        return found if value else ~found
    if asked.clock:
        return _aged(asked.clock, column, op, value, today, now)
    match asked.kind:
        case Kind.TEXT | Kind.CHOICE:
            return _text(column, op, value)
        case Kind.SET:
            return _set(column, op, value)
        case Kind.FLAG:
            return _flags(pc.equal(column, pa.scalar(value)))
    return _ordered(column, op, value)


def compared(values: npt.NDArray[Any], op: Op, value: Value) -> Flags:
    """Numbers against whole or decimal values, exactly where ``values`` are whole or decimal."""
    if isinstance(value, tuple) and op is Op.BETWEEN:
        low, high = value
        return compared(values, Op.GTE, low) & compared(values, Op.LTE, high)
    if isinstance(value, tuple):
        hits = [compared(values, Op.EQ, one) for one in value]
        return cast(Flags, np.logical_or.reduce(hits))
    if values.dtype == np.object_:
        return _by_pairs(values, op, value)
    if values.dtype.kind == "i":
        return _whole(values, op, cast(int | Decimal, value))
    return cast(Flags, _COMPARED[op](values, float(cast(int | Decimal, value))))


def _aged(clock: Clock, column: Column, op: Op, value: Value, today: date, now: datetime) -> Flags:
    if clock is Clock.DAYS_TO_YEARLY:
        keys = pa.array(clocks.yearly_keys(op, value, today), pa.int64())
        return _flags(pc.is_in(column.cast(pa.int64()), value_set=keys))
    if clock is Clock.HOURS_SINCE:
        return _between_instants(column, clocks.on_instants(op, value, now))
    return _ordered(column.cast(pa.date32()), *clocks.on_days(clock, op, value, today))


def filled(column: Column, type_: pa.DataType, empty: int) -> npt.NDArray[Any]:
    """The column as numbers of a type, ``empty`` where nothing is known."""
    changed: Any = column.cast(type_)
    return cast(npt.NDArray[Any], changed.fill_null(empty).to_numpy(zero_copy_only=False))


def _ordered(column: Column, op: Op, value: Value) -> Flags:
    known = _known(Kind.NUMBER, column)
    if pa.types.is_date(column.type):
        days = filled(column, pa.int32(), 0)
        return known & compared(days.astype(np.int64), op, _mapped(value, _day))
    if pa.types.is_timestamp(column.type):
        return known & compared(_microseconds(column), op, _mapped(value, _instant))
    if pa.types.is_decimal(column.type):
        numbers = np.array(column.to_pylist(), dtype=np.object_)
        numbers[~known] = Decimal(0)
        return known & compared(numbers, op, value)
    type_ = pa.float64() if pa.types.is_floating(column.type) else pa.int64()
    plain = filled(column, type_, 0)
    return known & compared(plain, op, value)


def _whole(values: npt.NDArray[Any], op: Op, value: int | Decimal) -> Flags:
    """Whole numbers against a decimal: against the next whole number, so nothing is rounded."""
    if isinstance(value, Decimal):
        if op in (Op.EQ, Op.NE):
            return np.full(len(values), op is Op.NE)
        value = math.ceil(value) if op in (Op.LT, Op.GTE) else math.floor(value)
    return cast(Flags, _COMPARED[op](values, value))


def _by_pairs(values: npt.NDArray[Any], op: Op, value: Scalar) -> Flags:
    compare = _COMPARED[op]
    return np.fromiter((bool(compare(one, value)) for one in values), np.bool_, count=len(values))


def _text(column: Column, op: Op, value: Value) -> Flags:
    match op:
        case Op.EQ:
            return _flags(pc.equal(column, pa.scalar(value)))
        case Op.NE:
            return _flags(pc.not_equal(column, pa.scalar(value)))
        case Op.IN:
            listed = pa.array(list(cast(tuple[str, ...], value)), pa.string())
            return _flags(pc.is_in(column.cast(pa.string()), value_set=listed))
        case Op.STARTS_WITH:
            return _flags(pc.starts_with(column, pattern=str(value)))
        case Op.CONTAINS:
            return _flags(pc.match_substring(column, pattern=str(value)))
    raise ValueError(f"{op} is no question about text")


def _set(column: Column, op: Op, value: Value) -> Flags:
    listed = list(value) if isinstance(value, tuple) else [value]
    hits = pc.is_in(pc.list_flatten(column), value_set=pa.array(listed, pa.string()))
    rows = pc.filter(pc.list_parent_indices(column), hits).to_numpy(zero_copy_only=False)
    found = np.zeros(len(column), np.bool_)
    found[rows] = True
    return found


def _between_instants(column: Column, bounds: clocks.Bounds) -> Flags:
    known, stored = _known(Kind.INSTANT, column), _microseconds(column)
    inside = np.ones(len(stored), np.bool_)
    if bounds.after is not None:
        inside &= stored > _instant(cast(datetime, bounds.after))
    if bounds.until is not None:
        inside &= stored <= _instant(cast(datetime, bounds.until))
    return known & (~inside if bounds.outside else inside)


def _known(kind: Kind, column: Column) -> Flags:
    if kind is Kind.SET:
        return _flags(pc.greater(pc.list_value_length(column), pa.scalar(0)))
    return _flags(pc.is_valid(column))


def _microseconds(column: Column) -> npt.NDArray[np.int64]:
    whole = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    return cast(npt.NDArray[np.int64], whole.fill_null(0).to_numpy(zero_copy_only=False))


def _flags(answer: Column) -> Flags:
    return cast(Flags, answer.fill_null(False).to_numpy(zero_copy_only=False).astype(np.bool_))


def _mapped(value: Value, change: Callable[[Any], int]) -> Value:
    return tuple(map(change, value)) if isinstance(value, tuple) else change(value)


def _day(value: date) -> int:
    return (value - _EPOCH).days


def _instant(value: datetime) -> int:
    passed = value.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
