"""Reads of cases: the inbox, one case and its story, what a customer follows, the figures."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from huitou.platform.statements import Statements
from huitou.voice import models
from huitou.voice.clocks import Calendar, Deadline, Moment, Target, deadline
from huitou.voice.steps import ANSWER_CLOCK
from huitou.voice.types import (
    CaseFigures,
    CaseLine,
    CaseRow,
    QueueCounts,
    StoryRow,
)

QUEUES: Final = ("mine", "unassigned", "due_soon", "overdue", "all", "closed")
LISTED: Final = 100
_LINE: Final = (
    "public_id",
    "kind",
    "source",
    "topic",
    "title",
    "customer_id",
    "customer__name",
    "contact_name",
    "store__name",
    "owner_id",
    "owner__name",
    "step",
    "round",
    "received_at",
    "due_at",
    "warn_at",
    "replied_at",
    "answered_at",
    "closed_at",
    "spoke",
    "id",
)
_CASE: Final = (
    "id",
    "public_id",
    "token",
    "kind",
    "source",
    "topic",
    "title",
    "customer_id",
    "customer__name",
    "customer__code",
    "customer__email",
    "contact_name",
    "contact_email",
    "contact_phone",
    "store_id",
    "store__name",
    "order_source",
    "order_number",
    "owner_id",
    "owner__name",
    *CaseRow._fields[20:],
)
# Who had the last word, the customer or staff.
_SPOKE: Final = Subquery(
    models.CaseMessage.objects.filter(case=OuterRef("pk"))
    .exclude(author="internal")
    .order_by("-at", "-id")
    .values("author")[:1]
)
_SQL: Final = Statements(str(Path(__file__).parent))
# Words of what a case may lack: its customer, store or person in charge.
_WORDS: Final = {"customer_name", "customer_code", "customer_email", "store_name", "owner_name"}


def inbox(
    queue: str,
    *,
    reader_id: int,
    stores: Sequence[int] | None,
    now: datetime,
    closed_before: datetime | None = None,
) -> list[CaseLine]:
    """The cases of a queue, those due first at the top, at most ``LISTED``; the closed ones newest
    first, on the next page those ``closed_before`` the last one.

    ``stores`` None = of all; else cases of these stores, of no store, or of the reader.
    """
    limit = LISTED
    found = _visible(reader_id, stores).filter(_in_queue(queue, reader_id, now))
    if queue == "closed":
        if closed_before is not None:
            found = found.filter(closed_at__lt=closed_before)
        found = found.order_by("-closed_at", "-id")
    else:
        # Answered ones wait for the customer, so they stand after those whose clock runs.
        found = found.order_by(
            F("answered_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "id"
        )
    return [_line(row) for row in found.annotate(spoke=_SPOKE).values_list(*_LINE)[:limit]]


def queue_counts(*, reader_id: int, stores: Sequence[int] | None, now: datetime) -> QueueCounts:
    """How many open cases stand in each queue."""
    names = ("mine", "unassigned", "due_soon", "overdue", "all")
    counts = {f"in_{name}": Count("id", filter=_in_queue(name, reader_id, now)) for name in names}
    row = _visible(reader_id, stores).filter(closed_at__isnull=True).aggregate(**counts)
    return QueueCounts(*(row[f"in_{name}"] for name in names))


def case(
    public_id: str, *, reader_id: int | None = None, stores: Sequence[int] | None = None
) -> CaseRow | None:
    """One case the reader may see; ``None`` if there is none."""
    return _case(_visible(reader_id, stores).filter(public_id=public_id))


def case_by_id(case_id: int) -> CaseRow | None:
    """One case, for flows that hear of it by a fact; ``None`` if there is none."""
    return _case(models.Case.objects.filter(pk=case_id))


def followed(token: str) -> CaseRow | None:
    """The case that a link follows; ``None`` if it leads nowhere."""
    return _case(models.Case.objects.filter(token=token)) if token else None


def case_of_customer(public_id: str, customer_id: int) -> CaseRow | None:
    """A case of this customer; ``None`` if it is not theirs."""
    return _case(models.Case.objects.filter(public_id=public_id, customer_id=customer_id))


def answers_on_their_way(*, since: datetime) -> list[int]:
    """The e-mails since then that carry the answer in force of an open case, by their id."""
    found = models.CaseMessage.objects.filter(
        is_answer=True,
        outbox_id__isnull=False,
        at__gte=since,
        at=F("case__answered_at"),
        case__closed_at__isnull=True,
    )
    return [one for one in found.values_list("outbox_id", flat=True) if one is not None]


def cases_of(customer_id: int, *, limit: int = 20) -> list[CaseLine]:
    """What a customer told us, newest first."""
    return _of_customer(models.Case.objects.all(), customer_id, limit, None)


def cases_seen(
    customer_id: int,
    *,
    reader_id: int,
    stores: Sequence[int] | None,
    limit: int = 20,
    after: tuple[datetime, int] | None = None,
) -> list[CaseLine]:
    """``cases_of`` as far as the reader may see them: not those of other stores; ``after`` = older
    than this instant and id."""
    return _of_customer(_visible(reader_id, stores), customer_id, limit, after)


def open_with_key(customer_id: int, prefix: str) -> str | None:
    """The number of a customer's newest open case whose key begins like this."""
    found = models.Case.objects.filter(
        customer_id=customer_id, key__startswith=prefix, closed_at=None
    )
    return found.order_by("-pk").values_list("public_id", flat=True).first()


