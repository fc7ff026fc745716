"""The condition of an audience while it is being edited: a tree of groups and rows, kept in the
form itself. Rows may be unfinished; nothing is stored until someone saves.

Every part has a path, ``r`` the whole, ``r.0`` its first part; the form's names begin with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from huitou.console.audience_values import Ground, as_json, as_typed
from huitou.kit.conditions.types import Agg, Field, Op, Registry, result_of

ROOT: Final = "r"
DEEPEST: Final = 4  # groups in groups that the form shows
WIDEST: Final = 40


Posted = Mapping[str, Sequence[str]]  # what a form sends: the texts of each name


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on the rows of a collection."""

    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as typed.

    ``subject`` is ``field:layer``, ``agg:orders:count:``, ``agg:orders:sum:net`` or ``audience:``.
    """

    subject: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    negated: bool = False
    window: str = "ever"  # ever, days, hours, since
    span: str = ""
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all or any must hold."""

    join: str = "all"
    negated: bool = False
    parts: tuple["Row | Group", ...] = field(default=())


Draft = Row | Group


def posted(form: Posted, path: str = ROOT, *, depth: int = 0) -> Group:
    """The tree that the form sends."""
    parts: list[Draft] = []
    for index in range(WIDEST):
        below = f"{path}.{index}"
        if _one(form, f"{below}.join"):
            if depth < DEEPEST:
                parts.append(posted(form, below, depth=depth + 1))
        elif f"{below}.subject" in form:
            parts.append(_posted_row(form, below))
        else:
            break
    join = "any" if _one(form, f"{path}.join") == "any" else "all"
    return Group(join, _one(form, f"{path}.not") == "yes", tuple(parts))


def edited(draft: Group, command: str) -> Group:
    """The tree after a button: ``add:PATH``, ``group:PATH``, ``remove:PATH``, ``filter:PATH``,
    ``unfilter:PATH:NUMBER``; anything else changes nothing."""
    verb, _, rest = command.partition(":")
    path, _, number = rest.partition(":")
    steps = [int(step) for step in path.split(".")[1:] if step.isdecimal()]
    if verb == "remove" and steps:
        return _changed(draft, steps, None)
    part = _found(draft, steps)
    if isinstance(part, Group) and verb in ("add", "group") and len(part.parts) < WIDEST:
        new: Draft = Row() if verb == "add" else Group("any", parts=(Row(),))
        return _changed(draft, steps, replace(part, parts=(*part.parts, new)))
    if isinstance(part, Row) and verb == "filter":
        return _changed(draft, steps, replace(part, filters=(*part.filters, Filter())))
    if isinstance(part, Row) and verb == "unfilter" and number.isdecimal():
        left = tuple(one for i, one in enumerate(part.filters) if i != int(number))
        return _changed(draft, steps, replace(part, filters=left))
    return draft


def written(draft: Draft, registry: Registry, ground: Ground) -> dict[str, Any] | None:
    """The JSON node of a draft without its unfinished rows; ``None`` where nothing is finished."""
    if isinstance(draft, Group):
        nodes = [written(part, registry, ground) for part in draft.parts]
        finished = [node for node in nodes if node is not None]
        made: dict[str, Any] = {draft.join: finished}
        return None if not finished else {"not": made} if draft.negated else made
    node = _row_json(draft, registry, ground)
    return {"not": node} if node is not None and draft.negated else node


def draft_of(expression: Mapping[str, Any], registry: Registry, ground: Ground) -> Group:
    """A stored condition as a tree for the form; nothing of it is lost."""
    made = _draft(expression["where"], registry, ground)
    return made if isinstance(made, Group) else Group(parts=(made,))


def parts_of(draft: Group, path: str = ROOT) -> Iterator[tuple[str, Draft]]:
    """Every group and row with its path, in reading order."""
    yield path, draft
    for index, part in enumerate(draft.parts):
        below = f"{path}.{index}"
        if isinstance(part, Group):
            yield from parts_of(part, below)
        else:
            yield below, part


def asked_of(subject: str, registry: Registry) -> Field | None:
    """The field whose questions a subject takes; of an aggregate its result."""
    kind, _, rest = subject.partition(":")
    if kind == "field":
        return registry.fields.get(rest)
    if kind != "agg":
        return None
    collection, agg, name = (*rest.split(":"), "", "")[:3]
    known = registry.collections.get(collection)
    if known is None or agg not in tuple(Agg):
        return None
    of = known.field(name) if name else None
    return result_of(Agg(agg), of) if of is not None or agg == Agg.COUNT else None


def op_of(op: str, asked: Field) -> Op:
    """The question of this name, or the first one the field can be asked."""
    return Op(op) if op in tuple(Op) and Op(op) in asked.ops else asked.ops[0]


def _one(form: Posted, name: str) -> str:
    """The last text of this name, as a form that names one thing twice means it."""
    return (form.get(name) or ("",))[-1]


