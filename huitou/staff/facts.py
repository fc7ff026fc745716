"""What can happen to the company and its people."""

from dataclasses import dataclass
from typing import ClassVar

from huitou.platform.facts import Fact


@dataclass(frozen=True, slots=True)
class OwnerCreated(Fact):
    """The first visitor became the owner."""

    name: ClassVar[str] = "staff.owner_created"
    user_id: int


@dataclass(frozen=True, slots=True)
class UserAdded(Fact):
    """Someone new works here."""

    name: ClassVar[str] = "staff.user_added"
    user_id: int
    role: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(Fact):
    """A password was replaced."""

    name: ClassVar[str] = "staff.password_changed"
    user_id: int


@dataclass(frozen=True, slots=True)
class UserChanged(Fact):
    """Somebody's role, stores or state was changed."""

    name: ClassVar[str] = "staff.user_changed"
    user_id: int
    role: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class UserInvited(Fact):
    """Somebody was given a link to choose their password."""

    name: ClassVar[str] = "staff.user_invited"
    user_id: int


@dataclass(frozen=True, slots=True)
class CompanyChanged(Fact):
    """The company was described, first or anew."""

    name: ClassVar[str] = "staff.company_changed"
    currency: str
    zone: str


@dataclass(frozen=True, slots=True)
class StoreAdded(Fact):
    """A store came to be known."""

    name: ClassVar[str] = "staff.store_added"
    store_id: int


@dataclass(frozen=True, slots=True)
class StoreChanged(Fact):
    """What is said about a store was changed."""

    name: ClassVar[str] = "staff.store_changed"
    store_id: int


@dataclass(frozen=True, slots=True)
class SettingWithdrawn(Fact):
    """A value that was to begin later was taken back."""

    name: ClassVar[str] = "staff.setting_withdrawn"
    setting: str
    scope: str


@dataclass(frozen=True, slots=True)
class SettingChanged(Fact):
    """A dated setting got a new value."""

    name: ClassVar[str] = "staff.setting_changed"
    setting_id: int
    setting: str
    scope: str


@dataclass(frozen=True, slots=True)
class DaysClosed(Fact):
    """Days of a store's, or of every store's, calendar were closed."""

    name: ClassVar[str] = "staff.days_closed"
    store_id: int | None
    days: int


@dataclass(frozen=True, slots=True)
class ApiKeyAdded(Fact):
    """A key for another system was made."""

    name: ClassVar[str] = "staff.api_key_added"
    key_id: int
    role: str


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Fact):
    """A key opens nothing any more."""

    name: ClassVar[str] = "staff.api_key_revoked"
    key_id: int
