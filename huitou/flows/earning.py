"""Imported orders earn: the follower of an import lets members' orders earn, or give back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huitou.programmes import services as programmes


def follow_import(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Let members earn what the orders of an import earn: orders are compared with what they have
    earned so far, so being told twice changes nothing."""
    del fact_id
    programmes.settle_import(import_id=int(payload["import_id"]), now=now)


def follow_roll_back(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """An import is gone and with it, maybe, returns of orders of other imports: everybody is
    compared."""
    del fact_id, payload
    programmes.settle_members(customer_ids=None, now=now)


def follow_joining(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Orders of the day of joining earn, also those that were sold before it."""
    del fact_id
    programmes.settle_members(customer_ids=[int(payload["customer_id"])], now=now)
