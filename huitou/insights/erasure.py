"""Forgetting one person here: their moves between layers and the facts noticed about them."""

from huitou.insights import models


def erase(*, customer_id: int) -> dict[str, int]:
    """Delete what was measured of the person. In the caller's transaction; returns rows by
    table."""
    return {
        "changes": models.Change.objects.filter(customer_id=customer_id).delete()[0],
        "reasons": models.Reason.objects.filter(customer_id=customer_id).delete()[0],
    }
