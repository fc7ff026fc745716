"""What stands around every page of the portal: the shop, the member, the tabs, the theme."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from huitou.customers.types import MemberRow
from huitou.kit.text import gettext_noop as _
from huitou.staff.types import CompanyRow

THEME_COOKIE: Final = "huitou_theme"
THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the bar at the foot."""

    href: str
    icon: str
    label: str
    is_current: bool


_OF_ME: Final = (
    "portal_about",
    "portal_case",
    "portal_data",
    "portal_forget",
    "portal_order",
    "portal_privacy",
    "portal_rules",
)
# Address name, icon, words, and how the names of pages that also belong to it begin; only what
# exists is shown.
TABS: Final = (
    ("portal_home", "home", _("Home"), ()),
    ("portal_points", "coins", _("Points"), ()),
    ("portal_card", "qrcode", _("Card"), ()),
    ("portal_coupons", "ticket", _("Coupons"), ()),
    ("portal_me", "user", _("Me"), _OF_ME),
)


@dataclass(frozen=True, slots=True)
class Portal:
    """Whose portal it is and who reads it; templates know it as ``portal``."""

    company: CompanyRow
    member: MemberRow | None

    @property
    def shop(self) -> str:
        """The name of the shop."""
        return self.company.name

    @property
    def currency(self) -> str:
        """The currency of every price."""
        return self.company.currency


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of the portal's pages: ``portal``, ``tabs``, ``theme``; nothing for other pages."""
    found: Portal | None = getattr(request, "portal", None)
    if found is None:
        return {}
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "portal": found,
        "tabs": _tabs(request) if found.member else [],
        "theme": theme if theme in THEMES else "auto",
    }


def _tabs(request: HttpRequest) -> list[Tab]:
    match = request.resolver_match
    current = (match.url_name or "") if match else ""
    return [
        Tab(href, icon, gettext(words), current == name or current.startswith(others))
        for name, icon, words, others in TABS
        if (href := _address(name)) is not None
    ]


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
