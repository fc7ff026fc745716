"""The rules of the programme in sentences, in the reader's language."""

from fractions import Fraction
from typing import Final, NamedTuple

from django.utils.translation import get_language, gettext

from huitou.kit.money import Currency
from huitou.kit.text import gettext_noop as _
from huitou.programmes.types import (
    Basis,
    ClawBackPolicy,
    Expiry,
    ExpiryKind,
    Rounding,
    Rules,
)
from huitou.ui import figures
from huitou.ui.rule_words import tier_name

BASIS: Final = {
    Basis.PAID: _("What is paid in money counts, tax included; coupons and points do not."),
    Basis.PAID_WITHOUT_TAX: _(
        "What is paid in money counts, without its tax; coupons and points do not."
    ),
}
ROUNDING: Final = {
    Rounding.FLOOR: _("A fraction of a point is dropped, once per order."),
    Rounding.HALF_UP: _("Half a point and more is rounded up, once per order."),
    Rounding.CEILING: _("A fraction of a point is rounded up, once per order."),
}
CLAW_BACK: Final = {
    ClawBackPolicy.DEBT: _(
        "Points of returned goods are taken back; what is spent already is owed and paid by the "
        "next points."
    ),
    ClawBackPolicy.WITHIN_BALANCE: _(
        "Points of returned goods are taken back as far as they are still there."
    ),
}


class RuleLine(NamedTuple):
    """One rule: what it is about, what it says."""

    about: str
    says: str


def tier_names(rules: Rules | None) -> dict[str, str]:
    """Names of tiers by their code."""
    return {tier.code: tier_name(tier) for tier in rules.tiers} if rules else {}


def rules_in_words(rules: Rules, *, currency: str) -> list[RuleLine]:
    """The rules, one line each, as a member could be told them."""
    return [
        RuleLine(gettext("Earning"), _earning(rules.points_per_major, currency)),
        RuleLine(gettext("What counts"), gettext(BASIS[rules.basis])),
        RuleLine(gettext("Rounding"), gettext(ROUNDING[rules.rounding])),
        RuleLine(gettext("Last day"), expiry_words(rules.expiry)),
        RuleLine(gettext("Paying with points"), _paying(rules, currency)),
        RuleLine(gettext("Returns"), gettext(CLAW_BACK[rules.claw_back])),
        RuleLine(gettext("Tiers"), _tiers(rules)),
    ]


def expiry_words(expiry: Expiry) -> str:
    """Until when points can be used."""
    if expiry.kind is ExpiryKind.NEVER:
        return gettext("Points never expire.")
    if expiry.kind is ExpiryKind.ROLLING:
        return gettext(
            "Points can be used for {months} months from the day they are earned."
        ).format(months=expiry.months)
    words = gettext("Points expire every year on {month}/{day}.").format(
        month=expiry.month, day=expiry.day
    )
    if expiry.least_months:
        words += " " + gettext("They live at least {months} months.").format(
            months=expiry.least_months
        )
    return words


def _earning(rate: Fraction, currency: str) -> str:
    if rate == 0:
        return gettext("Orders earn no points.")
    money = _money(rate.denominator, currency)
    if rate.numerator == 1:
        return gettext("1 point for every {money} paid.").format(money=money)
    return gettext("{points} points for every {money} paid.").format(
        points=figures.number(rate.numerator), money=money
    )


def _paying(rules: Rules, currency: str) -> str:
    if not rules.paying_ceiling_percent:
        return gettext("Orders cannot be paid with points.")
    return gettext("{points} points pay {money}; they pay at most {percent}% of an order.").format(
        points=figures.number(rules.points_for_one_major),
        money=_money(1, currency),
        percent=rules.paying_ceiling_percent,
    )


def _tiers(rules: Rules) -> str:
    if not rules.tiers:
        return gettext("There are no tiers.")
    return gettext(
        "The tier follows from the points of the last {months} months; spending points does not "
        "lower it."
    ).format(months=rules.tier_months)


def _money(major: int, currency: str) -> str:
    minor = major * 10 ** Currency(currency).decimals
    return figures.money_exact(minor, currency, get_language() or "zh-hans")
