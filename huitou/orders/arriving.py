"""Rows of a file of orders as they arrive: numbered over the chunks, in runs of one order."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huitou.kit.money import CEILING_MINOR

COLUMNS: Final = [
    "order_id",
    "line_no",
    "customer",
    "customer_name",
    "phone",
    "email",
    "ordered_at",
    "paid_at",
    "amount",
    "currency",
    "store",
    "channel",
    "sku",
    "product",
    "category",
    "quantity",
    "unit_price",
    "unit_cost",
    "discount",
    "delivery",
    "tax",
    "status",
    "refund_of",
]
NO_ROWS: Final = pa.table({"line": pa.array([], pa.int64())})


class ArrivingRows:
    """What is known of the file so far: its ``columns``, its ``runs``, how many rows were seen.

    ``may_have_control`` says of the last chunk whether a byte in it could be a control character.
    """

    def __init__(self, *, factor: int) -> None:
        self.columns: set[str] = set()
        self.runs = Runs()
        self.may_have_control = True
        self._factor = factor
        self._seen = 0

    def prepared(self, chunk: pa.Table) -> pa.Table:
        """``chunk`` with every canonical column, its place in the file and the run of rows it
        belongs to."""
        self.columns.update(chunk.column_names)
        self.may_have_control = any(map(_has_low_byte, chunk.columns))
        rows = chunk.num_rows
        empty = pa.repeat(pa.scalar(""), rows)
        given = {
            name: chunk.column(name) if name in chunk.column_names else empty for name in COLUMNS
        }
        keys = self._keys(given, rows)
        columns: dict[str, Any] = {
            name: given[name] for name in COLUMNS if name in chunk.column_names
        }
        columns["line"] = chunk.column("line")
        columns["n"] = pa.array(np.arange(self._seen, self._seen + rows, dtype=np.int64))
        columns["run_no"] = self.runs.add(keys, alone="order_id" not in self.columns)
        columns["exact_minor"] = self._exact(given, rows)
        columns |= {
            name: chunk.column(name)
            for name in ("problem", "ignored")
            if name in chunk.column_names
        }
        self._seen += rows
        return pa.table(columns)

    def _keys(self, given: Mapping[str, Any], rows: int) -> Any:
        if "order_id" in self.columns:
            return given["order_id"]
        day = pc.utf8_slice_codeunits(given["ordered_at"], 0, 10)
        return pc.binary_join_element_wise(given["customer"], day, "/")

    def _exact(self, given: Mapping[str, Any], rows: int) -> Any:
        """Minor units of the odd rows whose price has more decimals than a column holds; null for
        the others."""
        finer = pc.match_substring_regex(
            given["unit_price"], r"^[+-]?[0-9]{1,9}[.][0-9]{8}[0-9]*[1-9]$"
        )
        exact: list[int | None] = [None] * rows
        if not pc.any(finer).as_py():
            return pa.nulls(rows, pa.int64())
        for place in np.flatnonzero(np.asarray(finer)):
            price = given["unit_price"][int(place)].as_py()
            quantity = given["quantity"][int(place)].as_py() or "1"
            exact[place] = _times(price, quantity, self._factor)
        return pa.array(exact, pa.int64())


class Runs:
    """Rows that follow each other and have one key: numbered over the chunks of a file."""

    def __init__(self) -> None:
        self._keys: list[Any] = []
        self._starts: list[Any] = []
        self._count = 0
        self._rows = 0
        self._last: str | None = None

    def add(self, keys: Any, *, alone: bool) -> Any:
        """The run of each of the next rows. ``alone``: every row is a run of its own."""
        keys = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
        rows = len(keys)
        begins = np.ones(rows, dtype=bool)
        if not alone and rows:
            begins[1:] = np.asarray(pc.not_equal(keys[1:], keys[:-1]))
            begins[0] = self._last is None or keys[0].as_py() != self._last
        self._last = keys[rows - 1].as_py() if rows else self._last
        numbers = self._count + np.cumsum(begins) - 1
        starts = np.flatnonzero(begins)
        self._keys.append(keys.take(pa.array(starts)))
        self._starts.append(starts + self._rows)
        self._count += len(starts)
        self._rows += rows
        return pa.array(numbers.astype(np.int32))

    def table(self) -> pa.Table:
        """run_no, key, first_n, length of every run."""
        starts = np.concatenate([*self._starts, np.empty(0, dtype=np.int64)]).astype(np.int64)
        length = np.diff(np.append(starts, self._rows))
        keys = pa.chunked_array(self._keys, pa.string())
        return pa.table(
            {
                "run_no": np.arange(len(starts), dtype=np.int32),
                "key": keys,
                "first_n": starts,
                "length": length,
            }
        )


def _times(price: str, quantity: str, factor: int) -> int | None:
    """``price`` times ``quantity`` in minor units, rounded half away from zero; None if that
    cannot be."""
    try:
        minor = Decimal(price) * Decimal(quantity) * factor
    except ArithmeticError:
        return None
    return int(minor.to_integral_value(ROUND_HALF_UP)) if abs(minor) <= CEILING_MINOR * 10 else None


def _has_low_byte(column: Any) -> bool:
    """Whether a text column has a byte that a control character has: a look at raw memory, for
    most files the last."""
    if not pa.types.is_string(column.type):
        return False
    for chunk in column.chunks:
        buffers = chunk.buffers()
        text = (
            np.frombuffer(buffers[2], dtype=np.uint8)
            if buffers[2] is not None
            else np.empty(0, np.uint8)
        )
        if text.size and bool(((text < 32) | (text == 127)).any()):
            return True
    return False
