"""Lists for platforms: make one, fetch its file, bring back what the platform says, close it."""

import io
import re
import secrets
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huitou.console.access import actor_of, allowed
from huitou.console.customer_words import CHANNELS
from huitou.console.outbox import channel_word
from huitou.flows import message_lists as flow
from huitou.flows import reports
from huitou.kit.errors import HuitouError
from huitou.kit.text import gettext_noop as _
from huitou.platform import audit, files
from huitou.platform.messages import lists, queries
from huitou.platform.messages.types import BAD_ROWS
from huitou.ui.words import error_words

OUTCOMES: Final = {
    "sent": _("Sent"),
    "failed": _("Not delivered"),
    "bounced": _("Bounced"),
    "refused": _("Not sent"),
    "unsubscribed": _("Said: no more"),
    "complained": _("Called it spam"),
}
LARGEST_BYTES: Final = 200 << 20
_TOKEN: Final = re.compile(r"[0-9a-f]{24}")
_SHOWN: Final = 200


@allowed("send_campaigns")
@require_POST
def message_list_make(request: HttpRequest) -> HttpResponse:
    """Put what is due on one channel onto a new list, after everybody was asked about."""
    channel = request.POST.get("channel", "")
    if channel not in CHANNELS:
        raise Http404
    try:
        list_id = flow.make(channel=channel, actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    else:
        made = queries.one_list(list_id).messages
        words = ngettext(
            "A list of {n} message is ready: download it and give it to the platform.",
            "A list of {n} messages is ready: download it and give it to the platform.",
            made,
        )
        messages.success(request, words.format(n=made))
    return redirect("messages")


@allowed("send_campaigns")
@require_GET
def message_list_file(request: HttpRequest, list_id: str) -> HttpResponse:
    """The list's file; fetched again it holds the same messages. It names people and how to reach
    them: that it was taken is on record."""
    out, now = io.BytesIO(), timezone.now()
    count = flow.write(list_id, out, now=now)
    audit.note(
        actor=actor_of(request),
        action="messages.list_export",
        subject=f"list:{list_id}",
        before=None,
        after={"messages": count},
        now=now,
    )
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{list_id}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@allowed("send_campaigns")
@require_POST
def message_list_close(request: HttpRequest, list_id: str) -> HttpResponse:
    """Expect nothing more about a list: the rest was sent, or was not."""
    has_left = request.POST.get("rest") == "sent"
    count = lists.close(list_id, has_left=has_left, actor=actor_of(request), now=timezone.now())
    words = ngettext(
        "The list is closed; {n} message was settled.",
        "The list is closed; {n} messages were settled.",
        count,
    )
    messages.success(request, words.format(n=count))
    return redirect("messages")


@allowed("send_campaigns")
@require_http_methods(["GET", "POST"])
def message_reports(request: HttpRequest) -> HttpResponse:
    """What a platform or the mail server says became of messages: shown first, then written."""
    if request.method == "GET":
        return redirect("messages")
    channel, list_id = request.POST.get("channel", ""), request.POST.get("list", "")
    if channel not in CHANNELS:
        raise Http404
    now = timezone.now()
    path = _kept(request)
    try:
        if path is None:
            messages.warning(request, gettext("Choose a file that says something, up to 200 MB."))
        elif request.POST.get("step") == "apply":
            # The rows that are left out were shown before this was pressed.
            reports.apply(path, channel=channel, list_id=list_id, skip_rejected=True, now=now)
            path.unlink(missing_ok=True)
            messages.success(request, gettext("What came back is written down."))
        else:
            made = reports.plan(path, channel=channel, list_id=list_id, now=now)
            context = {"channel": channel, "list_id": list_id, "token": path.stem, **_shown(made)}
            return render(request, "console/messages/reports.html", context)
    except HuitouError as error:
        messages.error(request, error_words(error))
    return redirect("messages")


def _shown(made: reports.Plan) -> dict[str, Any]:
    return {
        "plan": made,
        "channel_word": channel_word(made.channel),
        "outcomes": [(gettext(OUTCOMES[code]), count) for code, count in made.outcomes.items()],
        "rejected": [(row, gettext(BAD_ROWS[row.reason])) for row in made.rejected[:_SHOWN]],
        "is_cut": len(made.rejected) > _SHOWN,
        "changes_something": bool(made.changes or made.no_more or made.dead),
    }


def _kept(request: HttpRequest) -> Path | None:
    """The file of this request: just sent, or the one this session showed a plan of."""
    folder = files.home() / "uploads"
    sent = request.FILES.get("file")
    if sent is None:
        token = request.POST.get("token", "")
        is_ours = bool(_TOKEN.fullmatch(token)) and token == request.session.get("reports")
        found = folder / f"{token}.report" if is_ours else None
        return found if found is not None and found.is_file() else None
    if not 0 < (sent.size or 0) <= LARGEST_BYTES:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token = secrets.token_hex(12)
    path = folder / f"{token}.report"
    with path.open("xb") as writer:
        path.chmod(0o600)
        for chunk in sent.chunks():
            writer.write(chunk)
    request.session["reports"] = token
    return path
