"""What a person decides about a message nobody knows enough about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.platform import audit, facts, jobs, models
from huitou.platform.messages import errors
from huitou.platform.messages.facts import MessageSettled
from huitou.platform.messages.services import SEND_JOB

# Failed messages that may fare better another time; a refused address will not.
REPEATABLE: Final = ("gave_up", "message_refused", "came_back_for_now", "said_by_person", "")


def it_left(refs: Sequence[str], *, actor: str, now: datetime) -> int:
    """These messages in doubt did leave: they count as sent. How many."""
    return _move(refs, was=("in_doubt",), to="sent", actor=actor, now=now)


def it_did_not_leave(refs: Sequence[str], *, actor: str, now: datetime) -> int:
    """These messages in doubt did not leave: they count as not delivered. How many."""
    return _move(refs, was=("in_doubt",), to="failed", actor=actor, now=now)


def send_again(refs: Sequence[str], *, actor: str, now: datetime) -> int:
    """Let these wait again: failed ones, or ones in doubt that somebody knows did not leave.

    Consent, caps and quiet hours are asked again when they leave. How many.
    """
    with transaction.atomic():
        count = _move(refs, was=("in_doubt", "failed"), to="queued", actor=actor, now=now)
        if count:
            jobs.defer(SEND_JOB, only_once=SEND_JOB)
    return count


def _move(refs: Sequence[str], *, was: tuple[str, ...], to: str, actor: str, now: datetime) -> int:
    with transaction.atomic():
        found = models.Message.objects.select_for_update().filter(ref__in=list(refs))
        fields = ("pk", "ref", "state", "reason", "text")
        rows = list(found.order_by("pk").values_list(*fields))
        if unknown := set(refs) - {ref for _, ref, *_ in rows}:
            raise errors.MessageMissing(message_id=min(unknown))
        for _, ref, state, reason, text in rows:
            may = state in was and (state != "failed" or reason in REPEATABLE)
            if not may:
                raise errors.StateDisagrees(message_id=ref, state=state)
            if to == "queued" and not text:
                raise errors.WordsGone(message_id=ref)
        keys = [pk for pk, *_ in rows]
        chosen = models.Message.objects.filter(pk__in=keys)
        if to == "queued":
            chosen.update(state=to, reason="", attempts=0, not_before=now, ended_at=None)
        else:
            chosen.update(state=to, reason="said_by_person", ended_at=now)
        for pk, ref, state, *_ in rows:
            facts.record(MessageSettled(pk, to))
            audit.note(
                actor=actor,
                action="settle_message",
                subject=f"message:{ref}",
                before={"state": state},
                after={"state": to},
                now=now,
            )
    return len(rows)
