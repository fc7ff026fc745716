"""Forgetting one person here: card and membership go, coupons become nobody's.

Changes of tier and compensations stay as they were written: they hold numbers, and the number of
the person names nobody any more.
"""

from typing import Any, Final

from django.db.models import F, Q

from huitou.platform.statements import Statements
from huitou.programmes import models

_STATEMENTS: Final = Statements(__file__)
_COUPON: Final = (
    "code", "name", "kind", "percent", "amount_minor", "minimum_minor", "state", "issued_at",
    "ends_on", "redeemed_at", "order_number", "discount_minor",
)  # fmt: skip
_EARNED: Final = (
    "source", "number", "earned_on", "base_minor", "multiplier_percent", "points", "qualifying",
    "qualifies_until",
)  # fmt: skip
_PAID: Final = ("source", "number", "points", "worth_minor", "points_back")
_GIVEN: Final = ("case_public_id", "kind", "points", "amount_minor", "given_at")


def export(customer_id: int, *, limit: int) -> dict[str, list[dict[str, Any]]]:
    """What is kept of the person here beside the membership, by part, the oldest first."""
    theirs = Q(customer_id=customer_id) | Q(redeemed_by_id=customer_id)
    coupons = models.Coupon.objects.filter(theirs).annotate(
        name=F("batch__name"), kind=F("batch__kind"), percent=F("batch__percent"),
        amount_minor=F("batch__amount_minor"), minimum_minor=F("batch__minimum_minor"),
    )  # fmt: skip
    found: dict[str, tuple[Any, tuple[str, ...]]] = {
        "coupons": (coupons, _COUPON),
        "earned": (models.Earning.objects.filter(customer_id=customer_id), _EARNED),
        "paid_with_points": (models.Payment.objects.filter(customer_id=customer_id), _PAID),
        "compensations": (models.Compensation.objects.filter(customer_id=customer_id), _GIVEN),
    }
    return {
        part: list(rows.order_by("pk").values(*fields)[:limit])
        for part, (rows, fields) in found.items()
    }


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
