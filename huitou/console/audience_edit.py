"""The editor of an audience: works as a plain form; with scripts the figures follow each change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries, registry, services
from huitou.audiences.presets import BY_CODE
from huitou.audiences.types import AudienceRow
from huitou.console import audience_draft as drafts
from huitou.console import audience_words
from huitou.console.access import allowed
from huitou.console.audience_draft import Draft, Group, Row
from huitou.console.audience_editor import Editor
from huitou.console.audience_figures import Figures, figures, steps_of
from huitou.console.audience_values import Ground
from huitou.console.audiences import heading_of, next_seed
from huitou.kit.conditions import walking
from huitou.kit.conditions.errors import REASONS, ConditionError
from huitou.kit.conditions.parsing import parse
from huitou.kit.conditions.types import All, AnyOf, Expression, Node, Not
from huitou.kit.errors import HuitouError
from huitou.ui import figures as written
from huitou.ui.words import error_words


@dataclass(frozen=True, slots=True)
class Read:
    """A draft as far as it is finished."""

    nodes: Mapping[str, Node]  # the finished parts by path, audiences resolved
    errors: Mapping[str, str]  # what is wrong with a part, by path
    where: Node


@allowed("edit_audiences")
@require_http_methods(["GET", "HEAD", "POST"])
def audience_new(request: HttpRequest) -> HttpResponse:
    """A new audience, from nothing or from a ready-made one."""
    preset = BY_CODE.get(request.GET.get("preset", "") or request.POST.get("preset", ""))
    start = Group(parts=(Row(),))
    if preset is not None:
        start = drafts.draft_of(preset.expression, registry.registry(), _ground(request))
    return _edit(request, None, start, preset.code if preset else "")


@allowed("edit_audiences")
@require_http_methods(["GET", "HEAD", "POST"])
def audience_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a saved audience; saving makes a new version."""
    row = queries.audience(public_id)
    if row.archived_at is not None:
        return redirect("audience", public_id=public_id)
    try:
        start = drafts.draft_of(row.expression, registry.registry(), _ground(request))
    except KeyError:  # a field it asked about is gone: begin again
        start = Group(parts=(Row(),))
    return _edit(request, row, start, row.preset)


def _edit(request: HttpRequest, row: AudienceRow | None, start: Group, preset: str) -> HttpResponse:
    preset_row = BY_CODE.get(preset)
    if request.method != "POST":
        name = row.name if row else gettext(preset_row.name) if preset_row else ""
        note = row.note if row else gettext(preset_row.note) if preset_row else ""
        return _page(request, row, start, {"name": name, "note": note, "preset": preset})
    command = request.POST.get("do", "")
    draft = drafts.edited(drafts.posted(dict(request.POST.lists())), command)
    form = {
        "name": request.POST.get("name", ""),
        "note": request.POST.get("note", ""),
        "preset": preset,
        "seed": request.POST.get("seed", ""),
    }
    if command == "people":
        form["seed"] = next_seed(form["seed"])
    if command == "save":
        return _save(request, row, draft, form)
    return _page(request, row, draft, form)


def _save(
    request: HttpRequest, row: AudienceRow | None, draft: Group, form: dict[str, Any]
) -> HttpResponse:
    read = _read(request, draft)
    if read.errors:
        form["refused"] = gettext("Some conditions are not finished. Finish or delete them.")
        return _page(request, row, draft, form, status=422)
    where = drafts.written(draft, registry.registry(), _ground(request)) or {"all": []}
    json = {"v": 1, "where": where}
    said = {"name": form["name"], "note": form["note"], "expression": json}
    try:
        if row is None:
            made = services.save(**said, preset=form["preset"], now=timezone.now())
        else:
            version = request.POST.get("version", "")
            made = services.change(
                public_id=row.public_id,
                version=int(version[:9]) if version.isdecimal() else 0,
                **said,
                now=timezone.now(),
            )
    except HuitouError as error:
        form["refused"] = error_words(error)
        return _page(request, row, draft, form, status=422)
    messages.success(request, gettext("Saved."))
    return redirect("audience", public_id=made.public_id)


def _page(
    request: HttpRequest,
    row: AudienceRow | None,
    draft: Group,
    form: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    read = _read(request, draft)
    shown = figures(
        request,
        Expression(read.where),
        steps=steps_of(draft, read.nodes),
        seed=form.get("seed", ""),
    )
    editor = _editor(request, row, shown, read)
    context = {
        "row": row,
        "heading": heading_of(row),
        "form": form,
        "figures": shown,
        "tree": editor.group(draft),
        "subjects": editor.subjects(draft),
        "unfinished": bool(read.errors),
    }
    # A change of the form asks for its own part of the page only.
    is_part = request.headers.get("HX-Request") and status == 200
    template = "console/audiences/work.html" if is_part else "console/audiences/edit.html"
    return render(request, template, context, status=status)


def _editor(request: HttpRequest, row: AudienceRow | None, shown: Figures, read: Read) -> Editor:
    named = sorted(queries.names() - {row.name if row else ""})
    return Editor(
        registry=registry.registry(),
        stores=lambda: audience_words.store_names(request),
        named=named,
        money=written.symbol(audience_words.currency_of(request).code, request.LANGUAGE_CODE),
        left={**shown.left, drafts.ROOT: shown.everybody},
        errors=read.errors,
    )


def _ground(request: HttpRequest) -> Ground:
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return Ground(audience_words.currency_of(request), zone)


def _read(request: HttpRequest, draft: Group) -> Read:
    """What of the draft can be counted: every finished row, and groups of the finished."""
    ground, known = _ground(request), registry.registry()
    named: Mapping[str, Expression] = {}
    rows = [part for _, part in drafts.parts_of(draft) if isinstance(part, Row)]
    if any(part.subject == "audience:" for part in rows):
        named = queries.named()
    nodes: dict[str, Node] = {}
    errors: dict[str, str] = {}
    for path, part in drafts.parts_of(draft):
        if not isinstance(part, Row):
            continue
        json = drafts.written(part, known, ground)
        if json is None:
            errors[path] = gettext("Not finished: it is left out.")
            continue
        try:
            made = parse({"v": 1, "where": json}, known, audiences=named.keys())
            nodes[path] = walking.resolved(made, named).where
        except ConditionError as error:
            errors[path] = gettext(REASONS[error.reason]).format(**error.why_facts)
    where = _together(draft, drafts.ROOT, nodes)
    return Read(nodes, errors, where or All(()))


def _together(part: Draft, path: str, nodes: dict[str, Node]) -> Node | None:
    """The node of a part, noted by its path; a group without a finished part is none."""
    if isinstance(part, Row):
        return nodes.get(path)
    below = [_together(one, f"{path}.{index}", nodes) for index, one in enumerate(part.parts)]
    finished = tuple(node for node in below if node is not None)
    if not finished:
        return None
    made: Node = All(finished) if part.join == "all" else AnyOf(finished)
    nodes[path] = Not(made) if part.negated else made
    return nodes[path]
