"""Text into raw cells: whole blocks by Arrow, odd blocks row by row, line numbers right in both."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from huitou.connectors.files import errors, sniffing, survey
from huitou.connectors.files.arrow import arrays, repeated, whole_numbers

BLOCK_BYTES: Final = 6 << 20

_BLANK_RUN: Final = re.compile(rb"(?:[ \t]|\xe3\x80\x80)+")
_BLANK_ENDS: Final = re.compile(rb"(?m)^(?:[ \t]|\xe3\x80\x80)+|(?:[ \t]|\xe3\x80\x80)+$")
_SENTINEL: Final = "\x01end"


@dataclass(frozen=True)
class Shape:
    """How the rows of a text are cut.

    ``width`` cells a row, ``wanted`` positions of the cells to keep; ``first_line`` the physical
    line of the first record below the header.
    """

    delimiter: str
    quote: str
    width: int
    wanted: tuple[int, ...]
    first_line: int


def tables(chunks: Iterable[bytes], *, encoding: str, shape: Shape) -> Iterator[pa.Table]:
    """Raw string columns named by position, with ``line`` and ``problem``, one table a block.

    A quoted record that crosses blocks is held until its end has come.
    """
    next_line, held = 1, b""
    for incoming in survey.line_blocks(chunks, encoding=encoding, block_bytes=BLOCK_BYTES):
        block = held + incoming
        if next_line < shape.first_line:
            block, next_line = _skipped(block, next_line, shape.first_line)
        table, held = _parsed(block, next_line, shape)
        if len(held) > survey.LINE_LIMIT_BYTES:
            at = next_line + block.count(b"\n", 0, len(block) - len(held))
            raise errors.LineTooLong(line=at, limit_bytes=survey.LINE_LIMIT_BYTES)
        next_line += block.count(b"\n", 0, len(block) - len(held))
        yield table
    if held:
        yield _exact(held, next_line, shape, is_last=True)[0]


def _skipped(block: bytes, line: int, first_line: int) -> tuple[bytes, int]:
    """The block without the lines above ``first_line``, and the number of its first line."""
    start = 0
    while line < first_line and start < len(block):
        start = block.find(b"\n", start) + 1
        line += 1
    return block[start:], line


def _parsed(block: bytes, line: int, shape: Shape) -> tuple[pa.Table, bytes]:
    """The table of a block and the open record at its end."""
    if shape.delimiter == sniffing.BLANKS:
        block = _BLANK_RUN.sub(b"\t", _BLANK_ENDS.sub(b"", block))
    fast = _fast(block, line, shape) if block else None
    return (fast, b"") if fast is not None else _exact(block, line, shape, is_last=False)


def _fast(block: bytes, line: int, shape: Shape) -> pa.Table | None:
    """The block by Arrow; None if a record spans lines, is blank or has the wrong width."""
    quote = shape.quote.encode()
    has_quotes = quote in block and shape.delimiter != sniffing.BLANKS
    if has_quotes and (block.count(quote) % 2 or _is_open(block, shape)):
        return None
    names = [str(position) for position in range(shape.width)]
    wanted = [str(position) for position in shape.wanted]
    try:
        table = arrow_csv.read_csv(
            arrays.BufferReader(block),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=1 << 20),
            parse_options=arrow_csv.ParseOptions(
                delimiter=_delimiter(shape),
                quote_char=shape.quote if has_quotes else False,
                newlines_in_values=has_quotes,
            ),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    count = table.num_rows
    if count != block.count(b"\n"):
        return None
    lines = whole_numbers(line, count)
    return table.append_column("line", lines).append_column("problem", repeated("", count))


def _delimiter(shape: Shape) -> str:
    return "\t" if shape.delimiter == sniffing.BLANKS else shape.delimiter


def _is_open(block: bytes, shape: Shape) -> bool:
    """Whether the last physical line, taken alone, leaves a quote open."""
    last = block[block.rfind(b"\n", 0, len(block) - 1) + 1 :].decode()
    rows = list(_reader([last], shape))
    return bool(rows) and rows[-1] != [_SENTINEL]


def _reader(lines: Iterable[str], shape: Shape) -> Iterator[list[str]]:
    """The csv module over the lines and a sentinel; an open quote swallows the sentinel."""

    def with_end() -> Iterator[str]:
        yield from lines
        yield _SENTINEL

    if shape.delimiter == sniffing.BLANKS:
        quoting: dict[str, object] = {"quoting": csv.QUOTE_NONE}
    else:
        quoting = {"quotechar": shape.quote}
    return csv.reader(with_end(), delimiter=_delimiter(shape), **quoting)  # type: ignore[arg-type]  # typeshed wants literals


def _exact(block: bytes, line: int, shape: Shape, *, is_last: bool) -> tuple[pa.Table, bytes]:
    """The block record by record, and what an open quote leaves for the next one."""
    lines = [piece + "\n" for piece in block.decode().split("\n")[:-1]]
    rows: list[list[str]] = []
    starts: list[int] = []
    is_open, begins = False, 0
    reader = _reader(lines, shape)
    try:
        for cells in reader:
            ends = reader.line_num  # type: ignore[attr-defined]  # csv readers count their lines
            if ends > len(lines):
                is_open = cells != [_SENTINEL]
                break
            if len(cells) > 1 or (cells and cells[0].strip()):
                rows.append(cells)
                starts.append(line + begins)
            begins = ends
    except csv.Error as error:
        at = line + begins
        raise errors.LineTooLong(line=at, limit_bytes=survey.LINE_LIMIT_BYTES) from error
    if is_open and not is_last:
        return _table(rows, starts, shape), "".join(lines[begins:]).encode()
    if is_open:
        rows.append(cells)
        starts.append(line + begins)
    return _table(rows, starts, shape, is_open=is_open), b""


def _table(
    rows: list[list[str]], starts: list[int], shape: Shape, *, is_open: bool = False
) -> pa.Table:
    """Rows as columns; short ones filled, long ones cut, both marked; the last one may be open."""
    width = shape.width
    problems = [""] * len(rows)
    for index, cells in enumerate(rows):
        if len(cells) < width:
            problems[index] = "too_few_cells"
            rows[index] = cells + [""] * (width - len(cells))
        elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
            problems[index] = "too_many_cells"
    if is_open:
        problems[-1] = "quote_open"
    columns = {str(p): pa.array([cells[p] for cells in rows], pa.string()) for p in shape.wanted}
    lines = pa.array(starts, pa.int64())
    return pa.table({**columns, "line": lines, "problem": pa.array(problems, pa.string())})
