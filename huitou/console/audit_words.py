"""Who changed what, from the audit trail, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language, gettext, pgettext

from huitou.console.names import actor_names
from huitou.console.role_words import role_name
from huitou.console.setting_values import Tongue, end_words, scope_words, value_in_scope
from huitou.kit.text import gettext_noop as _
from huitou.platform.types import AuditRow
from huitou.staff.presets.industries import INDUSTRY_WORDS
from huitou.staff.types import StoreRow
from huitou.ui import figures

_DONE: Final = {
    "create_owner": _("became the owner"),
    "add_user": _("was added"),
    "set_password": _("got a new password"),
    "choose_password": _("chose a password"),
    "invite_user": _("was sent a link to choose a password"),
    "change_user": _("was put right"),
    "add_store": _("was added"),
    "change_store": _("was changed"),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: when, by whom, what for, and what it was."""

    at: datetime
    who: str
    about: str
    says: str


def setting_changes(rows: Sequence[AuditRow], tongue: Tongue) -> list[ChangeLine]:
    """What happened to one setting; ``about`` is the scope."""
    names = actor_names({row.actor for row in rows}) if rows else {}
    return [
        ChangeLine(
            row.at, names[row.actor], scope_words(scope), _of_setting(name, scope, row, tongue)
        )
        for row in rows
        for name, scope in [_named(row.subject)]
    ]


def team_changes(rows: Sequence[AuditRow], stores: Sequence[StoreRow]) -> list[ChangeLine]:
    """What happened to somebody who works here."""
    names = actor_names({row.actor for row in rows}) if rows else {}
    shops = {store.id: store.name or store.code for store in stores}
    return [ChangeLine(row.at, names[row.actor], "", _of_user(row, shops)) for row in rows]


def plain_changes(rows: Sequence[AuditRow]) -> list[ChangeLine]:
    """What happened to a store or the company: each field that changed, from what to what."""
    names = actor_names({row.actor for row in rows}) if rows else {}
    return [ChangeLine(row.at, names[row.actor], "", _of_fields(row)) for row in rows]


def _named(subject: str) -> tuple[str, str]:
    """``setting:windows:role:cashier`` as name and scope."""
    _word, _colon, rest = subject.partition(":")
    name, _colon, scope = rest.partition(":")
    return name, scope


def _of_setting(name: str, scope: str, row: AuditRow, tongue: Tongue) -> str:
    if row.action == "withdraw_setting":
        words = gettext("{value} from {day} was taken back")
        return words.format(
            value=value_in_scope(name, scope, row.before["value"], tongue),
            day=_day(row.before, tongue),
        )
    value = value_in_scope(name, scope, row.after["value"], tongue)
    if row.action == "end_setting":
        value = end_words(scope)
    words = gettext("{value} from {day}")
    said = words.format(value=value, day=_day(row.after, tongue))
    if row.before is None:
        return said
    before = value_in_scope(name, scope, row.before, tongue)
    return gettext("{change}, before: {value}").format(change=said, value=before)


def _day(kept: dict[str, Any], tongue: Tongue) -> str:
    day = date.fromisoformat(kept["valid_from"])
    return figures.day(day, tongue.language, with_year=True)


def _of_user(row: AuditRow, shops: dict[int, str]) -> str:
    if row.action != "change_user" or row.before is None or row.after is None:
        done = gettext(_DONE.get(row.action, row.action))
        role = (row.after or {}).get("role") if row.action == "add_user" else None
        return f"{done}: {role_name(role)}" if role else done
    before, after = row.before, row.after
    parts = []
    if before["role"] != after["role"]:
        parts.append(f"{role_name(before['role'])} → {role_name(after['role'])}")
    if before["is_active"] != after["is_active"]:
        parts.append(gettext("account opened") if after["is_active"] else gettext("account closed"))
    if before.get("stores", []) != after.get("stores", []):
        own = [shops.get(store_id, str(store_id)) for store_id in after["stores"]]
        parts.append(gettext("stores: {stores}").format(stores=", ".join(own) or "–"))
    return " · ".join(parts) or gettext("was put right")


_FIELDS: Final = {
    "name": _("Called"),
    "zone": _("Time zone"),
    "is_online": _("Online"),
    "currency": _("Currency"),
    "industry": _("Trade"),
    "is_one_off": _("Bought once in a lifetime"),
}


def _of_fields(row: AuditRow) -> str:
    before, after = row.before or {}, row.after or {}
    if not before:
        return gettext(_DONE.get(row.action, "was added"))
    parts = [
        f"{gettext(words)}: {_value(field, before.get(field))} → {_value(field, after.get(field))}"
        for field, words in _FIELDS.items()
        if before.get(field) != after.get(field)
    ]
    is_chinese = figures.is_chinese(get_language() or "zh-hans")
    return ("；" if is_chinese else "; ").join(parts) or gettext("nothing changed")


def _value(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("setting", "Yes") if value else pgettext("setting", "No")
    if field == "industry":
        return gettext(INDUSTRY_WORDS.get(str(value), str(value)))
    return str(value)
