"""For what a setting can have a value of its own: a category, a role, a channel, a purpose."""

from typing import Final

from django.utils.translation import gettext

from huitou.console.customer_words import CHANNELS, PURPOSES
from huitou.console.role_words import role_name
from huitou.console.setting_values import KINDS
from huitou.staff import queries as staff
from huitou.staff.presets import known
from huitou.staff.types import Role, StandingRow

LONGEST: Final = 200
_UNLIMITED: Final = ("owner", "manager")  # they may give any compensation


def asked_scope(name: str, asked: dict[str, str]) -> str | None:
    """The scope an address asks for: ``scope=``, or ``of=`` of the setting's own kind; the first
    one without either; None for one it cannot have."""
    setting = known.SETTINGS[name]
    of = " ".join(asked.get("of", "").split())
    kind = kind_of(name)
    scope = f"{kind}:{of}" if of and kind else asked.get("scope", setting.scopes[0])
    is_readable = len(scope) <= LONGEST and scope.isprintable()
    is_there = "of" not in asked or _is_there(scope)
    return scope if is_readable and setting.takes(scope) and is_there else None


def kind_of(name: str) -> str:
    """What else the setting can be set for: ``category``, ``role`` …; "" = nothing."""
    for scope in known.SETTINGS[name].scopes:
        if scope.endswith(":"):
            return scope.removesuffix(":")
    return ""


def kind_words(kind: str) -> str:
    """What such a thing is called."""
    return gettext(KINDS.get(kind, kind))


def is_free(name: str) -> bool:
    """Whether any word can be typed: a category may be in files that are still to come."""
    return kind_of(name) not in ("role", "channel", "purpose", "store")


def choices(name: str, lines: list[StandingRow]) -> list[tuple[str, str]]:
    """Those that have no value of their own yet; empty where any word can be typed."""
    taken = {line.scope for line in lines}
    kind = kind_of(name)
    return [(code, words) for code, words in _all(kind) if f"{kind}:{code}" not in taken]


def _all(kind: str) -> list[tuple[str, str]]:
    if kind == "role":
        return [
            (role.value, role_name(role.value))
            for role in Role
            if staff.allows(role.value, "give_compensation") and role.value not in _UNLIMITED
        ]
    if kind == "channel":
        return [(code, gettext(words)) for code, (words, _icon) in CHANNELS.items()]
    if kind == "purpose":
        return [(code, gettext(words)) for code, words in PURPOSES.items() if code != "service"]
    if kind == "store":
        return [(row.code, row.name or row.code) for row in staff.stores()]
    return []


def _is_there(scope: str) -> bool:
    """Whether such a role, channel or purpose exists; a category may be any word."""
    kind, _colon, of = scope.partition(":")
    known_codes = [code for code, _words in _all(kind)]
    return not known_codes or of in known_codes
