"""The clocks of cases ring: due soon, overdue. Looked at every minute, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.platform import facts
from huitou.voice import models, steps
from huitou.voice.facts import CaseAnswerLost, CaseDueSoon, CaseOverdue
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


def answer_lost(*, message_ids: Sequence[int], now: datetime) -> int:
    """The e-mails of these ids did not arrive: where one carried the answer of an open case, the
    case waits for its answer again, and its clock never stopped. How many cases; each once.
    """
    found = models.CaseMessage.objects.filter(
        outbox_id__in=list(message_ids), is_answer=True, case__closed_at__isnull=True
    ).values_list("case__public_id", "at")
    return sum(_lose(public_id, at, now) for public_id, at in found)


def _lose(public_id: str, said_at: datetime, now: datetime) -> int:
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        if case.closed_at is not None or case.answered_at != said_at:
            return 0  # closed meanwhile, told another way, or lost before
        case.answered_at = case.confirmed_at = None
        if case.round == 1:
            case.first_answered_at = None
        records.note(case, "answer_lost", actor="system", at=now)
        records.begin(case, steps.ANSWER, rules=records.rulebook(now), actor="system", at=now)
        # Looked at once more now, so that what is over already is called overdue on record.
        case.wake_at = None if case.due_at is None else now
        case.save()
        facts.record(CaseAnswerLost(case.pk, case.owner_id))
        return 1


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
