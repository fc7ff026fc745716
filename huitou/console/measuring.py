"""Measure now: ask the worker, then watch how far it is."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huitou.console.access import allowed
from huitou.console.progress import progress_of
from huitou.kit.text import gettext_noop as _
from huitou.platform import jobs, queries

KEY: Final = "measure"  # of the progress
TASK: Final = "insights.measure"  # of the job, and the key that lets it wait only once
STAGES: Final = {
    "waiting": _("Waiting for the worker"),
    "extract": _("Reading orders and answers"),
    "summary": _("Counting purchase days"),
    "models": _("Fitting the forecasts"),
    "scores": _("Scoring every customer"),
    "report": _("Working out the figures"),
    "writing": _("Writing the scores"),
}


@allowed("measure")
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest) -> HttpResponse:
    """Start a measurement, unless one already waits, and show its progress; at its end the
    overview.
    """
    if request.method == "POST":
        jobs.defer(TASK, only_once=TASK, lane=jobs.LONG)
        return redirect("measure")
    running = queries.is_under_way(TASK)
    progress = progress_of(KEY, STAGES)
    if running and progress is not None and progress.is_finished:
        progress = None  # of the measurement before: this one has not begun
    context = {"progress": progress, "running": running, "poll": reverse("measure")}
    if not request.headers.get("HX-Request"):
        return render(request, "console/measuring.html", context)
    if running:
        return render(request, "console/progress.html", context)
    target = reverse("measure") if progress and progress.error else reverse("overview")
    return HttpResponse(status=204, headers={"HX-Redirect": target})
