"""An import of orders, written in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from huitou.orders.facts import ImportApplied
from huitou.orders.planning import OrderPlan
from huitou.orders.services import settling
from huitou.orders.services.statements import rows, run
from huitou.orders.types import Tally
from huitou.platform import facts
from huitou.platform.copying import copy_in
from huitou.platform.progress import Reporter

MANY: Final = 5_000  # rows written at once that the planner should know of
LOCK: Final = 7_341_001  # of the advisory lock every writer of orders holds until its commit


def lock() -> None:
    """Wait until nobody else writes orders; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def compare(plan: OrderPlan) -> Tally:
    """Compare the plan with the orders known now. In a transaction; holds only as long as the
    lock."""
    run("open_import")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM orders_order WHERE source = %s)", [plan.terms.source]
        )
        is_known_source = bool((cursor.fetchone() or [False])[0])
    found: Sequence[tuple[int, int, bool, int]] = []
    if is_known_source:
        sound = plan.sound_orders()
        copy_in(sound, relation="orders_incoming")
        found = rows("known", {"source": plan.terms.source})
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    types = (pa.int32(), pa.int64(), pa.bool_(), pa.int64())
    names = ("ord_no", "id", "is_same", "created_import_id")
    return plan.compare(
        pa.table(
            {
                name: pa.array(column, kind)
                for name, column, kind in zip(names, columns, types, strict=True)
            }
        )
    )


def apply(
    plan: OrderPlan,
    *,
    people: pa.Table,
    stores: Mapping[str, int],
    import_id: int,
    now: datetime,
    reporter: Reporter,
) -> None:
    """Write the new and changed orders of a compared ``plan``; under the lock, in its transaction.

    Args:
        people: customer (as the file names them), customer_id.
        stores: id of every store of the plan by its code.
        import_id: of the record; the written orders carry it.
    """
    reporter.stage("writing", None)
    _take_out_changed(plan, import_id)
    _give_ids(plan)
    plan.show("person_id", people)
    plan.show(
        "store_id",
        pa.table({"store": list(stores), "store_id": pa.array(stores.values(), pa.int64())}),
    )
    plan.show("product_id", _products(plan, import_id))
    orders = plan.rows("plan/to_copy_orders", {"source": plan.terms.source, "import_id": import_id})
    copy_in(orders, relation="orders_order")
    new, changed, written = _tally(plan)
    lines = plan.lines_to_copy()
    reporter.stage("writing", written)
    copy_in(lines, relation="orders_orderline", advance=reporter.advance)
    if written >= MANY:
        run("take_stock")
    run("note_entering", {"import_id": import_id})
    reporter.stage("returns", None)
    settling.settle_touched(factor=10**plan.terms.currency.decimals)
    settling.publish(import_id=import_id, now=now)
    facts.record(ImportApplied(import_id, new, changed, written))


def _tally(plan: OrderPlan) -> tuple[int, int, int]:
    """How many orders are new and changed, and how many rows they have."""
    new, changed, written = (
        int(column[0].as_py() or 0) for column in plan.rows("plan/written").columns
    )
    return new, changed, written


def _take_out_changed(plan: OrderPlan, import_id: int) -> None:
    """Keep the changed orders as they were and take them out: they come in again under their old
    ids."""
    leaving = plan.rows("plan/leaving")
    if leaving.num_rows == 0:
        return
    copy_in(leaving, relation="orders_leaving")
    run("keep_before_images", {"import_id": import_id})
    run("note_leaving")
    settling.take_out_leaving()


def _give_ids(plan: OrderPlan) -> None:
    """Give every new order an id; those of changed orders stay."""
    new = plan.rows("plan/unnumbered")
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_reserve_ids(%s)", [max(new.num_rows, 1)])
        first = int((cursor.fetchone() or [0])[0])
    ids = pa.array(range(first, first + new.num_rows), pa.int64())
    plan.number(pa.table({"ord_no": new.column("ord_no"), "id": ids}))


def _products(plan: OrderPlan, import_id: int) -> pa.Table:
    """sku, product_id, name of every product of the rows to write; unknown ones are added."""
    named = plan.rows("plan/products")
    run("open_products")
    copy_in(named, relation="orders_product_incoming")
    run("ensure_products", {"import_id": import_id})
    found = rows("products_named")
    sku, product_id, name = list(zip(*found, strict=True)) or [(), (), ()]
    table = pa.table(
        {
            "sku": pa.array(sku, pa.string()),
            "product_id": pa.array(product_id, pa.int64()),
            "name": pa.array(name, pa.string()),
        }
    )
    assert pc.count(table.column("product_id")).as_py() == named.num_rows, "a product got lost"
    return table
