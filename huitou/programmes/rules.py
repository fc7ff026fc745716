"""What rules say: how many points, until when, which tier; whether they can be. Pure."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from huitou.kit.text import gettext_noop as _
from huitou.programmes.types import (
    Basis,
    ClawBackPolicy,
    Expiry,
    ExpiryKind,
    Rounding,
    Rules,
    RulesRow,
    Tier,
)

MOST_PER_MAJOR: Final = 10_000
MOST_MONTHS: Final = 120
MOST_TIERS: Final = 12
MOST_MULTIPLIER: Final = 1_000


def points_of(base_minor: int, *, rate: Fraction, factor: int, rounding: Rounding) -> int:
    """Points for ``base_minor``, rounded once.

    Args:
        base_minor: money that earns, 0 or more.
        rate: points per major unit.
        factor: minor units of one major unit.
    """
    return rounded(rate * base_minor / factor, rounding)


def rounded(value: Fraction, rounding: Rounding) -> int:
    """``value`` as whole points; a half goes up."""
    if rounding is Rounding.FLOOR:
        return value.numerator // value.denominator
    if rounding is Rounding.CEILING:
        return -(-value.numerator // value.denominator)
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(earned_on: date, expiry: Expiry) -> date | None:
    """The last day on which points earned on ``earned_on`` can be used; None = for ever.

    Rolling: the earned day and so many months, clamped, inclusive: of 31 January and one month
    it is 28 February. Fixed: the next such date that is ``least_months`` away or more.
    """
    if expiry.kind is ExpiryKind.NEVER:
        return None
    if expiry.kind is ExpiryKind.ROLLING:
        return months_later(earned_on, expiry.months)
    least = months_later(earned_on, expiry.least_months)
    found = _in_year(least.year, expiry)
    return found if found >= least else _in_year(least.year + 1, expiry)


def tier_of(qualifying: int, tiers: Sequence[Tier]) -> Tier | None:
    """The highest tier that ``qualifying`` points reach; a threshold belongs to its tier."""
    return max(
        (tier for tier in tiers if qualifying >= tier.from_points),
        key=lambda tier: tier.from_points,
        default=None,
    )


def next_tier(qualifying: int, tiers: Sequence[Tier]) -> Tier | None:
    """The lowest tier not reached yet; None at the top."""
    return min(
        (tier for tier in tiers if qualifying < tier.from_points),
        key=lambda tier: tier.from_points,
        default=None,
    )


def in_force(versions: Sequence[RulesRow], day: date) -> RulesRow | None:
    """The version of ``day``: the latest to begin on or before it, of equals the one made last."""
    return max(
        (row for row in versions if row.valid_from <= day),
        key=lambda row: (row.valid_from, row.version),
        default=None,
    )


def worth_minor(points: int, *, rules: Rules, factor: int) -> int:
    """What ``points`` pay in minor units, rounded down."""
    return points * factor // rules.points_for_one_major


def payable_points(due_minor: int, *, usable: int, rules: Rules, factor: int) -> int:
    """How many points can be used for an order of ``due_minor``: as many as there are, as the
    ceiling allows, and no more than pay it: points that pay no whole minor unit stay."""
    ceiling_minor = due_minor * rules.paying_ceiling_percent // 100
    most = max(0, min(usable, ceiling_minor * rules.points_for_one_major // factor))
    return points_that_pay(most, rules=rules, factor=factor)


def points_that_pay(points: int, *, rules: Rules, factor: int) -> int:
    """Those of ``points`` that pay whole minor units: the others would be taken for nothing."""
    return points_for(worth_minor(points, rules=rules, factor=factor), rules=rules, factor=factor)


def points_for(minor: int, *, rules: Rules, factor: int) -> int:
    """The fewest points that pay ``minor``."""
    return -(-minor * rules.points_for_one_major // factor)


def faults(rules: Rules) -> list[tuple[str, str]]:
    """What is wrong with the rules: field and English reason, marked for translation."""
    found = []
    if not 0 <= rules.points_per_major <= MOST_PER_MAJOR:
        found.append(("points_per_major", _("a number from 0 to 10,000")))
    if rules.points_for_one_major < 1:
        found.append(("points_for_one_major", _("a whole number above 0")))
    if not 0 <= rules.paying_ceiling_percent <= 100:
        found.append(("paying_ceiling_percent", _("a percentage from 0 to 100")))
    if not 1 <= rules.tier_months <= MOST_MONTHS:
        found.append(("tier_months", _("1 to 120 months")))
    return found + _expiry_faults(rules.expiry) + _tier_faults(rules.tiers)


def as_json(rules: Rules) -> dict[str, Any]:
    """The rules as they are stored; exact, readable."""
    return {
        "points_per_major": str(rules.points_per_major),
        "basis": rules.basis.value,
        "rounding": rules.rounding.value,
        "expiry": {
            "kind": rules.expiry.kind.value,
            "months": rules.expiry.months,
            "month": rules.expiry.month,
            "day": rules.expiry.day,
            "least_months": rules.expiry.least_months,
        },
        "claw_back": rules.claw_back.value,
        "tiers": [
            {
                "code": tier.code,
                "name_zh": tier.name_zh,
                "name_en": tier.name_en,
                "from_points": tier.from_points,
                "multiplier_percent": tier.multiplier_percent,
            }
            for tier in rules.tiers
        ],
        "tier_months": rules.tier_months,
        "points_for_one_major": rules.points_for_one_major,
        "paying_ceiling_percent": rules.paying_ceiling_percent,
    }


def from_json(stored: Mapping[str, Any]) -> Rules:
    """The rules that ``as_json`` stored."""
    expiry = stored["expiry"]
    return Rules(
        points_per_major=Fraction(stored["points_per_major"]),
        basis=Basis(stored["basis"]),
        rounding=Rounding(stored["rounding"]),
        expiry=Expiry(
            ExpiryKind(expiry["kind"]),
            expiry["months"],
            expiry["month"],
            expiry["day"],
            expiry["least_months"],
        ),
        claw_back=ClawBackPolicy(stored["claw_back"]),
        tiers=tuple(Tier(**tier) for tier in stored["tiers"]),
        tier_months=stored["tier_months"],
        points_for_one_major=stored["points_for_one_major"],
        paying_ceiling_percent=stored["paying_ceiling_percent"],
    )


def _in_year(year: int, expiry: Expiry) -> date:
    day = min(expiry.day, calendar.monthrange(year, expiry.month)[1])
    return date(year, expiry.month, day)


def _expiry_faults(expiry: Expiry) -> list[tuple[str, str]]:
    if expiry.kind is ExpiryKind.ROLLING and not 1 <= expiry.months <= MOST_MONTHS:
        return [("expiry_months", _("1 to 120 months"))]
    if expiry.kind is ExpiryKind.FIXED and not (
        1 <= expiry.month <= 12
        and 1 <= expiry.day <= calendar.monthrange(2000, expiry.month)[1]
        and 0 <= expiry.least_months <= MOST_MONTHS
    ):
        return [("expiry_date", _("a day of the year"))]
    return []


def _tier_faults(tiers: Sequence[Tier]) -> list[tuple[str, str]]:
    found = []
    if len(tiers) > MOST_TIERS:
        found.append(("tiers", _("at most 12 tiers")))
    if len({tier.code for tier in tiers}) < len(tiers) or not all(
        tier.code and tier.name_zh and tier.name_en for tier in tiers
    ):
        found.append(("tiers", _("every tier has a name of its own")))
    thresholds = [tier.from_points for tier in tiers]
    if thresholds and (thresholds[0] != 0 or sorted(set(thresholds)) != thresholds):
        found.append(("tiers", _("the first tier begins at 0, each next one higher")))
    if any(not 1 <= tier.multiplier_percent <= MOST_MULTIPLIER for tier in tiers):
        found.append(("tiers", _("points of a tier are from 1 to 1,000 percent")))
    return found
