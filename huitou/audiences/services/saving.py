"""Saved audiences: each save is a new version, and what once was stays readable."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from huitou.audiences import errors, facts, models, queries
from huitou.audiences.types import AudienceRow
from huitou.kit.conditions import walking
from huitou.kit.conditions.parsing import to_json
from huitou.kit.conditions.types import Expression
from huitou.kit.ids import public_id as new_public_id
from huitou.platform import audit, logs
from huitou.platform.facts import record

LONGEST_NAME: Final = 80
LONGEST_NOTE: Final = 1_000


def save(
    *,
    name: str,
    expression: Any,
    note: str = "",
    preset: str = "",
    now: datetime,
) -> AudienceRow:
    """Keep a JSON condition as a new audience.

    Raises:
        ConditionError: the condition cannot be used.
        AudienceNameInvalid: the name is empty or too long.
        AudienceNameTaken: another audience in use has it.
    """
    name = _name(name)
    made = _checked(expression, name)
    with transaction.atomic():
        row = _created(
            models.Audience(
                public_id=new_public_id("aud", now),
                name=name,
                note=note.strip()[:LONGEST_NOTE],
                preset=preset,
                expression=to_json(made),
                created_by=logs.actor(),
                created_at=now,
                saved_at=now,
            )
        )
        _announce(row, now)
        return queries.audience(row.public_id)


def change(
    *,
    public_id: str,
    version: int,
    name: str,
    expression: Any,
    note: str = "",
    now: datetime,
) -> AudienceRow:
    """Save over version ``version`` of an audience; the same words again make no new version.

    Raises:
        ConditionError, AudienceNameInvalid, AudienceNameTaken: as ``save``.
        AudienceMissing: there is no such audience in use.
        AudienceChanged: somebody saved it in the meantime.
        AudienceInUse: it is renamed and others name it.
    """
    name = _name(name)
    made = to_json(_checked(expression, name))
    note = note.strip()[:LONGEST_NOTE]
    with transaction.atomic():
        row = _locked(public_id)
        if row.version != version:
            raise errors.AudienceChanged(version=row.version)
        if (row.name, row.expression, row.note) == (name, made, note):
            return queries.audience(public_id)
        if row.name != name:
            _refuse_if_named(row.name)
        before = {"version": row.version}
        row.name, row.expression, row.note = name, made, note
        row.version, row.saved_at = row.version + 1, now
        _created(row)
        _announce(row, now, before)
        return queries.audience(public_id)


def copy(*, public_id: str, name: str, now: datetime) -> AudienceRow:
    """A new audience with the conditions of another.

    Raises:
        AudienceMissing, AudienceNameInvalid, AudienceNameTaken: as said above.
    """
    row = queries.audience(public_id)
    return save(name=name, expression=row.expression, note=row.note, preset=row.preset, now=now)


def archive(*, public_id: str, now: datetime) -> None:
    """Put an audience away; its versions stay, and what was sent to it.

    Raises:
        AudienceMissing: there is no such audience in use.
        AudienceInUse: other audiences name it.
    """
    with transaction.atomic():
        row = _locked(public_id)
        _refuse_if_named(row.name)
        row.archived_at = now
        row.save(update_fields=["archived_at"])
        record(facts.AudienceArchived(row.pk))
        _note("audiences.archive", row, {"archived": False}, {"archived": True}, now)


def restore(*, public_id: str, now: datetime) -> None:
    """Offer an archived audience again; one in use stays as it is.

    Raises:
        AudienceMissing: there is no such audience.
        AudienceNameTaken: another one took its name.
    """
    with transaction.atomic():
        row = models.Audience.objects.select_for_update().filter(public_id=public_id).first()
        if row is None:
            raise errors.AudienceMissing(audience=public_id)
        if row.archived_at is None:
            return
        row.archived_at = None
        _created(row)
        record(facts.AudienceRestored(row.pk))
        _note("audiences.restore", row, {"archived": True}, {"archived": False}, now)


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not 0 < len(name) <= LONGEST_NAME or "\x00" in name:
        raise errors.AudienceNameInvalid(longest=LONGEST_NAME)
    return name


def _checked(given: Any, name: str) -> Expression:
    """The condition, sure to be resolvable also when it is kept under ``name``."""
    made = queries.read(given)
    named = {**queries.named(), name: made}
    walking.resolved(made, named)
    for other in named.values():
        walking.resolved(other, named)
    return made


def _locked(public_id: str) -> models.Audience:
    rows = models.Audience.objects.select_for_update()
    row = rows.filter(public_id=public_id, archived_at=None).first()
    if row is None:
        raise errors.AudienceMissing(audience=public_id)
    return row


def _refuse_if_named(name: str) -> None:
    if others := queries.naming(name):
        raise errors.AudienceInUse(names=", ".join(others))


def _created(row: models.Audience) -> models.Audience:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.AudienceNameTaken(name=row.name) from error
    return row


def _announce(row: models.Audience, now: datetime, before: dict[str, int] | None = None) -> None:
    models.AudienceVersion.objects.create(
        audience=row,
        version=row.version,
        name=row.name,
        expression=row.expression,
        saved_by=logs.actor(),
        saved_at=now,
    )
    record(facts.AudienceSaved(row.pk, row.version))
    _note("audiences.save", row, before, {"version": row.version}, now)


def _note(
    action: str, row: models.Audience, before: object | None, after: object, now: datetime
) -> None:
    audit.note(
        actor=logs.actor(),
        action=action,
        subject=f"audience:{row.public_id}",
        before=before,
        after=after,
        now=now,
    )
