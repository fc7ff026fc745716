"""Dated settings: a new value begins on a day; what was in force before stays on record."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import JSONField, Value

from huitou.platform import audit, facts
from huitou.staff import errors, models
from huitou.staff.facts import SettingChanged
from huitou.staff.presets import checks, known


def set_setting(
    *, name: str, value: Any, valid_from: date, scope: str = "", actor: str, now: datetime
) -> None:
    """Let ``value`` be in force from ``valid_from`` until the next dated value of the same name and
    scope.

    Setting the same day twice replaces that day's value; the audit trail keeps both.

    Raises:
        SettingUnknown: no such setting, or not for this scope.
        SettingInvalid: the value cannot be; its words say what it must be.
    """
    setting = known.SETTINGS.get(name)
    if setting is None or not setting.takes(scope):
        raise errors.SettingUnknown(name=f"{name} ({scope})" if scope else name)
    try:
        stored = setting.check(value)
    except checks.Unfit as unfit:
        raise unfit.error(name=name, **unfit.facts) from unfit
    with transaction.atomic():
        rows = models.Setting.objects.select_for_update().filter(
            name=name, scope=scope, valid_from__lte=valid_from
        )
        before = rows.order_by("-valid_from").values_list("value", flat=True).first()
        row, _ = models.Setting.objects.update_or_create(
            name=name,
            scope=scope,
            valid_from=valid_from,
            # Empty is a value of its own, a JSON null: the column itself is never null.
            defaults={"value": Value(stored, JSONField()), "set_by": actor, "set_at": now},
        )
        after = {"value": stored, "valid_from": valid_from.isoformat()}
        subject = f"setting:{name}:{scope}" if scope else f"setting:{name}"
        audit.note(
            actor=actor, action="set_setting", subject=subject, before=before, after=after, now=now
        )
        facts.record(SettingChanged(row.pk, name, scope))
