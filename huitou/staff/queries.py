"""Reads of the company and its people."""

import dataclasses
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.hashers import is_password_usable
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from huitou.platform import audit, prepared
from huitou.platform.types import AuditRow
from huitou.staff import models, rules, types
from huitou.staff.presets import known

_KEY: Final = (
    "id", "public_id", "name", "beginning", "role", "scopes", "per_minute", "created_by",
    "created_at", "last_used_at", "revoked_at",
)  # fmt: skip
# Asked with every request of another system.
_KEY_OF_SECRET: Final = (
    f"SELECT {', '.join(_KEY)} FROM staff_apikey WHERE digest = %s AND revoked_at IS NULL"
)
_ZONE: Final = "SELECT zone FROM staff_company"
_USER: Final = (
    "id", "email", "name", "role", "language", "theme", "is_active", "created_at", "last_login"
)  # fmt: skip


def company() -> types.CompanyRow | None:
    """The company; None until it is set up."""
    fields = ("name", "zone", "currency", "industry", "is_one_off", "created_at")
    row = models.Company.objects.values_list(*fields).first()
    return types.CompanyRow(*row) if row else None


def company_zone() -> str | None:
    """The company's time zone, for who asks it many times a second; None until it is set up."""
    found = prepared.rows(_ZONE, [])
    return found[0][0] if found else None


def stores() -> list[types.StoreRow]:
    """Every store, by its code."""
    rows = models.Store.objects.order_by("code").values_list(
        "id", "code", "name", "zone", "is_online"
    )
    return [types.StoreRow(*row) for row in rows]


def store_calendar() -> list[types.ClosedDayRow]:
    """Every closed day, in order; ``store_id`` None = every store."""
    rows = models.ClosedDay.objects.order_by("day_on", "store_id").values_list(
        "store_id", "day_on", "reason"
    )
    return [types.ClosedDayRow(*row) for row in rows]


def store(store_id: int) -> types.StoreRow | None:
    """The store of this id."""
    return next((row for row in stores() if row.id == store_id), None)


def closed_spans() -> list[types.ClosedSpan]:
    """Every closed day as spans, the earliest first."""
    return rules.closed_spans(store_calendar())


def setting(name: str, *, on: date, scope: str = "") -> Any:
    """The value of a known setting on ``on``: of the scope, else of the company, else its default.

    Raises:
        KeyError: nobody knows a setting of this name.
    """
    known.SETTINGS[name]
    rows = _rows(
        models.Setting.objects.filter(name=name, scope__in=[scope, ""], valid_from__lte=on)
    )
    return rules.in_force(rows, name=name, scope=scope, on=on, industry=_industry()).value


def settings_on(on: date, *, company: types.CompanyRow | None = None) -> list[types.SettingRow]:
    """Every setting in force on ``on``, by name and scope: one row per scope that was set, defaults
    included. ``company`` saves reading it again.
    """
    rows = _rows(models.Setting.objects.filter(valid_from__lte=on))
    industry = company.industry if company else _industry()
    keys = {(row.name, row.scope) for row in rows}
    keys |= {(one.name, one.scopes[0]) for one in known.SETTINGS.values()}
    return [
        dataclasses.replace(
            rules.in_force(rows, name=name, scope=scope, on=on, industry=industry), scope=scope
        )
        for name, scope in sorted(keys)
        if name in known.SETTINGS
    ]


def settings_standing(on: date) -> list[types.StandingRow]:
    """Where every known setting stands on ``on`` in every scope, by name and scope: what is in
    force and what is to come."""
    return rules.standing(_rows(models.Setting.objects.all()), on=on, industry=_industry())


def setting_standing(name: str, *, on: date) -> list[types.StandingRow]:
    """The same of one setting; empty for a name nobody knows."""
    rows = _rows(models.Setting.objects.filter(name=name))
    lines = rules.standing(rows, on=on, industry=_industry())
    return [line for line in lines if line.name == name]


def setting_default(name: str, *, industry: str | None) -> Any:
    """The value of a setting nobody has set."""
    return rules.default(name, industry=industry)


def setting_mark(name: str, *, scope: str) -> str:
    """The mark of all values of one setting in one scope."""
    return rules.settings_mark(_rows(models.Setting.objects.filter(name=name, scope=scope)))


def setting_changes(name: str, *, limit: int = 50) -> list[AuditRow]:
    """Who gave the setting which value, in any scope, the newest first."""
    return audit.entries(subject=f"setting:{name}", is_with_parts=True, limit=limit)


def changes_of(subject: str, *, limit: int = 20) -> list[AuditRow]:
    """Who changed something about ``user:12``, ``store:3`` or the ``company``, the newest
    first."""
    return audit.entries(subject=subject, limit=limit)


def setting_history(name: str, *, scope: str = "") -> list[types.SettingRow]:
    """Every value the setting was given, the latest first."""
    return _rows(models.Setting.objects.filter(name=name, scope=scope).order_by("-valid_from"))


