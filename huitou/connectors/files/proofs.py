"""What only the values can tell: which of day and month comes first, which mark is the decimal
one."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from huitou.connectors.files import errors, fields
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.dates import YEAR_LAST_PATTERN, OrderProof
from huitou.connectors.files.decimals import MarkProof
from huitou.connectors.files.layout import Layout
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.types import Dialect
from huitou.kit.errors import HuitouError

_LAST_COMMA: Final = ";"


def settled(
    found: Layout, mapping: Mapping[str, str], preset: Preset
) -> tuple[Dialect, list[HuitouError]]:
    """The dialect with date order and decimal mark, and why either could not be told."""
    dialect, refusals = found.dialect, []
    order = dialect.date_order or preset.dialect.date_order
    if order is None:
        columns = [c for f, c in mapping.items() if f in fields.DATES or f.endswith("_at")]
        order, refusal = _date_order(found, columns)
        refusals += refusal
    mark = dialect.decimal_mark or preset.dialect.decimal_mark
    if mark is None:
        columns = [c for f, c in mapping.items() if f in fields.DECIMALS or f.endswith("_amount")]
        mark, refusal = _decimal_mark(found, columns)
        refusals += refusal
    return dataclasses.replace(dialect, date_order=order, decimal_mark=mark), refusals


def _date_order(found: Layout, columns: list[str]) -> tuple[str | None, list[HuitouError]]:
    """Read the date columns to the end, if dates like 03/04/2026 show up at the start."""
    if not columns:  # to be told when a column is mapped
        return None, []
    positions = [found.header.index(column) for column in columns]
    proof = OrderProof()
    proof.add(_values(found, positions))
    if proof.order is None and proof.example is None:
        return "ymd", []
    proofs = {position: OrderProof() for position in positions}
    for table in found.tables(positions):
        for position, own in proofs.items():
            dates = table.column(str(position))
            odd = pc.match_substring_regex(dates, YEAR_LAST_PATTERN)
            texts = dates.filter(odd)
            lines = table.column("line").filter(odd)
            own.add(_distinct(texts.to_pylist(), lines.to_pylist()))
    orders = {own.order for own in proofs.values()} - {None}
    if len(orders) > 1 or "mixed" in orders:
        return "mixed", []
    if orders:
        return orders.pop(), []
    for column, own in zip(columns, proofs.values(), strict=True):
        if own.example is not None:
            text, line = own.example
            return None, [errors.DateOrderUnclear(column=column, example=text, line=line)]
    return "dmy", []


def _distinct(texts: list[Any], lines: list[Any]) -> list[tuple[str, int]]:
    """Each text once, with the first of its lines."""
    first: dict[str, int] = {}
    for text, line in zip(texts, lines, strict=True):
        first.setdefault(text.strip(), line)
    return list(first.items())


def _decimal_mark(found: Layout, columns: list[str]) -> tuple[str | None, list[HuitouError]]:
    """A point, unless the first rows prove a comma; unclear only where semicolons part the
    cells."""
    if not columns:
        return None, []
    positions = [found.header.index(column) for column in columns]
    proof = MarkProof()
    proof.add(_values(found, positions))
    if proof.mark is None and proof.example is not None and found.dialect.delimiter == _LAST_COMMA:
        text, line = proof.example
        column = next(
            found.header[p]
            for p in positions
            for number, cells in found.head
            if number == line and p < len(cells) and cells[p].strip() == text
        )
        return None, [errors.DecimalMarkUnclear(column=column, example=text, line=line)]
    return proof.mark or ".", []


def _values(found: Layout, positions: list[int]) -> list[tuple[str, int]]:
    return [
        (cells[position].strip(), line)
        for line, cells in found.head
        for position in positions
        if position < len(cells)
    ]
