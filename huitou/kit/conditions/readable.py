"""Conditions in words: a whole expression as a sentence, one leaf as a phrase, one person's why.

The words are English templates; a ``Speech`` brings the reader's language, money and names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from huitou.kit.conditions.columns import Turned
from huitou.kit.conditions.types import (
    Agg,
    Aggregate,
    All,
    AnyOf,
    Expression,
    Field,
    InAudience,
    Kind,
    Leaf,
    Node,
    Not,
    Op,
    Value,
    Window,
)
from huitou.kit.text import gettext_noop as _

_OPS: Final = {
    Op.EQ: _("{field} is {value}"),
    Op.NE: _("{field} is not {value}"),
    Op.LT: _("{field} below {value}"),
    Op.LTE: _("{field} at most {value}"),
    Op.GT: _("{field} above {value}"),
    Op.GTE: _("{field} at least {value}"),
    Op.BETWEEN: _("{field} from {low} to {high}"),
    Op.IN: _("{field} is one of {value}"),
    Op.HAS: _("{field} include {value}"),
    Op.STARTS_WITH: _("{field} begins with {value}"),
    Op.CONTAINS: _("{field} contains {value}"),
}
_DAY_OPS: Final = {
    Op.EQ: _("{field} on {value}"),
    Op.LT: _("{field} before {value}"),
    Op.LTE: _("{field} on or before {value}"),
    Op.GT: _("{field} after {value}"),
    Op.GTE: _("{field} on or after {value}"),
}
_SET_IN: Final = _("{field} include any of {value}")
_KNOWN: Final = _("{field} is known")
_NOT_KNOWN: Final = _("{field} is not known")
_AGGS: Final = {
    Agg.COUNT: _("number of {what}"),
    Agg.SUM: _("sum of {what}"),
    Agg.FIRST: _("first {what}"),
    Agg.LAST: _("latest {what}"),
    Agg.DISTINCT: _("number of different values of {what}"),
    Agg.AVERAGE: _("average of {what}"),
}


@dataclass(frozen=True, slots=True)
class Speech:
    """How to say things: the reader's language, and the names that are data."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    money: Callable[[int], str]  # minor units
    major: Callable[[float], str]  # expected major units
    day: Callable[[date], str]
    code: Callable[[Field, str], str]  # the word of a code that no field lists


def readable(expression: Expression, speech: Speech) -> str:
    """The whole condition as one sentence without a full stop; of everybody: "everybody"."""
    return _said(expression.where, speech, is_outer=True)


def leaf_words(node: Leaf | Aggregate | InAudience, speech: Speech) -> str:
    """One condition as a phrase."""
    match node:
        case Leaf(known, op, value):
            return _question(speech.gettext(known.words), known, op, value, speech)
        case InAudience(name):
            return speech.gettext(_("belongs to the audience “{name}”")).format(name=name)
    return _question(subject(node, speech), node.result, node.op, node.value, speech)


def why_words(turned: Turned, speech: Speech) -> str:
    """What one person shows of a condition: the field with the person's own value."""
    node = turned.node
    field = node.field if isinstance(node, Leaf) else node.result
    words = subject(node, speech) if isinstance(node, Aggregate) else speech.gettext(field.words)
    return speech.gettext(_("{field}: {value}")).format(
        field=words, value=value_words(field, turned.value, speech)
    )


def subject(node: Aggregate, speech: Speech) -> str:
    """What an aggregate asks about: "number of orders in the last 30 days"."""
    gettext = speech.gettext
    what = gettext(node.field.words if node.field else node.collection.words)
    words = gettext(_AGGS[node.agg]).format(what=what)
    if node.where:
        only = gettext(_(", ")).join(leaf_words(leaf, speech) for leaf in node.where)
        words = gettext(_("{what} (only: {only})")).format(what=words, only=only)
    return _in_window(words, node.window, speech)


