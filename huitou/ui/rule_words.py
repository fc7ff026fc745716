"""The rules of a programme as sentences, for members and staff alike."""

from datetime import date

from django.utils.translation import get_language, gettext

from huitou.programmes.types import Basis, Expiry, ExpiryKind, Rules, Tier
from huitou.ui import figures


def sentences(rules: Rules, currency: str) -> list[str]:
    """How points are earned, what they pay for, when they expire."""
    found = [_earning(rules, currency), _paying(rules, currency), expiry(rules.expiry)]
    return [sentence for sentence in found if sentence]


def expiry(when: Expiry) -> str:
    """When points die."""
    if when.kind is ExpiryKind.NEVER:
        return gettext("Points do not expire.")
    if when.kind is ExpiryKind.ROLLING:
        return gettext(
            "Points can be used for {months} months, the last day included. Those that expire "
            "first are used first."
        ).format(months=when.months)
    return gettext(
        "Points expire every year at the end of {day}. Those that expire first are used first."
    ).format(day=_yearly(when))


def tier_sentence(tier: Tier, rules: Rules) -> str:
    """What a tier asks for and gives."""
    if tier.from_points == 0:
        asks = gettext("from the first day")
    else:
        asks = gettext("from {points} points within {months} months").format(
            points=figures.number(tier.from_points), months=rules.tier_months
        )
    if tier.multiplier_percent == 100:
        return asks
    factor = f"{tier.multiplier_percent / 100:g}"
    gives = gettext("{factor} times the points").format(factor=factor)
    return f"{asks} · {gives}"


def tier_name(tier: Tier) -> str:
    """The name of a tier in the reader's language."""
    return tier.name_en if _is_english() else tier.name_zh


def _earning(rules: Rules, currency: str) -> str:
    sign = figures.symbol(currency, _language())
    rate = rules.points_per_major
    if rate == 0:
        return gettext("Purchases earn no points at present.")
    if rate.numerator == 1:
        words = gettext("Every {money} you pay earns 1 point.").format(
            money=f"{sign}{rate.denominator}"
        )
    else:
        number = f"{float(rate):g}"
        words = gettext("Every {money} you pay earns {points} points.").format(
            money=f"{sign}1", points=number
        )
    if rules.basis is Basis.PAID_WITHOUT_TAX:
        return words + " " + gettext("Tax earns nothing.")
    return words


def _paying(rules: Rules, currency: str) -> str:
    if rules.paying_ceiling_percent == 0:
        return ""
    return gettext("At the till {points} points pay {money}, up to {percent}% of an order.").format(
        points=figures.number(rules.points_for_one_major),
        money=f"{figures.symbol(currency, _language())}1",
        percent=rules.paying_ceiling_percent,
    )


def _yearly(when: Expiry) -> str:
    return figures.day(date(2000, when.month, when.day), _language())


def _language() -> str:
    return get_language() or "zh-hans"


def _is_english() -> bool:
    return _language().startswith("en")
