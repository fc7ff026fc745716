"""Digests of orders: equal if and only if the rows say the same, whatever the file looked like."""

from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# The columns of a row and what stands for them where the file has none. Stored digests hang on the
# order: a new column may only be added at the end, with the value old rows are to have.
ABSENT: Final = {
    "position": 0,
    "quantity": 0,
    "unit_price": None,
    "amount_minor": 0,
    "unit_cost": None,
    "discount_minor": 0,
    "tax_minor": 0,
    "delivery_minor": 0,
    "sku": "",
    "product": "",
    "category": "",
    "refund_of": "",
    "status": "paid",
}
HEADS_AT_ONCE: Final = 100_000
_NOTHING: Final = np.iinfo(np.int64).min  # stands for null, which no column can hold


def order_digests(lines: pa.Table, heads: pa.Table) -> Any:
    """16 bytes for each order of ``heads``, in hexadecimal.

    Each row is mixed into two 64-bit numbers, its position among them; an order's are their sums.
    That tells orders apart unless somebody sets out to make two alike, and nobody gains by it.

    Args:
        lines: ``ord_no`` and any of the columns of ``ABSENT``, numbers whole; in any order.
        heads: ``ord_no`` and columns of text, in an order that must never change.
    """
    orders = np.asarray(lines.column("ord_no"))
    first, second = _mixed(lines)
    size = int(orders.max(initial=-1)) + 1
    sums = np.zeros((2, size), dtype=np.uint64)
    np.add.at(sums[0], orders, first)
    np.add.at(sums[1], orders, second)
    pairs = np.ascontiguousarray(sums[:, np.asarray(heads.column("ord_no"))].T)
    titles = heads.drop_columns(["ord_no"])
    pieces = [
        _sealed(titles.slice(start, HEADS_AT_ONCE), pairs[start : start + HEADS_AT_ONCE].tobytes())
        for start in range(0, titles.num_rows, HEADS_AT_ONCE)
    ]
    return pa.chunked_array(pieces, pa.string())


def _sealed(titles: pa.Table, of_rows: bytes) -> Any:
    """The digests of some orders: of what the order says and what its rows were mixed into."""
    columns: list[Any] = [*titles.columns, "\x1f"]
    said: list[Any] = pc.binary_join_element_wise(*columns).to_pylist()
    digests = [
        blake2b(text.encode() + of_rows[at * 16 : at * 16 + 16], digest_size=16).hexdigest()
        for at, text in enumerate(said)
    ]
    return pa.array(digests, pa.string())


def _mixed(lines: pa.Table) -> tuple[Any, Any]:
    """Two numbers for each row, made of all its columns."""
    first = np.zeros(lines.num_rows, dtype=np.uint64)
    second = np.full(lines.num_rows, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for salt, (name, absent) in enumerate(ABSENT.items(), start=1):
        codes = _codes(lines.column(name)) if name in lines.column_names else _code(absent)
        scattered = _scattered(codes, salt)
        first = (first ^ scattered) * np.uint64(0xD6E8FEB86659FD93)
        second = (second + scattered) * np.uint64(0xA0761D6478BD642F)
        second ^= second >> np.uint64(29)
    return _scattered(first, 101), _scattered(second, 102)


def _scattered(codes: Any, salt: int) -> Any:
    """Numbers that look like chance, the same for the same codes (the mixer of splitmix64)."""
    mixed = codes + np.uint64(salt * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _codes(column: Any) -> Any:
    """A number for each cell, the same on every machine and in every year."""
    if not pa.types.is_string(column.type):
        return np.asarray(pc.fill_null(column, _NOTHING).cast(pa.int64())).view(np.uint64)
    encoded = column.combine_chunks().dictionary_encode()
    texts = [_text_code(text or "") for text in encoded.dictionary.to_pylist()]
    return np.array(texts, dtype=np.uint64)[np.asarray(encoded.indices)]


def _code(cell: str | int | None) -> Any:
    """The code of a cell that all rows share, as an array of one."""
    if isinstance(cell, str):
        return np.array([_text_code(cell)], dtype=np.uint64)
    return np.array([_NOTHING if cell is None else cell], dtype=np.int64).view(np.uint64)


def _text_code(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
