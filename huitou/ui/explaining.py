"""The reasons of a customer's scores as sentences in the reader's language."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, gettext

from huitou.insights.explain import Line, Part, Why
from huitou.kit.money import Currency
from huitou.ui import figures
from huitou.ui.explaining_words import GATES, LINES, NAMES, PARTS, SALES_TITLES, STATES, TITLES

_PERCENTS: Final = frozenset({"p", "rate", "typical", "own"})
_MINOR: Final = frozenset({"minor", "line"})
_NAMED: Final = frozenset({"part", "level", "cell", "reason", "basis"})


@dataclass(frozen=True, slots=True)
class Told:
    """One score in words: title, figure, sentences, and (label, amount) of the parts."""

    score: str
    title: str
    figure: str
    sentences: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


def told(why: Why, *, currency: str) -> Told:
    """``why`` in the language that is active."""
    language = get_language() or "en"
    return Told(
        score=why.score,
        title=gettext(_title(why)),
        figure=_figure(why, currency, language),
        sentences=tuple(text for line in why.lines if (text := sentence(line, currency, language))),
        parts=tuple(
            (gettext(PARTS.get(part.code, part.code)), _amount(part, currency, language))
            for part in why.parts
        ),
    )


def _title(why: Why) -> str:
    is_sales = any(line.facts.get("basis") == "sales" for line in why.lines)
    titles = TITLES | SALES_TITLES if is_sales else TITLES
    return titles.get(why.score, why.score)


def sentence(line: Line, currency: str, language: str) -> str:
    """One fact in words; a code without words says nothing."""
    if line.code.startswith(("gate.", "manifestation.")):
        return _checked(line)
    if line.code == "level.missing":
        return _missing(line)
    template = LINES.get(line.code)
    if template is None:
        return ""
    words = {name: _word(name, value, currency, language) for name, value in line.facts.items()}
    return gettext(template).format(**words)


def _checked(line: Line) -> str:
    """A gate or a flag: passed, not passed, or not known."""
    gate = GATES[line.code.split(".", 1)[1]]
    name = gettext(gate)
    state = line.facts.get("passed", line.facts.get("holds"))
    if state is None:
        return gettext(STATES[2]).format(name=name)
    template = STATES[0] if state else STATES[1]
    return gettext(template).format(name=name)


def _missing(line: Line) -> str:
    either = gettext(" or ").join(gettext(GATES[name]) for name in line.facts["gates"])
    name = NAMES[line.facts["level"]]
    return gettext("Missing for {level}: {gates}").format(level=gettext(name), gates=either)


def _word(name: str, value: Any, currency: str, language: str) -> str:
    """A fact as a reader reads it; its name says what kind it is."""
    if value is None:
        return figures.NOTHING
    if isinstance(value, date):
        return figures.day(value, language, with_year=True)
    if isinstance(value, str):
        word = NAMES.get(value) if name in _NAMED else None
        return gettext(word) if word else value.removeprefix("yearly:")
    return _number(name, value, currency, language)


def _number(name: str, value: float, currency: str, language: str) -> str:
    if name in _PERCENTS:
        return figures.percent(value)
    if name in _MINOR:
        return figures.money(round(value), currency, language)
    if name.startswith("expected"):
        return _money(value, currency, language)
    return figures.number(value, 1 if name == "times" else 0)


def _money(expected: float, currency: str, language: str) -> str:
    """Expected money of a person: two significant digits, never with an interval."""
    rounded = float(f"{expected:.2g}")
    minor = round(rounded * 10 ** Currency(currency).decimals)
    return figures.money(minor, currency, language).removesuffix(".00")


def _figure(why: Why, currency: str, language: str) -> str:
    if why.value is None:
        return figures.NOTHING
    if why.score in {"repeat_probability", "risk"}:
        return figures.percent(why.value)
    if why.score in {"value_at_risk", "lifetime_value"}:
        return _money(why.value, currency, language)
    if why.score == "loyalty_index":
        return figures.number(why.value)
    if why.score == "manifestations":
        return f"{why.value} / 4"
    return gettext(NAMES.get(str(why.value), str(why.value)))


def _amount(part: Part, currency: str, language: str) -> str:
    if part.amount is None:
        return gettext("not known")
    if part.kind == "mean":
        return figures.number(part.amount)
    if part.kind == "adds" and part.code != "typical":
        return figures.points_change(part.amount, language)
    if part.code == "purchases":
        return figures.number(part.amount, 1)
    kind = part.code if part.code.startswith("expected") else "p"
    return _number(kind, part.amount, currency, language)
