"""Digests of orders: equal if and only if the rows say the same, whatever the file looked like."""

from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXTS: Final = ("sku", "product", "category", "refund_of", "status")
NUMBERS: Final = [
    "position",
    "quantity",
    "unit_price",
    "amount_minor",
    "unit_cost",
    "discount_minor",
    "tax_minor",
    "delivery_minor",
]
_NOTHING: Final = np.iinfo(np.int64).min  # stands for null, which no column can hold


def order_digests(lines: pa.Table, heads: pa.Table) -> Any:
    """16 bytes for each order of ``heads``.

    ``lines`` has ``TEXTS``, ``NUMBERS`` (whole numbers), ``n`` and ``place``, the order's row in
    ``heads``; in any order. ``heads`` has columns of text, in an order that must never change,
    because digests are stored."""
    places = np.asarray(lines.column("place"))
    sorting = _sorting(places, lines)
    rows = np.empty((lines.num_rows, len(NUMBERS) + len(TEXTS)), dtype=np.int64)
    for at, name in enumerate(NUMBERS):
        rows[:, at] = _numbers(lines.column(name))[sorting]
    for at, name in enumerate(TEXTS, start=len(NUMBERS)):
        rows[:, at] = _text_codes(lines.column(name))[sorting]
    width = rows.shape[1] * 8
    bytes_of_rows = rows.reshape(-1).view(np.uint8).data
    starts = np.searchsorted(places[sorting], np.arange(heads.num_rows + 1)) * width
    columns: list[Any] = [*heads.columns, "\x1f"]
    titles = pc.binary_join_element_wise(*columns)
    digests = []
    for place, title in enumerate(titles.to_pylist()):
        digest = blake2b(title.encode(), digest_size=16)
        digest.update(bytes_of_rows[starts[place] : starts[place + 1]])
        digests.append(digest.digest())
    return pa.array(digests, pa.binary())


def _sorting(places: Any, lines: pa.Table) -> Any:
    """Where the rows stand when sorted by order, position and place in the file."""
    n = np.asarray(lines.column("n"))
    key = (places << 32) + np.asarray(lines.column("position"))
    slots = np.full(int(n.max(initial=-1)) + 1, -1, dtype=np.int64)
    slots[n] = np.arange(len(n))
    by_file = slots[slots >= 0]
    keys_by_file = key[by_file]
    # Most files have the rows of an order together and in order: a sort of what is sorted is quick.
    return by_file[np.argsort(keys_by_file, kind="stable")]


def _numbers(column: Any) -> Any:
    return np.asarray(pc.fill_null(column, _NOTHING).cast(pa.int64()))


def _text_codes(column: Any) -> Any:
    """A number for each text, the same on every machine and in every year."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = [
        int.from_bytes(
            blake2b((text or "").encode(), digest_size=8).digest(), "little", signed=True
        )
        for text in encoded.dictionary.to_pylist()
    ]
    return (
        np.array(codes, dtype=np.int64)[np.asarray(encoded.indices)]
        if codes
        else np.empty(0, dtype=np.int64)
    )
