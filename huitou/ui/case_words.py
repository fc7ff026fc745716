"""Words of cases that staff and customers read: kinds, topics, steps, and time that is left."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

KINDS: Final = {
    "complaint": _("Complaint"),
    "suggestion": _("Suggestion"),
    "enquiry": _("Enquiry"),
    "praise": _("Praise"),
}
SOURCES: Final = {
    "answer": _("Survey"),
    "portal": _("Members' pages"),
    "visit": _("Visit"),
    "social": _("Social media"),
    "email": _("E-mail"),
    "api": _("Other system"),
}
_MINUTE: Final = timedelta(minutes=1)


class Clock(NamedTuple):
    """The clock of a case in one chip: its words, and how they are toned."""

    words: str
    tone: str  # ok, warn, bad, or "" for neutral


def kind_word(code: str) -> str:
    """A kind of case as a word."""
    return gettext(KINDS.get(code, code))


def source_word(code: str) -> str:
    """The way a case came as a word."""
    if code == "phone":
        return pgettext("source of a case", "Phone")
    return gettext(SOURCES.get(code, code))


def topics() -> dict[str, str]:
    """Every topic with its word, in the order forms offer them."""
    return {
        "product": pgettext("topic", "Goods"),
        "waiting": pgettext("topic", "Waiting"),
        "service": pgettext("topic", "Service"),
        "delivery": pgettext("topic", "Delivery"),
        "points": pgettext("topic", "Points and coupons"),
        "price": pgettext("topic", "Price"),
        "place": pgettext("topic", "The place"),
        "data": pgettext("topic", "Personal data"),
        "other": pgettext("topic", "Something else"),
    }


def topic_word(code: str) -> str:
    """A topic as a word; "" for none."""
    return topics().get(code, "")


def step_words() -> dict[str, str]:
    """The six steps with their words, in order."""
    return {
        "collect": pgettext("step of a case", "Collect"),
        "classify": pgettext("step of a case", "Classify"),
        "summarise": pgettext("step of a case", "Summarise"),
        "handle": pgettext("step of a case", "Handle"),
        "answer": pgettext("step of a case", "Answer"),
        "close": pgettext("step of a case", "Close"),
    }


def list_word(code: str) -> str:
    """The list a case stands on: to answer, in hand, to be confirmed, done."""
    words = {
        "waiting": pgettext("list of cases", "To answer"),
        "working": pgettext("list of cases", "In hand"),
        "confirming": pgettext("list of cases", "To be confirmed"),
        "closed": pgettext("list of cases", "Done"),
    }
    return words.get(code, code)


def span(length: timedelta) -> str:
    """A span of time as it is said: 1 小时 42 分, 25 分; whole minutes, not rounded up."""
    minutes = int(abs(length) / _MINUTE)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        parts = [_days(days), _hours(hours) if hours else ""]
    else:
        parts = [_hours(hours) if hours else "", _minutes(minutes) if minutes or not hours else ""]
    return " ".join(part for part in parts if part)


def clock(
    *,
    kind: str,
    due_at: datetime | None,
    warn_at: datetime | None,
    answered_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> Clock:
    """The clock of a case in one chip: time left, time over, or what it waits for instead."""
    if closed_at is not None:
        return Clock(list_word("closed"), "ok")
    if answered_at is not None:
        return Clock(list_word("confirming"), "")
    if due_at is None:
        return Clock(kind_word(kind), "ok")
    if now > due_at:
        return Clock(gettext("{span} over").format(span=span(now - due_at)), "bad")
    tone = "warn" if warn_at is not None and now >= warn_at else ""
    return Clock(gettext("{span} left").format(span=span(due_at - now)), tone)


def moment(at: datetime) -> str:
    """An instant on the wall clock of the company: 11 月 24 日 12:24."""
    return figures.moment(timezone.localtime(at), get_language() or "zh-hans")


# What each line of a clock's explanation says; the facts are made ready in ``explained``.
_EXPLAINED: Final = {
    "begun": _("The clock started {at}."),
    "every_hour": _("{hours} hours by the clock: nights, weekends and holidays count."),
    "open_days": _("{days} days on which the company is open."),
    "paused": _("It stood still from {at}."),
    "resumed": _("It went on {at}."),
    "voided": _("The answer did not arrive ({at}): the clock never stopped."),
    "no_pause": _("Nothing stops it but the answer; an automatic receipt is no answer."),
    "due": _("The answer is due {at}; later is late."),
    "stopped": _("It was answered {at}, after {used}."),
    "over": _("That is {by} over."),
}


def explained(code: str, facts: dict[str, Any]) -> str:
    """One line of a clock's explanation as a sentence."""
    ready = {name: _plain(value) for name, value in facts.items()}
    return gettext(_EXPLAINED[code]).format(**ready)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return span(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _days(n: int) -> str:
    return ngettext("{n} day", "{n} days", n).format(n=n)


def _hours(n: int) -> str:
    return ngettext("{n} hour", "{n} hours", n).format(n=n)


def _minutes(n: int) -> str:
    return ngettext("{n} minute", "{n} minutes", n).format(n=n)
