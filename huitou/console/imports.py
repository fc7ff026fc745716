"""Bringing files in, second half: the history, one import from plan to result, the way back."""

from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from huitou.console import import_words as words
from huitou.console.access import actor_of, allowed, may
from huitou.console.names import actor_names
from huitou.console.people_filters import read_id
from huitou.console.progress import View, progress_of
from huitou.flows import imports as flow
from huitou.platform import files
from huitou.platform.imports import queries
from huitou.platform.progress import Silent
from huitou.platform.types import ImportRow
from huitou.ui.words import sentence

PAGE: Final = 30


@allowed("import_data")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Every file brought in, newest first."""
    before = read_id(request.GET.get("before", ""))
    rows = queries.latest(limit=PAGE + 1, before=before)
    names = actor_names({row.created_by for row in rows[:PAGE]})
    lines = [_line(row, names) for row in rows[:PAGE]]
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render(
        request,
        "console/imports/list.html",
        {"lines": lines, "older": older, "is_first": before is None},
    )


@allowed("import_data")
@require_GET
def import_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One import: how far it is, its plan, or its result, the share of known customers first."""
    row = queries.one(public_id)
    if request.headers.get("HX-Request"):
        return _poll(request, row)
    context = _context(request, row)
    return render(request, "console/imports/one.html", context)


@allowed("import_data")
@require_POST
def import_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the worker write what the plan says."""
    skip = request.POST.get("skip_rejected") == "1"
    flow.confirm(public_id, skip_rejected=skip, actor=actor_of(request), now=timezone.now())
    return redirect("import_one", public_id=public_id)


@allowed("roll_back_import")
@require_POST
def import_roll_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put everything back as it was before the import."""
    flow.roll_back(public_id, actor=actor_of(request), now=timezone.now(), reporter=Silent())
    messages.success(request, gettext("The import is rolled back; everything is as it was before."))
    return redirect("import_one", public_id=public_id)


@allowed("import_data")
@require_GET
def import_rejects(request: HttpRequest, public_id: str) -> FileResponse:
    """The rejected records in the file's own format, to be mended and imported."""
    row = queries.one(public_id)
    if not row.rejections_path:
        raise Http404
    try:
        path = files.path(row.rejections_path)
        reader = path.open("rb")
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    endings = "".join(path.suffixes[-2:]) or Path(row.file_name).suffix
    name = f"{Path(row.file_name).name.split('.')[0]}-rejected{endings}"
    response = FileResponse(
        reader, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _poll(request: HttpRequest, row: ImportRow) -> HttpResponse:
    """The progress while it runs; then the whole page again, because everything on it is new."""
    progress = _progress(row)
    if _is_running(row, progress):
        context = {"progress": progress, "poll": request.path}
        return render(request, "console/progress.html", context)
    return HttpResponse(status=204, headers={"HX-Redirect": request.path})


def _context(request: HttpRequest, row: ImportRow) -> dict[str, Any]:
    progress = _progress(row)
    running = _is_running(row, progress)
    counts = row.counts or {}
    things = counts.get(row.kind) or {}
    return {
        "line": _line(row, actor_names({row.created_by})),
        "row": row,
        "running": running,
        "progress": progress,
        "poll": request.path,
        "counts": counts,
        "things": things,
        "thing_words": gettext(words.KINDS[row.kind][0]),
        "rejections": [_rejection(item) for item in row.rejections],
        "columns": [
            (gettext(words.COLUMNS.get(name, name)), column) for name, column in row.mapping.items()
        ],
        "can_write": row.state == "planned"
        and not running
        and bool(counts.get("new") or counts.get("changed")),
        "can_roll_back": row.state == "applied"
        and not running
        and may(request, "roll_back_import"),
        "known_share": row.figures.get("known_customer_share"),
        "may_measure": may(request, "measure"),
    }


def _progress(row: ImportRow) -> View | None:
    """How far the work on this import is; None while the worker has not begun it."""
    progress = progress_of(f"import:{row.public_id}", words.STAGES)
    if row.state == "applying" and progress is not None and progress.is_finished:
        return None  # that was the check before
    return progress


def _is_running(row: ImportRow, progress: View | None) -> bool:
    """Whether the worker still has to say something about this import."""
    if row.state == "applying":
        return True
    if progress is not None:
        return not progress.is_finished
    return row.state == "planned" and not row.counts


def _line(row: ImportRow, names: dict[str, str]) -> dict[str, Any]:
    state, tone = words.STATES[row.state]
    return {
        "row": row,
        "kind": gettext(words.KINDS[row.kind][0]),
        "preset": gettext(words.PRESETS.get(row.preset, row.preset)),
        "state": gettext(state),
        "tone": tone,
        "who": names.get(row.created_by, row.created_by),
    }


def _rejection(item: dict[str, Any]) -> dict[str, Any]:
    field = str(item.get("field") or "")
    return {
        "line": item.get("line"),
        "field": gettext(words.COLUMNS.get(field, field)) if field else "",
        "value": item.get("value"),
        "reason": sentence(str(item.get("reason") or "")),
    }
