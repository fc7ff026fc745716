"""Writes of the people columns: standings of a measurement, and the figures of orders."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute
from adbc_driver_postgresql import dbapi
from django.db import connection

from huitou.audiences import ladders, models
from huitou.platform import database

SQL: Final = Path(__file__).parent.parent / "sql"
# The columns of a standing besides the slot, in the order of the table.
_COLUMNS: Final[dict[str, pa.DataType]] = {
    "customer_id": pa.int64(),
    "layer": pa.string(),
    "stage": pa.string(),
    "health": pa.string(),
    "dormancy_days": pa.int32(),
    "purchases": pa.int32(),
    "net_minor": pa.int64(),
    "net_360_minor": pa.int64(),
    "rfm": pa.string(),
    "p_repeat": pa.float64(),
    "band": pa.string(),
    "p_alive": pa.float64(),
    "risk": pa.float64(),
    "risk_days": pa.int32(),
    "expected_purchases": pa.float64(),
    "expected_spend": pa.float64(),
    "lifetime_value": pa.float64(),
    "margin_365": pa.float64(),
    "value_at_risk": pa.float64(),
    "loyalty_index": pa.float64(),
    "loyalty_level": pa.string(),
    "grid_cell": pa.string(),
    "mark": pa.string(),
}
STANDING: Final = pa.schema(_COLUMNS)
# A figure that orders long lists -> the column of its places.
_PLACES: Final = {"value_at_risk": "value_place", "risk": "risk_place"}
_LADDERS: Final = {"layer": ladders.LAYERS, "stage": ladders.STAGES}


def put(*, standings: pa.Table) -> int:
    """Copy the standings of a run into the slot that is not in force; returns the slot.

    Nothing that reads changes yet: ``stand`` puts the slot in force. Called by one run at a time.

    Args:
        standings: the columns of ``STANDING``, one row per customer.
    """
    in_force = models.StandingSlot.objects.values_list("slot", flat=True).first()
    slot = 1 - in_force if in_force is not None else 0
    rows = _placed(standings.select(STANDING.names).cast(STANDING))
    with connection.cursor() as cursor:
        cursor.execute("SELECT audiences_empty_slot(%s)", [slot])
    with dbapi.connect(database.uri(), autocommit=False) as copying:
        with copying.cursor() as cursor:
            slots = pa.repeat(pa.scalar(slot, pa.int16()), rows.num_rows)
            numbered = rows.add_column(0, "slot", slots)
            cursor.adbc_ingest(f"audiences_standing_{slot}", numbered, mode="append")
        copying.commit()
    with ThreadPoolExecutor(max_workers=1) as beside:
        other = beside.submit(_index_in_thread, slot, 1)
        _index(slot, 0)
        other.result()
    _index(slot, 2)
    return slot


def _placed(rows: pa.Table) -> pa.Table:
    """The rows with their places in the orders of long lists (the unknown first, ties by id), and
    the numbers of their layer and stage."""
    for name, place in _PLACES.items():
        known = np.nan_to_num(rows[name].to_numpy(), nan=-1.0)  # null is NaN there
        order = np.lexsort((rows["customer_id"].to_numpy(), known))
        places = np.empty(len(order), dtype=np.int32)
        places[order] = np.arange(len(order), dtype=np.int32)
        rows = rows.append_column(place, pa.array(places))
    for name, ladder in _LADDERS.items():
        found = pa.compute.index_in(rows[name], pa.array(ladder)).fill_null(-1)
        rows = rows.append_column(f"{name}_code", found.cast(pa.int16()))
    return rows


def stand(*, slot: int, run_id: int, now: datetime) -> None:
    """Put ``slot``, filled by the run, in force; in the transaction that finishes the run."""
    models.StandingSlot.objects.update_or_create(
        id=1, defaults={"slot": slot, "run_id": run_id, "put_at": now}
    )


def open_fresh() -> None:
    """Make the temporary tables ``fresh_person`` and ``fresh_store_person`` of this transaction.

    The room of the orders fills them with the figures of customers whose orders it changed, then
    calls ``put_orders``: values come down, nobody here reads orders. They are gone at the commit.
    """
    _run("open_fresh")


def put_orders(customer_ids: Sequence[int]) -> int:
    """Replace the order figures of these customers by those in the temporary tables.

    A customer without a row there has no purchase any more and keeps none. Returns how many
    customers have figures. Same transaction as the orders.
    """
    ids = list(customer_ids)
    _run("forget_people", {"ids": ids})
    _run("put_store_people", {"ids": ids})
    return _run("put_people", {"ids": ids})


def _index(slot: int, part: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audiences_index_standings_part(%s, %s)", [slot, part])


def _index_in_thread(slot: int, part: int) -> None:
    try:
        _index(slot, part)
    finally:
        connection.close()  # of this thread


def _run(name: str, values: dict[str, list[int]] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"), values)
        return int(cursor.rowcount)