def _posted_row(form: Posted, path: str) -> Row:
    filters = []
    for index in range(WIDEST):
        name = f"{path}.f{index}"
        if f"{name}.field" not in form:
            break
        values = tuple(form.get(f"{name}.value", ()))
        filters.append(Filter(_one(form, f"{name}.field"), _one(form, f"{name}.op"), values))
    return Row(
        subject=_one(form, f"{path}.subject"),
        op=_one(form, f"{path}.op"),
        values=tuple(form.get(f"{path}.value", ())),
        negated=_one(form, f"{path}.not") == "yes",
        window=_one(form, f"{path}.window") or "ever",
        span=_one(form, f"{path}.span"),
        filters=tuple(filters),
    )


def _found(draft: Draft, steps: Sequence[int]) -> Draft | None:
    for step in steps:
        if not isinstance(draft, Group) or step >= len(draft.parts):
            return None
        draft = draft.parts[step]
    return draft


def _changed(draft: Group, steps: Sequence[int], new: Draft | None) -> Group:
    """The tree with the part at the steps replaced, or gone."""
    if not steps:
        return new if isinstance(new, Group) else draft
    first, *rest = steps
    if first >= len(draft.parts):
        return draft
    part: Draft | None = draft.parts[first]
    part = _changed(part, rest, new) if rest and isinstance(part, Group) else new
    kept = [*draft.parts[:first], *([part] if part is not None else []), *draft.parts[first + 1 :]]
    return replace(draft, parts=tuple(kept))


def _row_json(row: Row, registry: Registry, ground: Ground) -> dict[str, Any] | None:
    kind, _, rest = row.subject.partition(":")
    if kind == "audience":
        return {"audience": row.values[0]} if row.values and row.values[0] else None
    asked = asked_of(row.subject, registry)
    if asked is None:
        return None
    op = op_of(row.op, asked)
    value = as_json(asked, op, row.values, ground)
    if value is None:
        return None
    question = {"op": op.value, "value": value}
    if kind == "field":
        return {"field": rest, **question}
    about = _aggregate_json(row, rest, registry, ground)
    return None if about is None else {**about, **question}


def _aggregate_json(
    row: Row, subject: str, registry: Registry, ground: Ground
) -> dict[str, Any] | None:
    collection, agg, name = (*subject.split(":"), "", "")[:3]
    window = _window_json(row)
    filters = [_filter_json(one, collection, registry, ground) for one in row.filters]
    if window is None or None in filters:
        return None
    of = f"{collection}.{name}" if name else collection
    return {"agg": agg, "of": of, "window": window, "where": filters}


def _filter_json(
    row: Filter, collection: str, registry: Registry, ground: Ground
) -> dict[str, Any] | None:
    asked = registry.collections[collection].field(row.field)
    if asked is None:
        return None
    op = op_of(row.op, asked)
    value = as_json(asked, op, row.values, ground)
    return None if value is None else {"field": row.field, "op": op.value, "value": value}


def _window_json(row: Row) -> Any:
    if row.window in ("days", "hours"):
        is_number = row.span.strip().isdecimal() and len(row.span) < 10
        return {row.window: int(row.span)} if is_number else None
    if row.window == "since":
        return {"since": row.span} if row.span else None
    return "ever"


def _draft(node: Mapping[str, Any], registry: Registry, ground: Ground) -> Draft:
    if "not" in node:
        inner = _draft(node["not"], registry, ground)
        if inner.negated:
            return Group(negated=True, parts=(inner,))
        return replace(inner, negated=True)
    for join in ("all", "any"):
        if join in node:
            parts = tuple(_draft(part, registry, ground) for part in node[join])
            return Group(join, parts=parts)
    return _row_draft(node, registry, ground)


def _row_draft(node: Mapping[str, Any], registry: Registry, ground: Ground) -> Row:
    if "audience" in node:
        return Row("audience:", values=(node["audience"],))
    if "field" in node:
        asked = registry.fields[node["field"]]
        return Row(f"field:{node['field']}", *_typed(node, asked, ground))
    collection, _, name = node["of"].partition(".")
    of = registry.collections[collection].field(name) if name else None
    asked = result_of(Agg(node["agg"]), of)
    window = node.get("window", "ever")
    kind, span = ("ever", "") if window == "ever" else next(iter(window.items()))
    filters = []
    for leaf in node.get("where", []):
        known = registry.collections[collection].field(leaf["field"])
        assert known is not None
        filters.append(Filter(leaf["field"], *_typed(leaf, known, ground)))
    return Row(
        f"agg:{collection}:{node['agg']}:{name}",
        *_typed(node, asked, ground),
        window=kind,
        span=str(span),
        filters=tuple(filters),
    )


def _typed(node: Mapping[str, Any], asked: Field, ground: Ground) -> tuple[str, tuple[str, ...]]:
    return node["op"], tuple(as_typed(asked, Op(node["op"]), node["value"], ground))
