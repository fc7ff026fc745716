"""Members are held while what they have changes."""

from huitou.programmes import models


def lock_members(customer_ids: list[int]) -> None:
    """Hold these memberships until the end of the transaction: first of all, in rising order, by
    whoever changes what members have."""
    list(
        models.Membership.objects.select_for_update()
        .filter(customer_id__in=customer_ids)
        .order_by("customer_id")
        .values_list("pk")
    )
