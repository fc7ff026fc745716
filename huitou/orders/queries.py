"""Reads of what was bought."""

from datetime import date, datetime
from typing import NamedTuple

from huitou.orders import models


class OrderRow(NamedTuple):
    """One order of a customer; money in minor units, ``net_minor`` is what is left of it after returns."""

    order_id: int
    number: str
    source: str
    store_id: int
    channel: str
    status: str
    ordered_at: datetime
    ordered_on: date
    total_minor: int
    returned_minor: int
    main_category: str
    is_counted: bool

    @property
    def net_minor(self) -> int:
        """What is left of the order."""
        return self.total_minor - self.returned_minor


def orders_of(customer_id: int, *, limit: int = 50) -> list[OrderRow]:
    """The latest orders of one customer, newest first."""
    fields = ("id", *OrderRow._fields[1:])
    found = models.Order.objects.filter(customer_id=customer_id).order_by("-ordered_at", "-pk")
    return [OrderRow(*row) for row in found.values_list(*fields)[:limit]]
