"""Why points came and went, in the reader's words: from the facts that a posting keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, NamedTuple

from django.utils.translation import get_language, gettext

from huitou.kit.money import Currency
from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

Why = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the words need besides the facts: the money, and how the tiers are called."""

    currency: str = "CNY"
    tiers: Mapping[str, str] = field(default_factory=dict)

    def money(self, minor: int) -> str:
        """An amount to the last minor unit."""
        return figures.money_exact(minor, self.currency, get_language() or "zh-hans")


class Line(NamedTuple):
    """One line of the sum: what, and the figure it gave."""

    words: str
    figure: str
    is_total: bool = False


_COMPENSATION: Final = _("To make up for what went wrong")
_GIVEN_BACK: Final = _("Given back on refund")
_ORDER_LARGER: Final = _("An order was corrected")
_TITLES: Final = {
    "award": _("Points for a purchase"),
    "redeem": _("Paid with points"),
    "expire": _("Expired"),
    "reverse": _("Taken back on refund"),
    "adjust": _("Corrected by the shop"),
}
# Why staff gave or took points; the ledger keeps the code.
REASONS: Final = {
    "missed": _("Points that were missed"),
    "mistaken": _("Points that were given by mistake"),
    "goodwill": _("A thank-you of the house"),
}
_ROUNDINGS: Final = {
    "floor": _("rounded down"),
    "half_up": _("rounded"),
    "ceiling": _("rounded up"),
}


def title(kind: str, points: int, why: Why, terms: Terms) -> str:
    """What happened, in a few words."""
    what = why.get("what", "")
    if what == "compensation":
        return gettext(_COMPENSATION)
    if what == "order":
        return gettext("Purchase of {money}").format(money=terms.money(int(why["base_minor"])))
    if what == "order_changed" and points > 0:
        return gettext(_ORDER_LARGER)
    if what == "paid_back" or (kind == "reverse" and points > 0):
        return gettext(_GIVEN_BACK)
    return gettext(_TITLES[kind]) if kind in _TITLES else kind


def question(points: int) -> str:
    """The question a receipt answers."""
    return gettext("Why {points}").format(points=figures.signed(points))


def receipt(points: int, why: Why, terms: Terms) -> list[Line]:
    """The sum behind a movement, ending with its total; empty where nothing more is known."""
    what = why.get("what", "")
    if what in {"order", "order_changed"}:
        lines = [*_earned(why, terms), *_before(why)]
    elif what == "paid":
        worth = terms.money(int(why.get("worth_minor", 0)))
        return [Line(gettext("They paid {money} of the order").format(money=worth), "")]
    elif what == "compensation":
        return [Line(gettext("For your case {case}").format(case=why.get("case", "")), "")]
    else:
        reason = str(why.get("reason", "")).strip()
        return [Line(gettext(REASONS.get(reason, reason)), "")] if reason else []
    return [*lines, Line(gettext("Total"), figures.signed(points), is_total=True)]


def _earned(why: Why, terms: Terms) -> list[Line]:
    """What the order's money earns: base, rounding, tier."""
    rate, base = Fraction(str(why["points_per_major"])), int(why["base_minor"])
    qualifying = int(why["qualifying"])
    words = gettext("{money} × {rate} points").format(money=terms.money(base), rate=f"{rate}")
    if rate * base / 10 ** Currency(terms.currency).decimals != qualifying:
        words += ", " + gettext(_ROUNDINGS.get(str(why.get("rounding")), _ROUNDINGS["half_up"]))
    lines = [Line(words, figures.number(qualifying))]
    percent = int(why.get("multiplier_percent", 100))
    if percent != 100:
        tier = terms.tiers.get(str(why.get("tier", "")), "")
        extra = int(why["points"]) - qualifying
        words = gettext("{tier} members get {factor} times the points")
        lines.append(
            Line(
                words.format(tier=tier, factor=f"{percent / 100:g}").strip(),
                figures.signed(extra),
            )
        )
    return lines


def _before(why: Why) -> list[Line]:
    """What the order had earned before it changed."""
    if "points_before" not in why:
        return []
    words = gettext("It had earned before the refund or correction")
    return [Line(words, figures.signed(-int(why["points_before"])))]
