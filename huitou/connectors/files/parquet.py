"""Parquet files as raw cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from huitou.connectors.files import errors, opening, survey
from huitou.connectors.files.arrow import Column, repeated, whole_numbers
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.records import Shape

ROWS_A_TABLE: Final = 100_000
COLUMN_LIMIT_BYTES: Final = 256 << 20  # of one column in so many rows


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
    names = file.schema_arrow.names
    is_twice = len(set(names)) < len(names)  # then columns are told apart by position only
    asked = None if is_twice else [names[position] for position in shape.wanted]
    line = 2
    try:
        for batch in file.iter_batches(batch_size=ROWS_A_TABLE, columns=asked):
            columns = {}
            for position in shape.wanted:
                column = batch.column(position if is_twice else names[position])
                _check_size(column, line)
                columns[str(position)] = _text(column)
            count = batch.num_rows
            lines, problems = whole_numbers(line, count), repeated("", count)
            yield pa.table({**columns, "line": lines, "problem": problems})
            line += count
    except (pa.ArrowException, OSError) as error:
        raise errors.DamagedFile from error


def _opened(path: Path) -> pq.ParquetFile:
    """The file with its texts kept as codes into their distinct values until they are checked."""
    try:
        schema = pq.read_schema(path)
        texts = [f.name for f in schema if pa.types.is_string(f.type)]
        return pq.ParquetFile(path, read_dictionary=texts)
    except (pa.ArrowException, OSError) as error:
        raise errors.DamagedFile from error


def _check_size(column: Column, line: int) -> None:
    """Refuse texts that are small as codes and huge when written out."""
    if not pa.types.is_dictionary(column.type) or not pa.types.is_string(column.type.value_type):
        return
    lengths = pc.binary_length(column.dictionary)
    if (pc.max(lengths).as_py() or 0) > survey.LINE_LIMIT_BYTES:
        raise errors.LineTooLong(line=line, limit_bytes=survey.LINE_LIMIT_BYTES)
    expanded = pc.sum(lengths.take(column.indices).cast(pa.int64())).as_py() or 0
    if expanded > COLUMN_LIMIT_BYTES:
        raise errors.TooLargeExpanded(
            limit_bytes=COLUMN_LIMIT_BYTES, limit_ratio=opening.RATIO_LIMIT
        )


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
