"""Writes of orders: an import, its way back, and what returns do to sales."""

from huitou.orders.services.handing import hand_over
from huitou.orders.services.importing import apply, compare, lock
from huitou.orders.services.rolling_back import roll_back
from huitou.orders.services.selling import sell, settle_sold, take_back, wait_for_importers

__all__ = [
    "apply",
    "compare",
    "hand_over",
    "lock",
    "roll_back",
    "sell",
    "settle_sold",
    "take_back",
    "wait_for_importers",
]
