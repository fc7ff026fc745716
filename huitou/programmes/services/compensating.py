"""Making up for something: what is given is put on record once, with who gave it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from huitou.platform import facts
from huitou.points import services as points
from huitou.points.types import POINTS, Adjust
from huitou.programmes import cards, errors, models, queries
from huitou.programmes import rules as rule
from huitou.programmes.facts import CompensationGiven
from huitou.programmes.services.couponing import add_batch, issue_coupons, today_of
from huitou.programmes.services.holding import lock_members
from huitou.programmes.types import BatchIn, CompensationRow, CouponKind

KEY: Final = "compensation"
COUPON_DAYS: Final = 90  # a coupon given to make up for something is good so long


@dataclass(frozen=True, slots=True)
class CompensationIn:
    """What is given for a case: points, or a coupon of ``amount_minor``."""

    key: str
    case_public_id: str
    customer_id: int
    points: int = 0
    amount_minor: int = 0
    coupon_name: str = ""


def given_before(key: str) -> CompensationRow | None:
    """What was given under this key; None if nothing was."""
    row = models.Compensation.objects.filter(key=key).first()
    return _row(row) if row else None


def compensate(*, given: CompensationIn, actor: str, now: datetime) -> CompensationRow:
    """Give points or a coupon; the same key gives once and answers the same.

    Raises:
        CompensationInvalid: nothing is to be given.
        NotStarted, NotMember: points for somebody who is no member.
    """
    if (given.points > 0) == (given.amount_minor > 0):
        raise errors.CompensationInvalid
    with transaction.atomic():
        _wait_for(given.key)
        lock_members([given.customer_id])
        before = given_before(given.key)
        if before is not None:
            return before
        coupon_id = _coupon(given, actor, now) if given.amount_minor else None
        if given.points:
            _points(given, actor, now)
        row = models.Compensation.objects.create(
            key=given.key,
            case_public_id=given.case_public_id,
            customer_id=given.customer_id,
            kind="points" if given.points else "coupon",
            points=given.points,
            amount_minor=given.amount_minor,
            coupon_id=coupon_id,
            given_by=actor,
            given_at=now,
        )
        facts.record(
            CompensationGiven(int(row.pk), given.customer_id, given.points, given.amount_minor)
        )
        return _row(row)


def _wait_for(key: str) -> None:
    """Two clicks on one button: the second waits for the first. Not every customer is a member, so
    there is not always a membership to hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7341003))", [key])


def _points(given: CompensationIn, actor: str, now: datetime) -> None:
    programme = queries.programme()
    found = queries.rules_on(today_of(now))
    if programme is None or found is None:
        raise errors.NotStarted
    member = queries.member(given.customer_id)
    if member is None or member.left_at is not None:
        raise errors.NotMember
    entry = Adjust(
        source=KEY,
        external_id=given.key,
        customer_id=given.customer_id,
        unit=POINTS,
        points=given.points,
        reason=KEY,
        actor=actor,
        occurred_at=now,
        expires_on=rule.last_day(today_of(now), found.rules.expiry),
        why={"what": "compensation", "case": given.case_public_id, "points": given.points},
    )
    points.post(programme.id, [entry], now=now)


def _coupon(given: CompensationIn, actor: str, now: datetime) -> int:
    """A coupon of the batch of this amount, which is made the first time."""
    source = f"{KEY}:{given.amount_minor}"
    found = models.CouponBatch.objects.filter(source=source, is_stopped=False).first()
    batch_id = (
        found.public_id
        if found
        else add_batch(
            batch=BatchIn(
                name=given.coupon_name or "Compensation",
                kind=CouponKind.AMOUNT,
                amount_minor=given.amount_minor,
                valid_days=COUPON_DAYS,
                source=source,
            ),
            actor=actor,
            now=now,
        )
    )
    codes = issue_coupons(
        batch_public_id=batch_id,
        customer_ids=[given.customer_id],
        source_key=f"{KEY}:{given.key}",
        now=now,
    )
    return int(models.Coupon.objects.get(code=cards.plain(codes[given.customer_id])).pk)


def _row(row: models.Compensation) -> CompensationRow:
    return CompensationRow(
        row.case_public_id,
        row.customer_id,
        row.kind,
        row.points,
        row.amount_minor,
        row.coupon.code if row.coupon else "",
        row.given_by,
        row.given_at,
    )
