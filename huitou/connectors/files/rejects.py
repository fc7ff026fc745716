"""The rejected records of a file, in its own format, to be mended and imported."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from huitou.connectors.files import opening, sheets, survey
from huitou.connectors.files.types import Dialect

_MARKS: Final = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def rejects_suffix(dialect: Dialect) -> str:
    """The ending a file of rejects should have: gzipped text comes out unpacked, XLS as XLSX."""
    suffixes = {"parquet": ".parquet", "xlsx": ".xlsx", "xls": ".xlsx"}
    separated = ".tsv" if dialect.delimiter == "\t" else ".csv"
    return suffixes.get(
        dialect.container or "text", ".txt" if dialect.delimiter == "blanks" else separated
    )


def write_rejects(path: Path, *, dialect: Dialect, lines: Iterable[int], out: Path) -> Path:
    """Write the records that begin at ``lines`` to ``out``, under the file's own header.

    Text is copied as it stands, so nothing is lost and nothing evaluated: same encoding, delimiter,
    quotes and line ends. The file appears whole or not at all.

    Args:
        dialect: complete, as ``inspect`` gave it.
        lines: first physical lines of records as ``rows`` counted them; others are not there.
    """
    wanted = frozenset(lines)
    part = out.with_name(f".{out.name}.part")
    try:
        if dialect.container == "parquet":
            _write_parquet(path, wanted, part)
        elif dialect.container in {"xlsx", "xls"}:
            _write_workbook(path, dialect, wanted, part)
        else:
            _write_text(path, dialect, wanted, part)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return out


def _write_text(path: Path, dialect: Dialect, wanted: frozenset[int], part: Path) -> None:
    encoding = dialect.encoding or "utf-8"
    start = next(opening.text_chunks(path, is_gzip=bool(dialect.is_gzip)), b"")
    line_end = "\r\n" if b"\r\n" in start or b"\r\0\n\0" in start else "\n"
    mark = _MARKS.get(encoding, b"")
    if start.startswith(b"\xef\xbb\xbf"):
        mark = b"\xef\xbb\xbf"
    with part.open("wb") as file:
        file.write(mark)
        for text in _records(path, dialect, wanted):
            file.write(text.replace("\n", line_end).encode(encoding))


def _records(path: Path, dialect: Dialect, wanted: frozenset[int]) -> Iterator[str]:
    """What stands above the rows, then every wanted record with all its physical lines."""
    header_line = dialect.header_line or 0
    lines = _Lines(path, dialect)
    for text in lines:
        if lines.number < header_line:
            yield text
        elif lines.number == header_line or lines.number in wanted:
            yield text + "".join(lines.rest_of_record(text))


class _Lines:
    """The physical lines of a text, ``number`` being that of the last one given."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        chunks = opening.text_chunks(path, is_gzip=bool(dialect.is_gzip))
        self._blocks = survey.line_blocks(chunks, encoding=dialect.encoding or "utf-8")
        self._dialect = dialect
        self._ahead: Iterator[str] = iter(())
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = next(self._ahead, None)
        while text is None:
            block = next(self._blocks).decode()
            self._ahead = iter([line + "\n" for line in block.split("\n")[:-1]])
            text = next(self._ahead, None)
        self.number += 1
        return text

    def rest_of_record(self, first: str) -> list[str]:
        """The further physical lines of the record that begins with ``first``."""
        if self._dialect.delimiter == "blanks" or (self._dialect.quote or '"') not in first:
            return []
        taken: list[str] = []

        def given() -> Iterator[str]:
            yield first
            for text in self:
                taken.append(text)
                yield text

        delimiter, quote = self._dialect.delimiter or ",", self._dialect.quote or '"'
        next(csv.reader(given(), delimiter=delimiter, quotechar=quote), None)
        return taken


def _write_parquet(path: Path, wanted: frozenset[int], part: Path) -> None:
    """Rows by position; the header counts as line 1."""
    file = pq.ParquetFile(path)
    line = 2
    with pq.ParquetWriter(part, file.schema_arrow) as writer:
        for batch in file.iter_batches():
            keep = [n in wanted for n in range(line, line + batch.num_rows)]
            line += batch.num_rows
            if any(keep):
                writer.write_batch(batch.filter(pa.array(keep)))


def _write_workbook(path: Path, dialect: Dialect, wanted: frozenset[int], part: Path) -> None:
    """Cells with their own types; text stays text even where it looks like a formula."""
    book = Workbook(write_only=True)
    page = book.create_sheet(dialect.sheet)
    header_line = dialect.header_line or 0
    for number, cells in sheets.cells(sheets.opened(path, dialect.sheet)):
        if number <= header_line or number in wanted:
            page.append([_cell(page, cell) for cell in cells])
    book.save(part)


def _cell(page: object, cell: sheets.Cell) -> WriteOnlyCell:
    written = WriteOnlyCell(page, None)
    if isinstance(cell, str):
        written.value = sheets.UNPRINTABLE.sub("", cell)
        written.data_type = "s"
    else:
        written.value = cell
    return written
