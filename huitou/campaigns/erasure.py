"""Forgetting one person here: who was drawn stays in the count, by a number that names nobody."""

from typing import Any

from huitou.campaigns import models


def export(customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """The years in which the person was drawn into the group no marketing reaches, or not."""
    years = models.GlobalUnit.objects.filter(customer_id=customer_id).order_by("year")
    rows = years.values("year", "is_held_out", "entered_at")
    return {"control_groups": [dict(row) for row in rows]}


def erase(*, customer_id: int) -> dict[str, int]:
    """Take the coupon's code away from the person's arms; the draw itself is never changed. In the
    caller's transaction; returns rows by table."""
    found = models.Assignment.objects.filter(customer_id=customer_id).exclude(coupon_code="")
    return {"assignments": found.update(coupon_code="")}
