"""Who changed which guarded thing, from what to what."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from huitou.platform import models, types


def note(
    *,
    actor: str,
    action: str,
    subject: str,
    before: object | None,
    after: object | None,
    now: datetime,
) -> None:
    """Add a line in the current transaction. ``before`` and ``after`` are JSON values; None = there
    was nothing.

    ``subject`` names the thing by its id or key (``setting:windows``, ``user:12``), never by a
    person's data.
    """
    models.AuditEntry.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        before=_plain(before),
        after=_plain(after),
    )


def entries(
    *, subject: str | None = None, is_with_parts: bool = False, limit: int = 50
) -> list[types.AuditRow]:
    """The newest lines first, of one subject or of all; ``is_with_parts`` also takes what is named
    below the subject (``setting:windows:store:3`` under ``setting:windows``).
    """
    rows = models.AuditEntry.objects.order_by("-at", "-id")
    if subject is not None:
        named = Q(subject=subject)
        rows = rows.filter(named | Q(subject__startswith=f"{subject}:") if is_with_parts else named)
    fields = ("at", "actor", "action", "subject", "before", "after")
    return [types.AuditRow(*row) for row in rows.values_list(*fields)[:limit]]


def _plain(value: object | None) -> object | None:
    return dict(value) if isinstance(value, Mapping) else value
