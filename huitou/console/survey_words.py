"""What surveys are called on screens: states, kinds of places, channels, answers, reasons."""

from typing import Any, Final

from django.utils.translation import gettext

from huitou.insights import shares
from huitou.kit.text import gettext_noop as _
from huitou.platform.messages.types import REASONS as CONTACT_REASONS
from huitou.platform.messages.types import STATES
from huitou.voice import questions
from huitou.voice.inviting import REASONS as RULED_OUT
from huitou.voice.questions import Choice
from huitou.voice.types import TallyRow

KINDS: Final = {
    "store": (_("In the store"), "building-store"),
    "cup": (_("On the cup"), "cup"),
    "parcel": (_("Card in the parcel"), "paper-bag"),
    "link": (_("A link to pass on"), "link"),
}
CHANNELS: Final = {
    "email": _("E-mail"),
    "sms": _("Text message"),
    "wechat": _("WeChat"),
}
_TONES: Final = {
    "very_satisfied": "ok",
    "fairly_satisfied": "ok",
    "satisfied": "brand",
    "dissatisfied": "warn",
    "very_dissatisfied": "bad",
}
_QUESTIONS: Final = (
    ("satisfaction", _("Satisfaction"), questions.SATISFACTION),
    ("recommendation", _("Recommendation"), questions.RECOMMENDATION),
    ("intention", _("Coming back"), questions.INTENTION),
)
_TOP_THREE: Final = tuple(choice.code for choice in questions.SATISFACTION[:3])


def reason_words(code: str) -> str:
    """Why somebody is not asked."""
    return gettext(RULED_OUT.get(code) or CONTACT_REASONS.get(code, code))


def reason_lines(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Every reason for not asking with how many people have it."""
    return [
        {"code": code, "words": reason_words(code), "people": people}
        for code, people in counts.items()
        if code
    ]


def delivery(states: dict[str, int]) -> list[dict[str, Any]]:
    """What became of the letters of a wave: how many are in each state, in the order of life."""
    return [
        {"words": gettext(words), "messages": states[state]}
        for state, words in STATES.items()
        if states.get(state)
    ]


def satisfaction_chip(code: str) -> dict[str, str]:
    """One answer with its place, because a label alone is misread: 比较满意（4/5）."""
    for choice in questions.SATISFACTION:
        if choice.code == code:
            words = gettext("{answer} ({number}/5)")
            return {
                "word": words.format(answer=gettext(choice.words), number=choice.number),
                "tone": _TONES[code],
            }
    return {"word": gettext("no answer"), "tone": ""}


def recommendation_words(code: str) -> str:
    """Whether they would recommend us; "" = not answered."""
    return next((gettext(one.words) for one in questions.RECOMMENDATION if one.code == code), "")


def intention_words(chance: float | None) -> str:
    """The stated chance of coming back; "" = not answered."""
    if chance is None:
        return ""
    return gettext("{number} in 10").format(number=round(chance * 10))


def tallies(rows: list[TallyRow]) -> list[dict[str, Any]]:
    """Each question with its answers, best first; under five answers there is no figure."""
    return [
        {
            "code": code,
            "words": gettext(words),
            "n": (n := sum(row.answers for row in rows if row.question == code)),
            "few": shares.is_few(n),
            "bars": _bars(rows, code, choices, n) if n >= shares.NONE_BELOW else [],
        }
        for code, words, choices in _QUESTIONS
    ]


def _bars(
    rows: list[TallyRow], question: str, choices: tuple[Choice, ...], n: int
) -> list[dict[str, Any]]:
    bars = []
    for choice in choices:
        stored = choice.number if question == "intention" else choice.code
        k = sum(row.answers for row in rows if row.question == question and row.answer == stored)
        bars.append(
            {
                "words": gettext(choice.words),
                "number": choice.number,
                "k": k,
                "share": k / n,
                "percent": round(100 * k / n, 1),
                "tone": "mute" if shares.is_few(n) else _TONES.get(choice.code, "brand"),
            }
        )
    return bars


def satisfied_share(rows: list[TallyRow]) -> dict[str, Any]:
    """P25: the top three answers of all, with interval; under five there is no figure."""
    said = [row for row in rows if row.question == "satisfaction"]
    top = sum(row.answers for row in said if row.answer in _TOP_THREE)
    return shares.share_facts(top, sum(row.answers for row in said))


def satisfied_by_place(rows: list[TallyRow]) -> dict[int | None, dict[str, Any]]:
    """The satisfied share of each place (None = by invitation); nothing that could be had by
    subtraction."""
    places = sorted({row.touchpoint_id for row in rows}, key=lambda one: (one is not None, one))
    parts = [[row for row in rows if row.touchpoint_id == place] for place in places]
    sizes = [sum(row.answers for row in part if row.question == "satisfaction") for part in parts]
    hidden = shares.withheld(sizes)
    return {
        place: satisfied_share([] if hides else part)
        for place, part, hides in zip(places, parts, hidden, strict=True)
    }
