"""Reads of what was bought."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from huitou.kit.statements import statement
from huitou.orders import errors, models
from huitou.orders.types import KnownShare, LineRow, OrderRow, Page, SoldOrder, SoldRow

_ORDER = ("id", *OrderRow._fields[1:])


def orders_of(
    customer_id: int, *, limit: int = 50, after: tuple[datetime, int] | None = None
) -> Page[OrderRow]:
    """A customer's orders, newest first; the next page begins after ``Page.next``."""
    rows = models.Order.objects.filter(customer_id=customer_id).order_by("-ordered_at", "-id")
    if after is not None:
        rows = rows.filter(ordered_at__lte=after[0]).exclude(ordered_at=after[0], id__gte=after[1])
    found = [OrderRow(*row) for row in rows.values_list(*_ORDER)[: limit + 1]]
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], (last.ordered_at, last.order_id) if last else None)


def order(order_id: int) -> OrderRow:
    """One order.

    Raises:
        OrderMissing: there is none of this id.
    """
    row = models.Order.objects.filter(id=order_id).values_list(*_ORDER).first()
    if row is None:
        raise errors.OrderMissing
    return OrderRow(*row)


def order_of(customer_id: int, order_id: int) -> OrderRow | None:
    """One order of this customer; ``None`` if there is none or it is somebody else's."""
    found = models.Order.objects.filter(id=order_id, customer_id=customer_id)
    row = found.values_list(*_ORDER).first()
    return None if row is None else OrderRow(*row)


def lines_of(order_id: int) -> list[LineRow]:
    """The rows of one order in its own order, with what later returns took back of them."""
    back = (
        models.ReturnMatch.objects.filter(
            sale_order_id=OuterRef("order_id"), sale_position=OuterRef("position")
        )
        .order_by()
        .values("sale_order_id", "sale_position")
        .annotate(sum=Sum("amount_minor"))
        .values("sum")
    )
    rows = (
        models.OrderLine.objects.filter(order_id=order_id)
        .annotate(back=Coalesce(Subquery(back), 0))
        .order_by("position")
        .values_list(
            "position",
            "product__sku",
            "description",
            "product__name",
            "product__category",
            "quantity",
            "unit_price",
            "amount_minor",
            "discount_minor",
            "refund_of",
            "is_returned",
            "back",
        )
    )
    return [
        LineRow(position, sku or "", description or name or "", category or "", *rest)
        for position, sku, description, name, category, *rest in rows
    ]


def known_share() -> KnownShare:
    """How much of the counted sales has a customer's name on it."""
    with connection.cursor() as cursor:
        cursor.execute(statement(__file__, "known_share"))
        row = cursor.fetchone()
    return KnownShare(*(row or (0, 0, 0, 0)))


def has_orders() -> bool:
    """Whether there is any order."""
    return models.Order.objects.exists()


def with_orders(customer_ids: Sequence[int]) -> set[int]:
    """Those of the customers who have an order of any kind."""
    rows = models.Order.objects.filter(customer_id__in=list(customer_ids)).values_list(
        "customer_id", flat=True
    )
    return {customer_id for customer_id in rows.distinct() if customer_id is not None}


def sold_order(source: str, number: str) -> SoldOrder | None:
    """An order of a till with what is left of its rows; None if there is none, or it is not paid.

    Two statements: the order and its rows."""
    fields = (
        "id", "source", "number", "store_id", "customer_id", "ordered_at", "total_minor",
        "returned_minor", "tax_minor",
    )  # fmt: skip
    found = models.Order.objects.filter(source=source, number=number, status="paid")
    row = found.values_list(*fields).first()
    if row is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(statement(__file__, "sold_rows"), {"order_id": row[0]})
        lines = tuple(SoldRow(*line) for line in cursor.fetchall())
    return SoldOrder(*[*row, lines])


def latest_of(source: str, *, limit: int = 20, customer_id: int | None = None) -> list[OrderRow]:
    """The latest orders of a source, of one customer or of all, newest first: the till's own list.
    Returns are left out."""
    rows = models.Order.objects.filter(source=source, status="paid")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return [OrderRow(*row) for row in rows.order_by("-id").values_list(*_ORDER)[:limit]]
