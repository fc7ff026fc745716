"""Imported orders earn: the follower of an import lets members' orders earn, or give back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huitou.kit.clock import civil_day, zone
from huitou.points import services as points
from huitou.programmes import services as programmes
from huitou.staff import queries as staff


def follow_import(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Let members earn what the orders of an import earn: orders are compared with what they have
    earned so far, so being told twice changes nothing."""
    del fact_id
    _expire_what_came_late(
        programmes.settle_import(import_id=int(payload["import_id"]), now=now), now
    )


def follow_roll_back(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """An import is gone and with it, maybe, returns of orders of other imports: everybody is
    compared."""
    del fact_id, payload
    _expire_what_came_late(programmes.settle_members(customer_ids=None, now=now), now)


def follow_joining(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """Orders of the day of joining earn, also those that were sold before it."""
    del fact_id
    members = [int(payload["customer_id"])]
    _expire_what_came_late(programmes.settle_members(customer_ids=members, now=now), now)


def _expire_what_came_late(changed: int, now: datetime) -> None:
    """Points of an order that comes after their last day expire at once: the sweep of the day is
    over, and until the next one they would be shown and could not be used."""
    company = staff.company()
    if changed and company is not None:
        points.expire_due(civil_day(now, zone(company.zone)), now=now)
