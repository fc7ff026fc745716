"""Forgetting one person here: what they bought stays in the books as sales to nobody."""

from typing import Final

from huitou.orders import models
from huitou.platform.statements import Statements

_STATEMENTS: Final = Statements(__file__)


def erase(*, customer_id: int) -> dict[str, int]:
    """Make the person's orders anonymous, also where an import could be rolled back to them. In
    the caller's transaction; returns rows by table."""
    return {
        "orders": models.Order.objects.filter(customer_id=customer_id).update(customer=None),
        "images": _STATEMENTS.run("forget_in_images", {"customer_id": customer_id}),
    }
