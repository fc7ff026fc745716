"""Every word a chart prints, in the reader's language; the page hands them to charts.js as JSON."""

from django.utils.translation import get_language, gettext

from huitou.kit.text import gettext_noop

_WORDS = {
    "month1": gettext_noop("Month 1"),
    "cohort": gettext_noop("First purchase {name}, {size} people"),
    "kept": gettext_noop("Bought again in month {month}:"),
    "open": gettext_noop("Month not complete, left out of means"),
    "lorenzAxis": gettext_noop("Share of customers (most profitable first)"),
    "lorenzTip": gettext_noop("The first {x}% of customers bring {y}% of the profit"),
    "lorenzTop": gettext_noop("First 20% bring {y}%\nthe rule says 80% (hollow)"),
    "lorenzTurn": gettext_noop("Last 30%\nlose {y}%"),
    "people": gettext_noop("{n} people"),
    "peopleShort": gettext_noop("{n}k people"),
    "worth": gettext_noop("{w} profit per person, next 12 months"),
    "worthShort": gettext_noop("{w} per person"),
    "predicted": gettext_noop("Forecast chance"),
    "calibrationTip": gettext_noop("{n} people with a forecast of {p}%"),
    "seen": gettext_noop("{p}% really came"),
    "interval": gettext_noop("95% interval {lo} to {hi}"),
    "off": gettext_noop("off"),
    "current": gettext_noop("Last 12 months, per person"),
    "matrixTip": gettext_noop("Last 12 months {x} · next 12 months {y} per person"),
    "score": gettext_noop("Performance (mean score, 1 to 5)"),
    "importanceTip": gettext_noop("Importance {w} · performance {s}"),
    "today": gettext_noop("today"),
    "money": gettext_noop("thousand"),
    "moneyShort": gettext_noop("k"),
}
_PEOPLE_UNIT = {"zh": 10_000, "en": 1_000}  # what one unit of the words peopleShort stands for


def chart_words() -> dict[str, str | int]:
    """The words by the names charts.js uses, and how many people one unit of ``peopleShort`` stands
    for.
    """
    language = (get_language() or "zh-hans").split("-")[0]
    translated: dict[str, str | int] = {key: gettext(message) for key, message in _WORDS.items()}
    return {**translated, "peopleUnit": _PEOPLE_UNIT.get(language, 1_000)}
