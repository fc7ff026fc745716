"""Values of settings, their scopes and their changes, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language, gettext, ngettext, pgettext

from huitou.console.customer_words import CHANNELS, PURPOSES
from huitou.console.role_words import role_name
from huitou.console.setting_shapes import Part, shape_of
from huitou.console.setting_words import said
from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

MODELS: Final[Mapping[str, str]] = {
    "auto": _("Chosen by the data"),
    "bgnbd": _("BG/NBD"),
    "mbgnbd": _("MBG/NBD"),
    "paretonbd": _("Pareto/NBD"),
}
SCOPES: Final[Mapping[str, str]] = {
    "": _("The company"),
    "order": _("Each order"),
    "contact": _("Each contact"),
}
KINDS: Final[Mapping[str, str]] = {
    "category": _("Category"),
    "role": _("Role"),
    "channel": _("Channel"),
    "purpose": _("Purpose"),
    "store": _("Store"),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """What values are written in: the company's currency, the reader's language."""

    currency: str
    language: str

    @classmethod
    def of(cls, currency: str) -> "Tongue":
        """The reader's language of this request."""
        return cls(currency, get_language() or "zh-hans")


def value_words(name: str, value: Any, tongue: Tongue) -> str:
    """A value as a person reads it."""
    shape = shape_of(name)
    if value is None or (shape.may_be_empty and value == shape.empty):
        return gettext(said(name).empty) if said(name).empty else gettext("not set")
    parts = value if isinstance(value, list) else [value]
    written = [_written(part, one, tongue) for part, one in zip(shape.parts, parts, strict=False)]
    if name in ("contact_caps", "soft_bounces"):
        return _times(name, parts)
    if name == "tariff_minor":
        words = gettext("{month} a month, {each} a message")
        return words.format(month=written[0], each=written[1])
    if shape.join:
        return str(value).replace(shape.join, " – ")
    unit = _unit(shape.parts[0], int(parts[-1]) if shape.parts[0].kind == "whole" else 2)
    return " / ".join(written) + unit


def value_in_scope(name: str, scope: str, value: Any, tongue: Tongue) -> str:
    """A value as a person reads it; a category whose own was taken back has the company's again."""
    if value is None and scope.startswith("category:"):
        return gettext("as the company")
    return value_words(name, value, tongue)


def end_words(scope: str) -> str:
    """What holds once a value has ended."""
    return gettext("as the company") if scope else gettext("the default")


def scope_words(scope: str) -> str:
    """What a value is for."""
    if scope in SCOPES:
        return gettext(SCOPES[scope])
    kind, _colon, of = scope.partition(":")
    if kind == "role":
        return role_name(of)
    if kind == "channel" and of in CHANNELS:
        return gettext(CHANNELS[of][0])
    if kind == "purpose" and of in PURPOSES:
        return gettext(PURPOSES[of])
    return of


def _times(name: str, parts: list[Any]) -> str:
    times, days = int(parts[0]), int(parts[1])
    if name == "soft_bounces":
        return gettext("{times} within {days} days").format(times=times, days=days)
    return gettext("at most {times} within {days} days").format(times=times, days=days)


def _written(part: Part, value: Any, tongue: Tongue) -> str:
    if part.kind == "money":
        return figures.money_exact(int(value), tongue.currency, tongue.language)
    if part.kind == "whole":
        return figures.number(int(value))
    if part.kind == "percent":
        return f"{value}%"
    if part.kind == "yes_no":
        return pgettext("setting", "Yes") if value else pgettext("setting", "No")
    if part.kind == "choice":
        return gettext(MODELS.get(str(value), str(value)))
    return str(value)


def _unit(part: Part, last: int) -> str:
    if part.unit == "%":
        return "" if part.kind == "percent" else "%"
    if part.unit == "days":
        return ngettext(" day", " days", last)
    if part.unit == "hours":
        return ngettext(" hour", " hours", last)
    return f" {gettext(part.unit)}" if part.unit else ""
