"""Columns into PostgreSQL and out of it, by COPY in the current transaction."""

import io
from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.csv
from django.db import connection
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

ROWS_AT_ONCE: Final = 50_000
_AS_WRITTEN: Final = pa.csv.WriteOptions(include_header=False, quoting_style="needed")


def copy_in(
    table: pa.Table | pa.RecordBatchReader,
    *,
    relation: str,
    advance: Callable[[int], None] | None = None,
) -> int:
    """Append ``table`` to ``relation``, column by column of the same name; returns how many rows.

    Times without a zone are UTC. Bytes are not text: give them as ``\\x…``.
    """
    names = table.schema.names
    written = 0
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(relation), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor:
        # Sending has a thread of its own: the next piece is written while this one is on its way.
        writer = QueuedLibpqWriter(cursor.cursor)
        with cursor.copy(statement, writer=writer) as copy:
            for batch in _batches(table):
                buffer = io.BytesIO()
                pa.csv.write_csv(batch, buffer, _AS_WRITTEN)
                copy.write(buffer.getbuffer())
                written += batch.num_rows
                if advance is not None:
                    advance(batch.num_rows)
    return written


def _batches(table: pa.Table | pa.RecordBatchReader) -> Iterable[pa.RecordBatch]:
    return table.to_batches(max_chunksize=ROWS_AT_ONCE) if isinstance(table, pa.Table) else table
