"""Reads of promises: those of a case or customer, the register, who keeps them."""

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from huitou.voice import models
from huitou.voice.types import PromiseFigures, PromiseRow

LISTED: Final = 200
_PROMISE: Final = (
    "id",
    "case__public_id",
    "customer_id",
    "customer__name",
    "text",
    "due_on",
    "owner_id",
    "owner__name",
    "made_at",
    "kept_on",
    "withdrawn_at",
)
_NAMES: Final = {3, 7}  # of the customer and the colleague, where there is one
_OPEN: Final = Q(kept_at__isnull=True, withdrawn_at__isnull=True)


def promises_of_case(case_id: int) -> list[PromiseRow]:
    """What was promised in a case, in the order it was said."""
    return _rows(models.Promise.objects.filter(case_id=case_id).order_by("made_at", "id"))


def case_of_promise(promise_id: int) -> str | None:
    """The number of the case in which this was promised; ``None`` if there is no such promise."""
    found = models.Promise.objects.filter(pk=promise_id)
    return found.values_list("case__public_id", flat=True).first()


def promises_to(
    customer_id: int,
    *,
    stores: Sequence[int] | None = None,
    case_id: int | None = None,
    limit: int = LISTED,
) -> list[PromiseRow]:
    """What was promised to a customer, in cases of these stores (None = of all) and in that case:
    what is still open first, by its day."""
    seen = _of(stores) if case_id is None or stores is None else _of(stores) | Q(case_id=case_id)
    found = models.Promise.objects.filter(seen, customer_id=customer_id)
    ordered = found.order_by(
        F("kept_at").asc(nulls_first=True), F("withdrawn_at").asc(nulls_first=True), "due_on", "id"
    )
    return _rows(ordered[:limit])


def open_promises(
    *, owner_id: int | None = None, stores: Sequence[int] | None = None, limit: int = LISTED
) -> list[PromiseRow]:
    """Promises neither kept nor withdrawn, by their day; of one colleague, or of everyone."""
    found = models.Promise.objects.filter(_OPEN, _of(stores))
    if owner_id is not None:
        found = found.filter(owner_id=owner_id)
    return _rows(found.order_by("due_on", "id")[:limit])


def promises_due(*, first: date, last: date) -> list[PromiseRow]:
    """Open promises whose day is one of ``first`` … ``last``, both ends included, by their day."""
    found = models.Promise.objects.filter(_OPEN, due_on__gte=first, due_on__lte=last)
    return _rows(found.order_by("due_on", "id"))


def settled_promises(*, stores: Sequence[int] | None = None, limit: int = 50) -> list[PromiseRow]:
    """Promises kept or withdrawn, the latest first."""
    found = models.Promise.objects.filter(_of(stores)).exclude(_OPEN)
    return _rows(found.order_by(F("kept_at").desc(nulls_last=True), "-id")[:limit])


def promise_counts(*, today: date, stores: Sequence[int] | None = None) -> tuple[int, int]:
    """How many open promises are due today, and how many are overdue."""
    found = models.Promise.objects.filter(_OPEN, _of(stores))
    row = found.aggregate(
        today=Count("id", filter=Q(due_on=today)), over=Count("id", filter=Q(due_on__lt=today))
    )
    return int(row["today"]), int(row["over"])


def promise_figures(
    *, since: date, until: date, zone: tzinfo, stores: Sequence[int] | None = None
) -> list[PromiseFigures]:
    """How promises due in ``since <= day < until`` were kept, by colleague, the most due first.

    The kept rate of a colleague is ``kept / due``: in time on or before the day. Whoever withdrew
    a promise until the end of its day in ``zone``, the company's, owes nothing; one withdrawn
    later was broken.
    """
    found = models.Promise.objects.alias(
        withdrawn_on=TruncDate("withdrawn_at", tzinfo=zone)
    ).filter(
        _of(stores),
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=F("due_on")),
        due_on__gte=since,
        due_on__lt=until,
    )
    rows = (
        found.values("owner_id", "owner__name")
        .annotate(
            due=Count("id"),
            kept=Count("id", filter=Q(kept_on__lte=F("due_on"))),
            kept_late=Count("id", filter=Q(kept_on__gt=F("due_on"))),
        )
        .order_by("-due", "owner_id")
    )
    return [
        PromiseFigures(
            row["owner_id"], row["owner__name"] or "", row["due"], row["kept"], row["kept_late"]
        )
        for row in rows
    ]


def _of(stores: Sequence[int] | None) -> Q:
    if stores is None:
        return Q()
    return Q(case__store_id__in=list(stores)) | Q(case__store_id__isnull=True)


def _rows(found: QuerySet[models.Promise]) -> list[PromiseRow]:
    return [PromiseRow(*_spoken(row)) for row in found.values_list(*_PROMISE)]


def _spoken(row: Sequence[Any]) -> list[Any]:
    """The values of a row, with no word where there is no customer or colleague to name."""
    return ["" if value is None and n in _NAMES else value for n, value in enumerate(row)]
