"""Values of the company and its people."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any


class Role(Enum):
    """What someone is here to do."""

    OWNER = "owner"
    MANAGER = "manager"
    MARKETER = "marketer"
    SERVICE_AGENT = "service_agent"
    CASHIER = "cashier"
    ACCOUNT_MANAGER = "account_manager"
    CLIENT_ADVISER = "client_adviser"
    ANALYST = "analyst"
    INTEGRATOR = "integrator"
    PARTNER = "partner"


class Action(Enum):
    """What a door asks to be allowed."""

    SEE_OVERVIEW = "see_overview"
    SEE_ANALYSIS = "see_analysis"
    SEE_CUSTOMERS = "see_customers"
    SEE_CONTACT_DATA = "see_contact_data"
    IMPORT_DATA = "import_data"
    ROLL_BACK_IMPORT = "roll_back_import"
    EXPORT_DATA = "export_data"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    MEASURE = "measure"
    EDIT_CUSTOMERS = "edit_customers"
    ERASE_CUSTOMERS = "erase_customers"
    MERGE_CUSTOMERS = "merge_customers"
    SEE_AUDIENCES = "see_audiences"
    EDIT_AUDIENCES = "edit_audiences"
    SEE_CAMPAIGNS = "see_campaigns"
    EDIT_CAMPAIGNS = "edit_campaigns"
    SEND_CAMPAIGNS = "send_campaigns"
    SEE_SURVEYS = "see_surveys"
    MANAGE_SURVEYS = "manage_surveys"
    SEE_CASES = "see_cases"
    HANDLE_CASES = "handle_cases"
    ASSIGN_CASES = "assign_cases"
    GIVE_COMPENSATION = "give_compensation"
    USE_TILL = "use_till"
    REFUND_AT_TILL = "refund_at_till"
    SEE_PROGRAMME = "see_programme"
    MANAGE_PROGRAMME = "manage_programme"
    ADJUST_POINTS = "adjust_points"
    MANAGE_KEYS = "manage_keys"


class Scope(Enum):
    """What a key opens of the REST interface: a resource, to read or to write."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CUSTOMERS_MERGE = "customers:merge"
    ANSWERS_READ = "answers:read"
    ANSWERS_WRITE = "answers:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    AUDIENCES_READ = "audiences:read"
    CAMPAIGNS_READ = "campaigns:read"
    POINTS_READ = "points:read"
    POINTS_WRITE = "points:write"
    POINTS_ADJUST = "points:adjust"
    COUPONS_READ = "coupons:read"
    COUPONS_WRITE = "coupons:write"
    COUPONS_ISSUE = "coupons:issue"
    CHECKOUT_WRITE = "checkout:write"
    CHECKOUT_REFUND = "checkout:refund"
    MESSAGES_WRITE = "messages:write"


@dataclass(frozen=True, slots=True)
class ApiKeyIn:
    """A key for another system; no ``scopes`` = all that its role opens."""

    name: str
    role: str = "integrator"
    scopes: tuple[str, ...] = ()
    per_minute: int = 600  # requests


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as it is listed: never its secret, of which only the beginning and a digest are
    kept."""

    id: int
    public_id: str
    name: str
    beginning: str
    role: str
    scopes: list[str]
    per_minute: int
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key that was just made: ``secret`` is shown this once."""

    public_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class CompanyIn:
    """What is said about the company; the currency cannot change once orders are in it."""

    name: str
    zone: str  # IANA
    currency: str  # ISO 4217
    industry: str = "e_commerce"  # a preset of windows
    is_one_off: bool = False  # bought once in a lifetime


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """The company of this installation."""

    name: str
    zone: str
    currency: str
    industry: str
    is_one_off: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A place of sale."""

    id: int
    code: str
    name: str
    zone: str
    is_online: bool


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    """A civil day without trade; ``store_id`` None = every store."""

    store_id: int | None
    day_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class UserIn:
    """Someone who is to work here."""

    email: str
    name: str
    role: str
    language: str = "zh-hans"
    stores: tuple[int, ...] = ()  # ids; none = not tied to any


@dataclass(frozen=True, slots=True)
class UserRow:
    """Someone who works here."""

    id: int
    email: str
    name: str
    role: str
    language: str
    theme: str
    is_active: bool
    created_at: datetime
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is to change about someone; None = it stays. ``seen`` = the mark of what was on the
    screen (``rules.mark_of``): what changed meanwhile is not overwritten. "" = not asked."""

    name: str | None = None
    email: str | None = None
    role: str | None = None
    is_active: bool | None = None
    stores: tuple[int, ...] | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Someone who works here, as the team is listed. ``invited_at`` = a link to choose a password
    was sent then and is not used yet."""

    user: UserRow
    stores: tuple[int, ...]
    has_password: bool
    invited_at: datetime | None
    seen: str  # the mark of this row


@dataclass(frozen=True, slots=True)
class Invited:
    """Someone who is to choose a password: ``token`` goes into the link and is kept nowhere."""

    user_id: int
    token: str


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A value that is to begin on a day. ``seen`` = the mark of what was on the screen
    (``StandingRow.seen``); "" = whatever was there. ``is_end``: no value but the end of the one
    before; then the scope has the company's, the company the default."""

    name: str
    value: Any
    valid_from: date
    scope: str = ""
    seen: str = ""
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """Closed days that follow each other, of one store or all, for one reason."""

    store_id: int | None
    first: date
    last: date
    reason: str

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class SettingRow:
    """The value of a setting in force; ``valid_from`` None = the default, set by nobody."""

    name: str
    scope: str
    value: Any
    valid_from: date | None
    set_by: str | None
    is_end: bool = False  # no value: from this day on as if nobody had set it


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Where one setting stands in one scope: what is in force, and what is to come, soonest
    first."""

    name: str
    scope: str
    in_force: SettingRow
    planned: tuple[SettingRow, ...]
    is_set: bool  # some value of its own was ever given to this scope
    seen: str  # the mark of all its values
