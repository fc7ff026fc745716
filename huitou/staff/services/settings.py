"""Dated settings: a new value begins on a day; what was in force before stays on record."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField, Value

from huitou.platform import audit, facts
from huitou.staff import errors, models, queries, types
from huitou.staff.facts import SettingChanged, SettingWithdrawn
from huitou.staff.presets import checks, known


def set_setting(
    *, name: str, value: Any, valid_from: date, scope: str = "", actor: str, now: datetime
) -> None:
    """Let ``value`` be in force from ``valid_from``, whatever was there: see ``change_setting``."""
    change = types.SettingChange(name, value, valid_from, scope)
    change_setting(change=change, actor=actor, now=now)


def change_setting(*, change: types.SettingChange, actor: str, now: datetime) -> None:
    """Let a value be in force from a day until the next dated value of the same name and scope.

    Setting the same day twice replaces that day's value; the audit trail keeps both.

    Raises:
        SettingUnknown: no such setting, or not for this scope.
        SettingInvalid: the value cannot be; its words say what it must be.
        ChangedMeanwhile: it is not any more as it was on the screen.
    """
    stored = _checked(change)
    with transaction.atomic():
        _lock(change.name, change.scope)
        if change.seen and change.seen != queries.setting_mark(change.name, scope=change.scope):
            raise errors.ChangedMeanwhile
        rows = models.Setting.objects.filter(
            name=change.name, scope=change.scope, valid_from__lte=change.valid_from
        )
        before = rows.order_by("-valid_from").values_list("value", flat=True).first()
        row, _ = models.Setting.objects.update_or_create(
            name=change.name,
            scope=change.scope,
            valid_from=change.valid_from,
            # Empty is a value of its own, a JSON null: the column itself is never null.
            defaults={
                "value": Value(stored, JSONField()),
                "is_end": change.is_end,
                "set_by": actor,
                "set_at": now,
            },
        )
        audit.note(
            actor=actor,
            action="end_setting" if change.is_end else "set_setting",
            subject=_subject(change.name, change.scope),
            before=before,
            after={"value": stored, "valid_from": change.valid_from.isoformat()},
            now=now,
        )
        facts.record(SettingChanged(row.pk, change.name, change.scope))


def withdraw_setting(
    *, name: str, valid_from: date, today: date, scope: str = "", actor: str, now: datetime
) -> None:
    """Take back a value that has not begun; twice changes nothing.

    Raises:
        SettingUnknown: no such setting, or not for this scope.
        NotAhead: the value has begun and stays on record.
    """
    _known(name, scope)
    if valid_from <= today:
        raise errors.NotAhead(name=name)
    with transaction.atomic():
        _lock(name, scope)
        rows = models.Setting.objects.filter(name=name, scope=scope, valid_from=valid_from)
        gone = rows.values_list("value", flat=True).first()
        if not rows.delete()[0]:
            return
        audit.note(
            actor=actor,
            action="withdraw_setting",
            subject=_subject(name, scope),
            before={"value": gone, "valid_from": valid_from.isoformat()},
            after=None,
            now=now,
        )
        facts.record(SettingWithdrawn(name, scope))


def _checked(change: types.SettingChange) -> Any:
    """The value as it is stored; the end of a value has none."""
    setting = _known(change.name, change.scope)
    if change.is_end:
        return None
    try:
        return setting.check(change.value)
    except checks.Unfit as unfit:
        raise unfit.error(name=change.name, **unfit.facts) from unfit


def _known(name: str, scope: str) -> known.Known:
    setting = known.SETTINGS.get(name)
    if setting is None or not setting.takes(scope):
        raise errors.SettingUnknown(name=f"{name} ({scope})" if scope else name)
    return setting


def _subject(name: str, scope: str) -> str:
    return f"setting:{name}:{scope}" if scope else f"setting:{name}"


def _lock(name: str, scope: str) -> None:
    """One writer at a time of one setting in one scope: there may be no row yet to lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_subject(name, scope)]
        )
