"""The till sells an order, and takes it back.

Selling never waits for an import: the order is written beside it, and the figures of its customer
and month are told by whoever follows ``orders.sold``, under the lock of those who write orders.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction

from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency
from huitou.orders import errors, models
from huitou.orders.facts import Sold, TakenBack
from huitou.orders.services import settling
from huitou.orders.services.importing import LOCK
from huitou.orders.services.statements import run
from huitou.orders.types import BackRow, Sale, SaleRow, SoldOrder, SoldRow
from huitou.platform import facts
from huitou.staff import queries as staff

TILL: Final = 0  # the import of orders that came with none
WAIT: Final = "3s"  # for an import, before a return is refused for now


def sell(*, sale: Sale, now: datetime) -> int:
    """Write a paid order; returns its id.

    Raises:
        SaleInvalid: no row, or an amount below 0.
    """
    if not sale.rows or any(row.amount_minor < 0 or row.quantity <= 0 for row in sale.rows):
        raise errors.SaleInvalid
    with transaction.atomic():
        order_id = _write_order(sale, total_minor=sum(row.amount_minor for row in sale.rows))
        products = _products(sale.rows)
        models.OrderLine.objects.bulk_create(
            models.OrderLine(
                order_id=order_id,
                position=position,
                product_id=products.get(row.sku),
                description=row.description,
                quantity=row.quantity,
                unit_price=None,
                amount_minor=row.amount_minor,
                discount_minor=row.discount_minor,
                tax_minor=row.tax_minor,
            )
            for position, row in enumerate(sale.rows, start=1)
        )
        facts.record(Sold(order_id, sale.customer_id))
        return order_id


def settle_sold(*, order_ids: Sequence[int], now: datetime) -> None:
    """Tell the figures of the customers and months of orders that were sold. Twice changes
    nothing.

    Raises:
        OrdersBusy: somebody else is writing orders; nothing is held up by waiting for them.
    """
    with transaction.atomic():
        if not _is_free():
            raise errors.OrdersBusy
        run("open_import")
        run("note_order", {"order_ids": list(order_ids)})
        settling.publish(import_id=None, now=now)


def take_back(
    *, order: SoldOrder, rows: Sequence[BackRow], number: str, now: datetime
) -> tuple[int, int]:
    """Write what comes back of ``order`` as a return; its id and the money of it.

    What is left of the sale and the figures of its customer and month change with it.

    Raises:
        ReturnTooMuch: more than is left of a row.
        OrdersBusy: an import has been writing for more than three seconds.
    """
    back = [row for row in rows if row.amount_minor or row.quantity]
    left = {row.position: row for row in order.rows}
    if not back or any(_is_beyond(row, left.get(row.position)) for row in back):
        raise errors.ReturnTooMuch(number=order.number)
    with transaction.atomic():
        wait_for_importers()
        return_id = _write_return(order, back, number, now)
        run("open_import")
        run("note_order", {"order_ids": [order.order_id, return_id]})
        settling.settle_touched(factor=_factor())
        settling.publish(import_id=None, now=now)
        refund_minor = sum(row.amount_minor for row in back)
        facts.record(TakenBack(order.order_id, return_id, order.customer_id, refund_minor))
        return return_id, refund_minor


def _is_free() -> bool:
    """Whether nobody else is writing orders; then nobody is until our commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool((cursor.fetchone() or [False])[0])


def wait_for_importers() -> None:
    """Wait for whoever is writing orders, but not for long: somebody stands at the counter.

    Raises:
        OrdersBusy: they have been writing for more than three seconds.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as error:
        raise errors.OrdersBusy from error


def _is_beyond(row: BackRow, left: SoldRow | None) -> bool:
    if left is None or row.quantity < 0 or row.amount_minor < 0:
        return True
    return row.quantity > left.left_quantity or row.amount_minor > left.left_minor


def _write_order(sale: Sale, *, total_minor: int) -> int:
    """The head of an order of the till; one without money is counted all the same, it was
    bought."""
    dearest = max(sale.rows, key=lambda row: row.amount_minor)
    models.Order.objects.bulk_create(
        [
            models.Order(
                id=(order_id := _next_id()),
                source=sale.source,
                number=sale.number,
                customer_id=sale.customer_id,
                store_id=sale.store_id,
                channel=sale.channel,
                status="paid",
                ordered_at=sale.sold_at,
                ordered_on=civil_day(sale.sold_at, zone(_zone_of(sale.store_id))),
                paid_at=sale.sold_at,
                total_minor=total_minor,
                tax_minor=sum(row.tax_minor for row in sale.rows),
                discount_minor=sum(row.discount_minor for row in sale.rows),
                main_category=dearest.category,
                is_counted=True,
                digest=b"",
                import_id=TILL,
                created_import_id=TILL,
            )
        ]
    )
    return order_id


def _write_return(order: SoldOrder, back: Sequence[BackRow], number: str, now: datetime) -> int:
    models.Order.objects.bulk_create(
        [
            models.Order(
                id=(return_id := _next_id()),
                source=order.source,
                number=number,
                customer_id=order.customer_id,
                store_id=order.store_id,
                channel="till",
                status="returned",
                ordered_at=now,
                ordered_on=civil_day(now, zone(_zone_of(order.store_id))),
                total_minor=0,
                is_counted=False,
                digest=b"",
                import_id=TILL,
                created_import_id=TILL,
            )
        ]
    )
    of_sale = models.OrderLine.objects.filter(order_id=order.order_id)
    goods = {
        row[0]: row[1:] for row in of_sale.values_list("position", "product_id", "description")
    }
    models.OrderLine.objects.bulk_create(
        models.OrderLine(
            order_id=return_id,
            position=row.position,  # of the row it is of: rows may be alike
            product_id=goods[row.position][0],
            description=goods[row.position][1],
            quantity=-row.quantity,
            unit_price=None,
            amount_minor=-row.amount_minor,
            refund_of=order.number,
        )
        for row in back
    )
    return return_id


def _products(rows: Sequence[SaleRow]) -> Mapping[str, int]:
    """The products of these rows by their code; unknown ones are added."""
    named = {row.sku: row for row in rows if row.sku}
    if not named:
        return {}
    known = models.Product.objects.filter(sku__in=named)
    found = dict(known.values_list("sku", "id"))
    missing = [
        models.Product(sku=sku, name=row.description, category=row.category)
        for sku, row in sorted(named.items())
        if sku not in found
    ]
    if missing:
        models.Product.objects.bulk_create(missing, ignore_conflicts=True)
        found = dict(known.values_list("sku", "id"))
    return found


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_reserve_ids(1)")
        return int((cursor.fetchone() or [0])[0])


def _zone_of(store_id: int) -> str:
    return next(store.zone for store in staff.stores() if store.id == store_id)


def _factor() -> int:
    company = staff.company()
    return int(10 ** Currency(company.currency).decimals) if company else 100
