"""What returns do to sales, and what the rooms above are told of changed orders."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
from django.db import connection

from huitou.audiences import services as audiences
from huitou.orders.returns import matched
from huitou.orders.services.statements import rows, run
from huitou.orders.types import Match, ReturnLine, SaleLine
from huitou.platform.copying import copy_in


def take_out_leaving() -> None:
    """Delete the orders in ``orders_leaving`` with their rows and matches; what they took back is
    settled later."""
    run("note_unmatched_sales")
    for name in ("delete_matches", "delete_lines", "delete_orders"):
        run(name)


def settle_touched(*, factor: int) -> None:
    """Match the returns of everybody whose history was touched, and make the sums of those orders
    anew."""
    run("scope_returns")
    returns = [ReturnLine(*row) for row in rows("returns_in_scope")]
    run("forget_matches")
    if returns:
        sales, taken = [], {}
        for *sale, pieces, money in rows("sales_in_scope"):
            line = SaleLine(*sale)
            sales.append(line)
            if pieces or money:
                taken[line.order_id, line.position] = (pieces, money)
        _write_matches(matched(sales, returns, taken=taken))
        run("note_matched")
    run("gather_returned")
    run("settle", {"factor": factor})
    run("touched_by_settling")


def publish(*, import_id: int | None, now: datetime) -> None:
    """Tell which months and people changed; in the transaction that changed them."""
    run("months", {"import_id": import_id, "now": now})
    audiences.open_fresh()
    run("histories")
    run("store_histories")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM orders_touched WHERE customer_id IS NOT NULL"
        )
        people = [row[0] for row in cursor.fetchall()]
    audiences.put_orders(people)


def _write_matches(matches: list[Match]) -> None:
    if not matches:
        return
    columns = list(zip(*matches, strict=True))
    table = pa.table(
        {name: pa.array(column) for name, column in zip(Match._fields, columns, strict=True)}
    )
    pieces = pa.array(
        [Decimal(quantity).scaleb(-6) for quantity in columns[4]], pa.decimal128(18, 6)
    )
    copy_in(table.set_column(4, "quantity", pieces), relation="orders_returnmatch")
