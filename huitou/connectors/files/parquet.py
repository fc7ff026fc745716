"""Parquet files as raw cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from huitou.connectors.files import errors
from huitou.connectors.files.arrow import Column, repeated, whole_numbers
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.records import Shape

ROWS_A_TABLE: Final = 100_000


def header(path: Path) -> list[str]:
    """The column names in order."""
    return [str(name) for name in _opened(path).schema_arrow.names]


def row_count(path: Path) -> int:
    """How many rows the file says it has."""
    return int(_opened(path).metadata.num_rows)


def preview(path: Path, count: int) -> list[tuple[int, list[str]]]:
    """The first rows as text; the header counts as line 1."""
    width = len(header(path))
    shape = Shape(",", '"', width, tuple(range(width)), 2)
    table = next(tables(path, shape=shape), None)
    if table is None:
        return []
    columns = [table.column(str(p)).slice(0, count).to_pylist() for p in range(width)]
    return [(line, list(cells)) for line, cells in enumerate(zip(*columns, strict=True), start=2)]


def tables(path: Path, *, shape: Shape) -> Iterator[pa.Table]:
    """Raw string columns named by position, with ``line`` and ``problem``."""
    file = _opened(path)
    names = [file.schema_arrow.names[position] for position in shape.wanted]
    line = 2
    try:
        for batch in file.iter_batches(batch_size=ROWS_A_TABLE, columns=names):
            columns = {
                str(position): _text(batch.column(name))
                for position, name in zip(shape.wanted, names, strict=True)
            }
            count = batch.num_rows
            lines = whole_numbers(line, count)
            problems = repeated("", count)
            yield pa.table({**columns, "line": lines, "problem": problems})
            line += count
    except (pa.ArrowException, OSError) as error:
        raise errors.DamagedFile from error


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise errors.DamagedFile from error


def _text(column: Column) -> Column:
    """Values as text: dates as ISO, instants with their offset, whole floats without a point."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        if kind.tz is not None:
            utc = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).cast(pa.timestamp("us"))
            text = pc.binary_join_element_wise(utc.cast(pa.string()), "+00:00", "")
        else:
            text = column.cast(pa.string())
        text = pc.replace_substring_regex(text, r"\.000000", "")
    elif pa.types.is_floating(kind):
        text = pc.replace_substring_regex(column.cast(pa.string()), r"^(-?\d+)\.0$", r"\1")
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind):
        text = pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
    else:
        text = column.cast(pa.string())
    return pc.fill_null(text, "")
