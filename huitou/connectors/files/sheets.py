"""Workbooks (XLSX, XLS) as raw cells: values only, formulas as their stored results."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from huitou.connectors.files import errors
from huitou.connectors.files.records import Shape

ROWS_A_TABLE: Final = 50_000
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # not allowed in a workbook
_EXACT_FLOAT: Final = 10**15  # spreadsheets keep 15 digits

Cell: TypeAlias = int | float | str | bool | date | datetime | time | timedelta


def opened(path: Path, sheet: str | None) -> CalamineSheet:
    """The named worksheet, else the first that has rows."""
    try:
        with path.open("rb") as file:  # by content: kept files have no ending
            book = CalamineWorkbook.from_filelike(file)
            pages = (book.get_sheet_by_index(index) for index in range(len(book.sheet_names)))
            if sheet is not None:
                return book.get_sheet_by_name(sheet)
            page = next((page for page in pages if page.start is not None), None)
    except WorksheetNotFound as error:
        raise errors.DialectWrong(setting="sheet", given=sheet) from error
    except PasswordError as error:
        raise errors.LockedFile from error
    except (CalamineError, ZipError, XmlError, OSError) as error:
        raise errors.DamagedFile from error
    if page is None:
        raise errors.EmptyFile
    return page


def cells(page: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Every row that is not blank, with its number in the sheet (from 1)."""
    for number, row in enumerate(page.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            yield number, row


def rows(page: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The same rows as text."""
    for number, row in cells(page):
        yield number, [cell if type(cell) is str else _text(cell) for cell in row]


def last_row(page: CalamineSheet) -> int:
    """The number of the last row with a cell."""
    return page.end[0] + 1 if page.end else 0


def tables(page: CalamineSheet, *, shape: Shape) -> Iterator[pa.Table]:
    """Raw string columns named by position, with ``line`` (row of the sheet) and ``problem``."""
    held: list[tuple[int, list[str]]] = []
    for number, row in rows(page):
        if number < shape.first_line:
            continue
        held.append((number, row))
        if len(held) == ROWS_A_TABLE:
            yield table(held, shape)
            held = []
    yield table(held, shape)


def table(held: Sequence[tuple[int, Sequence[str]]], shape: Shape) -> pa.Table:
    """Rows of equal width as columns."""
    columns = {
        str(p): pa.array([row[p] if p < len(row) else "" for _, row in held], pa.string())
        for p in shape.wanted
    }
    return pa.table(
        {
            **columns,
            "line": pa.array([number for number, _ in held], pa.int64()),
            "problem": pa.array([""] * len(held), pa.string()),
        }
    )


def _text(cell: Cell) -> str:
    """A cell as a file of text would have it: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT_FLOAT:
            return str(int(cell))
        return repr(cell) if abs(cell) < _EXACT_FLOAT else f"{cell:E}"
    return str(cell)
