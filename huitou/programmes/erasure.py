"""Forgetting one person here: card and membership go, coupons become nobody's.

Changes of tier and compensations stay as they were written: they hold numbers, and the number of
the person names nobody any more.
"""

from typing import Final

from huitou.platform.statements import Statements
from huitou.programmes import models

_STATEMENTS: Final = Statements(__file__)


def lock(*, customer_id: int) -> None:
    """Wait for whoever is changing what this member has; before anything else is locked."""
    locked = models.Membership.objects.select_for_update().filter(customer_id=customer_id)
    locked.values_list("pk", flat=True).first()


def erase(*, customer_id: int) -> dict[str, int]:
    """Delete the membership and what ties orders to the person. In the caller's transaction;
    returns rows by table."""
    used = models.Coupon.objects.filter(redeemed_by_id=customer_id)
    return {
        "redeemed": used.update(redeemed_by_id=None),
        "coupons": _STATEMENTS.run("forget_coupons", {"customer_id": customer_id}),
        "earnings": models.Earning.objects.filter(customer_id=customer_id).delete()[0],
        "payments": models.Payment.objects.filter(customer_id=customer_id).delete()[0],
        "members": models.Membership.objects.filter(customer_id=customer_id).delete()[0],
    }
