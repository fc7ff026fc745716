"""Promises to customers: made with a day, kept or late, or taken back with a reason."""

from datetime import date, datetime

from django.db import transaction

from huitou.kit.clock import civil_day, zone
from huitou.platform import facts
from huitou.staff import queries as staff
from huitou.voice import errors, models, types
from huitou.voice.facts import PromiseKept, PromiseMade, PromiseWithdrawn
from huitou.voice.services import case_records as records


def promise(*, public_id: str, promise: types.PromiseIn, actor: str, now: datetime) -> int:
    """Put a promise to the customer of a case on record; returns its id.

    Raises:
        CaseMissing, CaseClosed, WordsMissing.
        PromiseInPast: its day is over.
    """
    with transaction.atomic():
        case = records.locked(public_id)
        return add(case, promise, actor=actor, now=now)


def add(case: models.Case, promise: types.PromiseIn, *, actor: str, now: datetime) -> int:
    """The same, in the transaction that has locked the case."""
    text = records.words(promise.text)
    if promise.due_on < _today(now):
        raise errors.PromiseInPast(field="due_on", given=promise.due_on.isoformat())
    made = models.Promise.objects.create(
        case=case,
        customer_id=case.customer_id,
        text=text,
        due_on=promise.due_on,
        owner_id=promise.owner_id or records.user_of(actor) or case.owner_id,
        made_at=now,
        made_by=actor,
    )
    records.note(case, "promised", actor=actor, at=now, promise_id=made.pk)
    facts.record(PromiseMade(made.pk, case.pk))
    return int(made.pk)


def keep(*, promise_id: int, actor: str, now: datetime) -> str:
    """The promise is kept, today; the number of its case. In time while its day lasts.

    Raises:
        PromiseMissing.
        PromiseSettled: it is kept or withdrawn already.
    """
    with transaction.atomic():
        found = _locked(promise_id)
        found.kept_at, found.kept_on, found.kept_by = now, _today(now), actor
        found.save(update_fields=["kept_at", "kept_on", "kept_by"])
        late = max((found.kept_on - found.due_on).days, 0)
        records.note(
            found.case, "promise_kept", actor=actor, at=now, promise_id=found.pk, days_late=late
        )
        facts.record(PromiseKept(found.pk, found.case_id, late))
        return found.case.public_id


def withdraw(*, promise_id: int, why: str, actor: str, now: datetime) -> str:
    """Take a promise back, with the reason; the number of its case.

    Raises:
        PromiseMissing, WordsMissing.
        PromiseSettled: it is kept or withdrawn already.
    """
    kept = records.words(why)
    with transaction.atomic():
        found = _locked(promise_id)
        found.withdrawn_at, found.withdrawn_by, found.why_withdrawn = now, actor, kept
        found.save(update_fields=["withdrawn_at", "withdrawn_by", "why_withdrawn"])
        records.note(found.case, "promise_withdrawn", actor=actor, at=now, promise_id=found.pk)
        facts.record(PromiseWithdrawn(found.pk, found.case_id))
        return found.case.public_id


def open_of(case: models.Case) -> int:
    """How many promises of the case are neither kept nor withdrawn."""
    return models.Promise.objects.filter(
        case=case, kept_at__isnull=True, withdrawn_at__isnull=True
    ).count()


def _locked(promise_id: int) -> models.Promise:
    named = models.Promise.objects.filter(pk=promise_id).values_list("case__public_id", flat=True)
    number = named.first()
    if number is None:
        raise errors.PromiseMissing(promise=promise_id)
    records.locked(number, open_only=False)  # the case first, as every write of it does
    found = models.Promise.objects.select_related("case").get(pk=promise_id)
    if found.kept_at is not None or found.withdrawn_at is not None:
        raise errors.PromiseSettled(promise=promise_id)
    return found


def _today(now: datetime) -> date:
    company = staff.company()
    return civil_day(now, zone(company.zone if company else "UTC"))
