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
