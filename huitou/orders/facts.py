"""What can happen to orders, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class ImportApplied(Fact):
    """A file of orders was brought in."""

    name: ClassVar[str] = "orders.import_applied"
    import_id: int
    new_orders: int
    changed_orders: int
    rows: int


@dataclass(frozen=True, slots=True)
class ImportRolledBack(Fact):
    """An import of orders was undone."""

    name: ClassVar[str] = "orders.import_rolled_back"
    import_id: int
    removed_orders: int
    restored_orders: int


@dataclass(frozen=True, slots=True)
class Sold(Fact):
    """The till sold an order."""

    name: ClassVar[str] = "orders.sold"
    order_id: int
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class TakenBack(Fact):
    """The till took an order back, or a part of it."""

    name: ClassVar[str] = "orders.taken_back"
    order_id: int  # of the sale
    return_id: int
    customer_id: int | None
    refund_minor: int
