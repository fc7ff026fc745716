"""The engine a measurement runs on: ibis expressions in, Arrow or numpy columns out.

Expressions are *unbound* (built on ``ibis.table(schema, name)``), compiled to the engine's SQL
and run here, so that the same expression runs elsewhere. Rules that keep the bits the same
whatever the threads: sum whole numbers only (floats are summed by numpy over columns in a fixed
order), and order a result before it becomes columns.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

Columns = dict[str, np.ndarray[Any, Any]]
_TYPES: Final = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


class Engine:
    """One DuckDB in this process, in memory, with a limit and a folder to spill to.

    It answers one question at a time: threads that share it wait for each other.
    """

    def __init__(
        self, *, threads: int = 0, memory_megabytes: int = 2048, spill: Path | None = None
    ) -> None:
        options: dict[str, Any] = {"memory_limit": f"{memory_megabytes}MB"}
        if threads:
            options["threads"] = threads
        if spill is not None:
            options["temp_directory"] = str(spill)
        self._turn = RLock()
        self.duck = duckdb.connect(config=options)
        self.duck.execute("SET preserve_insertion_order = false")
        self.duck.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Give the memory back."""
        self.duck.close()

    def sql(self, expression: ir.Table) -> str:
        """The statement the engine runs for ``expression``."""
        return str(ibis.to_sql(expression, dialect="duckdb"))

    def save(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute ``expression`` once into a table called ``name``; returns it unbound."""
        schema = expression.schema()
        # Typed here, because the engine sums whole numbers to a wider type than ibis believes.
        typed = ", ".join(f'"{column}" {_TYPES[str(kind)]}' for column, kind in schema.items())
        statement = self.sql(expression)
        with self._turn:
            self.duck.execute(f'CREATE OR REPLACE TABLE "{name}" ({typed})')
            self.duck.execute(f'INSERT INTO "{name}" {statement}')
        return ibis.table(schema, name=name)

    def files(self, name: str, paths: Sequence[Path], schema: Mapping[str, str]) -> ir.Table:
        """Parquet files as one unbound table ``name``; no file gives an empty one of ``schema``."""
        if paths:
            listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            picked = ", ".join(f'"{column}"' for column in schema)
            view = (
                f'CREATE OR REPLACE VIEW "{name}" AS SELECT {picked} FROM read_parquet([{listed}])'
            )
            with self._turn:
                self.duck.execute(view)
        else:
            nothing = ibis.schema(dict(schema)).to_pyarrow().empty_table()
            self._store(name, nothing)
        return ibis.table(ibis.schema(dict(schema)), name=name)

    def put(self, name: str, columns: Mapping[str, Any] | pa.Table) -> ir.Table:
        """Hand columns of this process to the engine as a table called ``name``."""
        table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
        self._store(name, table)
        return ibis.table(ibis.Schema.from_pyarrow(table.schema), name=name)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The result as Arrow columns. Without ``order_by`` the order of rows is not defined."""
        statement = self.sql(expression)
        with self._turn:
            found = self.duck.sql(statement).to_arrow_table()
        return _whole_numbers(found)

    def columns(self, expression: ir.Table) -> Columns:
        """The result as numpy columns; null numbers are NaN, dates are datetime64[D]."""
        return numpy_columns(self.arrow(expression))

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The result as dictionaries, for small results."""
        rows: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return rows

    def one(self, expression: ir.Table) -> dict[str, Any]:
        """The only row of the result."""
        (row,) = self.rows(expression)
        return row

    def drop(self, *names: str) -> None:
        """Forget tables that are no longer needed."""
        with self._turn:
            for name in names:
                self.duck.execute(f'DROP TABLE IF EXISTS "{name}"')

    def _store(self, name: str, table: pa.Table) -> None:
        with self._turn:
            self.duck.register("handed_over", table)
            self.duck.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM handed_over')
            self.duck.unregister("handed_over")


def _whole_numbers(table: pa.Table) -> pa.Table:
    """Sums of whole numbers come as 128-bit decimals; ours fit 64 bits, or this raises."""
    for place, column in enumerate(table.schema):
        if pa.types.is_decimal(column.type) and column.type.scale == 0:
            table = table.set_column(place, column.name, table[column.name].cast(pa.int64()))
    return table


def numpy_columns(table: pa.Table) -> Columns:
    """Arrow columns as numpy arrays: dates as datetime64[D], null numbers as NaN."""
    columns: Columns = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_date(column.type):
            columns[name] = (
                column.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
            )
        else:
            columns[name] = column.to_numpy(zero_copy_only=False)
    return columns
