"""What leaves the house: what waits, what is in doubt, what did not arrive, and what to do."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from huitou.console.access import actor_of, allowed, may
from huitou.console.customer_words import CHANNELS, PURPOSES
from huitou.flows import mailbox, sending
from huitou.kit.errors import HuitouError
from huitou.platform.messages import deciding, queries, reporting
from huitou.platform.messages.types import MAILBOX_TROUBLES, REASONS, STATES, MessageRow
from huitou.ui.words import error_words

SHOWN: Final = 50
_ADDRESS: Final = frozenset({"address_refused", "came_back_for_now"})  # the address may be marked
_TONES: Final = {"in_doubt": "warn", "failed": "bad", "bounced": "bad", "sent": "ok"}


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a row of the page."""

    row: MessageRow
    channel: str
    purpose: str
    state: str
    tone: str
    reason: str
    may_repeat: bool
    may_revive: bool
    detail: str


@allowed("see_campaigns")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """How many messages wait, are in doubt or did not arrive; what to do about each."""
    now = timezone.now()
    counts = queries.counts()
    trouble, quiet_until = sending.standing("email", now=now)
    listed = [one for one in counts if one.state == "queued" and one.channel != "email"]
    context: dict[str, Any] = {
        "boxes": _boxes(counts),
        "trouble": gettext(trouble) if trouble else "",
        "quiet_until": quiet_until,
        "in_doubt": _lines(queries.latest(states=["in_doubt"], limit=SHOWN)),
        "undelivered": _lines(queries.latest(states=["failed", "bounced"], limit=SHOWN)),
        "lists": [(row, channel_word(row.channel)) for row in queries.latest_lists()],
        "for_lists": [(one, channel_word(one.channel)) for one in listed],
        "channels": [(code, channel_word(code)) for code in CHANNELS],
        "may_send": may(request, "send_campaigns"),
        "mailbox": _mailbox(),
        "shown": SHOWN,
    }
    return render(request, "console/messages/outbox.html", context)


@allowed("send_campaigns")
@require_POST
def message_decide(request: HttpRequest) -> HttpResponse:
    """Say of the chosen messages that they left, that they did not, or let them wait again."""
    refs = request.POST.getlist("ref")[:SHOWN]
    decide = {
        "left": deciding.it_left,
        "not_left": deciding.it_did_not_leave,
        "again": deciding.send_again,
        "works": reporting.revive,
    }.get(request.POST.get("decision", ""))
    if not refs or decide is None:
        messages.warning(request, gettext("Choose at least one message."))
        return redirect("messages")
    try:
        count = decide(refs, actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, _decided(request.POST["decision"], count))
    return redirect("messages")


def _decided(decision: str, count: int) -> str:
    if decision == "works":
        words = ngettext(
            "{n} address may be written to again.", "{n} addresses may be written to again.", count
        )
    else:
        words = ngettext("{n} message is decided.", "{n} messages are decided.", count)
    return words.format(n=count)


def _mailbox() -> dict[str, Any]:
    """How the mailbox of returned mail stands, and whose move it is if it cannot be read."""
    row = mailbox.state()
    if row is None:
        return {"is_set_up": bool(mailbox.name()), "row": None}
    trouble = MAILBOX_TROUBLES.get(row.trouble)
    return {"is_set_up": True, "row": row, "trouble": gettext(trouble) if trouble else ""}


def channel_word(channel: str) -> str:
    """A channel's code as its word."""
    return gettext(CHANNELS[channel][0])


def _boxes(counts: list[queries.ChannelCount]) -> list[dict[str, Any]]:
    """One box per state somebody may have to know of, with its channels."""
    boxes = []
    for state in queries.OPEN:
        own = [one for one in counts if one.state == state]
        parts = [f"{channel_word(one.channel)} {one.messages}" for one in own]
        boxes.append(
            {
                "words": gettext(STATES[state]),
                "count": sum(one.messages for one in own),
                "parts": " · ".join(parts),
                "oldest": min((one.oldest_at for one in own), default=None),
                "tone": _TONES.get(state, "") if own else "",
            }
        )
    return boxes


def _lines(rows: list[MessageRow]) -> list[Line]:
    return [
        Line(
            row=row,
            channel=channel_word(row.channel),
            purpose=gettext(PURPOSES[row.purpose]),
            state=gettext(STATES[row.state]),
            tone=_TONES.get(row.state, ""),
            reason=gettext(REASONS[row.reason]) if row.reason in REASONS else "",
            may_repeat=row.state == "failed" and row.reason in deciding.REPEATABLE,
            may_revive=row.state == "bounced" or row.reason in _ADDRESS,
            detail=row.detail,
        )
        for row in rows
    ]
