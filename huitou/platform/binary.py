"""Columns into PostgreSQL and out of it in its own binary form, in the current transaction.

Both sides are spared the writing and reading of digits: for tables of millions of rows whose types
are known. ``platform.copying`` takes whatever PostgreSQL can read as text."""

from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
from django.db import connection
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

_INFINITY: Final = np.iinfo(np.int32).max  # of dates, on both sides

_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_DOCUMENT: Final = b"\x01"  # begins a jsonb: the version of its form
_EPOCH_DAYS: Final = 10_957  # from Arrow's first day, 1970, to PostgreSQL's, 2000
_EPOCH_MICROSECONDS: Final = _EPOCH_DAYS * 86_400_000_000
_INSTANT: Final = pa.timestamp("us", "UTC")

Column = Any  # of Arrow: its own types know no column of just any type
pc: Any = pyarrow.compute
_Fields = list[tuple[str, npt.NDArray[Any] | int]]  # type, a value for each row or for all


def copy_in(batches: Iterable[pa.RecordBatch], *, relation: str) -> None:
    """Append ``batches`` to ``relation``, column by column of the same name.

    Columns: int16, int32, int64, date32, timestamp (us, UTC), string, and pa.json_() for jsonb; any
    may be null. Types are PostgreSQL's own of the same width: nothing is cast."""
    pieces = iter(batches)
    piece = next(pieces, None)
    if piece is None:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, piece.schema.names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)")
    with connection.cursor() as cursor:
        # Sending has a thread of its own: the next piece is written while this one is on its way.
        writer = QueuedLibpqWriter(cursor.cursor)
        whole = statement.format(sql.Identifier(relation), names)
        with connection.wrap_database_errors, cursor.copy(whole, writer=writer) as copy:
            copy.write(_HEAD)
            for each in chain([piece], pieces):
                copy.write(_encoded(each))
            copy.write(_END)


def numbers(told: bytes) -> npt.NDArray[np.int64]:
    """The bigints that ``string_agg(int8send(…), '')`` tells: a million rows would cost more."""
    return np.frombuffer(told, np.dtype(">i8")).astype(np.int64)


def array(column: Column) -> str:
    """The values as PostgreSQL reads an array; whole numbers, dates or texts."""
    values: Any = pa.array(column) if isinstance(column, np.ndarray) else column
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_string(values.type):
        values = pc.replace_substring(pc.replace_substring(values, "\\", r"\\"), '"', r"\"")
        values = pc.binary_join_element_wise('"', values, '"', "")
    texts = pc.fill_null(values.cast(pa.string()), "NULL")
    joined: Any = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), ",")
    return f"{{{joined[0].as_py()}}}"


def _encoded(batch: pa.RecordBatch) -> memoryview:
    """The rows of ``batch``: how many fields, then of each its length and its bytes.

    What has one width in every row is laid out at once; Arrow joins it with what has not."""
    fixed: _Fields = [(">i2", batch.num_columns)]
    parts: list[Any] = []
    for column in batch.columns:
        width = _width(column)
        if width:
            fixed += [(">i4", width), (_wire_type(column), _numbers(column))]
            continue
        lengths, data = _varying(column)
        fixed += [(">i4", lengths)]
        parts += [_laid_out(fixed, batch.num_rows), data]
        fixed = []
    if fixed:
        parts.append(_laid_out(fixed, batch.num_rows))
    joined: Any = pc.binary_join_element_wise(*parts, b"")
    ends = np.frombuffer(joined.buffers()[1], np.int32)
    return memoryview(joined.buffers()[2])[: ends[batch.num_rows]]


def _width(column: Column) -> int:
    """How many bytes each value has; 0 = it differs."""
    varies = _is_text(column.type) or column.null_count
    return 0 if varies else column.type.bit_width // 8


def _wire_type(column: Column) -> str:
    return f">i{column.type.bit_width // 8}"


def _numbers(column: Column) -> npt.NDArray[Any]:
    """The column as PostgreSQL counts; what stands for a null is of no consequence."""
    width = column.type.bit_width // 8
    kind = {2: np.int16, 4: np.int32, 8: np.int64}[width]
    values = np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column)]
    if column.type == pa.date32():
        return np.where(values == _INFINITY, _INFINITY, values - np.int32(_EPOCH_DAYS))
    return values - _EPOCH_MICROSECONDS if column.type == _INSTANT else values


def _varying(column: Column) -> tuple[npt.NDArray[np.int32], Column]:
    """How many bytes each value has (-1 = null), and the bytes."""
    is_null = column.is_null().to_numpy(zero_copy_only=False)
    if _is_text(column.type):
        data = column.cast(pa.string()).cast(pa.binary())
        if column.type == pa.json_():
            data = pc.binary_join_element_wise(_DOCUMENT, data, b"")
        data = pc.fill_null(data, b"")
        lengths = pc.binary_length(data).to_numpy()
    else:
        width = column.type.bit_width // 8
        lengths = np.where(is_null, 0, width).astype(np.int32)
        each = _numbers(column).astype(_wire_type(column)).view(np.uint8).reshape(-1, width)
        data = _binary(np.append(0, lengths.cumsum()), each[~is_null])
    return np.where(is_null, np.int32(-1), lengths), data


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or kind == pa.json_()


def _laid_out(fields: _Fields, rows: int) -> Column:
    """One value for each row: the fields one after another."""
    block = np.empty(rows, [(f"{n}", kind) for n, (kind, _) in enumerate(fields)])
    for n, (_, values) in enumerate(fields):
        block[f"{n}"] = values
    return _binary(np.arange(rows + 1) * block.dtype.itemsize, block)


def _binary(ends: npt.NDArray[Any], data: npt.NDArray[Any]) -> Column:
    parts: list[Any] = [np.ascontiguousarray(ends, np.int32), np.ascontiguousarray(data)]
    buffers = [None, *map(pa.py_buffer, parts)]
    return pa.Array.from_buffers(pa.binary(), len(ends) - 1, buffers)
