"""Writes of customers: those a file of orders names, and files of customers."""

from huitou.customers.services.forgetting import forget
from huitou.customers.services.importing import (
    apply,
    compare,
    lock,
    roll_back,
    stores_to_write,
    take_back,
)
from huitou.customers.services.naming import ensure_named

__all__ = [
    "apply",
    "compare",
    "ensure_named",
    "forget",
    "lock",
    "roll_back",
    "stores_to_write",
    "take_back",
]
