"""JSON to expressions and back. Whatever parses can be evaluated; whatever does not says where."""

import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.types import (
    VERSION,
    Agg,
    Aggregate,
    All,
    AnyOf,
    Clock,
    Collection,
    Expression,
    Field,
    InAudience,
    Kind,
    Leaf,
    Node,
    Not,
    Op,
    Registry,
    Scalar,
    Value,
    Window,
    result_of,
)
from huitou.kit.text import folded

DEEPEST: Final = 8
MOST: Final = 200  # conditions of one expression
LONGEST_LIST: Final = 1_000
LONGEST_TEXT: Final = 500
LARGEST: Final = 10**15
LONGEST_WINDOW: Final = 40_000  # days or hours
DIGITS: Final = 15  # of a decimal: as many as go through JSON and back unchanged
_YEAR: Final = 366
_AGGS: Final[Mapping[Agg, frozenset[Kind]]] = {
    Agg.SUM: frozenset({Kind.NUMBER, Kind.MONEY}),
    Agg.AVERAGE: frozenset({Kind.NUMBER, Kind.MONEY}),
    Agg.FIRST: frozenset(Kind) - {Kind.SET},
    Agg.LAST: frozenset(Kind) - {Kind.SET},
    Agg.DISTINCT: frozenset(Kind) - {Kind.SET, Kind.FLAG},
}


def parse(
    given: Any, registry: Registry, *, audiences: AbstractSet[str] = frozenset()
) -> Expression:
    """The expression that the JSON value ``given`` says.

    Args:
        registry: the fields and collections that may be asked about.
        audiences: names of the saved audiences that may be named.

    Raises:
        ConditionError: with the path of the part at fault, such as ``where.all[1].value``.
    """
    if not isinstance(given, Mapping):
        raise ConditionError("", "not_an_object")
    if given.get("v") != VERSION:
        raise ConditionError("v", "unknown_version")
    _only(given, {"v", "where"}, "")
    return Expression(_Reader(registry, audiences).node(given.get("where"), "where", depth=1))


def to_json(expression: Expression) -> dict[str, Any]:
    """The JSON value of an expression; parsing it again gives an equal one."""
    return {"v": VERSION, "where": _node_json(expression.where)}


@dataclass(slots=True)
class _Reader:
    registry: Registry
    audiences: AbstractSet[str]
    read: int = 0

    def node(self, given: Any, path: str, *, depth: int) -> Node:
        self.read += 1
        if self.read > MOST:
            raise ConditionError(path, "too_many", limit=MOST)
        if depth > DEEPEST:
            raise ConditionError(path, "too_deep", limit=DEEPEST)
        if not isinstance(given, Mapping):
            raise ConditionError(path, "not_an_object")
        for key, read in self._shapes().items():
            if key in given:
                return read(given, path, depth)
        raise ConditionError(path, "unknown_shape")

    def _shapes(self) -> Mapping[str, Callable[[Mapping[str, Any], str, int], Node]]:
        return {
            "all": lambda given, path, depth: All(self._nodes(given, "all", path, depth)),
            "any": lambda given, path, depth: AnyOf(self._nodes(given, "any", path, depth)),
            "not": self._negation,
            "audience": self._audience,
            "agg": self._aggregate,
            "field": self._leaf,
        }

    def _nodes(self, given: Mapping[str, Any], key: str, path: str, depth: int) -> tuple[Node, ...]:
        _only(given, {key}, path)
        if not isinstance(given[key], list):
            raise ConditionError(f"{path}.{key}", "unknown_shape")
        return tuple(
            self.node(part, f"{path}.{key}[{index}]", depth=depth + 1)
            for index, part in enumerate(given[key])
        )

    def _negation(self, given: Mapping[str, Any], path: str, depth: int) -> Not:
        _only(given, {"not"}, path)
        return Not(self.node(given["not"], f"{path}.not", depth=depth + 1))

    def _audience(self, given: Mapping[str, Any], path: str, depth: int) -> InAudience:
        _only(given, {"audience"}, path)
        name = given["audience"]
        if not isinstance(name, str) or name not in self.audiences:
            raise ConditionError(f"{path}.audience", "unknown_audience", given=_shown(name))
        return InAudience(name)

    def _leaf(self, given: Mapping[str, Any], path: str, depth: int) -> Leaf:
        name = given["field"]
        known = self.registry.fields.get(name) if isinstance(name, str) else None
        if known is None:
            raise ConditionError(f"{path}.field", "unknown_field", given=_shown(name))
        return _leaf(given, known, path)

    def _aggregate(self, given: Mapping[str, Any], path: str, depth: int) -> Aggregate:
        _only(given, {"agg", "of", "window", "where", "op", "value"}, path)
        collection, of = self._of(given.get("of"), path)
        agg = _agg(given["agg"], of, path)
        filters = given.get("where", [])
        if not isinstance(filters, list):
            raise ConditionError(f"{path}.where", "unknown_shape")
        self.read += len(filters)
        where = tuple(
            _row_leaf(part, collection, f"{path}.where[{index}]")
            for index, part in enumerate(filters)
        )
        window = _window(given.get("window", "ever"), f"{path}.window")
        asked = result_of(agg, of)
        op, value = _question(given, asked, path)
        return Aggregate(agg, collection, of, window, where, op, value)

    def _of(self, given: Any, path: str) -> tuple[Collection, Field | None]:
        name, _, part = given.partition(".") if isinstance(given, str) else ("", "", "")
        collection = self.registry.collections.get(name)
        of = collection.field(part) if collection and part else None
        if collection is None or (part and of is None):
            raise ConditionError(f"{path}.of", "unknown_field", given=_shown(given))
        return collection, of


