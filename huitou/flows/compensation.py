"""Making up for something: points or a coupon for the customer of a case, within what a role may
give."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency, major_text
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.programmes.errors import CompensationAboveLimit, CompensationInvalid
from huitou.programmes.types import CompensationRow
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp

POINTS: Final = "points"
COUPON: Final = "coupon"
UNLIMITED: Final = frozenset({"owner", "manager"})


@dataclass(frozen=True, slots=True)
class Compensation:
    """What is to be given, for which case. ``amount``: points, or the coupon's minor units."""

    case_public_id: str
    customer_id: int
    kind: str  # points, coupon
    amount: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was given."""

    kind: str
    points: int
    amount_minor: int
    coupon_code: str  # "" for points
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """What this actor may still give for the case; None = no limit."""

    points: int | None
    amount_minor: int | None
    is_member: bool  # points need a member; a coupon does not


def allowance(case_public_id: str, customer_id: int, *, actor: str, now: datetime) -> Allowance:
    """What may still be given: for the form. Owners and managers have no limit; others have the
    settings ``compensation_points`` and ``compensation_minor``, for one case together."""
    member = programme_queries.member(customer_id)
    is_member = member is not None and member.left_at is None
    role = _role_of(actor)
    if role is None or role in UNLIMITED:
        return Allowance(None, None, is_member)
    today, scope = _today(now), f"role:{role}"
    given = programme_queries.compensations(case_public_id)
    points = int(staff.setting("compensation_points", on=today, scope=scope))
    minor = int(staff.setting("compensation_minor", on=today, scope=scope))
    return Allowance(
        max(0, points - sum(row.points for row in given)),
        max(0, minor - sum(row.amount_minor for row in given)),
        is_member,
    )


def give(wanted: Compensation, *, key: str, actor: str, now: datetime) -> Given:
    """Give points or a coupon for a case; the same ``key`` gives once.

    May be called inside the transaction that notes it on the case.

    Raises:
        CompensationInvalid, CompensationAboveLimit: nothing, or too much for this role.
        NotMember: points for somebody who has not joined; a coupon goes to anybody.
    """
    if wanted.kind not in {POINTS, COUPON} or wanted.amount <= 0:
        raise CompensationInvalid
    with transaction.atomic():
        before = programmes.given_before(key)
        if before is not None:
            return _given(before, is_repeat=True)
        _check_limit(wanted, actor=actor, now=now)
        is_points = wanted.kind == POINTS
        given = programmes.CompensationIn(
            key=key,
            case_public_id=wanted.case_public_id,
            customer_id=wanted.customer_id,
            points=wanted.amount if is_points else 0,
            amount_minor=0 if is_points else wanted.amount,
            coupon_name=gettext("Compensation"),
        )
        return _given(programmes.compensate(given=given, actor=actor, now=now))


def _check_limit(wanted: Compensation, *, actor: str, now: datetime) -> None:
    left = allowance(wanted.case_public_id, wanted.customer_id, actor=actor, now=now)
    if wanted.kind == POINTS:
        if left.points is not None and wanted.amount > left.points:
            limit = gettext("{points} points").format(points=left.points)
            raise CompensationAboveLimit(limit=limit)
    elif left.amount_minor is not None and wanted.amount > left.amount_minor:
        company = staff.company()
        if company is None:
            raise NotSetUp
        raise CompensationAboveLimit(
            limit=major_text(left.amount_minor, Currency(company.currency))
        )


def _given(row: CompensationRow, *, is_repeat: bool = False) -> Given:
    return Given(row.kind, row.points, row.amount_minor, row.coupon_code, is_repeat)


def _role_of(actor: str) -> str | None:
    """The role of ``user:12``; None for the command line and the system."""
    kind, _, number = actor.partition(":")
    if kind != "user" or not number.isdigit():
        return None
    user = staff.user(int(number))
    return user.role if user else "partner"  # who is not known may give what is set for nobody


def _today(now: datetime) -> date:
    company = staff.company()
    if company is None:
        raise NotSetUp
    return civil_day(now, zone(company.zone))
