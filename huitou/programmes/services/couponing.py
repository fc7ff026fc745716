"""Coupons are made, given out, used, given back and voided. A coupon is used at most once."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Max

from huitou.kit.clock import civil_day, zone
from huitou.kit.ids import public_id
from huitou.kit.text import gettext_noop as _
from huitou.platform import audit, facts
from huitou.programmes import cards, discounts, errors, models
from huitou.programmes.facts import (
    BatchAdded,
    CouponGivenBack,
    CouponRedeemed,
    CouponsIssued,
    CouponVoided,
)
from huitou.programmes.types import BatchIn, CouponKind, CouponState
from huitou.staff import queries as staff

AT_ONCE: Final = 5_000
MOST_CODES: Final = 100_000
NAME_LENGTH: Final = 100
MOST_DAYS: Final = 3_660


@dataclass(frozen=True, slots=True)
class Use:
    """The order that uses a coupon."""

    order_source: str
    order_number: str
    discount_minor: int


def add_batch(*, batch: BatchIn, actor: str, now: datetime) -> str:
    """Describe coupons to give out; returns the public id.

    Raises:
        BatchInvalid: no name, nothing off, more than 100 %, a last day that has passed.
    """
    _check(batch, today=today_of(now))
    with transaction.atomic():
        row = models.CouponBatch.objects.create(
            public_id=public_id("cpb", now),
            name=batch.name.strip(),
            kind=batch.kind.value,
            amount_minor=batch.amount_minor,
            percent=batch.percent,
            minimum_minor=batch.minimum_minor,
            ends_on=batch.ends_on,
            valid_days=batch.valid_days,
            source=batch.source,
            created_by=actor,
            created_at=now,
        )
        facts.record(BatchAdded(int(row.pk), False))
        return row.public_id


def stop_batch(*, batch_public_id: str, actor: str, now: datetime) -> None:
    """Give out no further coupons of the batch; those given out stay good.

    Raises:
        BatchMissing: no batch has this id.
    """
    with transaction.atomic():
        row = _batch(batch_public_id)
        if row.is_stopped:
            return
        models.CouponBatch.objects.filter(pk=row.pk).update(is_stopped=True)
        audit.note(
            actor=actor,
            action="stop_batch",
            subject=f"coupon_batch:{row.pk}",
            before={"is_stopped": False},
            after={"is_stopped": True},
            now=now,
        )
        facts.record(BatchAdded(int(row.pk), True))


def issue_coupons(
    *, batch_public_id: str, customer_ids: Sequence[int], source_key: str, now: datetime
) -> dict[int, str]:
    """One coupon for each of the customers; returns their codes.

    Asking again with the same ``source_key`` gives the same coupons. 100,000 take seconds.

    Raises:
        BatchMissing, BatchStopped.
    """
    wanted = sorted(set(customer_ids))
    with transaction.atomic():
        batch = _batch(batch_public_id)
        rows = models.Coupon.objects.filter(batch=batch, source_key=source_key)
        known = dict(rows.filter(customer_id__isnull=False).values_list("customer_id", "code"))
        fresh = [customer_id for customer_id in wanted if customer_id not in known]
        if fresh:
            ends_on = _last_day(batch, now)
            new = [_coupon(batch, source_key, now, ends_on, customer_id=one) for one in fresh]
            _insert(new)
            facts.record(CouponsIssued(int(batch.pk), len(new)))
            known |= {int(one.customer_id or 0): one.code for one in new}
        return {customer_id: known[customer_id] for customer_id in wanted}


def issue_codes(*, batch_public_id: str, count: int, source_key: str, now: datetime) -> list[str]:
    """``count`` coupons of nobody in particular: whoever has the code may use it, once.

    Asking again with the same ``source_key`` and count gives the same codes.

    Raises:
        BatchMissing, BatchStopped, BatchInvalid: not 1 to 100,000.
    """
    if not 1 <= count <= MOST_CODES:
        raise errors.BatchInvalid(field="count", reason=_("a whole number from 1 to 100,000"))
    with transaction.atomic():
        batch = _batch(batch_public_id)
        rows = models.Coupon.objects.filter(
            batch=batch, source_key=source_key, customer_id__isnull=True
        )
        begun = (rows.aggregate(last=Max("serial"))["last"] or 0) + 1 if rows.exists() else 1
        if begun <= count:
            ends_on = _last_day(batch, now)
            serials = range(begun, count + 1)
            _insert(_coupon(batch, source_key, now, ends_on, serial=one) for one in serials)
            facts.record(CouponsIssued(int(batch.pk), len(serials)))
        return list(rows.order_by("serial").values_list("code", flat=True)[:count])


def redeem_coupon(*, code: str, customer_id: int | None, use: Use, now: datetime) -> int:
    """Use the coupon for the order, in the caller's transaction; returns its id.

    Raises:
        CouponUnknown, CouponUnusable, CouponOfAnother: of two tills at once one gets this.
    """
    with transaction.atomic():
        row = _held(code)
        check_usable(row.state, ends_on=row.ends_on, today=today_of(now))
        if row.customer_id is not None and row.customer_id != customer_id:
            raise errors.CouponOfAnother
        models.Coupon.objects.filter(pk=row.pk).update(
            state=CouponState.REDEEMED.value,
            redeemed_at=now,
            order_source=use.order_source,
            order_number=use.order_number,
            redeemed_by_id=customer_id,
            discount_minor=use.discount_minor,
        )
        facts.record(CouponRedeemed(int(row.pk), customer_id, use.discount_minor))
        return int(row.pk)


def give_back_coupon(*, order_source: str, order_number: str, now: datetime) -> bool:
    """Make the coupon of an order good again, as long as its last day has not passed; whether
    there was one. That of somebody who was erased since stays used: nobody else may have it."""
    with transaction.atomic():
        row = (
            models.Coupon.objects.select_for_update()
            .filter(state="redeemed", order_source=order_source, order_number=order_number)
            .first()
        )
        if row is None or (row.ends_on is not None and row.ends_on < today_of(now)):
            return False
        if row.serial is not None and row.serial < 0:  # as sql/forget_coupons.sql leaves it
            return False
        models.Coupon.objects.filter(pk=row.pk).update(
            state=CouponState.ISSUED.value,
            redeemed_at=None,
            order_source="",
            order_number="",
            redeemed_by_id=None,
            discount_minor=0,
        )
        facts.record(CouponGivenBack(int(row.pk)))
        return True


def void_coupon(*, code: str, actor: str, now: datetime) -> None:
    """Make a coupon that is not used worthless.

    Raises:
        CouponUnknown, CouponUnusable.
    """
    with transaction.atomic():
        row = _held(code)
        if row.state != CouponState.ISSUED.value:
            raise UNUSABLE[CouponState(row.state)]
        models.Coupon.objects.filter(pk=row.pk).update(state=CouponState.VOIDED.value)
        audit.note(
            actor=actor,
            action="void_coupon",
            subject=f"coupon:{row.pk}",
            before={"state": "issued"},
            after={"state": "voided"},
            now=now,
        )
        facts.record(CouponVoided(int(row.pk)))


UNUSABLE: Final = {
    CouponState.REDEEMED: errors.CouponUsed,
    CouponState.VOIDED: errors.CouponVoid,
    CouponState.EXPIRED: errors.CouponExpired,
}


def check_usable(stored: str, *, ends_on: date | None, today: date) -> None:
    """Refuse a coupon that cannot be used on ``today``.

    Raises:
        CouponUsed, CouponVoid, CouponExpired: kinds of ``CouponUnusable``.
    """
    state = discounts.state_on(stored, ends_on=ends_on, today=today)
    if state is not CouponState.ISSUED:
        raise UNUSABLE[state]


def today_of(now: datetime) -> date:
    """The company's civil day; without a company UTC's."""
    company = staff.company()
    return civil_day(now, zone(company.zone if company else "UTC"))


def _batch(batch_public_id: str) -> models.CouponBatch:
    """The batch, held: whoever gives out its coupons does so one after the other."""
    row = models.CouponBatch.objects.select_for_update().filter(public_id=batch_public_id).first()
    if row is None:
        raise errors.BatchMissing(batch=batch_public_id)
    return row


def _held(code: str) -> models.Coupon:
    row = models.Coupon.objects.select_for_update().filter(code=cards.plain(code)).first()
    if row is None:
        raise errors.CouponUnknown
    return row


def _last_day(batch: models.CouponBatch, now: datetime) -> date | None:
    """The last day of a coupon given out now; refuses a batch that is stopped or over."""
    today = today_of(now)
    is_over = batch.ends_on is not None and batch.ends_on < today
    if batch.is_stopped or is_over:
        raise errors.BatchStopped(name=batch.name)
    if batch.valid_days is None:
        return batch.ends_on
    found = today + timedelta(days=batch.valid_days)
    return found if batch.ends_on is None else min(found, batch.ends_on)


def _coupon(
    batch: models.CouponBatch,
    source_key: str,
    now: datetime,
    ends_on: date | None,
    **whose: int,
) -> models.Coupon:
    return models.Coupon(
        batch=batch,
        source_key=source_key,
        code=cards.coupon_code(secrets.randbits(cards.COUPON_LETTERS * 5)),
        issued_at=now,
        ends_on=ends_on,
        **whose,
    )


def _insert(coupons: Sequence[models.Coupon] | Iterator[models.Coupon]) -> None:
    rest = iter(coupons)
    while some := list(islice(rest, AT_ONCE)):
        models.Coupon.objects.bulk_create(some)


def _check(batch: BatchIn, *, today: date) -> None:
    faults = {
        "name": None if 0 < len(batch.name.strip()) <= NAME_LENGTH else _("1 to 100 letters"),
        "amount": None
        if batch.kind is not CouponKind.AMOUNT or batch.amount_minor > 0
        else _("an amount above 0"),
        "percent": None
        if batch.kind is not CouponKind.PERCENT or 1 <= batch.percent <= 100
        else _("a whole number from 1 to 100"),
        "minimum": None if batch.minimum_minor >= 0 else _("0 or more"),
        "ends_on": None if batch.ends_on is None or batch.ends_on >= today else _("today or later"),
        "valid_days": None
        if batch.valid_days is None or 0 <= batch.valid_days <= MOST_DAYS
        else _("0 to 3,660 days"),
    }
    for field, reason in faults.items():
        if reason is not None:
            raise errors.BatchInvalid(field=field, reason=reason)
