"""Forgetting one person here: who was drawn stays in the count, by a number that names nobody."""

from huitou.campaigns import models


def erase(*, customer_id: int) -> dict[str, int]:
    """Take the coupon's code away from the person's arms; the draw itself is never changed. In the
    caller's transaction; returns rows by table."""
    found = models.Assignment.objects.filter(customer_id=customer_id).exclude(coupon_code="")
    return {"assignments": found.update(coupon_code="")}
