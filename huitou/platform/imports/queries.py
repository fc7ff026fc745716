"""Read the record of imports."""

import dataclasses
from collections.abc import Iterable
from typing import Final

from huitou.platform import errors, models, types

_FIELDS: Final = tuple(field.name for field in dataclasses.fields(types.ImportRow))


def one(public_id: str) -> types.ImportRow:
    """The import with this public id.

    Raises:
        ImportMissing: there is no such import.
    """
    row = models.Import.objects.filter(public_id=public_id).values_list(*_FIELDS).first()
    if row is None:
        raise errors.ImportMissing(import_id=public_id)
    return types.ImportRow(*row)


def latest(
    *, limit: int = 20, kind: str | None = None, before: int | None = None, state: str | None = None
) -> list[types.ImportRow]:
    """The newest imports first, at most ``limit``; of one kind or state if named; ``before`` =
    older than this id.
    """
    rows = models.Import.objects.order_by("-id")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if state is not None:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [types.ImportRow(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def with_content(file_sha256: str, *, kind: str) -> list[types.ImportRow]:
    """Applied imports of exactly this content, newest first."""
    rows = models.Import.objects.filter(
        file_sha256=file_sha256, kind=kind, state="applied"
    ).order_by("-id")
    return [types.ImportRow(*row) for row in rows.values_list(*_FIELDS)]


def remembered_mapping(*, kind: str, header_digest: str) -> types.RememberedMapping | None:
    """How a file with this header was mapped last time."""
    row = (
        models.RememberedMapping.objects.filter(kind=kind, header_digest=header_digest)
        .values_list("preset", "mapping", "dialect", "used_at")
        .first()
    )
    return types.RememberedMapping(*row) if row else None


def named(ids: Iterable[int]) -> list[str]:
    """The public ids of these imports, oldest first."""
    found = models.Import.objects.filter(id__in=list(ids)).order_by("id")
    return list(found.values_list("public_id", flat=True))
