"""Saved audiences, and the conditions they stand for."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from huitou.audiences import errors, models, registry
from huitou.audiences.types import AudienceRow
from huitou.kit.conditions import walking
from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.parsing import parse
from huitou.kit.conditions.types import Expression

_FIELDS: Final = (
    "id",
    "public_id",
    "name",
    "note",
    "preset",
    "version",
    "expression",
    "created_by",
    "created_at",
    "saved_at",
    "archived_at",
)


def audiences(*, archived: bool = False) -> list[AudienceRow]:
    """The saved audiences, newest first: those in use, or those put away."""
    rows = models.Audience.objects.filter(archived_at__isnull=not archived)
    found = rows.order_by("-saved_at", "-id").values_list(*_FIELDS)
    return [AudienceRow(*row) for row in found]


def audience(public_id: str) -> AudienceRow:
    """One audience, archived or not.

    Raises:
        AudienceMissing: there is none of this id.
    """
    row = models.Audience.objects.filter(public_id=public_id).values_list(*_FIELDS).first()
    if row is None:
        raise errors.AudienceMissing(audience=public_id)
    return AudienceRow(*row)


def audience_of(audience_id: int) -> AudienceRow:
    """One audience by the number that other rooms keep.

    Raises:
        AudienceMissing: there is none of this id.
    """
    row = models.Audience.objects.filter(pk=audience_id).values_list(*_FIELDS).first()
    if row is None:
        raise errors.AudienceMissing(audience=audience_id)
    return AudienceRow(*row)


def expression(row: AudienceRow) -> Expression:
    """What the audience asks, with every audience it names resolved: what a campaign freezes.

    Raises:
        ConditionError: a field it asks about is no longer known, or a named audience is gone.
    """
    return resolved(read(row.expression))


def expressions(rows: Sequence[AudienceRow]) -> dict[int, Expression | None]:
    """What each of the audiences asks, by its number; ``None`` where that cannot be used any more,
    because a field or a named audience is gone."""
    known = named()
    found: dict[int, Expression | None] = {}
    for row in rows:
        try:
            made = parse(row.expression, registry.registry(), audiences=known.keys())
            found[row.id] = walking.resolved(made, known)
        except ConditionError:
            found[row.id] = None
    return found


def read(given: Any) -> Expression:
    """The expression that a JSON value says, over the fields and audiences there are.

    Raises:
        ConditionError: it cannot be used; says where and why.
    """
    return parse(given, registry.registry(), audiences=names())


def read_frozen(given: Any) -> Expression:
    """The expression of a JSON value that names no other audience: one that was frozen
    (``expression``).

    Raises:
        ConditionError: it cannot be used any more; says where and why.
    """
    return parse(given, registry.registry(), audiences=frozenset())


def names() -> frozenset[str]:
    """The names of the audiences in use."""
    rows = models.Audience.objects.filter(archived_at=None)
    return frozenset(rows.values_list("name", flat=True))


def resolved(given: Expression) -> Expression:
    """The expression with the audiences it names replaced by their conditions."""
    return walking.resolved(given, named()) if walking.audiences_in(given) else given


def naming(name: str) -> list[str]:
    """The names of the audiences in use whose conditions name this one."""
    return sorted(other for other, made in named().items() if name in walking.audiences_in(made))


def named() -> Mapping[str, Expression]:
    """The conditions of every audience in use, by name, as they were written; those that cannot be
    used any more are left out."""
    found = list(models.Audience.objects.filter(archived_at=None).values_list("name", "expression"))
    called = frozenset(name for name, _ in found)
    made: dict[str, Expression] = {}
    for name, given in found:
        with contextlib.suppress(ConditionError):
            made[name] = parse(given, registry.registry(), audiences=called)
    return made
