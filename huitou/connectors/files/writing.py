"""Tables out: CSV and Parquet for people and spreadsheets, safe to open."""

import csv as lines
import io
import re
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from huitou.connectors.files import errors
from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc

# A spreadsheet runs a cell that begins like this; a number with a sign is still a number.
_STARTS_FORMULA: Final = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠\t\r]")
_FORMULA_PATTERN: Final = "^[\\s\ufeff\u200b]*[=+\\-@＝＋－＠\t\r]"
_NUMBER_PATTERN: Final = r"^[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?%?$"
_NUMBER: Final = re.compile(_NUMBER_PATTERN)


def safe_cell(text: str) -> str:
    """``text`` as a cell no spreadsheet will run: an apostrophe goes before what looks like a
    formula.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5.20"), safe_cell("王芳")
    ("'=HYPERLINK(1)", '-5.20', '王芳')
    """
    if _STARTS_FORMULA.match(text) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def safe_column(column: Column) -> Column:
    """``safe_cell`` for a whole column of strings; other types are returned as they are."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.and_not(
        pc.match_substring_regex(column, _FORMULA_PATTERN),
        pc.match_substring_regex(column, _NUMBER_PATTERN),
    )
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def write_table(table: pa.Table, path: Path, *, for_excel: bool = False) -> Path:
    """Write ``table`` as the name says: ``.parquet``, else CSV in UTF-8 with safe cells.

    ``for_excel`` begins a CSV with a byte order mark: without it Excel takes Chinese for another
    encoding, with it simple programs take it for a part of the first column's name.

    The file appears whole or not at all: it is written beside itself and renamed.
    """
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise errors.FormatUnknown(name=path.name)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".parquet":
            pq.write_table(table, part, compression="zstd")
        else:
            _write_csv(table, part, for_excel=for_excel)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _write_csv(table: pa.Table, path: Path, *, for_excel: bool) -> None:
    columns = [safe_column(_plain(column)) for column in table.columns]
    names = [safe_cell(name) for name in table.column_names]
    header = io.StringIO()
    lines.writer(header, lineterminator="\n").writerow(names)  # quoted only where it must be
    with path.open("wb") as file:
        file.write(header.getvalue().encode("utf-8-sig" if for_excel else "utf-8"))
        rows = pa.Table.from_arrays(columns, names=names)
        csv.write_csv(rows, file, csv.WriteOptions(include_header=False))


def _plain(column: Column) -> Column:
    """Dictionary columns as their values; the CSV writer takes no others."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
