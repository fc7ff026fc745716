"""Walks over expressions: their leaves, the audiences they name, and those names resolved."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.types import (
    Aggregate,
    All,
    AnyOf,
    Expression,
    InAudience,
    Leaf,
    Node,
    Not,
)


class Stood(NamedTuple):
    """A leaf with whether it stands under an odd number of ``not``."""

    node: Leaf | Aggregate | InAudience
    negated: bool


def leaves(node: Node, *, negated: bool = False) -> Iterator[Stood]:
    """Every leaf below ``node``, in reading order."""
    match node:
        case All(nodes) | AnyOf(nodes):
            for part in nodes:
                yield from leaves(part, negated=negated)
        case Not(inner):
            yield from leaves(inner, negated=not negated)
        case Leaf() | Aggregate() | InAudience():
            yield Stood(node, negated)


def audiences_in(expression: Expression) -> frozenset[str]:
    """The names of the audiences an expression names itself."""
    nodes = (stood.node for stood in leaves(expression.where))
    return frozenset(node.name for node in nodes if isinstance(node, InAudience))


def resolved(expression: Expression, named: Mapping[str, Expression]) -> Expression:
    """The expression with every named audience replaced by its own condition.

    Raises:
        ConditionError: an audience is not among ``named``, or contains itself.
    """
    return Expression(_resolved(expression.where, named, frozenset()))


def _resolved(node: Node, named: Mapping[str, Expression], within: AbstractSet[str]) -> Node:
    match node:
        case All(nodes):
            return All(tuple(_resolved(part, named, within) for part in nodes))
        case AnyOf(nodes):
            return AnyOf(tuple(_resolved(part, named, within) for part in nodes))
        case Not(inner):
            return Not(_resolved(inner, named, within))
        case InAudience(name):
            if name in within:
                raise ConditionError("audience", "audience_circle", given=name)
            if name not in named:
                raise ConditionError("audience", "unknown_audience", given=name)
            return _resolved(named[name].where, named, within | {name})
        case _:
            return node
