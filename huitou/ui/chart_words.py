"""Every word a chart prints, in the reader's language; the page hands them to charts.js as JSON."""

from django.utils.translation import gettext

from huitou.kit.text import gettext_noop

_WORDS = {
    "month1": gettext_noop("Month 1"),
    "cohort": gettext_noop("First purchase {name}, {size} people"),
    "kept": gettext_noop("Bought again in month {month}:"),
    "open": gettext_noop("Month not complete, left out of means"),
    "people": gettext_noop("{n} people"),
    "predicted": gettext_noop("Forecast chance"),
    "calibrationTip": gettext_noop("{n} people with a forecast of {p}%"),
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


def chart_words() -> dict[str, str]:
    """The words by the names charts.js uses."""
    return {key: gettext(message) for key, message in _WORDS.items()}
