"""Decisions about answers: what a word or a number of a file means, and when it means nothing."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from huitou.kit.clock import civil_day, noon
from huitou.kit.text import gettext_noop as _
from huitou.voice.types import ITEMS, AnswerIn, Rejected, Scale

# Why a row of an answers file is rejected, by code.
REASONS: Final = {
    "empty": _("This must not be empty."),
    "too_long": _("This is too long."),
    "control_character": _("There is a control character in it."),
    "twice": _("The same answer stands in the file already, on line {line}."),
    "unknown_customer": _(
        "Nobody is known by this name: import their orders or a customers file first."
    ),
    "not_a_date": _("This is not a date we can read, such as 2026-03-31 or 2026-03-31 18:05."),
    "too_early": _("This date is before 1970."),
    "in_the_future": _("This is more than 24 hours ahead."),
    "not_a_satisfaction": _(
        "This is none of the five answers from very_satisfied to very_dissatisfied."
    ),
    "scale_needed": _(
        "This is a number and nothing says which end is good: name the scale, such as --scale 1-5."
    ),
    "off_scale": _("This number is not on the scale that was named."),
    "not_a_recommendation": _("This is none of: very_likely, possible, impossible."),
    "not_a_probability": _("This is neither a number from 0 to 1 nor a percentage with its sign."),
    "not_a_yes_or_no": _("This is neither yes nor no."),
    "not_a_reason_to_stay": _(
        "This is none of: monopoly, inertia, convenience, price, value, incentive."
    ),
    "not_a_number": _("This is not a number such as 7 or 7.5."),
    "not_an_item": _("This is not a whole number from 1 to 5."),
    "says_nothing": _("The row has a customer and a date but no answer."),
    "too_many_cells": _("The row has more cells than the header."),
    "too_few_cells": _("The row has fewer cells than the header."),
    "quote_open": _("A quotation mark is opened here and never closed."),
    "number_rounded": _("A spreadsheet has rounded this number; its last digits are lost."),
    "cell_error": _("The cell holds a spreadsheet error."),
}

# Best first, as they are asked.
SATISFACTION: Final = (
    "very_satisfied",
    "fairly_satisfied",
    "satisfied",
    "dissatisfied",
    "very_dissatisfied",
)
_SATISFACTION: Final = {
    **{code: code for code in SATISFACTION},
    "很满意": "very_satisfied",
    "非常满意": "very_satisfied",
    "very satisfied": "very_satisfied",
    "比较满意": "fairly_satisfied",
    "较满意": "fairly_satisfied",
    "fairly satisfied": "fairly_satisfied",
    "满意": "satisfied",
    "不满意": "dissatisfied",
    "很不满意": "very_dissatisfied",
    "非常不满意": "very_dissatisfied",
    "very dissatisfied": "very_dissatisfied",
}
_RECOMMENDATION: Final = {
    "very_likely": "very_likely",
    "very likely": "very_likely",
    "很大可能": "very_likely",
    "很有可能": "very_likely",
    "possible": "possible",
    "有可能": "possible",
    "可能": "possible",
    "impossible": "impossible",
    "不可能": "impossible",
}
_REASON_TO_STAY: Final = {
    "monopoly": "monopoly",
    "垄断": "monopoly",
    "inertia": "inertia",
    "惰性": "inertia",
    "convenience": "convenience",
    "方便": "convenience",
    "price": "price",
    "价格": "price",
    "value": "value",
    "价值": "value",
    "incentive": "incentive",
    "激励": "incentive",
}
_YES_OR_NO: Final = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "是": True,
    "对": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "否": False,
    "不": False,
    "不是": False,
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}([.]\d{1,9})?")
_SCALE: Final = re.compile(r"(\d{1,2})\s*(?:-|\.\.|:|~)\s*(\d{1,2})")
_ANSWERS: Final = [
    "satisfaction",
    "recommendation",
    "repurchase_probability",
    "prefers_us",
    "resists_offers",
    "reason_to_stay",
    "expectation",
    "perception",
    "comment",
]


def scale(text: str) -> Scale | None:
    """``1-5`` is worst to best; ``5-1`` the other way. None if it has not five steps: no level can
    be made up."""
    found = _SCALE.fullmatch(text.strip())
    if found is None:
        return None
    worst, best = int(found[1]), int(found[2])
    return Scale(worst, best) if abs(best - worst) == 4 else None


def answer_in(
    row: Mapping[str, str], *, line: int, zone: ZoneInfo, on_scale: Scale | None, now: datetime
) -> AnswerIn | Rejected:
    """What a row says, or the first thing that is wrong with it. Numbers without a scale are never
    guessed."""
    try:
        return _answer_in(row, line, zone, on_scale, now)
    except _Wrong as wrong:
        return Rejected(line, wrong.field, row.get(wrong.field, ""), wrong.reason)


class _Wrong(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


def _answer_in(
    row: Mapping[str, str], line: int, zone: ZoneInfo, on_scale: Scale | None, now: datetime
) -> AnswerIn:
    _check_texts(row)
    answered_at = _instant(row.get("answered_at", ""), zone, now)
    answer = AnswerIn(
        line=line,
        customer=row["customer"],
        answered_at=answered_at,
        answered_on=civil_day(answered_at, zone),
        wave=row.get("wave", ""),
        satisfaction=_satisfaction(row.get("satisfaction", ""), on_scale),
        recommendation=_word(row, "recommendation", _RECOMMENDATION),
        repurchase_probability=_number(
            row, "repurchase_probability", _probability, "not_a_probability"
        ),
        prefers_us=_number(row, "prefers_us", _yes_or_no, "not_a_yes_or_no"),
        resists_offers=_number(row, "resists_offers", _yes_or_no, "not_a_yes_or_no"),
        reason_to_stay=_word(row, "reason_to_stay", _REASON_TO_STAY),
        expectation=_number(row, "expectation", _plain, "not_a_number"),
        perception=_number(row, "perception", _plain, "not_a_number"),
        touchpoint=row.get("touchpoint", ""),
        comment=row.get("comment", ""),
        items={name: _number(row, name, _item, "not_an_item") for name in ITEMS},
    )
    if not any(row.get(name) for name in (*_ANSWERS, *ITEMS)):
        raise _Wrong("satisfaction", "says_nothing")
    return answer


def _check_texts(row: Mapping[str, str]) -> None:
    if row.get("problem"):
        raise _Wrong("file", row["problem"])
    if not row.get("customer"):
        raise _Wrong("customer", "empty")
    for name, text in row.items():
        if len(text) > (5000 if name == "comment" else 200):
            raise _Wrong(name, "too_long")
        if _CONTROL.search(text):
            raise _Wrong(name, "control_character")


def _instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if not text:
        raise _Wrong("answered_at", "empty")
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong("answered_at", "not_a_date") from None
    if stamp.year < 1970:
        raise _Wrong("answered_at", "too_early")
    if len(text) == 10:
        stamp = noon(stamp.date(), zone)
    elif stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=zone)
    if stamp > now + timedelta(hours=24):
        raise _Wrong("answered_at", "in_the_future")
    return stamp.astimezone(UTC)


def _satisfaction(text: str, on_scale: Scale | None) -> str:
    if not text:
        return ""
    if (word := _SATISFACTION.get(text.lower())) is not None:
        return word
    if not _NUMBER.fullmatch(text):
        raise _Wrong("satisfaction", "not_a_satisfaction")
    if on_scale is None:
        raise _Wrong("satisfaction", "scale_needed")
    steps_from_best = abs(on_scale.best - float(text))
    between = (
        min(on_scale.worst, on_scale.best) <= float(text) <= max(on_scale.worst, on_scale.best)
    )
    if not between or not steps_from_best.is_integer():
        raise _Wrong("satisfaction", "off_scale")
    return SATISFACTION[int(steps_from_best)]


def _word(row: Mapping[str, str], name: str, words: Mapping[str, str]) -> str:
    text = row.get(name, "")
    if text and text.lower() not in words:
        raise _Wrong(name, f"not_a_{name}")
    return words[text.lower()] if text else ""


def _number(row: Mapping[str, str], name: str, read: Callable[[str], Any], reason: str) -> Any:
    text = row.get(name, "")
    found = read(text) if text else None
    if text and found is None:
        raise _Wrong(name, reason)
    return found


def _yes_or_no(text: str) -> bool | None:
    return _YES_OR_NO.get(text.lower())


def _plain(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _probability(text: str) -> float | None:
    is_percent = text.endswith(("%", "％"))
    number = _plain(text.rstrip("%％ "))
    if number is None or not math.isfinite(number):
        return None
    share = number / 100 if is_percent else number
    return share if 0 <= share <= 1 else None


def _item(text: str) -> int | None:
    number = _plain(text)
    return int(number) if number is not None and number.is_integer() and 1 <= number <= 5 else None