def _row_leaf(given: Any, collection: Collection, path: str) -> Leaf:
    if not isinstance(given, Mapping) or "field" not in given:
        raise ConditionError(path, "unknown_shape")
    known = collection.field(given["field"]) if isinstance(given["field"], str) else None
    if known is None:
        raise ConditionError(f"{path}.field", "unknown_field", given=_shown(given["field"]))
    return _leaf(given, known, path)


def _leaf(given: Mapping[str, Any], known: Field, path: str) -> Leaf:
    _only(given, {"field", "op", "value"}, path)
    op, value = _question(given, known, path)
    return Leaf(known, op, value)


def _agg(given: Any, of: Field | None, path: str) -> Agg:
    try:
        agg = Agg(given)
    except ValueError:
        raise ConditionError(f"{path}.agg", "unknown_part", given=_shown(given)) from None
    is_count = agg is Agg.COUNT
    fits = of is None if is_count else of is not None and of.kind in _AGGS[agg] and not of.clock
    if not fits:
        name = of.name if of else "-"
        raise ConditionError(f"{path}.agg", "unknown_agg", given=agg.value, field=name)
    return agg


def _window(given: Any, path: str) -> Window:
    if given == "ever":
        return Window()
    if isinstance(given, Mapping) and len(given) == 1:
        key, value = next(iter(given.items()))
        if key in ("days", "hours") and type(value) is int and 1 <= value <= LONGEST_WINDOW:
            return Window(days=value) if key == "days" else Window(hours=value)
        if key == "since" and isinstance(value, str) and (day := _day(value)) is not None:
            return Window(since=day)
    raise ConditionError(path, "bad_window", limit=LONGEST_WINDOW)


def _question(given: Mapping[str, Any], asked: Field, path: str) -> tuple[Op, Value]:
    op = next((one for one in asked.ops if one.value == given.get("op")), None)
    if op is None:
        shown = _shown(given.get("op"))
        raise ConditionError(f"{path}.op", "unknown_op", given=shown, field=asked.name)
    return op, _value(given.get("value"), op, asked, f"{path}.value")


def _value(given: Any, op: Op, asked: Field, path: str) -> Value:
    if op is Op.KNOWN:
        if not isinstance(given, bool):
            raise ConditionError(path, "bad_value", given=_shown(given), field=asked.name)
        return given
    if op is Op.IN:
        if not isinstance(given, list) or not given:
            raise ConditionError(path, "empty_list", field=asked.name)
        if len(given) > LONGEST_LIST:
            raise ConditionError(path, "too_many", limit=LONGEST_LIST)
        return tuple(dict.fromkeys(_scalar(one, asked, path) for one in given))
    if op is Op.BETWEEN:
        if not isinstance(given, list) or len(given) != 2:
            raise ConditionError(path, "bad_value", given=_shown(given), field=asked.name)
        low, high = (_scalar(one, asked, path) for one in given)
        if low > high:  # type: ignore[operator]
            raise ConditionError(path, "backwards", field=asked.name)
        return (low, high)
    return _scalar(given, asked, path)