def users() -> list[types.UserRow]:
    """Everyone who works here, by e-mail."""
    return [
        types.UserRow(*row) for row in models.User.objects.order_by("email").values_list(*_USER)
    ]


def user(user_id: int) -> types.UserRow | None:
    """The user with this id."""
    row = models.User.objects.filter(id=user_id).values_list(*_USER).first()
    return types.UserRow(*row) if row else None


def team() -> list[types.TeamRow]:
    """Everyone who works here with their stores: who may come in first, then by name."""
    rows = _team(models.User.objects.order_by("-is_active", "name", "id"))
    return [_teamed(row) for row in rows]


def team_member(user_id: int) -> types.TeamRow | None:
    """One of them."""
    row = next(iter(_team(models.User.objects.filter(id=user_id))), None)
    return _teamed(row) if row else None


def user_mark(user: types.UserRow, stores: tuple[int, ...]) -> str:
    """The mark of what the team's page shows of someone and can change."""
    return rules.mark_of(user.email, user.name, user.role, user.is_active, stores)


def _team(users: QuerySet[models.User]) -> list[tuple[Any, ...]]:
    waiting = models.Invitation.objects.filter(user=OuterRef("id"), used_at=None)
    return list(
        users.annotate(
            own=ArrayAgg("stores__id", filter=Q(stores__isnull=False), default=Value([])),
            invited_at=Subquery(waiting.order_by("-id").values("created_at")[:1]),
        ).values_list(*_USER, "password", "own", "invited_at")
    )


def _teamed(row: tuple[Any, ...]) -> types.TeamRow:
    *about, password, own, invited_at = row
    user, stores = types.UserRow(*about), tuple(sorted(own))
    return types.TeamRow(
        user, stores, is_password_usable(password), invited_at, user_mark(user, stores)
    )


def stores_of(user_id: int) -> list[int]:
    """The stores this user is tied to, by id; none = every store."""
    found = models.Store.objects.filter(user__id=user_id).order_by("id")
    return list(found.values_list("id", flat=True))


def stores_seen(user_id: int, role: str) -> tuple[int, ...] | None:
    """The stores whose customers this user sees; ``None`` = of all stores, () = nobody's."""
    tied = models.User.objects.filter(id=user_id, stores=OuterRef("id"))
    found = list(models.Store.objects.values_list("id", Exists(tied)))
    own = [store_id for store_id, is_own in found if is_own]
    return rules.stores_seen(role, own, [store_id for store_id, _ in found])


def stores_of_role(
    role: str, own: Collection[int], stores: Collection[int]
) -> tuple[int, ...] | None:
    """The stores whose customers someone of this role sees: the doors' way to ask the rule."""
    return rules.stores_seen(role, own, stores)


def user_with_email(email: str) -> types.UserRow | None:
    """The user with this e-mail, whatever its case."""
    row = models.User.objects.filter(email=email.strip().lower()).values_list(*_USER).first()
    return types.UserRow(*row) if row else None


def api_keys() -> list[types.ApiKeyRow]:
    """Every key: those in force first, the newest at the top."""
    rows = models.ApiKey.objects.order_by(F("revoked_at").asc(nulls_first=True), "-id")
    return [types.ApiKeyRow(*row) for row in rows.values_list(*_KEY)]


def api_key(secret: str) -> types.ApiKeyRow | None:
    """The key in force with this secret. Found by its digest: the secret has 256 random bits, so
    there is nothing to guess and nothing to stretch."""
    found = prepared.rows(_KEY_OF_SECRET, [rules.key_digest(secret)])
    return types.ApiKeyRow(*found[0]) if found else None


def has_owner() -> bool:
    """Whether an active owner exists: the first visit is over."""
    return models.User.objects.filter(role="owner", is_active=True).exists()


def failures_since(key: str, since: datetime) -> int:
    """How often signing in failed for this key since then."""
    return models.LoginAttempt.objects.filter(key=key, at__gt=since).count()


def _industry() -> str | None:
    return models.Company.objects.values_list("industry", flat=True).first()


def _rows(found: Any) -> list[types.SettingRow]:
    fields = ("name", "scope", "value", "valid_from", "set_by", "is_end")
    return [types.SettingRow(*row) for row in found.values_list(*fields)]


def allows(role: str, action: str) -> bool:
    """Whether someone of ``role`` may do ``action``: the doors' way to ask the rule."""
    return rules.allows(role, action)


def opens(role: str, scopes: Collection[str], scope: str) -> bool:
    """Whether a key of ``role``, narrowed to ``scopes``, opens ``scope``."""
    return rules.opens(role, scopes, scope)


LONGEST_CLOSURE_DAYS: Final = rules.LONGEST_CLOSURE_DAYS


def span_days(first: date, last: date) -> list[date]:
    """Every day of a closure; the doors' way to ask the rule.

    Raises:
        NotSpan: the last lies before the first, or beyond the longest closure.
    """
    return rules.span_days(first, last)
