"""Orders of one record of a person become another's, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from huitou.orders import models
from huitou.orders.services import settling
from huitou.orders.services.selling import wait_for_importers
from huitou.orders.services.statements import rows, run


def hand_over(
    *,
    customer_id: int,
    to: int,
    only: Mapping[str, Sequence[int]] | None = None,
    now: datetime,
) -> dict[str, list[int]]:
    """Make the orders of a customer another's, all or ``only`` these; the ids that moved, by table.
    The figures of both change with them; an import that is taken back brings them to the other too.

    Raises:
        OrdersBusy: an import has been writing for more than three seconds.
    """
    with transaction.atomic():
        wait_for_importers()
        found = models.Order.objects.filter(customer_id=customer_id)
        if only is not None:
            found = found.filter(pk__in=list(only["orders"]))
        ids = list(found.order_by("pk").values_list("pk", flat=True))
        models.Order.objects.filter(pk__in=ids).update(customer_id=to)
        images = None if only is None else list(only["order_images"])
        moved = rows("move_in_images", {"customer_id": customer_id, "to": to, "only": images})
        run("open_import")
        run("note_order", {"order_ids": ids})
        run("note_order_of", {"order_ids": ids, "customer_id": customer_id})
        settling.publish(import_id=None, now=now)
    return {"orders": ids, "order_images": [row[0] for row in moved]}
