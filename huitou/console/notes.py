"""Warnings of a measurement as sentences."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from huitou.console.measured import Measured
from huitou.kit.text import gettext_noop as _

WORDS: Final = {
    "money_too_unequal_for_a_mean": _(
        "Spending differs too much between customers for a mean: the median is shown."
    ),
    "money_and_frequency_related": _(
        "Those who buy often also spend differently (correlation {correlation:.2f}): "
        "expected spending is less sure."
    ),
    "net_negative_left_out_of_fit": _(
        "{customers} customers with a sum of zero or less were left out of the fit."
    ),
    "not_converged": _("The fit did not settle: treat the forecasts with care."),
    "many_one_time_buyers": _(
        "{share:.0%} of the customers bought only once: forecasts rest on those who came back."
    ),
    "short_history": _(
        "The history covers {history_days} days, "
        "less than two usual gaps of {median_gap_days:.0f} days."
    ),
    "no_drop_out_visible": _(
        "No drop-out is visible in this period: customers seem to stay whatever happens."
    ),
    "flat_ridge": _(
        "The data do not pin down how customers drop out: "
        "the forecast holds, its parameters do not."
    ),
}


def warning_sentences(measured: Measured) -> list[str]:
    """Every warning of the run that has words, in the order of the report."""
    return [
        said for warning in measured.report.get("warnings") or [] if (said := sentence(warning))
    ]


def sentence(warning: Mapping[str, Any]) -> str:
    """One warning in words; a code without words says nothing rather than something wrong."""
    template = WORDS.get(str(warning.get("code", "")))
    if template is None:
        return ""
    try:
        return gettext(template).format(**(warning.get("facts") or {}))
    except (KeyError, IndexError, ValueError):
        return ""
