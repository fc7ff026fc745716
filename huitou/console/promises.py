"""The register of promises: what is due, what is overdue, who keeps what they promise."""

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from huitou.console.access import actor_of, allowed
from huitou.console.case_page import promise_line, seen
from huitou.console.people_filters import read_id
from huitou.console.visibility import visible_stores
from huitou.kit.errors import HuitouError
from huitou.ui.words import error_words
from huitou.voice import queries
from huitou.voice import services as voice

FIGURE_DAYS: Final = 90


@allowed("see_cases")
@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """Promises by their day, the overdue first; or one's own; or those already settled."""
    stores, today = visible_stores(request), timezone.localdate()
    show = request.GET.get("show", "open")
    if show == "settled":
        rows = queries.settled_promises(stores=stores)
    else:
        own = request.user.pk if show == "mine" else None
        rows = queries.open_promises(owner_id=own, stores=stores)
    figures = queries.promise_figures(
        since=today - timedelta(FIGURE_DAYS),
        until=today,
        zone=timezone.get_current_timezone(),
        stores=stores,
    )
    due = sum(row.due for row in figures)
    kept = sum(row.kept for row in figures)
    context = {
        "show": show if show in {"open", "mine", "settled"} else "open",
        "lines": [promise_line(row, today) for row in rows],
        "people": [
            {"row": row, "share": row.kept / row.due if row.due else None} for row in figures
        ],
        "figures": {"days": FIGURE_DAYS, "due": due, "kept": kept},
        "share": kept / due if due else None,
    }
    return render(request, "console/cases/promises.html", context)


@allowed("handle_cases")
@require_POST
def promise_settle(request: HttpRequest) -> HttpResponse:
    """Say that a promise is kept, or take it back with a reason."""
    promise_id = read_id(request.POST.get("promise", "")) or 0
    now, actor = timezone.now(), actor_of(request)
    seen(request, queries.case_of_promise(promise_id) or "")
    try:
        if request.POST.get("how") == "withdraw":
            why = request.POST.get("why", "")
            number = voice.withdraw_promise(promise_id=promise_id, why=why, actor=actor, now=now)
            messages.success(request, gettext("The promise is withdrawn."))
        else:
            number = voice.keep_promise(promise_id=promise_id, actor=actor, now=now)
            messages.success(request, gettext("The promise is kept."))
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("promises")
    return redirect("promises") if request.POST.get("from") == "list" else redirect("case", number)
