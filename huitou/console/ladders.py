"""The words of the ladders a customer stands on: layer, stage, level, band, grid cell. One code,
one word, one tone.

A chip's tooltip takes the windows in force; the source's own term stands in it as 原文.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, ngettext

from huitou.kit.text import gettext_noop as _

LAYERS: Final = {
    "new": (_("New"), "brand"),
    "developing": (_("Developing"), "brand"),
    "active": (_("Active regular"), "ok"),
    "cooling": (_("Cooling"), "info"),
    "high_win_back": (_("Easy to win back"), "warn"),
    "low_win_back": (_("Hard to win back"), "bad"),
    "lost": (_("Lost"), ""),
    "no_purchase": (_("No purchase"), ""),
}
_LAYER_TIPS: Final = {
    "no_purchase": _("Has not bought yet"),
    "new": _("First purchase within {w1} days"),
    "developing": _("Began to buy again within {w1} days"),
    "active": _("A regular who bought within {w1} days"),
    "cooling": _("{w1} to {w2_before} days without a purchase: show care early"),
    "high_win_back": _("{w2} to {w3_before} days without a purchase: easy to win back"),
    "low_win_back": _("{w3} to {w4_before} days without a purchase: hard to win back"),
    "lost": _("{w4} days or more without a purchase"),
}
STAGES: Final = {
    "suspect": (_("Suspect"), _("Source: 懷疑")),
    "prospect": (_("Prospect"), _("Source: 期待")),
    "first_purchase": (_("First purchase"), _("Source: 首次購買")),
    "repeat_purchase": (_("Repeat purchase"), _("Source: 重復購買")),
    "advocate": (_("Advocate"), _("Source: 品牌提升")),
}
LEVELS: Final = {
    "none": (_("Not yet formed"), 1, _("Source: 无忠诚")),
    "habitual": (_("Habitual"), 2, _("Source: 习惯忠诚")),
    "preference": (_("Preferring"), 3, _("Source: 偏好忠诚")),
    "devoted": (_("Devoted"), 4, _("Source: 忠贞不二")),
}
BANDS: Final = {
    "high": _("high (70% or more)"),
    "middle": _("middle (between 30% and 70%)"),
    "low": _("low (30% or less)"),
}
SQUARE: Final = {
    "true": _("True loyalty"),
    "latent": _("Latent loyalty"),
    "spurious": _("Habit only"),
    "none": _("Not yet formed"),
}
CELLS: Final = {
    "keep_and_reward": _("Keep and reward"),
    "develop": _("Develop"),
    "maintain": _("Maintain at low cost"),
    "standard": _("Serve by standard"),
}
HEALTH: Final = {
    "settling_in": _("Settling in"),
    "active": _("Active"),
    "cooling": _("Cooling"),
    "at_risk": _("At risk"),
    "lapsed": _("Lapsed"),
    "won_back": _("Won back"),
}
LADDERS: Final = {
    "layer": _("Layer"),
    "stage": _("Stage"),
    "level": _("Loyalty"),
    "band": _("Chance of another purchase"),
}


_WORDS: Final[dict[str, dict[str, str]]] = {
    "layer": {code: words[0] for code, words in LAYERS.items()},
    "stage": {code: words[0] for code, words in STAGES.items()},
    "level": {code: words[0] for code, words in LEVELS.items()},
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with a tone and a tooltip."""

    code: str
    word: str
    tone: str = ""
    tip: str = ""


def layer_chip(code: str, windows: Sequence[int] = (), *, silent_days: int | None = None) -> Chip:
    """The chip of a layer, with the days since the last purchase where they are known."""
    word, tone = LAYERS.get(code, (code, ""))
    text = gettext(word)
    if silent_days is not None and code != "no_purchase":
        days = ngettext("{n} day without a purchase", "{n} days without a purchase", silent_days)
        text = f"{text} · {days.format(n=silent_days)}"
    return Chip(code, text, tone, _layer_tip(code, windows))


def _layer_tip(code: str, windows: Sequence[int]) -> str:
    if len(windows) != 4 or code not in _LAYER_TIPS:
        return ""
    ends = {f"w{i}": days for i, days in enumerate(windows, start=1)}
    before = {f"w{i}_before": days - 1 for i, days in enumerate(windows, start=1)}
    return gettext(_LAYER_TIPS[code]).format(**ends, **before)


def stage_chip(code: str) -> Chip:
    """The chip of a stage."""
    word, tip = STAGES.get(code, (code, ""))
    return Chip(code, gettext(word), "info", gettext(tip) if tip else "")


def level_chip(code: str) -> Chip:
    """The chip of a person's loyalty, with its place: ``Preferring (3/4)``."""
    if code not in LEVELS:
        return Chip(code, gettext("not asked"), "", gettext("No answer in 365 days"))
    word, place, tip = LEVELS[code]
    return Chip(
        code,
        gettext("{word} ({place}/4)").format(word=gettext(word), place=place),
        "brand",
        gettext(tip),
    )


def ladder_word(ladder: str, code: str) -> str:
    """A code of any ladder as a word; a code nobody knows stands for itself."""
    if not code:
        return gettext("not asked") if ladder == "level" else gettext("not known")
    if ladder == "band":
        return gettext(BANDS.get(code, code))
    known = _WORDS.get(ladder, {})
    return gettext(known[code]) if code in known else code
