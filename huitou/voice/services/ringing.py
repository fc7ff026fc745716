"""The clocks of cases ring: due soon, overdue. Looked at every minute, a batch at a time."""

from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.platform import facts
from huitou.voice import models, steps
from huitou.voice.facts import CaseDueSoon, CaseOverdue
from huitou.voice.services import case_records as records

BATCH: Final = 500


def ring(*, now: datetime) -> int:
    """Say of every case whose clock reached its warning or its end that it did; how many rang.

    Each rings once a round for the warning and once for the end. Rows another worker holds are
    left to that worker.
    """
    with transaction.atomic():
        due = (
            models.Case.objects.select_for_update(skip_locked=True)
            .filter(wake_at__lte=now)
            .order_by("wake_at")[:BATCH]
        )
        return sum(_ring(case, now) for case in due)


def _ring(case: models.Case, now: datetime) -> int:
    rang = 0
    if case.warned_at is None and case.warn_at is not None and case.warn_at <= now:
        case.warned_at = now
        records.note(case, "due_soon", actor="system", at=now)
        facts.record(CaseDueSoon(case.pk, case.owner_id))
        rang = 1
    if case.overdue_at is None and case.due_at is not None and case.due_at < now:
        case.overdue_at = now
        records.note(case, "overdue", actor="system", at=now)
        facts.record(CaseOverdue(case.pk, case.owner_id))
        rang = 1
    case.wake_at = steps.next_look(warn_at=case.warn_at, due_at=case.due_at, now=now)
    case.save(update_fields=["warned_at", "overdue_at", "wake_at"])
    return rang
