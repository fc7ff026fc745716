"""The editor of an audience as its page shows it: each row with its choices, and who is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.console import audience_draft as drafts
from huitou.console.audience_draft import Draft, Filter, Group, Row
from huitou.console.audience_words import STORE_FIELDS
from huitou.kit.conditions.types import Agg, Collection, Field, Kind, Op, Registry
from huitou.kit.text import gettext_noop as _

OP_WORDS: Final = {
    Op.EQ: _("is"),
    Op.NE: _("is not"),
    Op.LT: _("below"),
    Op.LTE: _("at most"),
    Op.GT: _("above"),
    Op.GTE: _("at least"),
    Op.BETWEEN: _("from … to"),
    Op.IN: _("is one of"),
    Op.HAS: _("include"),
    Op.STARTS_WITH: _("begins with"),
    Op.CONTAINS: _("contains"),
    Op.KNOWN: _("is known"),
}
DAY_WORDS: Final = {
    Op.EQ: _("on"),
    Op.NE: _("not on"),
    Op.LT: _("before"),
    Op.LTE: _("on or before"),
    Op.GT: _("after"),
    Op.GTE: _("on or after"),
}
AGG_WORDS: Final = {
    Agg.COUNT: _("number of {what}"),
    Agg.SUM: _("sum of {what}"),
    Agg.FIRST: _("first {what}"),
    Agg.LAST: _("latest {what}"),
    Agg.DISTINCT: _("number of different values of {what}"),
    Agg.AVERAGE: _("average of {what}"),
}
UNITS: Final = {"days": _("days"), "hours": _("hours"), "times": _("times"), "percent": "%"}
WINDOWS: Final = (
    ("ever", _("at any time")),
    ("days", _("in the last … days")),
    ("hours", _("in the last … hours")),
    ("since", _("since a day")),
)
_NUMBERS: Final = (Agg.SUM, Agg.AVERAGE)
_OFFERED: Final[Mapping[Kind, tuple[Agg, ...]]] = {
    Kind.MONEY: _NUMBERS,
    Kind.NUMBER: (*_NUMBERS, Agg.LAST),
    Kind.DATE: (Agg.FIRST, Agg.LAST),
    Kind.CHOICE: (Agg.LAST, Agg.DISTINCT),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A choice with its word."""

    value: str
    word: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """Choices under one heading."""

    word: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the subject: the operation, and the inputs of its value.

    ``shape`` is one of checks, select, suggest, yes_no, number, date, text.
    """

    name: str  # the path the form's names begin with
    ops: tuple[Option, ...]
    shape: str
    options: tuple[Option, ...]
    values: tuple[str, ...]  # as many as there are inputs
    unit: str


@dataclass(frozen=True, slots=True)
class FilterView:
    """A condition on the rows of a collection."""

    name: str
    remove: str
    fields: tuple[Option, ...]
    question: Question | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One condition."""

    path: str
    join: str  # the word before it
    subject: str
    negated: bool
    question: Question | None
    windows: tuple[Option, ...]  # none = no span of time is asked
    span: str
    filters: tuple[FilterView, ...]
    left: int | None  # people left at this step; None = not counted
    error: str
    is_group = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """Several conditions of which all or any must hold."""

    path: str
    join: str
    is_any: bool
    negated: bool
    parts: tuple["RowView | GroupView", ...]
    left: int | None
    may_nest: bool
    is_group = True


