"""Coupons of one record of a person become another's, and back. A membership never moves: points
stay where they were earned."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from huitou.programmes import models


def hand_over(
    *, customer_id: int, to: int, only: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make the coupons of a customer another's, all or ``only`` these; the ids that moved.

    Two that were given out for the same thing both stay good: the one that comes gets another key
    of what it was given for, and its own back with it.
    """
    with transaction.atomic():
        moved = _give(customer_id, to) if only is None else _give_back(to, only)
        used = models.Coupon.objects.filter(redeemed_by_id=customer_id)
        if only is not None:
            used = used.filter(pk__in=list(only["coupons_used"]))
        used_ids = list(used.order_by("pk").values_list("pk", flat=True))
        models.Coupon.objects.filter(pk__in=used_ids).update(redeemed_by_id=to)
    return {**moved, "coupons_used": used_ids}


def _give(customer_id: int, to: int) -> dict[str, Any]:
    theirs = models.Coupon.objects.filter(customer_id=customer_id).order_by("pk")
    has = models.Coupon.objects.filter(customer_id=to).values_list("batch_id", "source_key")
    known, ids, keys = set(has), [], {}
    for pk, batch_id, key in theirs.values_list("pk", "batch_id", "source_key"):
        ids.append(pk)
        if (batch_id, key) in known:
            keys[str(pk)] = key
            other = f"{key} joined:{customer_id}"
            models.Coupon.objects.filter(pk=pk).update(source_key=other)
    models.Coupon.objects.filter(pk__in=ids).update(customer_id=to)
    return {"coupons": ids, "coupon_keys": keys}


def _give_back(to: int, only: Mapping[str, Any]) -> dict[str, Any]:
    ids = list(only["coupons"])
    models.Coupon.objects.filter(pk__in=ids).update(customer_id=to)
    for pk, key in only["coupon_keys"].items():
        models.Coupon.objects.filter(pk=int(pk)).update(source_key=key)
    return {"coupons": ids, "coupon_keys": {}}