def value_words(field: Field, value: Any, speech: Speech) -> str:
    """A value as people read it: with its unit, its word, its currency."""
    if value is None:
        return speech.gettext(_("not known"))
    if isinstance(value, bool):
        return speech.gettext(_("yes, it is so")) if value else speech.gettext(_("no, it is not"))
    if isinstance(value, list | tuple):
        listed = [value_words(field, one, speech) for one in value]
        return speech.gettext(_(", ")).join(listed) or speech.gettext(_("none"))
    if isinstance(value, str):
        words = dict(field.choices).get(value)
        return speech.gettext(words) if words else speech.code(field, value)
    if isinstance(value, date):
        return speech.day(value)
    return _number(field, value, speech)


def _said(node: Node, speech: Speech, *, is_outer: bool = False) -> str:
    gettext = speech.gettext
    match node:
        case All(()):
            return gettext(_("everybody"))
        case AnyOf(()):
            return gettext(_("nobody"))
        case All((only,)) | AnyOf((only,)):
            return _said(only, speech, is_outer=is_outer)
        case All(nodes) | AnyOf(nodes):
            link = gettext(_(", and ")) if isinstance(node, All) else gettext(_(", or "))
            words = link.join(_said(part, speech) for part in nodes)
            return words if is_outer else gettext(_("({words})")).format(words=words)
        case Not(inner):
            return gettext(_("not {words}")).format(words=_said(inner, speech))
        case Leaf() | Aggregate() | InAudience():
            return leaf_words(node, speech)


def _question(words: str, field: Field, op: Op, value: Value, speech: Speech) -> str:
    gettext = speech.gettext
    if op is Op.KNOWN:
        return gettext(_KNOWN if value else _NOT_KNOWN).format(field=words)
    if field.kind is Kind.FLAG:
        return words if value else gettext(_("not {words}")).format(words=words)
    if isinstance(value, tuple) and op is Op.BETWEEN:
        low, high = (value_words(field, one, speech) for one in value)
        return gettext(_OPS[op]).format(field=words, low=low, high=high)
    template = _OPS[op]
    if field.kind in (Kind.DATE, Kind.INSTANT):
        template = _DAY_OPS.get(op, template)
    if field.kind is Kind.SET and op is Op.IN:
        template = _SET_IN
    if isinstance(value, tuple) and len(value) == 1 and op is Op.IN:
        template = _OPS[Op.HAS if field.kind is Kind.SET else Op.EQ]
    return gettext(template).format(field=words, value=value_words(field, value, speech))


def _in_window(words: str, window: Window, speech: Speech) -> str:
    if window.days is not None:
        template = speech.ngettext(
            "{words} in the last {n} day", "{words} in the last {n} days", window.days
        )
        return template.format(words=words, n=window.days)
    if window.hours is not None:
        template = speech.ngettext(
            "{words} in the last {n} hour", "{words} in the last {n} hours", window.hours
        )
        return template.format(words=words, n=window.hours)
    if window.since is not None:
        day = speech.day(window.since)
        return speech.gettext(_("{words} since {day}")).format(words=words, day=day)
    return words


def _number(field: Field, value: int | float | Decimal, speech: Speech) -> str:
    match field.unit:
        case "money":
            return speech.money(round(value))
        case "major":
            return speech.major(float(value))
        case "percent":
            return f"{_plain(Decimal(str(value)) * 100)}%"
        case "days" | "hours" | "times":
            return _counted(field.unit, value, speech)
    return _plain(value)


def _counted(unit: str, value: int | float | Decimal, speech: Speech) -> str:
    whole, shown = int(value), _plain(value)
    if unit == "days":
        return speech.ngettext("{n} day", "{n} days", whole).format(n=shown)
    if unit == "hours":
        return speech.ngettext("{n} hour", "{n} hours", whole).format(n=shown)
    return speech.ngettext("{n} time", "{n} times", whole).format(n=shown)


def _plain(value: int | float | Decimal) -> str:
    """At most one decimal, thousands apart."""
    rounded = round(float(value), 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"
