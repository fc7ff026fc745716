"""Tables out: CSV and Parquet for people and spreadsheets, safe to open."""

import csv as lines
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from huitou.connectors.files import errors
from huitou.connectors.files.arrow import Column
from huitou.connectors.files.cells import safe_cell, safe_column


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
