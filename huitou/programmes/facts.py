"""What can happen to members, rules and coupons, in the past tense: ids and numbers."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class ProgrammeStarted(Fact):
    """The house has a programme."""

    name: ClassVar[str] = "programmes.started"
    programme_id: int


@dataclass(frozen=True, slots=True)
class RulesChanged(Fact):
    """New rules are on record; they begin on their day."""

    name: ClassVar[str] = "programmes.rules_changed"
    version: int


@dataclass(frozen=True, slots=True)
class Joined(Fact):
    """A customer became a member, or came back."""

    name: ClassVar[str] = "programmes.joined"
    customer_id: int


@dataclass(frozen=True, slots=True)
class Enrolled(Fact):
    """Many customers became members at once."""

    name: ClassVar[str] = "programmes.enrolled"
    members: int


@dataclass(frozen=True, slots=True)
class Left(Fact):
    """A member left."""

    name: ClassVar[str] = "programmes.left"
    customer_id: int


@dataclass(frozen=True, slots=True)
class OrdersEarned(Fact):
    """Orders earned points, or gave them back: one order or a batch."""

    name: ClassVar[str] = "programmes.orders_earned"
    orders: int
    members: int
    points: int
    customer_id: int | None  # of a single member


@dataclass(frozen=True, slots=True)
class TiersChanged(Fact):
    """Members came to other tiers: one member or a batch."""

    name: ClassVar[str] = "programmes.tiers_changed"
    up: int
    down: int
    customer_id: int | None  # of a single member


@dataclass(frozen=True, slots=True)
class CouponsIssued(Fact):
    """Coupons were given out."""

    name: ClassVar[str] = "programmes.coupons_issued"
    batch_id: int
    count: int


@dataclass(frozen=True, slots=True)
class CouponRedeemed(Fact):
    """A coupon was used for an order."""

    name: ClassVar[str] = "programmes.coupon_redeemed"
    coupon_id: int
    customer_id: int | None
    discount_minor: int


@dataclass(frozen=True, slots=True)
class CouponGivenBack(Fact):
    """The order of a coupon was taken back; the coupon is good again."""

    name: ClassVar[str] = "programmes.coupon_given_back"
    coupon_id: int


@dataclass(frozen=True, slots=True)
class CouponVoided(Fact):
    """A coupon was made worthless."""

    name: ClassVar[str] = "programmes.coupon_voided"
    coupon_id: int


@dataclass(frozen=True, slots=True)
class BatchAdded(Fact):
    """A batch of coupons was described, or stopped."""

    name: ClassVar[str] = "programmes.batch_changed"
    batch_id: int
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class CompensationGiven(Fact):
    """Something was given to make up for something."""

    name: ClassVar[str] = "programmes.compensation_given"
    compensation_id: int
    customer_id: int
    points: int
    amount_minor: int
