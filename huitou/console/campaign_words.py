"""Campaigns in words: states, verdicts, reasons, and the sentence that says what was shown."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext, ngettext

from huitou.campaigns.types import CHANNELS, GOALS, REASONS, STATES, CampaignRow
from huitou.insights.proof.words import VERDICTS
from huitou.insights.types import ProofRow
from huitou.kit.text import gettext_noop as _
from huitou.platform.messages.types import REASONS as MESSAGE_REASONS
from huitou.platform.messages.types import STATES as MESSAGE_STATES
from huitou.ui import figures

STATE_TONES: Final = {
    "ready": "info", "sending": "info", "running": "brand", "finished": "", "cancelled": "",
}  # fmt: skip
VERDICT_TONES: Final = {
    "effective": "ok", "harmful": "bad", "no_evidence": "", "no_control": "warn", "too_few": "",
    "broken": "bad",
}  # fmt: skip
ARMS: Final[Mapping[str, str]] = {
    "treated": _("Sent group"),
    "held_out": _("Control group"),
    "not_reached": _("Not reached"),
}
OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "came_back": _("came back"),
    "money": _("money per person"),
    "purchases": _("purchases per person"),
}
MISSING: Final[Mapping[str, str]] = {
    "theme": _("a theme"),
    "audience": _("an audience"),
    "text": _("a text"),
    "subject": _("a subject"),
    "coupon": _("coupons for the code in the text"),
}


def state(row: CampaignRow) -> dict[str, str]:
    """The state of a campaign as a chip."""
    return {"word": gettext(STATES[row.state]), "tone": STATE_TONES.get(row.state, "")}


def goal(row: CampaignRow) -> str:
    """What the campaign is for."""
    return gettext(GOALS.get(row.goal, row.goal))


def channel(code: str) -> str:
    """A channel's code as its word."""
    return gettext(CHANNELS.get(code, code))


def reason(code: str) -> str:
    """Why somebody was not drawn."""
    return gettext(REASONS.get(code) or MESSAGE_REASONS.get(code) or code)


def message_state(code: str) -> str:
    """The state of a message, not yet translated."""
    return MESSAGE_STATES.get(code, code)


def reasons(not_reached: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many people have each reason, the most first."""
    ordered = sorted(not_reached.items(), key=lambda one: -one[1])
    return [{"code": code, "word": reason(code), "people": people} for code, people in ordered]


def missing(names: list[str]) -> str:
    """What is still missing, as a list in words."""
    join = "、" if figures.is_chinese(get_language() or "") else ", "
    return join.join(gettext(MISSING.get(name, name)) for name in names)


def verdict(proof: ProofRow | None) -> dict[str, str] | None:
    """A judgement as a chip with its meaning; None where there is none."""
    if proof is None or proof.verdict not in VERDICTS:
        return None
    word, meaning = VERDICTS[proof.verdict]
    tone = VERDICT_TONES[proof.verdict]
    return {"word": gettext(word), "tone": tone, "meaning": gettext(meaning)}


def effect_sentence(effect: Mapping[str, Any] | None, money: str, currency: str) -> str:
    """What an effect says, as one sentence; "" where there is none to tell."""
    if not effect or effect.get("lo") is None:
        return ""
    low, high = effect["lo"], effect["hi"]
    outcome = effect["outcome"]
    if outcome == "came_back":
        return people_sentence(low, high)
    if outcome == "money":
        return _money_sentence(low, high, money, currency)
    return _purchases_sentence(low, high)


def people_sentence(low: float, high: float) -> str:
    """Came back, for a hundred people."""
    language = get_language() or "zh-hans"
    less, more = (figures.apart_from_zero(abs(100 * end), language, 1) for end in (low, high))
    if low > 0:
        said = gettext("Of 100 people, {low} to {high} more came back because of it.")
        return said.format(low=less, high=more)
    if high < 0:
        said = gettext("Of 100 people, {low} to {high} fewer came back because of it.")
        return said.format(low=more, high=less)
    said = gettext(
        "Of 100 people, between {low} fewer and {high} more came back: it may have done nothing."
    )
    return said.format(low=less, high=more)


def _money_sentence(low: float, high: float, money: str, currency: str) -> str:
    language = get_language() or "zh-hans"
    ends = {
        "low": figures.money_apart_from_zero(abs(low), currency, language),
        "high": figures.money_apart_from_zero(abs(high), currency, language),
        "money": gettext("profit") if money == "profit" else gettext("sales"),
    }
    if low > 0:
        return gettext("Between {low} and {high} more {money} per person.").format(**ends)
    if high < 0:
        turned = ends | {"low": ends["high"], "high": ends["low"]}
        return gettext("Between {low} and {high} less {money} per person.").format(**turned)
    return gettext(
        "Between {low} less and {high} more {money} per person: it may have done nothing."
    ).format(**ends)


def _purchases_sentence(low: float, high: float) -> str:
    return gettext("Between {low} and {high} purchases per 100 people.").format(
        low=figures.signed(100 * low, 1), high=figures.signed(100 * high, 1)
    )


def days(count: int) -> str:
    """``30 days``."""
    return ngettext("{n} day", "{n} days", count).format(n=count)
