"""Values of the programmes room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

from huitou.points.types import Entry


class Rounding(Enum):
    """What happens to a fraction of a point, once per order."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEILING = "ceiling"


class ExpiryKind(Enum):
    """When points of a programme die."""

    ROLLING = "rolling"  # so many months after the day they were earned, that day included
    FIXED = "fixed"  # every year on the same date
    NEVER = "never"


class Basis(Enum):
    """Which money of an order earns. What was paid with points or coupons never does."""

    PAID = "paid"
    PAID_WITHOUT_TAX = "paid_without_tax"


class ClawBackPolicy(Enum):
    """What happens when points to be taken back are spent already."""

    WITHIN_BALANCE = "within_balance"  # take what is there, forget the rest
    DEBT = "debt"  # the rest is owed: the next points pay it


class CouponKind(Enum):
    """What a coupon takes off."""

    AMOUNT = "amount"
    PERCENT = "percent"


class CouponState(Enum):
    """Where a coupon stands; ``expired`` is told from its last day, never stored."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    VOIDED = "voided"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When points die: the last day on which they can be used is the expiry day."""

    kind: ExpiryKind = ExpiryKind.ROLLING
    months: int = 12  # of ``rolling``
    month: int = 12  # of ``fixed``
    day: int = 31  # of ``fixed``
    least_months: int = 0  # of ``fixed``: points live at least so long, else until the year after


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the ladder; the lowest begins at 0 qualifying points."""

    code: str  # stable, e.g. gold
    name_zh: str
    name_en: str
    from_points: int  # qualifying points, this many or more
    multiplier_percent: int = 100  # of the points of an order: 150 = half as many again


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a programme from one day on."""

    points_per_major: Fraction  # exact: 1 = one point a yuan, 1/10 = one point for ten yuan
    basis: Basis = Basis.PAID
    rounding: Rounding = Rounding.FLOOR
    expiry: Expiry = Expiry()
    claw_back: ClawBackPolicy = ClawBackPolicy.DEBT
    tiers: tuple[Tier, ...] = ()  # by rising from_points, the first from 0
    tier_months: int = 12  # qualifying points count so long
    points_for_one_major: int = 100  # paying with points: so many are worth one yuan
    paying_ceiling_percent: int = 50  # of an order that may be paid with points; 0 = none


class RulesRow(NamedTuple):
    """Rules as they are on record; ends where the next version begins."""

    id: int  # what the ledger calls the rule version
    version: int
    valid_from: date
    rules: Rules
    created_by: str
    created_at: datetime


class Standing(NamedTuple):
    """What must be known to give a customer points or take them."""

    programme_id: int
    rules: RulesRow | None  # in force; None before the first
    is_member: bool


class ProgrammeRow(NamedTuple):
    """The programme of the house."""

    id: int
    name: str
    started_on: date
    points_name_zh: str
    points_name_en: str


class MemberRow(NamedTuple):
    """A member, or a former one (``left_at``)."""

    customer_id: int
    card_number: str
    joined_at: datetime
    joined_on: date  # in the company's zone: orders from this day on earn
    left_at: datetime | None
    source: str  # till, portal, console, import, api
    tier: str  # code; "" while the programme has no ladder
    tier_since: date | None
    qualifying_points: int  # within the window, when the tier was last told


class TierProgress(NamedTuple):
    """Where a member stands on the ladder today."""

    tier: Tier | None
    qualifying_points: int
    next_tier: Tier | None  # None at the top
    missing_points: int  # to the next tier
    keeps_until: date | None  # the last day the points at hand keep the tier; None = for good


class TierChangeRow(NamedTuple):
    """A member came to another tier, and how many qualifying points made it so."""

    changed_on: date
    tier_before: str
    tier_after: str
    qualifying_points: int


class BatchRow(NamedTuple):
    """Coupons of one kind, with how many there are."""

    id: int
    public_id: str
    name: str
    kind: str  # amount, percent
    amount_minor: int  # of ``amount``
    percent: int  # of ``percent``: 20 = twenty percent off
    minimum_minor: int  # of the order
    ends_on: date | None  # last day; None = by valid_days of each coupon
    valid_days: int | None  # from the day of issue
    is_stopped: bool  # no further coupons
    source: str  # console, campaign:…, compensation
    created_at: datetime
    issued: int
    redeemed: int
    discount_minor: int  # given so far


class CouponRow(NamedTuple):
    """One coupon as it stands today."""

    id: int
    code: str
    batch_public_id: str
    name: str
    kind: str
    amount_minor: int
    percent: int
    minimum_minor: int
    ends_on: date | None
    state: str  # CouponState
    customer_id: int | None
    issued_at: datetime
    redeemed_at: datetime | None
    order_number: str
    discount_minor: int


@dataclass(frozen=True, slots=True)
class BatchIn:
    """What is said about a new batch of coupons."""

    name: str
    kind: CouponKind
    amount_minor: int = 0
    percent: int = 0
    minimum_minor: int = 0
    ends_on: date | None = None
    valid_days: int | None = None
    source: str = "console"


class AwardLeg(NamedTuple):
    """One posting of an order's points, and how much of it was taken back since."""

    source: str  # key in the ledger, with the order's number
    points: int
    points_back: int
    qualifying: int
    qualifying_back: int


@dataclass(frozen=True, slots=True)
class Earning:
    """What one order has earned a member so far."""

    source: str  # of the order
    number: str
    earned_on: date
    qualifies_until: date  # last day its qualifying points count
    base_minor: int  # money that earned
    rule_version_id: int
    multiplier_percent: int
    points: int  # given less taken back
    qualifying: int
    revision: int
    awards: tuple[AwardLeg, ...]


class UnsettledRow(NamedTuple):
    """An order of a member whose earning may have to change; ``paid_minor`` is what is left of it
    after returns, ``rule_version_id`` the rules it has earned by (None = it has not)."""

    customer_id: int
    source: str
    number: str
    occurred_at: datetime
    earned_on: date
    paid_minor: int
    tax_minor: int
    price_minor: int
    rule_version_id: int | None


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order of a member as it stands: new, changed, refunded or gone (``base_minor`` 0)."""

    source: str
    number: str
    occurred_at: datetime
    earned_on: date  # civil day of the programme's zone
    base_minor: int


@dataclass(frozen=True, slots=True)
class MemberState:
    """What must be known of a member to fold events: when they belong, what they have earned."""

    customer_id: int
    joined_on: date
    left_on: date | None
    earnings: Mapping[tuple[str, str], Earning]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one event makes of an order's earning; ``entries`` are to be posted with it."""

    earning: Earning
    entries: tuple[Entry, ...]
    points: int  # more (+) or fewer than before
    qualifying: int
    why: Mapping[str, Any]


class TierCount(NamedTuple):
    """How many members stand on a step."""

    code: str
    members: int


class Preview(NamedTuple):
    """What draft rules would have done to the last year's orders, beside the rules in force."""

    orders: int
    members: int
    points_now: int
    points_draft: int
    more: int  # members with more points
    fewer: int
    tiers_now: Mapping[str, int]
    tiers_draft: Mapping[str, int]
    since: date
    is_whole: bool  # False: only the latest orders were taken


class CompensationRow(NamedTuple):
    """What was given to make up for something."""

    case_public_id: str
    customer_id: int
    kind: str  # points, coupon
    points: int
    amount_minor: int
    coupon_code: str
    given_by: str
    given_at: datetime
