"""Audiences: the list of those saved and ready-made, one with its people now, and what is done
with it."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from huitou.audiences import queries, registry, services
from huitou.audiences.presets import PRESETS, Preset
from huitou.audiences.types import AudienceRow
from huitou.console import audience_words
from huitou.console.access import allowed, may
from huitou.console.audience_figures import figures, moment_of
from huitou.console.names import actor_names
from huitou.kit.conditions.errors import ConditionError
from huitou.kit.conditions.parsing import parse
from huitou.kit.conditions.readable import readable
from huitou.kit.conditions.types import Expression
from huitou.kit.errors import HuitouError
from huitou.ui.words import error_words

COUNTED: Final = 40  # audiences whose people the list counts


@allowed("see_audiences")
@require_safe
def audiences(request: HttpRequest) -> HttpResponse:
    """The saved audiences with how many they choose now, and the ready-made ones."""
    archived = request.GET.get("archived") == "yes"
    rows = queries.audiences(archived=archived)
    read = queries.expressions(rows)
    ready = {} if archived else _ready()
    counts = _counts(request, {**dict(list(read.items())[:COUNTED]), **ready})
    names = actor_names({row.created_by for row in rows})
    speech = audience_words.speech_of(request)
    context = {
        "archived": archived,
        "lines": [
            {
                "row": row,
                "by": names[row.created_by],
                "sentence": readable(made, speech) if (made := read[row.id]) else "",
                "count": counts.get(row.id),
            }
            for row in rows
        ],
        "ready": [_ready_line(preset, counts) for preset in PRESETS if preset.code in ready],
        "may_edit": may(request, "edit_audiences"),
    }
    return render(request, "console/audiences/list.html", context)


@allowed("see_audiences")
@require_safe
def audience(request: HttpRequest, public_id: str) -> HttpResponse:
    """One audience: its condition in words, how many it chooses now, who, and by which channel."""
    row = queries.audience(public_id)
    seed = request.GET.get("people", "")[:20]
    shown, turns_at, problem = None, None, ""
    try:
        asked = queries.expression(row)
        shown = figures(request, asked, seed=seed)
        turns_at = _turns_at(asked)
    except ConditionError as error:
        problem = error_words(error)
    context = {
        "row": row,
        "by": actor_names({row.created_by})[row.created_by],
        "figures": shown,
        "turns_at": turns_at,
        "problem": problem,
        "next_seed": next_seed(seed),
        "may_edit": may(request, "edit_audiences"),
        "copy_name": gettext("{name} (copy)").format(name=row.name)[:80],
    }
    return render(request, "console/audiences/one.html", context)


@allowed("edit_audiences")
@require_POST
def audience_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """A second audience with the same conditions, under the name given."""
    try:
        name = request.POST.get("name", "")
        made = services.copy(public_id=public_id, name=name, now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("audience", public_id=public_id)
    return redirect("audience_edit", public_id=made.public_id)


@allowed("edit_audiences")
@require_POST
def audience_archive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put an audience away; the page it leads to offers to take it back."""
    try:
        services.archive(public_id=public_id, now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    else:
        words = gettext("The audience is archived. Nothing that was sent is lost.")
        messages.success(request, words)
    return redirect("audience", public_id=public_id)


@allowed("edit_audiences")
@require_POST
def audience_restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an archived audience back into use."""
    try:
        services.restore(public_id=public_id, now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    return redirect("audience", public_id=public_id)


@allowed("edit_audiences")
@require_POST
def audience_adopt(request: HttpRequest) -> HttpResponse:
    """Save a ready-made audience as one's own, under its name."""
    preset = next((one for one in PRESETS if one.code == request.POST.get("preset")), None)
    if preset is None:
        return redirect("audiences")
    try:
        made = services.save(
            name=gettext(preset.name),
            note=gettext(preset.note),
            expression=preset.expression,
            preset=preset.code,
            now=timezone.now(),
        )
    except HuitouError as error:
        messages.error(request, error_words(error))
        return redirect("audiences")
    messages.success(request, gettext("Saved. Now change it as you like."))
    return redirect("audience", public_id=made.public_id)


def next_seed(seed: str) -> str:
    """The seed of the next five people."""
    return str(int(seed) + 1) if seed.isascii() and seed.isdigit() else "1"


def _turns_at(asked: Expression) -> datetime | None:
    """When the clock alone next changes the audience."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return queries.next_crossing(asked, today=timezone.localdate(), now=timezone.now(), zone=zone)


def _ready() -> dict[str, Expression]:
    """The ready-made audiences whose fields are there."""
    found = {}
    for preset in PRESETS:
        try:
            found[preset.code] = parse(preset.expression, registry.registry())
        except ConditionError:
            continue
    return found


def _counts(request: HttpRequest, made: dict[Any, Expression | None]) -> dict[Any, int]:
    usable = {key: one.where for key, one in made.items() if one is not None}
    at = moment_of(request)
    counts = queries.counts(list(usable.values()), today=at.today, now=at.now, sight=at.sight)
    return dict(zip(usable, counts, strict=True))


def _ready_line(preset: Preset, counts: dict[Any, int]) -> dict[str, Any]:
    return {
        "code": preset.code,
        "name": gettext(preset.name),
        "note": gettext(preset.note),
        "group": gettext(preset.group),
        "count": counts[preset.code],
    }


def heading_of(row: AudienceRow | None) -> str:
    """What the editor is about."""
    return row.name if row else gettext("New audience")
