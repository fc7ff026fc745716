"""Decisions about consent: which statement is strictest, and whom it lets us write to. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

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


def stated_at(said_on: date | None, state: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant a statement of an earlier day counts from; today's and one without a day: now.

    Nobody knows the hour on a form, so the stricter reading holds: consent counts from the first
    instant of its day, a refusal or withdrawal from the last. What else was said that day stands
    above the one and below the other.
    """
    if said_on is None or said_on >= now.astimezone(zone).date():
        return now
    begins = datetime.combine(said_on, time(), zone)
    if state == "given":
        return begins
    return datetime.combine(said_on + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
