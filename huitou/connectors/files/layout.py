"""How one file is laid out: its complete dialect, its header, its first rows; the same for every
container."""

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
from python_calamine import CalamineSheet

from huitou.connectors.files import errors, opening, parquet, presets, sheets, sniffing, survey
from huitou.connectors.files.records import Shape
from huitou.connectors.files.records import tables as text_tables
from huitou.connectors.files.types import Dialect

HEAD_ROWS: Final = 400
_QUOTES: Final = ('"', "'")


@dataclass(frozen=True)
class Layout:
    """``head`` are the first records below the header with their lines; ``lines`` and
    ``bytes_expanded`` may be 0
    where only the start was looked at."""

    path: Path
    dialect: Dialect
    header: tuple[str, ...]
    head: tuple[tuple[int, Sequence[str]], ...]
    first_line: int
    lines: int = 0
    bytes_expanded: int = 0
    page: CalamineSheet | None = None  # an open worksheet: opening one costs most of reading it

    def position(self, column: str) -> int:
        """Where the column of this name is.

        Raises:
            ColumnMissing: it is not there.
        """
        try:
            return self.header.index(column)
        except ValueError:
            raise errors.ColumnMissing(column=column) from None

    def tables(self, wanted: Sequence[int]) -> Iterator[pa.Table]:
        """Raw cells of the wanted positions; see ``records.tables``."""
        shape = Shape(
            delimiter=self.dialect.delimiter or ",",
            quote=self.dialect.quote or '"',
            width=len(self.header),
            wanted=tuple(wanted),
            first_line=self.first_line,
        )
        if self.dialect.container == "parquet":
            return parquet.tables(self.path, shape=shape)
        if self.dialect.container in {"xlsx", "xls"}:
            page = self.page or sheets.opened(self.path, self.dialect.sheet)
            return sheets.tables(page, shape=shape)
        chunks = opening.text_chunks(self.path, is_gzip=bool(self.dialect.is_gzip))
        return text_tables(chunks, encoding=self.dialect.encoding or "utf-8", shape=shape)


def surveyed(path: Path, *, kind: str, overrides: Dialect) -> Layout:
    """The layout after reading the whole file once: bytes, encoding and lines are known to be
    right."""
    overrides = _checked(overrides)
    container, is_gzip = opening.container(path)
    found = dataclasses.replace(overrides, container=container, is_gzip=is_gzip)
    if container != "text":
        return _of_cells(path, kind=kind, dialect=found)
    chunks = opening.text_chunks(path, is_gzip=is_gzip)
    seen = survey.survey(chunks, encoding=overrides.encoding)
    layout = _of_sample(path, seen.sample.decode("utf-8", "replace"), kind=kind, dialect=found)
    return dataclasses.replace(
        layout,
        dialect=dataclasses.replace(layout.dialect, encoding=seen.encoding),
        lines=seen.lines,
        bytes_expanded=seen.bytes_expanded,
    )


def opened(path: Path, *, kind: str, dialect: Dialect) -> Layout:
    """The layout a complete dialect gives, by reading the start only."""
    dialect = _checked(dialect)
    if dialect.container != "text":
        return _of_cells(path, kind=kind, dialect=dialect)
    chunks = opening.text_chunks(path, is_gzip=bool(dialect.is_gzip))
    blocks = survey.line_blocks(
        chunks, encoding=dialect.encoding or "utf-8", block_bytes=survey.SAMPLE_BYTES
    )
    start = next(blocks, b"")
    if start.isspace() or not start:
        raise errors.EmptyFile
    end = start.find(b"\n", survey.SAMPLE_BYTES) + 1
    return _of_sample(path, start[: end or len(start)].decode(), kind=kind, dialect=dialect)


def _of_sample(path: Path, text: str, *, kind: str, dialect: Dialect) -> Layout:
    quote = dialect.quote or sniffing.quote_of(text)
    delimiter = dialect.delimiter or sniffing.delimiter_of(text, quote)
    rows = sniffing.records(text, delimiter, quote)
    found = dataclasses.replace(dialect, quote=quote, delimiter=delimiter)
    return _headed(path, rows, kind=kind, dialect=found)


def _of_cells(path: Path, *, kind: str, dialect: Dialect) -> Layout:
    size = path.stat().st_size
    if dialect.container == "parquet":
        header = parquet.header(path)
        rows = [(1, header), *parquet.preview(path, HEAD_ROWS)]
        layout = _headed(path, rows, kind=kind, dialect=dataclasses.replace(dialect, header_line=1))
        return dataclasses.replace(layout, lines=parquet.row_count(path) + 1, bytes_expanded=size)
    page = sheets.opened(path, dialect.sheet)
    named = dataclasses.replace(dialect, sheet=str(page.name))
    head = list(itertools.islice(sheets.rows(page), HEAD_ROWS))
    layout = _headed(path, head, kind=kind, dialect=named)
    lines = sheets.last_row(page)
    return dataclasses.replace(layout, lines=lines, bytes_expanded=size, page=page)


def _headed(
    path: Path, rows: Sequence[tuple[int, Sequence[str]]], *, kind: str, dialect: Dialect
) -> Layout:
    """Find the header among the first records and name the columns."""
    if not rows:
        raise errors.EmptyFile
    line = dialect.header_line
    if line is None:
        line = sniffing.header_line_of(rows, presets.known_names(kind))
    below = [(number, cells) for number, cells in rows if number > line]
    names = next((cells for number, cells in rows if number == line), None)
    if names is None and line:
        raise errors.DialectWrong(setting="header_line", given=line)
    if not below:
        raise errors.HeaderOnly
    if names is None:
        width = max(len(cells) for _, cells in rows[:HEAD_ROWS])
        names = [str(position + 1) for position in range(width)]
    header = tuple(" ".join(name.replace("\ufeff", "").split()) for name in names)
    usual = Counter(len(cells) for _, cells in below).most_common(1)[0][0]
    if not any(header[usual:]):  # a delimiter at the end of the header alone
        header = header[:usual]
    return Layout(
        path=path,
        dialect=dataclasses.replace(dialect, header_line=line),
        header=header,
        head=tuple(below[:HEAD_ROWS]),
        first_line=below[0][0],
    )


def _checked(dialect: Dialect) -> Dialect:
    """The encoding by its own name; settings that cannot be are refused."""
    if dialect.encoding is not None:
        name = dialect.encoding.lower().replace("_", "-")
        dialect = dataclasses.replace(dialect, encoding=survey.ALIASES.get(name, name))
    if dialect.encoding is not None and dialect.encoding not in survey.ENCODINGS:
        raise errors.DialectWrong(setting="encoding", given=dialect.encoding)
    delimiter = dialect.delimiter
    if delimiter not in (None, sniffing.BLANKS) and (
        len(delimiter) != 1 or delimiter in "\r\n\"'" or not delimiter.isascii()
    ):
        raise errors.DialectWrong(setting="delimiter", given=delimiter)
    if dialect.quote not in (None, *_QUOTES):
        raise errors.DialectWrong(setting="quote", given=dialect.quote)
    if dialect.date_order not in (None, "ymd", "dmy", "mdy", "mixed"):
        raise errors.DialectWrong(setting="date_order", given=dialect.date_order)
    if dialect.decimal_mark not in (None, ".", ","):
        raise errors.DialectWrong(setting="decimal_mark", given=dialect.decimal_mark)
    return dialect
