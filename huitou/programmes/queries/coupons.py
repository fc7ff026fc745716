"""Reads of coupons and their batches."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from huitou.programmes import cards, discounts, errors, models
from huitou.programmes.types import BatchRow, CouponRow, CouponState

_BATCH: Final = (
    "id", "public_id", "name", "kind", "amount_minor", "percent", "minimum_minor", "ends_on",
    "valid_days", "is_stopped", "source", "created_at", "issued", "redeemed", "given_minor",
)  # fmt: skip
_COUPON: Final = (
    "id", "code", "batch__public_id", "batch__name", "batch__kind", "batch__amount_minor",
    "batch__percent", "batch__minimum_minor", "ends_on", "state", "customer_id", "issued_at",
    "redeemed_at", "order_number", "discount_minor",
)  # fmt: skip
_SHOWN: Final = 200


def batches(*, source_prefix: str = "", limit: int = 200) -> list[BatchRow]:
    """Batches of coupons, newest first, with how many were issued and redeemed."""
    found = _counted(models.CouponBatch.objects.filter(source__startswith=source_prefix))
    return [BatchRow(*row) for row in found.order_by("-id").values_list(*_BATCH)[:limit]]


def batch(public_id: str) -> BatchRow:
    """One batch.

    Raises:
        BatchMissing: no batch has this id.
    """
    found = _counted(models.CouponBatch.objects.filter(public_id=public_id))
    row = found.values_list(*_BATCH).first()
    if row is None:
        raise errors.BatchMissing(batch=public_id)
    return BatchRow(*row)


def coupon(code: str, *, today: date) -> CouponRow:
    """The coupon with this code, however it is spaced or cased.

    Raises:
        CouponUnknown: no coupon has it.
    """
    found = models.Coupon.objects.filter(code=cards.plain(code)).values_list(*_COUPON).first()
    if found is None:
        raise errors.CouponUnknown
    return _row(found, today)


def coupons_of(customer_id: int, *, today: date) -> list[CouponRow]:
    """A customer's coupons: those that can be used first, soonest to end first."""
    rows = models.Coupon.objects.filter(customer_id=customer_id).order_by("-id")
    found = [_row(row, today) for row in rows.values_list(*_COUPON)[:_SHOWN]]
    return sorted(
        found,
        key=lambda row: (
            row.state != CouponState.ISSUED.value,
            row.ends_on or date.max if row.state == CouponState.ISSUED.value else date.max,
            -row.id,
        ),
    )


def codes(batch_public_id: str, *, today: date) -> Iterator[CouponRow]:
    """Every coupon of a batch in the order of issue: for a file."""
    rows = models.Coupon.objects.filter(batch__public_id=batch_public_id).order_by("id")
    for row in rows.values_list(*_COUPON).iterator(chunk_size=5_000):
        yield _row(row, today)


def coupon_of_order(order_source: str, order_number: str, *, today: date) -> CouponRow | None:
    """The coupon that was used for an order; None if there was none."""
    rows = models.Coupon.objects.filter(
        state="redeemed", order_source=order_source, order_number=order_number
    )
    row = rows.values_list(*_COUPON).first()
    return _row(row, today) if row else None


def _counted(found: QuerySet[models.CouponBatch]) -> QuerySet[Any]:
    used = Q(coupon__state="redeemed")
    return found.annotate(
        issued=Count("coupon"),
        redeemed=Count("coupon", filter=used),
        given_minor=Coalesce(Sum("coupon__discount_minor", filter=used), 0),
    )


def _row(row: tuple[Any, ...], today: date) -> CouponRow:
    found = CouponRow(*row)
    state = discounts.state_on(found.state, ends_on=found.ends_on, today=today)
    return found._replace(state=state.value)
