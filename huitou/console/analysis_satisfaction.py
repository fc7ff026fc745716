"""What customers say: the index and its parts, the pyramid, the square, expectation and perceived
value."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from huitou.console import report_views as views
from huitou.console.ladders import LEVELS, SQUARE
from huitou.console.measured import Measured
from huitou.kit.text import gettext_noop as _

Json = Mapping[str, Any]
_BAND_WORDS: Final = {
    "high": _("high (70 or more)"),
    "middle": _("middle (between 30 and 70)"),
    "low": _("low (30 or less)"),
}
_GAPS: Final = {
    "delighted": _("Better than expected"),
    "met": _("As expected"),
    "disappointed": _("Worse than expected"),
}
ITEMS: Final = {
    "benefit_product": _("Product"),
    "benefit_service": _("Service"),
    "benefit_staff": _("Staff"),
    "benefit_image": _("Image"),
    "cost_money": _("Money"),
    "cost_time": _("Time"),
    "cost_effort": _("Effort"),
    "cost_psychological": _("Worry"),
}
_SIGNS: Final = {
    "recognises": _("Thinks highly of us"),
    "repeats": _("Buys again"),
    "spends_more": _("Spends more from period to period"),
    "promotes": _("Promotes us among friends"),
}
_EVIDENCE: Final = {"answer": _("from answers"), "orders": _("from orders")}
_SQUARE_TIPS: Final = {
    "true": _("strong attitude, strong behaviour"),
    "latent": _("strong attitude, weak behaviour: find the obstacle (price, place, stock)"),
    "spurious": _("weak attitude, strong behaviour: at risk from any alternative"),
    "none": _("weak attitude, weak behaviour"),
}


def parts(measured: Measured) -> dict[str, Any]:
    """Everything the tab lays out; a part nobody answered stays empty and says so."""
    index = measured.section("index")
    levels = measured.section("levels")
    value = measured.section("perceived_value")
    expectation = measured.section("expectation")
    return {
        "index": index,
        "index_parts": views.index_parts(measured),
        "index_bands": _named(index.get("bands"), _BAND_WORDS),
        "levels": levels,
        "pyramid": _pyramid(levels),
        "square": _square(levels.get("square")),
        "secure": measured.section("secure"),
        "expectation": expectation,
        "gaps": _named(expectation.get("shares"), _GAPS),
        "perceived_value": value,
        "value_items": [
            {"word": gettext(ITEMS.get(row["item"], row["item"])), **row}
            for row in (value.get("what_if") or [])[:3]
        ],
        "satisfied": measured.section("satisfied_not_returning"),
        "signs": _signs(measured.section("manifestations")),
    }


def _signs(manifestations: Json) -> list[dict[str, Any]]:
    flags = manifestations.get("flags") or {}
    return [
        {"word": gettext(word), "source": _evidence(flags[code]), **flags[code]}
        for code, word in _SIGNS.items()
        if code in flags
    ]


def _evidence(flag: Json) -> str:
    word = _EVIDENCE.get(str(flag.get("evidence") or ""))
    return gettext(word) if word else ""


def _named(facts: Json | None, words: Mapping[str, str]) -> list[dict[str, Any]]:
    if not facts:
        return []
    return [{"word": gettext(word), **_facts(facts.get(code))} for code, word in words.items()]


def _facts(found: object) -> dict[str, Any]:
    return dict(found) if isinstance(found, Mapping) else {"k": found, "share": None}


def _pyramid(levels: Json) -> list[dict[str, Any]]:
    counts, shares = levels.get("counts") or {}, levels.get("shares") or {}
    if not any(counts.values()):
        return []
    largest = max(count or 0 for count in counts.values()) or 1
    return [
        {
            "code": code,
            "word": gettext(word),
            "place": place,
            "tip": gettext(tip),
            "customers": counts.get(code),
            "bar": 100 * (counts.get(code) or 0) / largest,
            **{key: (shares.get(code) or {}).get(key) for key in ("share", "lo", "hi")},
        }
        for code, (word, place, tip) in reversed(LEVELS.items())
    ]


def _square(counts: Json | None) -> list[dict[str, Any]]:
    if not counts or not any(counts.values()):
        return []
    return [
        {"word": gettext(word), "tip": gettext(_SQUARE_TIPS[code]), "customers": counts.get(code)}
        for code, word in SQUARE.items()
    ]
