"""Forgetting one person here: their moves between layers and the facts noticed about them."""

from typing import Any

from django.db.models import F

from huitou.insights import models


def export(customer_id: int, *, limit: int) -> dict[str, list[dict[str, Any]]]:
    """What was measured of the person: moves on the ladders and what was noticed, oldest first."""
    changes = models.Change.objects.filter(customer_id=customer_id).order_by("changed_on", "pk")
    reasons = models.Reason.objects.filter(customer_id=customer_id).order_by("pk")
    told = reasons.annotate(as_of=F("run__as_of"))
    return {
        "changes": [
            dict(row) for row in changes.values("changed_on", "ladder", "left", "entered")[:limit]
        ],
        "noticed": [dict(row) for row in told.values("as_of", "code", "facts")[:limit]],
    }


def erase(*, customer_id: int) -> dict[str, int]:
    """Delete what was measured of the person. In the caller's transaction; returns rows by
    table."""
    return {
        "changes": models.Change.objects.filter(customer_id=customer_id).delete()[0],
        "reasons": models.Reason.objects.filter(customer_id=customer_id).delete()[0],
    }
