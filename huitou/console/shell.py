"""What stands around every page: navigation, company, theme. One context processor, read only when
a page shows it.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff
from huitou.staff.types import CompanyRow

ROLE_WORDS: Final = {
    "owner": _("Owner"),
    "manager": _("Manager"),
    "marketer": _("Marketer"),
    "service_agent": _("Service agent"),
    "cashier": _("Cashier"),
    "account_manager": _("Account manager"),
    "client_adviser": _("Client adviser"),
    "analyst": _("Analyst"),
    "integrator": _("Integrator"),
    "partner": _("Partner"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the sidebar: where it leads, who may see it, its icon and its words."""

    url_name: str
    action: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as the page shows it."""

    href: str
    icon: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the first group has none."""

    label: str
    items: list[Item]


# Only sections that exist; a section whose address is not known is left out.
SECTIONS: Final = (
    ("", (
        Section("overview", "see_overview", "layout-dashboard", _("Overview")),
        Section("customers", "see_customers", "users", _("Customers")),
        Section("audiences", "see_audiences", "users-group", _("Audiences")),
        Section("till", "use_till", "receipt-2", _("Till")),
    )),
    (_("Bringing customers back"), (
        Section("programme", "see_programme", "gift", _("Loyalty programme")),
        Section("coupons", "see_programme", "ticket", _("Coupons")),
        Section("campaigns", "see_campaigns", "speakerphone", _("Campaigns")),
        Section("messages", "see_campaigns", "send", _("Messages")),
    )),
    (_("Listening to customers"), (
        Section("cases", "see_cases", "message-2", _("Complaints and suggestions")),
        Section("surveys", "see_surveys", "clipboard-list", _("Surveys")),
        Section("promises", "see_cases", "checklist", _("Promises")),
    )),
    (_("Analysis and accounts"), (
        Section("analysis", "see_analysis", "chart-dots", _("Loyalty analysis")),
    )),
    (_("Data"), (
        Section("imports", "import_data", "file-import", _("Import data")),
        Section("keys", "manage_keys", "key", _("API keys")),
    )),
    (_("Manage"), (
        Section("team", "manage_users", "user-check", _("Team")),
        Section("stores", "manage_settings", "building-store", _("Stores")),
        Section("settings", "manage_settings", "adjustments", _("Settings")),
    )),
)  # fmt: skip


class Shell:
    """What the base template asks for; each part is read at most once, and only if the page shows
    it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def company(self) -> CompanyRow | None:
        """The company of this installation."""
        return company_of(self._request)

    @property
    def role(self) -> str:
        """The reader's role in words."""
        return gettext(ROLE_WORDS.get(getattr(self._request.user, "role", ""), ""))

    @property
    def navigation(self) -> list[Group]:
        """The sections this reader may open."""
        groups = [
            Group(gettext(label) if label else "", self._items(sections))
            for label, sections in SECTIONS
        ]
        return [group for group in groups if group.items]

    @property
    def first_page(self) -> str | None:
        """Where this reader starts: the till for who may use it and sees no overview, else the
        first section; None if there is none."""
        hrefs = [item.href for group in self.navigation for item in group.items]
        till = _address("till")
        return till if till in hrefs else next(iter(hrefs), None)

    @property
    def search_href(self) -> str | None:
        """Where the search field leads; None if this reader may not see customers."""
        return _address("customers") if self._may("see_customers") else None

    @property
    def may_set(self) -> bool:
        """Whether this reader may change settings: then their names lead to their forms."""
        return self._may("manage_settings")

    @property
    def may_measure(self) -> bool:
        """Whether this reader may start a measurement."""
        return self._may("measure")

    def _items(self, sections: tuple[Section, ...]) -> list[Item]:
        seen = [
            (section, _address(section.url_name))
            for section in sections
            if self._may(section.action)
        ]
        return [
            Item(href, section.icon, gettext(section.words), self._is_current(href))
            for section, href in seen
            if href is not None
        ]

    def _is_current(self, href: str) -> bool:
        path = self._request.path
        return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))

    def _may(self, action: str) -> bool:
        return staff.allows(getattr(self._request.user, "role", ""), action)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``shell``, ``company``, ``theme``."""
    return {
        "shell": Shell(request),
        "company": SimpleLazyObject(lambda: company_of(request)),
        "theme": SimpleLazyObject(lambda: _theme_of(request)),
    }


def _theme_of(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "user", None), "theme", "auto"))


def company_of(request: HttpRequest) -> CompanyRow | None:
    """The company, read once per request."""
    if not hasattr(request, "_company"):
        request._company = staff.company()  # type: ignore[attr-defined]
    found: CompanyRow | None = request._company  # type: ignore[attr-defined]
    return found


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
