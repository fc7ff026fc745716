"""Decisions about consent: which statement is strictest, and whom it lets us write to. Pure."""

from collections.abc import Iterable
from typing import Final

STATES: Final = ("withdrawn", "refused", "unknown", "given")  # the strictest first
PURPOSES: Final = ("service", "marketing", "survey", "profiling", "partner")
ANY: Final = "any"  # channel and purpose of “do not contact”: a statement on everything
# Who said nothing about surveys may have said something about marketing on the same channel.
SPEAKS_FOR: Final = {"survey": "marketing"}


def strictest(states: Iterable[str]) -> str:
    """The strictest of what was said: withdrawn, refused, unknown, given; of nothing, unknown."""
    return min(states, key=STATES.index, default="unknown")


def refusal(state: str, purpose: str, *, is_do_not_contact: bool) -> str | None:
    """Why a message of ``purpose`` may not go to someone whose consent is in ``state``; None = it
    may.

    Service needs not withdrawn; a survey needs neither refusal nor withdrawal; everything else
    needs consent given. “Do not contact” stops all but service: the answer to their own question.
    """
    if purpose == "service":
        return "withdrawn" if state == "withdrawn" else None
    if is_do_not_contact:
        return "do_not_contact"
    if state in {"withdrawn", "refused"}:
        return state
    return "no_consent" if state == "unknown" and purpose != "survey" else None
