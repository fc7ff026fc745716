"""Values of conditions: what can be asked about (fields), and what is asked (expressions)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

VERSION: Final = 1


class Kind(StrEnum):
    """What kind of value a field holds; decides which questions make sense."""

    TEXT = "text"  # a stored key: huitou.kit.text.folded
    NUMBER = "number"  # whole or decimal
    MONEY = "money"  # whole minor units
    DATE = "date"  # a civil day
    INSTANT = "instant"  # aware, UTC
    FLAG = "flag"
    CHOICE = "choice"  # one code of a list
    SET = "set"  # several codes; compared exactly


class Clock(StrEnum):
    """How the value asked about hangs on the day: such a field is a number, its column is not."""

    NONE = ""
    DAYS_SINCE = "days_since"  # column: civil day; value: days passed since then
    DAYS_UNTIL = "days_until"  # column: civil day; value: days still to come
    HOURS_SINCE = "hours_since"  # column: instant; value: whole hours passed since then
    DAYS_TO_YEARLY = "days_to_yearly"  # column: month * 100 + day, negative in the lunar calendar


class Op(StrEnum):
    """The questions."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    BETWEEN = "between"  # both ends belong
    IN = "in"  # one of; of a set: any of
    HAS = "has"  # of a set
    STARTS_WITH = "starts_with"
    CONTAINS = "contains"
    KNOWN = "known"


class Agg(StrEnum):
    """How many rows become one value. First and last go by time, then by the row's key."""

    COUNT = "count"
    SUM = "sum"
    FIRST = "first"
    LAST = "last"
    DISTINCT = "distinct"
    AVERAGE = "average"


Scalar = str | int | Decimal | bool | date | datetime
Value = Scalar | tuple[Scalar, ...]

_ORDERED: Final = (Op.EQ, Op.NE, Op.LT, Op.LTE, Op.GT, Op.GTE, Op.BETWEEN)
OPS: Final[Mapping[Kind, tuple[Op, ...]]] = {
    Kind.TEXT: (Op.EQ, Op.NE, Op.IN, Op.STARTS_WITH, Op.CONTAINS, Op.KNOWN),
    Kind.NUMBER: (*_ORDERED, Op.IN, Op.KNOWN),
    Kind.MONEY: (*_ORDERED, Op.KNOWN),
    Kind.DATE: (*_ORDERED, Op.KNOWN),
    Kind.INSTANT: (*_ORDERED, Op.KNOWN),
    Kind.FLAG: (Op.EQ, Op.KNOWN),
    Kind.CHOICE: (Op.IN, Op.EQ, Op.NE, Op.KNOWN),
    Kind.SET: (Op.HAS, Op.IN, Op.KNOWN),
}


@dataclass(frozen=True, slots=True)
class Field:
    """Something known of a person or of a row of a collection.

    ``words`` is English, marked for translation; ``choices`` are codes with their words, empty =
    the codes are data (stores, tags) and any is allowed. ``unit`` is one of "", "days", "hours",
    "times", "points", "percent" (a share 0..1, shown as a percentage) or "money".
    """

    name: str
    kind: Kind
    words: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    clock: Clock = Clock.NONE
    group: str = ""  # the heading under which forms offer it; English, marked for translation

    def __post_init__(self) -> None:
        if self.clock and self.kind is not Kind.NUMBER:
            raise ValueError(f"{self.name}: a field with a clock is a number")

    @property
    def ops(self) -> tuple[Op, ...]:
        """The questions this field can be asked."""
        if self.clock is Clock.DAYS_TO_YEARLY:
            return (Op.LTE, Op.BETWEEN, Op.EQ, Op.KNOWN)
        if self.clock is Clock.HOURS_SINCE:
            return (*_ORDERED, Op.KNOWN)
        return OPS[self.kind]


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows of a person that are counted, summed or looked through: orders, answers."""

    name: str
    words: str
    fields: tuple[Field, ...]
    group: str = ""

    def field(self, name: str) -> Field | None:
        """The field of this name; ``None`` if rows have none."""
        return next((known for known in self.fields if known.name == name), None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where values of people stand: a table, a published view or a bracketed SELECT with at most
    one row per customer."""

    alias: str  # how columns name it, unique in the house
    relation: str
    key: str = "customer_id"
    where: str = ""  # more of the join, such as the slot in force; names columns by the alias


@dataclass(frozen=True, slots=True)
class PersonField:
    """A field of people with where it stands: ``column`` is SQL over ``source``'s alias.

    The column is NULL where nothing is known; a text column holds folded keys; a choice is its
    code as text; a set is ``text[]``; a field with a clock gives the stored day, not the age.
    """

    field: Field
    source: Source
    column: str

    def __post_init__(self) -> None:
        if "%" in self.column + self.source.relation + self.source.where:
            raise ValueError(f"{self.field.name}: a percent sign is a placeholder's; use mod()")


@dataclass(frozen=True, slots=True)
class PersonCollection:
    """A collection with the view its rows stand in.

    ``customer``, ``at`` (timestamptz), ``on`` (the civil day) and ``key`` (unique, integer) are
    columns; ``where`` keeps rows that do not count out; ``columns`` are the SQL of the fields that
    are not called as the column is. Columns are named plainly or by the alias ``i``.
    """

    collection: Collection
    relation: str
    key: str
    at: str
    on: str
    customer: str = "customer_id"
    where: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that can be asked about, by name."""

    fields: Mapping[str, Field]
    collections: Mapping[str, Collection] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Iterable[Field], collections: Iterable[Collection] = ()) -> "Registry":
        """A registry of these."""
        return cls({one.name: one for one in fields}, {one.name: one for one in collections})


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a collection count. Rows after today or now never do.

    ``days`` n: the civil day is one of the last n, today included. ``hours`` n: the instant is less
    than n hours ago. ``since``: on this day or later. None of them: ever.
    """

    days: int | None = None
    hours: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question about one field."""

    field: Field
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One question about the rows of a collection; ``field`` None counts the rows."""

    agg: Agg
    collection: Collection
    field: Field | None
    window: Window
    where: tuple[Leaf, ...]
    op: Op
    value: Value

    @property
    def result(self) -> Field:
        """The value asked about, as a field: its kind decides the questions."""
        return result_of(self.agg, self.field)


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these; of none: everybody."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these; of none: nobody."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whoever the node does not choose, the unknown included."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class InAudience:
    """Whoever a saved audience chooses; resolved before it is evaluated."""

    name: str


Node = All | AnyOf | Not | InAudience | Leaf | Aggregate


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole condition."""

    where: Node


def result_of(agg: Agg, of: Field | None) -> Field:
    """What an aggregate gives, as a field."""
    if agg in (Agg.COUNT, Agg.DISTINCT) or of is None:
        return Field(agg.value, Kind.NUMBER, "", unit="times")
    if agg in (Agg.SUM, Agg.AVERAGE):
        return Field(agg.value, of.kind, of.words, unit=of.unit)
    return of