@dataclass(slots=True)
class Editor:
    """Makes the views of a draft, reading what open choices there are at most once each."""

    registry: Registry
    stores: Callable[[], Mapping[str, str]]
    named: Sequence[str]  # the audiences that may be named
    money: str  # what money is counted in
    left: Mapping[str, int]
    errors: Mapping[str, str]

    _seen: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def subjects(self, draft: Group) -> list[Options]:
        """Everything that can be asked about, under its headings, and what the draft asks."""
        groups: dict[str, list[Option]] = {}
        for one in self.registry.fields.values():
            option = Option(f"field:{one.name}", gettext(one.words))
            groups.setdefault(gettext(one.group), []).append(option)
        for collection in self.registry.collections.values():
            groups.setdefault(gettext(collection.group), []).extend(_aggregates(collection))
        if self.named:
            word = gettext("belongs to an audience")
            groups[gettext("Audiences")] = [Option("audience:", word)]
        offered = {option.value for options in groups.values() for option in options}
        for _path, part in drafts.parts_of(draft):
            subject = part.subject if isinstance(part, Row) else ""
            if subject and subject not in offered:
                offered.add(subject)
                groups.setdefault(gettext("Other"), []).append(Option(subject, self._said(subject)))
        return [Options(word, tuple(options)) for word, options in groups.items()]

    def group(self, draft: Group, path: str = drafts.ROOT, *, join: str = "") -> GroupView:
        """The view of a group and everything in it."""
        views: list[RowView | GroupView] = []
        for index, part in enumerate(draft.parts):
            word = _join(draft, part, index)
            below = f"{path}.{index}"
            if isinstance(part, Group):
                views.append(self.group(part, below, join=word))
            else:
                views.append(self._row(part, below, word))
        may_nest = path.count(".") < drafts.DEEPEST - 1
        left = self.left.get(path)
        is_any = draft.join == "any"
        return GroupView(path, join, is_any, draft.negated, tuple(views), left, may_nest)

    def _row(self, row: Row, path: str, join: str) -> RowView:
        asked = drafts.asked_of(row.subject, self.registry)
        collection = self._collection(row.subject)
        question = self._question(path, asked, row.op, row.values) if asked else None
        if row.subject == "audience:":
            question = self._audience(path, row.values)
        return RowView(
            path=path,
            join=join,
            subject=row.subject,
            negated=row.negated,
            question=question,
            windows=_options(WINDOWS, row.window) if collection else (),
            span=row.span,
            filters=tuple(
                self._filter(one, collection, path, index)
                for index, one in enumerate(row.filters if collection else ())
                if collection
            ),
            left=self.left.get(path),
            error=self.errors.get(path, ""),
        )

    def _filter(self, row: Filter, collection: Collection, path: str, index: int) -> FilterView:
        asked = collection.field(row.field)
        name = f"{path}.f{index}"
        question = None
        if asked is not None:
            question = self._question(name, asked, row.op, row.values, of=collection.name)
        listed = [(one.name, one.words) for one in collection.fields]
        return FilterView(name, f"{path}:{index}", _options(listed, row.field), question)

    def _question(
        self, name: str, asked: Field, op_name: str, values: Sequence[str], *, of: str = ""
    ) -> Question:
        op = drafts.op_of(op_name, asked)
        words = {**OP_WORDS, **(DAY_WORDS if asked.kind in (Kind.DATE, Kind.INSTANT) else {})}
        ops = tuple(Option(one.value, gettext(words[one]), one is op) for one in asked.ops)
        shape = _shape(asked, op)
        options: tuple[Option, ...] = ()
        if shape in ("checks", "select", "suggest"):
            options = self._choices(asked, values, of)
        inputs = 2 if op is Op.BETWEEN else 1
        shown = (*values, "", "")[:inputs] if shape != "checks" else tuple(values)
        unit = UNITS.get(asked.unit, "")
        if asked.unit in ("money", "major"):
            unit = self.money
        unit = "" if op is Op.KNOWN else unit
        return Question(name, ops, shape, options, tuple(shown), gettext(unit) if unit else "")

    def _choices(self, asked: Field, values: Sequence[str], of: str) -> tuple[Option, ...]:
        if asked.choices:
            return tuple(
                Option(code, gettext(word), code in values) for code, word in asked.choices
            )
        if asked.name in STORE_FIELDS:
            return tuple(Option(code, word, code in values) for code, word in self.stores().items())
        key = (asked.name, of)
        if key not in self._seen:
            self._seen[key] = audiences.seen(asked.name, of=of)
        listed = dict.fromkeys([*(one for one in values if one), *self._seen[key]])
        return tuple(Option(one, one, one in values) for one in listed)

    def _audience(self, path: str, values: Sequence[str]) -> Question:
        options = tuple(Option(name, name, name in values) for name in self.named)
        return Question(path, (), "select", options, tuple(values[:1]) or ("",), "")

    def _said(self, subject: str) -> str:
        """The words of a subject that the list does not offer."""
        _kind, name, agg, of = (*subject.split(":"), "", "", "")[:4]
        collection = self.registry.collections.get(name)
        known = collection.field(of) if collection else None
        if known is None or agg not in tuple(Agg):
            return subject
        return gettext(AGG_WORDS[Agg(agg)]).format(what=gettext(known.words))

    def _collection(self, subject: str) -> Collection | None:
        kind, _, rest = subject.partition(":")
        name = rest.partition(":")[0]
        return self.registry.collections.get(name) if kind == "agg" else None


def _aggregates(collection: Collection) -> list[Option]:
    words = gettext(AGG_WORDS[Agg.COUNT]).format(what=gettext(collection.words))
    made = [Option(f"agg:{collection.name}:count:", words)]
    for one in collection.fields:
        for agg in _OFFERED.get(one.kind, ()):
            words = gettext(AGG_WORDS[agg]).format(what=gettext(one.words))
            made.append(Option(f"agg:{collection.name}:{agg.value}:{one.name}", words))
    return made


def _join(draft: Group, part: Draft, index: int) -> str:
    if index == 0:
        return gettext("where")
    return gettext("or") if draft.join == "any" else gettext("and")


def _shape(asked: Field, op: Op) -> str:
    if op is Op.KNOWN or asked.kind is Kind.FLAG:
        return "yes_no"
    if asked.kind in (Kind.CHOICE, Kind.SET):
        if op is Op.IN:
            return "checks"
        return "select" if asked.choices or asked.name in STORE_FIELDS else "suggest"
    if asked.kind in (Kind.DATE, Kind.INSTANT):
        return "date"
    return "text" if asked.kind is Kind.TEXT else "number"


def _options(listed: Sequence[tuple[str, Any]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, gettext(word), value == chosen) for value, word in listed)
