"""Making up for something: points or a coupon for the customer of a case, within what a role may
give."""

from dataclasses import dataclass
from datetime import datetime


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
    """What may still be given: for the form."""
    raise NotImplementedError


def give(wanted: Compensation, *, key: str, actor: str, now: datetime) -> Given:
    """Give points or a coupon for a case; the same ``key`` gives once.

    May be called inside the transaction that notes it on the case.

    Raises:
        CompensationInvalid, CompensationAboveLimit: nothing, or too much for this role.
        NotMember: points for somebody who has not joined; a coupon goes to anybody.
    """
    raise NotImplementedError
