"""Who may do what, and which value of a dated setting is in force. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from huitou.staff import errors
from huitou.staff.presets import industries, known
from huitou.staff.types import (
    Action,
    ClosedDayRow,
    ClosedSpan,
    Role,
    Scope,
    SettingRow,
    StandingRow,
)

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
INVITATION_LIFE: Final = timedelta(days=3)
LONGEST_CLOSURE_DAYS: Final = 370


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


def is_invitation_over(created_at: datetime, *, now: datetime) -> bool:
    """Whether the link to choose a password, made at ``created_at``, is too old to be used."""
    return now - created_at >= INVITATION_LIFE


def mark_of(*parts: object) -> str:
    """A short mark of what stands somewhere: equal parts have equal marks, others do not."""
    said = json.dumps(parts, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def span_days(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included.

    Raises:
        NotSpan: the last lies before the first, or beyond the longest closure.
    """
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST_CLOSURE_DAYS:
        raise errors.NotSpan(name="closed_days", most=LONGEST_CLOSURE_DAYS)
    return [first + timedelta(days=number) for number in range(length)]


def closed_spans(rows: Iterable[ClosedDayRow]) -> list[ClosedSpan]:
    """Closed days as spans, the earliest first: a span ends where a day, the store or the reason
    is another."""
    spans: list[ClosedSpan] = []
    for row in sorted(rows, key=lambda row: (row.store_id or 0, row.reason, row.day_on)):
        last = spans[-1] if spans else None
        if (
            last is not None
            and (last.store_id, last.reason) == (row.store_id, row.reason)
            and row.day_on - last.last == timedelta(days=1)
        ):
            spans[-1] = ClosedSpan(last.store_id, last.first, row.day_on, last.reason)
        else:
            spans.append(ClosedSpan(row.store_id, row.day_on, row.day_on, row.reason))
    return sorted(spans, key=lambda span: (span.first, span.store_id or 0, span.last))


def standing(rows: Iterable[SettingRow], *, on: date, industry: str | None) -> list[StandingRow]:
    """Where every known setting stands in every scope that was given a value, and in its first
    scopes without: those of fixed name, so that each can be seen and set."""
    found = list(rows)
    keys = {(row.name, row.scope) for row in found if row.name in known.SETTINGS}
    for one in known.SETTINGS.values():
        keys |= {(one.name, scope) for scope in one.scopes if not scope.endswith(":")}
    lines = []
    for name, scope in sorted(keys):
        own = [row for row in found if (row.name, row.scope) == (name, scope)]
        later = [row for row in own if row.valid_from is not None and row.valid_from > on]
        later.sort(key=lambda row: row.valid_from or on)
        now = in_force(found, name=name, scope=scope, on=on, industry=industry)
        lines.append(StandingRow(name, scope, now, tuple(later), bool(own), settings_mark(own)))
    return lines


def settings_mark(rows: Iterable[SettingRow]) -> str:
    """The mark of all values of one setting in one scope."""
    return mark_of(
        *sorted((str(row.valid_from), json.dumps([row.value, row.is_end])) for row in rows)
    )


def in_force(
    rows: Iterable[SettingRow], *, name: str, scope: str, on: date, industry: str | None
) -> SettingRow:
    """The value of ``name`` on ``on``: the latest row of the scope, else of the company, else the
    default. A row that ends the one before counts as none.

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
        if latest is not None and not latest.is_end:
            return latest
    return SettingRow(name, scope, default(name, industry=industry), None, None)


def default(name: str, *, industry: str | None) -> Any:
    """The value of a setting nobody has set; the windows start from the industry's."""
    if name == "windows" and industry is not None and industry in industries.WINDOWS:
        return list(industries.WINDOWS[industry])
    return known.SETTINGS[name].default
