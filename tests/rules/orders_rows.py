"""Small files of orders as the readers of files hand them over."""

from datetime import UTC, datetime

import pyarrow as pa

from huitou.kit.money import Currency
from huitou.orders.planning import OrderPlan
from huitou.orders.types import Terms

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def chunk(rows, *, first_line=2):
    """Rows as text columns; a cell that a row leaves out is empty, a column nobody fills is not
    there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names}
    columns["line"] = pa.array(range(first_line, first_line + len(rows)), pa.int64())
    return pa.table(columns)


def planned(tmp_path, rows, *, currency="CNY", zone="Asia/Shanghai", chunks=1, **terms):
    """A plan of these rows, read in so many chunks."""
    plan = OrderPlan(
        Terms("generic", Currency(currency), zone, "main", NOW, **terms), spill=tmp_path
    )
    size = -(-len(rows) // chunks)
    for start in range(0, len(rows), size):
        plan.read(chunk_of(rows, start, size))
    plan.finish_reading()
    return plan


def chunk_of(rows, start, size):
    """Some of the rows, with the columns of all of them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return chunk(
        [{name: row.get(name, "") for name in names} for row in rows[start : start + size]],
        first_line=start + 2,
    )


def nobody():
    """The known orders of an empty house."""
    return pa.table(
        {
            "ord_no": pa.array([], pa.int32()),
            "id": pa.array([], pa.int64()),
            "is_same": pa.array([], pa.bool_()),
            "created_import_id": pa.array([], pa.int64()),
        }
    )


def row(**cells):
    """A sound row with some cells of its own."""
    return {
        "order_id": "1",
        "customer": "C1",
        "ordered_at": "2026-06-01",
        "amount": "10.00",
        **cells,
    }
