"""A case as the customer sees it: four things, and the words that were said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from huitou.ui import case_words
from huitou.voice import steps
from huitou.voice.types import CaseLine, CaseRow, PromiseRow, StoryRow


def line(row: CaseLine) -> dict[str, Any]:
    """A case in the customer's list."""
    seen = _seen(row)
    return {"row": row, "state": state_word(seen), "tone": _tone(seen)}


def state_of(row: CaseRow) -> tuple[str, str]:
    """Where a case stands in the customer's words, and its tone."""
    seen = _seen(row)
    return state_word(seen), _tone(seen)


def state_word(seen: str) -> str:
    """What the customer sees of the six steps."""
    words = {
        "received": pgettext("case", "Received"),
        "named": pgettext("case", "Received"),
        "working": gettext("We are working on it"),
        "answered": gettext("Answered, please confirm"),
        "closed": gettext("Settled"),
    }
    return words[seen]


def milestones(row: CaseRow, story: Sequence[StoryRow], now: datetime) -> list[dict[str, Any]]:
    """The way of a case: received, in somebody's hands, worked on until when, answered."""
    begun = row.clock_from
    given = next((one.at for one in reversed(story) if one.what == "assigned"), None)
    is_answered = row.answered_at is not None
    promise = gettext("You get an answer within 24 hours.") if row.due_at else gettext("Thank you.")
    shown = [_milestone(pgettext("case", "Received"), begun, promise, is_done=True)]
    if row.owner_name:
        said = gettext("{name} looks after it").format(name=row.owner_name)
        shown.append(_milestone(said, given, "", is_done=True))
    if not is_answered and row.due_at is not None:
        if now <= row.due_at:
            left = gettext("{span} left").format(span=case_words.span(row.due_at - now))
        else:
            left = gettext("We are late with the answer. We are sorry.")
        until = gettext("We are working on it, until {at} at the latest").format(
            at=case_words.moment(row.due_at)
        )
        shown.append(_milestone(until, None, left, is_done=False))
    if is_answered:
        shown.append(_milestone(pgettext("case", "Answered"), row.answered_at, "", is_done=True))
    closing = gettext("Settled") if row.closed_at else gettext("Settled when you say so")
    shown.append(_milestone(closing, row.closed_at, "", is_done=row.closed_at is not None))
    return shown


def conversation(row: CaseRow, story: Sequence[StoryRow], shop: str) -> list[dict[str, Any]]:
    """What was said, the customer's words and ours."""
    return [
        {
            "at": one.at,
            "is_ours": one.code == "staff",
            "name": shop if one.code == "staff" else gettext("You"),
            "text": one.text,
            "is_answer": one.is_answer,
        }
        for one in story
        if one.what == "message"
    ]


def promises(rows: Sequence[PromiseRow]) -> list[dict[str, Any]]:
    """What was promised and not taken back."""
    return [
        {"text": row.text, "due_on": row.due_on, "is_kept": row.kept_on is not None}
        for row in rows
        if row.withdrawn_at is None
    ]


def _seen(row: CaseLine | CaseRow) -> str:
    return steps.customer_sees(
        is_closed=row.closed_at is not None,
        is_answered=row.answered_at is not None,
        has_owner=row.owner_id is not None,
        step=row.step,
    )


def _tone(seen: str) -> str:
    return {"closed": "ok", "answered": "brand", "working": "warn"}.get(seen, "")


def _milestone(words: str, at: datetime | None, text: str, *, is_done: bool) -> dict[str, Any]:
    return {"words": words, "at": at, "text": text, "is_done": is_done}
