"""Who may do what, and which value of a dated setting is in force. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from huitou.staff.presets import industries, known
from huitou.staff.types import Action, Role, Scope, SettingRow

_READS: Final = frozenset({Action.SEE_OVERVIEW, Action.SEE_ANALYSIS, Action.SEE_CUSTOMERS})
_ALLOWED: Final[Mapping[Role, frozenset[Action]]] = {
    Role.OWNER: frozenset(Action),
    Role.MANAGER: frozenset(Action) - {Action.MANAGE_USERS, Action.MANAGE_KEYS},
    Role.MARKETER: _READS
    | {Action.SEE_CONTACT_DATA, Action.EXPORT_DATA, Action.EDIT_CUSTOMERS}
    | {Action.SEE_AUDIENCES, Action.EDIT_AUDIENCES}
    | {Action.SEE_CAMPAIGNS, Action.EDIT_CAMPAIGNS, Action.SEND_CAMPAIGNS}
    | {Action.SEE_SURVEYS, Action.MANAGE_SURVEYS, Action.SEE_PROGRAMME},
    Role.ANALYST: _READS
    | {Action.EXPORT_DATA, Action.MEASURE, Action.SEE_AUDIENCES}
    | {Action.SEE_CAMPAIGNS, Action.SEE_SURVEYS, Action.SEE_PROGRAMME},
    Role.SERVICE_AGENT: frozenset(
        {Action.SEE_CUSTOMERS, Action.SEE_CONTACT_DATA, Action.EDIT_CUSTOMERS}
    )
    | {Action.SEE_CASES, Action.HANDLE_CASES, Action.GIVE_COMPENSATION},
    Role.CASHIER: frozenset({Action.SEE_CUSTOMERS, Action.USE_TILL}),
    Role.ACCOUNT_MANAGER: frozenset(
        {Action.SEE_OVERVIEW, Action.SEE_CUSTOMERS, Action.SEE_CONTACT_DATA}
    )
    | {Action.EDIT_CUSTOMERS, Action.SEE_CASES, Action.HANDLE_CASES},
    Role.CLIENT_ADVISER: frozenset({Action.SEE_CUSTOMERS, Action.SEE_CONTACT_DATA}),
    Role.INTEGRATOR: frozenset({Action.IMPORT_DATA}),
    Role.PARTNER: frozenset(),
}
_AT_THE_TILL: Final = frozenset(
    {Scope.CUSTOMERS_READ, Scope.POINTS_READ, Scope.POINTS_WRITE, Scope.COUPONS_READ}
) | {Scope.COUPONS_WRITE, Scope.CHECKOUT_WRITE}
# What a key of each role opens of the REST interface; its own scopes can only narrow it.
_OPENS: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.OWNER: frozenset(Scope),
    Role.MANAGER: frozenset(Scope),
    Role.INTEGRATOR: frozenset(Scope),
    Role.MARKETER: frozenset({Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE, Scope.ANSWERS_READ})
    | {Scope.AUDIENCES_READ, Scope.CAMPAIGNS_READ, Scope.COUPONS_READ, Scope.COUPONS_ISSUE},
    Role.ANALYST: frozenset({Scope.ANSWERS_READ, Scope.AUDIENCES_READ, Scope.CAMPAIGNS_READ}),
    Role.SERVICE_AGENT: frozenset({Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE})
    | {Scope.CASES_READ, Scope.CASES_WRITE, Scope.POINTS_READ},
    Role.CASHIER: _AT_THE_TILL,
    Role.ACCOUNT_MANAGER: frozenset({Scope.CUSTOMERS_READ, Scope.CASES_READ}),
    Role.CLIENT_ADVISER: frozenset({Scope.CUSTOMERS_READ}),
    Role.PARTNER: frozenset(),
}
FAILURES_ALLOWED: Final = 10
ADDRESS_ALLOWANCE: Final = (
    5  # an office shares one address: it may fail five times as often as one person
)
FAILURE_WINDOW: Final = timedelta(minutes=15)
SETUP_TOKEN_LIFE: Final = timedelta(days=7)


# These work for stores: until they are given one they see no customers of the others.
_OF_STORES: Final = frozenset(
    {Role.CASHIER, Role.ACCOUNT_MANAGER, Role.CLIENT_ADVISER, Role.PARTNER}
)


def stores_seen(
    role: str | Role, own: Collection[int], stores: Collection[int]
) -> tuple[int, ...] | None:
    """The stores whose customers someone sees; ``None`` = of all of them.

    Args:
        role: theirs; one nobody knows sees nobody.
        own: the stores they are tied to.
        stores: the stores of the company: who works in its only one needs no tie to it.
    """
    if own:
        return tuple(sorted(own))
    try:
        is_of_stores = Role(role) in _OF_STORES
    except ValueError:
        return ()
    return () if is_of_stores and len(stores) > 1 else None


def allows(role: str | Role, action: str | Action) -> bool:
    """Whether someone of ``role`` may do ``action``; a role or action nobody knows is never
    allowed.
    """
    try:
        return Action(action) in _ALLOWED[Role(role)]
    except (ValueError, KeyError):
        return False


def opens(role: str | Role, scopes: Collection[str], scope: str | Scope) -> bool:
    """Whether a key of ``role`` narrowed to ``scopes`` (none = not narrowed) opens ``scope``; what
    nobody knows is never opened.
    """
    try:
        wanted = Scope(scope)
        is_of_role = wanted in _OPENS[Role(role)]
    except (ValueError, KeyError):
        return False
    return is_of_role and (not scopes or wanted.value in scopes)


def key_digest(secret: str) -> str:
    """What is kept of a key's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_limited(failures: int) -> bool:
    """Whether so many failed sign-ins within the window mean: wait."""
    return failures >= FAILURES_ALLOWED


def is_expired(created_at: datetime, *, now: datetime) -> bool:
    """Whether a setup token made at ``created_at`` is too old to be used."""
    return now - created_at >= SETUP_TOKEN_LIFE


def in_force(
    rows: Iterable[SettingRow], *, name: str, scope: str, on: date, industry: str | None
) -> SettingRow:
    """The value of ``name`` on ``on``: the latest row of the scope, else of the company, else the
    default.

    ``rows`` may hold other names, scopes and later dates; a row begins on its ``valid_from``.
    """
    begun = [
        row
        for row in rows
        if row.name == name and row.valid_from is not None and row.valid_from <= on
    ]
    for wanted in (scope, ""):
        latest = max(
            (row for row in begun if row.scope == wanted),
            key=lambda row: row.valid_from or on,
            default=None,
        )
        if latest is not None:
            return latest
    return SettingRow(name, scope, default(name, industry=industry), None, None)


def default(name: str, *, industry: str | None) -> Any:
    """The value of a setting nobody has set; the windows start from the industry's."""
    if name == "windows" and industry is not None and industry in industries.WINDOWS:
        return list(industries.WINDOWS[industry])
    return known.SETTINGS[name].default