def with_cases(customer_ids: Sequence[int]) -> set[int]:
    """Those of the customers who have a case or a promise."""
    named = models.Case.objects.filter(customer_id__in=list(customer_ids))
    return {found for found in named.values_list("customer_id", flat=True) if found is not None}


def story(case_id: int, *, for_customer: bool = False) -> list[StoryRow]:
    """Everything that happened to a case, in order; for the customer without what staff say among
    themselves and without the steps."""
    wanted = {"case_id": case_id, "for_customer": for_customer}
    return [StoryRow(*[*row[:-1], json.loads(row[-1])]) for row in _SQL.rows("case_story", wanted)]


def answer_clock(row: CaseRow, told: Sequence[StoryRow], *, now: datetime) -> Deadline | None:
    """How the clock of a case's answer stands and why, over all its rounds; ``None`` = no clock.

    The limit is the one that was in force when the round began.
    """
    if row.due_at is None:
        return None
    warn = row.due_at - row.warn_at if row.warn_at is not None else timedelta(0)
    target = Target(row.due_at - row.clock_from, warn)
    moments = [Moment(one.at, ANSWER_CLOCK[one.what]) for one in told if one.what in ANSWER_CLOCK]
    return deadline(moments, Calendar(ZoneInfo("UTC")), target, now=now)


def similar_count(row: CaseRow, *, since: datetime) -> tuple[int, int]:
    """How many cases of the same topic were received since then, and how many at this store; this
    one is not counted."""
    found = models.Case.objects.filter(topic=row.topic, received_at__gte=since).exclude(
        pk=row.case_id
    )
    counted = found.aggregate(
        everywhere=Count("id"), here=Count("id", filter=Q(store_id=row.store_id))
    )
    return int(counted["everywhere"]), int(counted["here"])


def beside(
    row: CaseRow, *, reader_id: int, stores: Sequence[int] | None, since: datetime
) -> tuple[list[CaseLine], tuple[int, int]]:
    """``cases_seen`` of the customer of this case, which is one of them, and ``similar_count``; in
    one statement."""
    alike: QuerySet[Any] = models.Case.objects.filter(topic=row.topic, received_at__gte=since)
    alike = alike.exclude(pk=row.case_id).order_by().values("topic").annotate(n=Count("id"))
    here = alike.filter(store_id=row.store_id)
    found: QuerySet[Any] = _visible(reader_id, stores).filter(customer_id=row.customer_id or 0)
    found = found.order_by("-received_at", "-id").annotate(
        spoke=_SPOKE,
        everywhere=Coalesce(Subquery(alike.values("n")), 0),
        here=Coalesce(Subquery(here.values("n")), 0),
    )
    rows = list(found.values_list(*_LINE, "everywhere", "here")[:20])
    counts = (int(rows[0][-2]), int(rows[0][-1])) if rows else (0, 0)
    return [_line(one[:-2]) for one in rows], counts


def case_figures(
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    stores: Sequence[int] | None = None,
    settle_days: int = 14,
) -> CaseFigures:
    """How cases received in ``since <= t < until`` fared, as known at ``now``.

    In time = the first answer within the first clock, of those answered or past it (N40). Properly
    handled = closed, answered and not reopened by the customer, of the complaints that are closed
    or older than ``settle_days`` (N41).
    """
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "now": now,
        "stores": None if stores is None else list(stores),
        "settled_before": now - timedelta(days=settle_days),
    }
    return CaseFigures(*_SQL.rows("case_figures", values)[0])


def _visible(reader_id: int | None, stores: Sequence[int] | None) -> QuerySet[models.Case]:
    found = models.Case.objects.all()
    if stores is None:
        return found
    theirs = Q(store_id__in=list(stores)) | Q(store_id__isnull=True)
    return found.filter(theirs | Q(owner_id=reader_id))


def _of_customer(
    found: QuerySet[models.Case],
    customer_id: int,
    limit: int,
    after: tuple[datetime, int] | None,
) -> list[CaseLine]:
    rows = found.filter(customer_id=customer_id).order_by("-received_at", "-id")
    if after is not None:
        rows = rows.filter(received_at__lte=after[0]).exclude(
            received_at=after[0], id__gte=after[1]
        )
    return [_line(row) for row in rows.annotate(spoke=_SPOKE).values_list(*_LINE)[:limit]]


def _in_queue(queue: str, reader_id: int, now: datetime) -> Q:
    is_open = Q(closed_at__isnull=True)
    unanswered = is_open & Q(answered_at__isnull=True)
    queues = {
        "mine": is_open & Q(owner_id=reader_id),
        "unassigned": is_open & Q(owner_id__isnull=True),
        "due_soon": unanswered & Q(warn_at__lte=now, due_at__gte=now),
        "overdue": unanswered & Q(due_at__lt=now),
        "closed": Q(closed_at__isnull=False),
    }
    return queues.get(queue, is_open)


def _case(found: QuerySet[models.Case]) -> CaseRow | None:
    row = found.values_list(*_CASE).first()
    return None if row is None else CaseRow(*_spoken(CaseRow._fields, row))


def _line(row: Sequence[Any]) -> CaseLine:
    return CaseLine(*_spoken(CaseLine._fields, row))


def _spoken(names: Sequence[str], row: Sequence[Any]) -> list[Any]:
    """The values of a row, with no word where a case lacks whom it would name."""
    return [
        "" if value is None and name in _WORDS else value
        for name, value in zip(names, row, strict=True)
    ]
