"""Why points came and went, in the reader's words: from the facts a posting keeps."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import get_language, gettext

from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

Why = Mapping[str, Any]


class Line(NamedTuple):
    """One line of the sum: what, and how many points it gave (or another figure)."""

    words: str
    figure: str
    is_total: bool = False


_COMPENSATION: Final = _("To make up for what went wrong")
_GIVEN_BACK: Final = _("Given back on refund")
_TITLES: Final = {
    "award": _("Points for a purchase"),
    "redeem": _("Paid with points"),
    "expire": _("Expired"),
    "reverse": _("Taken back on refund"),
    "adjust": _("Corrected by the shop"),
}


def title(kind: str, points: int, why: Why) -> str:
    """What happened, in a few words."""
    if "case" in why:
        return gettext(_COMPENSATION)
    if kind == "reverse" and points > 0:
        return gettext(_GIVEN_BACK)
    if kind == "award" and isinstance(why.get("base_minor"), int):
        money = _money(why["base_minor"], why)
        return gettext("Purchase of {money}").format(money=money)
    return gettext(_TITLES.get(kind, kind))


def question(points: int) -> str:
    """The question a receipt answers."""
    number = figures.signed(points)
    return gettext("Why {points}").format(points=number)


def receipt(points: int, why: Why) -> list[Line]:
    """The sum behind a movement, ending with its total; empty where nothing more is known."""
    lines = [line for found in (_base, _tier, _reason) for line in found(why)]
    if not lines:
        return []
    return [*lines, Line(gettext("Total"), figures.signed(points), is_total=True)]


def _base(why: Why) -> list[Line]:
    if not isinstance(why.get("base_minor"), int) or "points_per_major" not in why:
        return []
    words = gettext("{money} × {rate} points").format(
        money=_money(why["base_minor"], why), rate=why["points_per_major"]
    )
    return [Line(words, figures.number(int(why.get("base_points", 0))))]


def _tier(why: Why) -> list[Line]:
    percent = why.get("multiplier_percent")
    if not isinstance(percent, int) or percent == 100:
        return []
    name = str(why.get("tier_name_en" if _is_english() else "tier_name_zh") or why.get("tier", ""))
    words = gettext("{tier} members get {percent}%").format(tier=name, percent=percent)
    extra = int(why.get("points", 0)) - int(why.get("base_points", 0))
    return [Line(words, figures.signed(extra))]


def _reason(why: Why) -> list[Line]:
    reason = why.get("reason")
    return [Line(gettext(str(reason)), "")] if reason else []


def _money(minor: int, why: Why) -> str:
    return figures.money_exact(minor, str(why.get("currency", "CNY")), get_language() or "zh-hans")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
