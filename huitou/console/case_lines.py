"""One case as a line of a list, and one story as a conversation: codes as words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext, ngettext

from huitou.kit.text import gettext_noop as _
from huitou.platform.messages.types import REASONS, STATES
from huitou.ui import case_words
from huitou.voice import steps
from huitou.voice.types import CaseLine, CaseRow, StoryRow

# What happened, as the trail of a case says it; what is not named here is said elsewhere.
_EVENTS: Final = {
    "received": _("received"),
    "assigned": _("given to {name}"),
    "unassigned": _("taken from everyone"),
    "classified": _("classified"),
    "worked_out": _("put what was learnt on record"),
    "answered": _("answered the customer"),
    "promised": _("made a promise"),
    "promise_kept": _("kept a promise"),
    "promise_withdrawn": _("withdrew a promise"),
    "compensated": _("made up for it"),
    "due_soon": _("the answer is due soon"),
    "overdue": _("the answer is overdue"),
    "customer_wrote": _("the customer added a word"),
    "confirmed": _("the customer said that it is solved"),
    "answer_lost": _("the answer did not arrive"),
    "closed": _("closed the case"),
    "reopened": _("opened the case again"),
    "erased": _("erased the customer, as they had asked"),
}
_CHANNELS: Final = {
    "page": _("on the case's page"),
    "email": _("by e-mail"),
    "phone": _("by phone"),
    "in_person": _("in person"),
}


def line(row: CaseLine, now: datetime) -> dict[str, Any]:
    """A case as a line of the inbox."""
    chip = case_words.clock(
        kind=row.kind,
        due_at=row.due_at,
        warn_at=row.warn_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        now=now,
    )
    about = [
        case_words.kind_word(row.kind),
        case_words.topic_word(row.topic),
        case_words.source_word(row.source),
        row.store_name,
    ]
    return {
        "row": row,
        "name": row.customer_name or row.contact_name or gettext("Anonymous"),
        "chip": chip,
        "about": " · ".join(part for part in about if part),
        "is_ours": row.closed_at is None
        and row.replied_at is not None
        and row.spoke_last == "customer",
        "owner": row.owner_name or gettext("nobody in charge yet"),
        "list": case_words.list_word(
            steps.list_of(
                is_closed=row.closed_at is not None,
                is_answered=row.answered_at is not None,
                is_replied=row.replied_at is not None,
            )
        ),
    }


def stepper(row: CaseRow) -> list[dict[str, Any]]:
    """The six steps: those done, the present one, those to come."""
    words = case_words.step_words()
    at = steps.STEPS.index(row.step)
    return [
        {
            "word": words[code],
            "is_done": n < at or row.closed_at is not None,
            "is_now": n == at and row.closed_at is None,
        }
        for n, code in enumerate(steps.STEPS)
    ]


def present(
    row: CaseRow, story: Sequence[StoryRow], names: Mapping[int, str], now: datetime
) -> dict[str, Any] | None:
    """The present step: who is responsible for it, and until when; ``None`` for a closed case."""
    last = next((one for one in reversed(story) if one.what == "step"), None)
    if last is None or row.closed_at is not None:
        return None
    return {
        "word": case_words.step_words().get(last.code, last.code),
        "who": _name(last.person_id, names),
        "due_at": last.due_at,
        "is_late": last.due_at is not None and now > last.due_at,
    }


def conversation(
    story: Sequence[StoryRow],
    names: Mapping[int, str],
    customer: str,
    sent: Mapping[int, Mapping[str, str]],
) -> list[dict[str, Any]]:
    """What was said, in order: by the customer, by staff, among staff. ``sent`` says of e-mails
    what became of them."""
    return [
        {
            "at": row.at,
            "side": row.code,
            "name": customer if row.code == "customer" else _name(row.person_id, names),
            "text": row.text,
            "is_answer": row.is_answer,
            "how": gettext(_CHANNELS.get(row.channel, row.channel)),
            "sent": sent.get(row.outbox_id or 0),
        }
        for row in story
        if row.what == "message"
    ]


def sent(state: str, reason: str) -> dict[str, str]:
    """What became of an e-mail, and why it did not arrive."""
    words = gettext(STATES.get(state, state))
    if reason:
        words = f"{words} · {gettext(REASONS.get(reason, reason))}"
    tone = "ok" if state == "sent" else "" if state in {"queued", "sending"} else "bad"
    return {"words": words, "tone": tone}


def trail(story: Sequence[StoryRow], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What happened beside the words, in order: each step with who was responsible until when."""
    lines = []
    for row in story:
        if row.what == "step":
            lines.append(_step(row, names))
        elif row.what in _EVENTS:
            lines.append(_event(row, names))
    return lines


def _step(row: StoryRow, names: Mapping[int, str]) -> dict[str, Any]:
    word = case_words.step_words().get(row.code, row.code)
    return {
        "at": row.at,
        "words": gettext("Step: {step}").format(step=word),
        "who": _name(row.person_id, names),
        "due_at": row.due_at,
        "is_step": True,
    }


def _event(row: StoryRow, names: Mapping[int, str]) -> dict[str, Any]:
    code = row.what
    given_to = row.facts.get("user_id")
    if code == "assigned" and given_to is None:
        code = "unassigned"
    words = gettext(_EVENTS[code])
    if code == "assigned":
        words = words.format(name=_name(given_to, names))
    return {
        "at": row.at,
        "words": words + _detail(row),
        "who": _name(row.person_id, names) if row.code == "user" else _outsider(row),
        "due_at": None,
        "is_step": False,
    }


def _detail(row: StoryRow) -> str:
    """The numbers of an event that are worth a word."""
    if points := row.facts.get("points"):
        said = ngettext("{n} point", "{n} points", points).format(n=points)
        return f" ({said})"
    late = row.facts.get("days_late")
    if late:
        said = ngettext("{n} day late", "{n} days late", late).format(n=late)
        return f" ({said})"
    return ""


def _name(user_id: int | None, names: Mapping[int, str]) -> str:
    if user_id is None:
        return gettext("nobody in charge yet")
    return names.get(user_id, gettext("a former colleague"))


def _outsider(row: StoryRow) -> str:
    if row.what == "received":
        return case_words.source_word(str(row.facts.get("source", "")))
    words = {"member": _("the customer"), "visitor": _("the customer"), "system": _("the clock")}
    return gettext(words.get(row.code, row.code))