def _scalar(given: Any, asked: Field, path: str) -> Scalar:
    value = _READ[asked.kind](given)
    if value is not None and asked.clock:
        value = _clocked(value, asked.clock)
    if value is None:
        raise ConditionError(path, "bad_value", given=_shown(given), field=asked.name)
    if asked.choices and value not in dict(asked.choices):
        raise ConditionError(path, "unknown_choice", given=_shown(given), field=asked.name)
    return value


def _clocked(value: Scalar, clock: Clock) -> int | None:
    """Ages are whole and of a length a calendar knows."""
    longest = _YEAR if clock is Clock.DAYS_TO_YEARLY else LONGEST_WINDOW
    lowest = -LONGEST_WINDOW if clock is Clock.DAYS_UNTIL else 0
    return value if isinstance(value, int) and lowest <= value <= longest else None


def _number(given: Any) -> int | Decimal | None:
    """A whole number or a short decimal; a float as the decimal it is written as."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return given if abs(given) <= LARGEST else None
    if isinstance(given, float):
        given = Decimal(repr(given)) if math.isfinite(given) else None
    if not isinstance(given, Decimal) or not given.is_finite() or abs(given) > LARGEST:
        return None
    if given == given.to_integral_value():
        return int(given)
    short = given.normalize()
    is_short = len(short.as_tuple().digits) <= DIGITS and short.adjusted() >= -DIGITS
    return short if is_short else None


def _whole(given: Any) -> int | None:
    return given if type(given) is int and abs(given) <= LARGEST else None


def _text(given: Any) -> str | None:
    key = folded(given) if isinstance(given, str) and len(given) <= LONGEST_TEXT else ""
    return key if key and "\x00" not in key else None


def _code(given: Any) -> str | None:
    fits = isinstance(given, str) and 0 < len(given) <= LONGEST_TEXT and "\x00" not in given
    return given if fits else None


def _flag(given: Any) -> bool | None:
    return given if isinstance(given, bool) else None


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given) if len(given) == len("2026-01-01") else None
    except (TypeError, ValueError):
        return None


def _instant(given: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(given)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


_READ: Final[Mapping[Kind, Callable[[Any], Scalar | None]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _whole,
    Kind.DATE: _day,
    Kind.INSTANT: _instant,
    Kind.FLAG: _flag,
    Kind.CHOICE: _code,
    Kind.SET: _code,
}


def _only(given: Mapping[str, Any], parts: set[str], path: str) -> None:
    for key in given:
        if key not in parts:
            raise ConditionError(f"{path}.{key}" if path else str(key), "unknown_part", given=key)


def _shown(given: Any) -> str:
    text = str(given)
    return text if len(text) <= 60 else text[:57] + "…"


def _node_json(node: Node) -> dict[str, Any]:
    match node:
        case All(nodes):
            return {"all": [_node_json(part) for part in nodes]}
        case AnyOf(nodes):
            return {"any": [_node_json(part) for part in nodes]}
        case Not(inner):
            return {"not": _node_json(inner)}
        case InAudience(name):
            return {"audience": name}
        case Leaf(known, op, value):
            return {"field": known.name, "op": op.value, "value": _value_json(value)}
        case Aggregate():
            return _aggregate_json(node)


def _aggregate_json(node: Aggregate) -> dict[str, Any]:
    name = node.collection.name
    written: dict[str, Any] = {
        "agg": node.agg.value,
        "of": f"{name}.{node.field.name}" if node.field else name,
        "window": _window_json(node.window),
    }
    if node.where:
        written["where"] = [_node_json(leaf) for leaf in node.where]
    return {**written, "op": node.op.value, "value": _value_json(node.value)}


def _window_json(window: Window) -> str | dict[str, Any]:
    if window.days is not None:
        return {"days": window.days}
    if window.hours is not None:
        return {"hours": window.hours}
    return "ever" if window.since is None else {"since": window.since.isoformat()}


def _value_json(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_value_json(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)  # at most 15 digits: written as it was read
    return value.isoformat() if isinstance(value, date) else value
