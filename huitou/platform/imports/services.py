"""Write the record of an import."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huitou.kit.ids import public_id as new_public_id
from huitou.platform import errors, models, types


def open(new: types.NewImport, *, actor: str, now: datetime) -> str:
    """Put an import on record; returns its public id."""
    values = dataclasses.asdict(new)
    values["rejections"] = list(values["rejections"])[: types.REJECTIONS_KEPT]
    row = models.Import.objects.create(
        public_id=new_public_id("imp", now), created_by=actor, created_at=now, **values
    )
    return row.public_id


def set_state(public_id: str, *, state: str, was: str | None = None) -> None:
    """Move the import to ``state``, only from the state ``was`` if one is named.

    Raises:
        ImportMissing: there is no such import.
        ImportBusy: it is in another state than ``was``.
    """
    if state not in types.IMPORT_STATES:
        raise ValueError(f"{state!r} is not a state of an import")
    rows = models.Import.objects.filter(public_id=public_id)
    if was is not None:
        rows = rows.filter(state=was)
    if rows.update(state=state) == 0:
        found = (
            models.Import.objects.filter(public_id=public_id)
            .values_list("state", flat=True)
            .first()
        )
        if found is None:
            raise errors.ImportMissing(import_id=public_id)
        raise errors.ImportBusy(import_id=public_id, state=found)


def finish(public_id: str, outcome: types.ImportOutcome, *, now: datetime) -> None:
    """Write how the import ended; ``applied`` and ``rolled_back`` also get their instant.

    Raises:
        ImportMissing: there is no such import.
    """
    values: dict[str, Any] = {
        name: value for name, value in dataclasses.asdict(outcome).items() if value is not None
    }
    if "rejections" in values:
        values["rejections"] = list(values["rejections"])[: types.REJECTIONS_KEPT]
    if outcome.state == "applied":
        values["applied_at"] = now
    if outcome.state == "rolled_back":
        values["rolled_back_at"] = now
    if models.Import.objects.filter(public_id=public_id).update(**values) == 0:
        raise errors.ImportMissing(import_id=public_id)


def remember_mapping(
    *,
    kind: str,
    header_digest: str,
    preset: str,
    mapping: Mapping[str, Any],
    dialect: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep how a file with this header was mapped, in place of what was kept before."""
    models.RememberedMapping.objects.update_or_create(
        kind=kind,
        header_digest=header_digest,
        defaults={
            "preset": preset,
            "mapping": dict(mapping),
            "dialect": dict(dialect),
            "used_at": now,
        },
    )
