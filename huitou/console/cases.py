"""Complaints and suggestions: the inbox with its queues, and how cases fared."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET

from huitou.console import case_lines
from huitou.console.access import allowed
from huitou.console.visibility import visible_stores
from huitou.kit.text import gettext_noop as _
from huitou.ui import case_words
from huitou.voice import queries as voice
from huitou.voice.types import CaseFigures, QueueCounts

FIGURE_DAYS: Final = 30
HANDLED_TARGET: Final = 0.99  # N41
_EMPTY: Final = {
    "mine": _("Nothing is waiting for you"),
    "unassigned": _("Every case has somebody in charge"),
    "due_soon": _("No answer is due soon"),
    "overdue": _("No answer is overdue"),
    "all": _("No open case"),
    "closed": _("No case is closed yet"),
}


@allowed("see_cases")
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The inbox: what is to be answered, by the time that is left."""
    now = timezone.now()
    reader_id, stores = request.user.pk or 0, visible_stores(request)
    counts = voice.queue_counts(reader_id=reader_id, stores=stores, now=now)
    queue = request.GET.get("queue", "")
    if queue not in voice.QUEUES:
        queue = "mine" if counts.mine else "all"
    rows = voice.inbox(
        queue,
        reader_id=reader_id,
        stores=stores,
        now=now,
        closed_before=_instant(request.GET.get("before", "")),
    )
    is_full = len(rows) == voice.LISTED
    today = timezone.localdate(now)
    due_today, overdue = voice.promise_counts(today=today, stores=stores)
    context = {
        "queue": queue,
        "tabs": _tabs(counts, queue),
        "lines": [case_lines.line(row, now) for row in rows],
        "is_cut": is_full and queue != "closed",
        "older": rows[-1].closed_at.isoformat()
        if is_full and queue == "closed" and rows[-1].closed_at
        else "",
        "empty": gettext(_EMPTY[queue]),
        "counts": counts,
        "figures": figures(now, stores),
        "promises": {"today": due_today, "overdue": overdue},
        "now": now,
    }
    return render(request, "console/cases/inbox.html", context)


def _instant(text: str) -> datetime | None:
    """The instant an address names; ``None`` if it names none."""
    try:
        found = datetime.fromisoformat(text)
        found.astimezone(UTC)  # an instant beyond what there is fails here, not in the database
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None


def figures(now: datetime, stores: tuple[int, ...] | None) -> dict[str, Any]:
    """How the cases of the last 30 days fared: answered within 24 hours, properly handled."""
    found = voice.case_figures(
        since=now - timedelta(FIGURE_DAYS), until=now, now=now, stores=stores
    )
    median = found.median_answer_minutes
    return {
        "days": FIGURE_DAYS,
        "found": found,
        "in_time": _share(found.answered_in_time, found.judged),
        "handled": _share(found.handled, found.settled),
        "target": HANDLED_TARGET,
        "reaches": _reaches(found),
        "median": "" if median is None else case_words.span(timedelta(minutes=median)),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _reaches(found: CaseFigures) -> bool:
    return found.settled > 0 and found.handled >= HANDLED_TARGET * found.settled


def _tabs(counts: QueueCounts, queue: str) -> list[dict[str, Any]]:
    words = {
        "mine": (pgettext("queue of cases", "Mine"), counts.mine),
        "unassigned": (pgettext("queue of cases", "Unassigned"), counts.unassigned),
        "due_soon": (pgettext("queue of cases", "Due soon"), counts.due_soon),
        "overdue": (pgettext("queue of cases", "Overdue"), counts.overdue),
        "all": (pgettext("queue of cases", "All open"), counts.open),
        "closed": (pgettext("queue of cases", "Done"), None),
    }
    return [
        {"code": code, "word": word, "count": count, "is_current": code == queue}
        for code, (word, count) in words.items()
    ]
