"""Writes of the people columns, and of the saved audiences."""

from huitou.audiences.services.attitudes import put_attitude
from huitou.audiences.services.saving import archive, change, copy, restore, save
from huitou.audiences.services.standings import (
    STANDING,
    open_fresh,
    put,
    put_orders,
    stand,
)

__all__ = [
    "STANDING",
    "archive",
    "change",
    "copy",
    "open_fresh",
    "put",
    "put_attitude",
    "put_orders",
    "restore",
    "save",
    "stand",
]
