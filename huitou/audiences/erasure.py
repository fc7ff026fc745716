"""Forgetting one person here: the columns of people and both slots of standings."""

from typing import Any

from django.db import connection

from huitou.audiences import models


def export(customer_id: int) -> dict[str, list[dict[str, Any]]]:
    """At which stores the person bought, and when last."""
    stores = models.StorePerson.objects.filter(customer_id=customer_id).order_by("store_id")
    return {"stores": [dict(row) for row in stores.values("store_id", "last_ordered_on")]}


def erase(*, customer_id: int) -> dict[str, int]:
    """Delete the person's columns. In the caller's transaction; returns rows by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audiences_standing WHERE customer_id = %s AND slot IN (0, 1)",
            [customer_id],
        )
        standings = cursor.rowcount
    return {
        "standings": standings,
        "people": models.Person.objects.filter(customer_id=customer_id).delete()[0],
        "stores": models.StorePerson.objects.filter(customer_id=customer_id).delete()[0],
    }
