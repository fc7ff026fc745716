"""What staff do with a case: take it on, classify, summarise, find the remedy, answer, close."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from huitou.platform import facts
from huitou.voice import errors, models, steps, types
from huitou.voice.facts import CaseAnswered, CaseAssigned, CaseClosed, CaseCompensated
from huitou.voice.services import case_records as records
from huitou.voice.services import promising
from huitou.voice.services.posting import post


class Classified(NamedTuple):
    """What a case is about, and who answers for it."""

    kind: str
    topic: str
    store_id: int | None
    owner_id: int | None


class Found(NamedTuple):
    """What was learnt and decided; "" leaves what stands."""

    summary: str = ""
    cause: str = ""
    remedy: str = ""


def assign(*, public_id: str, owner_id: int | None, actor: str, now: datetime) -> None:
    """Put somebody in charge of a case, or nobody; the step goes on under the new name.

    Raises:
        CaseMissing, CaseClosed.
    """
    with transaction.atomic():
        case = records.locked(public_id)
        if case.owner_id == owner_id:
            return
        _give(case, owner_id, records.rulebook(now), actor, now)
        case.save()


def classify(*, public_id: str, as_: Classified, actor: str, now: datetime) -> None:
    """Say what kind and topic a case is, where it happened and who is in charge; a case of the
    first steps goes on to be summarised when all is known.

    Praise that turns out to be something else gets a clock from when it was received.

    Raises:
        CaseMissing, CaseClosed.
        CaseInvalid: an unknown kind or topic.
    """
    if as_.kind not in types.KINDS:
        raise errors.CaseInvalid(field="kind", given=as_.kind)
    if as_.topic not in {"", *types.TOPICS}:
        raise errors.CaseInvalid(field="topic", given=as_.topic)
    with transaction.atomic():
        case = records.locked(public_id)
        rules = records.rulebook(now)
        had_clock = steps.has_clock(case.kind)
        case.kind, case.topic, case.store_id = as_.kind, as_.topic, as_.store_id
        if had_clock != steps.has_clock(as_.kind):
            records.start_clock(case, rules=rules, at=case.clock_from, now=now)
            if case.round == 1:  # how late the first answer was is not told anew in a later round
                case.first_due_at = case.due_at
            if case.answered_at is not None:
                case.wake_at = None  # told already: nothing of this round can be overdue
        if case.owner_id != as_.owner_id:
            _give(case, as_.owner_id, rules, actor, now)
        is_classified = case.topic and case.owner_id
        if is_classified and case.step in {steps.COLLECT, steps.CLASSIFY}:
            records.enter(case, steps.SUMMARISE, rules=rules, actor=actor, at=now)
        case.save()
        records.note(case, "classified", actor=actor, at=now, kind=case.kind, topic=case.topic)


def work_out(*, public_id: str, found: Found, actor: str, now: datetime) -> None:
    """Put on record what was learnt: a summary ends summarising, a remedy ends handling.

    Raises:
        CaseMissing, CaseClosed.
    """
    with transaction.atomic():
        case = records.locked(public_id)
        rules = records.rulebook(now)
        for name, text in found._asdict().items():
            if text.strip():
                setattr(case, name, records.words(text))
        if case.summary and case.step == steps.SUMMARISE:
            records.enter(case, steps.HANDLE, rules=rules, actor=actor, at=now)
        if case.remedy and case.step in {steps.SUMMARISE, steps.HANDLE}:
            records.enter(case, steps.ANSWER, rules=rules, actor=actor, at=now)
        case.save()
        records.note(case, "worked_out", actor=actor, at=now)


def remark(*, public_id: str, text: str, actor: str, now: datetime) -> None:
    """Words among staff; the customer never sees them.

    Raises:
        CaseMissing, WordsMissing.
    """
    kept = records.words(text)
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        models.CaseMessage.objects.create(
            case=case,
            author="internal",
            user_id=records.user_of(actor),
            text=kept,
            at=now,
            channel="page",
        )


def reply(*, public_id: str, said: types.Reply, actor: str, now: datetime) -> None:
    """Tell the customer something; the answer stops the clock. The same ``said.key`` tells once.
    Praise that is thanked for is done.

    A first word and the answer are different things: only the answer, with result and promise, is
    the direct feedback that 24 hours are promised for.

    Raises:
        CaseMissing, CaseClosed, WordsMissing, CaseInvalid.
        AnswerNotReady: steps before the answer are not done.
    """
    text = records.words(said.text)
    if said.channel not in types.CHANNELS or (said.channel == "email") != (said.letter is not None):
        raise errors.CaseInvalid(field="channel", given=said.channel)
    with transaction.atomic():
        case = records.locked(public_id)
        if said.key and models.CaseMessage.objects.filter(key=said.key).exists():
            return
        if case.owner_id is None and (user_id := records.user_of(actor)) is not None:
            _give(case, user_id, records.rulebook(now), actor, now)
        message = models.CaseMessage.objects.create(
            case=case,
            author="staff",
            user_id=records.user_of(actor),
            text=text,
            at=now,
            channel=said.channel,
            is_answer=said.is_answer,
            key=said.key or None,
        )
        if said.letter is not None:
            message.outbox_id = post(
                case, said.letter, f"case:{case.public_id}:{message.pk}", now=now
            )
            message.save(update_fields=["outbox_id"])
        if case.replied_at is None:
            case.replied_at = now
        records.note(case, "replied", actor=actor, at=now, channel=said.channel)
        if said.promise is not None:
            promising.add(case, said.promise, actor=actor, now=now)
        if said.is_answer and case.answered_at is None:
            _answer(case, actor, now)
            if case.kind == steps.PRAISE and not promising.open_of(case):
                _end(case, actor, now)  # thanked: there is nothing to be confirmed
        case.save()


def close(*, public_id: str, lesson: str, actor: str, now: datetime) -> None:
    """End a case: the customer has the answer, every promise is kept or withdrawn.

    Raises:
        CaseMissing, CaseClosed.
        CloseNotReady: an answer is missing, or a promise is open.
    """
    with transaction.atomic():
        case = records.locked(public_id)
        missing = steps.missing_for_close(
            is_answered=case.answered_at is not None, open_promises=promising.open_of(case)
        )
        if missing:
            raise errors.CloseNotReady(missing=list(missing))
        if lesson.strip():
            case.lesson = records.words(lesson)
        _end(case, actor, now)
        case.save()


def hold(*, public_id: str) -> None:
    """Keep the case from every other write until the end of the transaction: for flows.

    Raises:
        CaseMissing.
    """
    records.locked(public_id, open_only=False)


def note_compensation(
    *, public_id: str, points: int, amount_minor: int, actor: str, now: datetime
) -> None:
    """Put on record that something was given to make up for the case.

    Raises:
        CaseMissing.
    """
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        records.note(
            case, "compensated", actor=actor, at=now, points=points, amount_minor=amount_minor
        )
        if case.customer_id is not None:
            facts.record(CaseCompensated(case.pk, case.customer_id, points, amount_minor))


def _end(case: models.Case, actor: str, now: datetime) -> None:
    case.closed_at = now
    records.note(case, "closed", actor=actor, at=now)
    facts.record(CaseClosed(case.pk, case.customer_id, case.confirmed_at is not None))


def _answer(case: models.Case, actor: str, now: datetime) -> None:
    missing = steps.missing_for_answer(
        kind=case.kind,
        has_owner=case.owner_id is not None,
        topic=case.topic,
        remedy=case.remedy,
    )
    if missing:
        raise errors.AnswerNotReady(missing=list(missing))
    case.answered_at = now
    case.wake_at = None
    if case.round == 1:
        case.first_answered_at = now
    in_time = case.due_at is None or now <= case.due_at
    minutes = (now - case.clock_from) // timedelta(minutes=1)
    records.note(case, "answered", actor=actor, at=now, minutes=minutes, in_time=in_time)
    records.enter(case, steps.CLOSE, rules=records.rulebook(now), actor=actor, at=now)
    facts.record(CaseAnswered(case.pk, case.customer_id, minutes, in_time))


def _give(
    case: models.Case, owner_id: int | None, rules: records.Rulebook, actor: str, now: datetime
) -> None:
    case.owner_id = owner_id
    records.note(case, "assigned", actor=actor, at=now, user_id=owner_id)
    records.begin(case, case.step, rules=rules, actor=actor, at=now)
    facts.record(CaseAssigned(case.pk, owner_id))
