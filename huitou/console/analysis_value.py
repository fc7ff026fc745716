"""What customers are worth: the grid, 20/80/30, value at risk, and what more retention would
bring."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext

from huitou.console import report_views as views
from huitou.console.calculator import calculated
from huitou.console.ladders import CELLS
from huitou.console.measured import Measured
from huitou.kit.text import gettext_noop as _
from huitou.ui import figures

Json = Mapping[str, Any]
_CLAIMS: Final = {
    "spends_more": _("Existing customers spend {share} more per purchase"),
    "tries_new_products": _("Existing customers are {share} likelier to try a new product"),
}
_CELL_TIPS: Final = {
    "keep_and_reward": _("high now, room to grow"),
    "develop": _("low now, room to grow"),
    "maintain": _("high now, little room"),
    "standard": _("low now, little room"),
}


def parts(asked: QueryDict, measured: Measured) -> dict[str, Any]:
    """Everything the tab lays out, and the calculator with what the reader typed."""
    pareto = measured.section("pareto")
    return {
        "value": _major_to_minor(measured, measured.section("value")),
        "at_risk": views.risk_totals(measured),
        "grid": measured.section("grid"),
        "cells": _cells(measured),
        "pareto": pareto,
        "pareto_sentence": views.pareto_sentence(pareto),
        "lorenz": views.lorenz_chart(pareto),
        "lorenz_label": views.lorenz_label(pareto),
        "retention_gains": _gains(measured),
        "calculator": calculated(asked),
        "new_existing": measured.section("new_existing"),
        "benchmarks": [
            {**claim, "words": _claim(claim)}
            for claim in measured.section("new_existing").get("benchmarks") or []
        ],
    }


def _claim(claim: Json) -> str:
    template = _CLAIMS.get(claim["code"])
    return (
        gettext(template).format(share=figures.percent(claim["figure"]))
        if template
        else claim["code"]
    )


def _cells(measured: Measured) -> list[dict[str, Any]]:
    cells = measured.section("grid").get("cells") or {}
    return [
        {"word": gettext(word), "tip": gettext(_CELL_TIPS[code]), **cells.get(code, {})}
        for code, word in CELLS.items()
        if cells
    ]


def _gains(measured: Measured) -> list[dict[str, Any]]:
    rows = measured.section("economics").get("more_retention") or []
    return [
        {
            "points": row["points"],
            **{end: measured.minor(row.get(end)) for end in ("gain", "lo", "hi")},
        }
        for row in rows
    ]


def _major_to_minor(measured: Measured, value: Json) -> dict[str, Any]:
    """Expected sums as minor units for the filters; what is no sum stays as it is."""
    names = (
        "margin_365_total",
        "probably_lost_total",
        "lifetime_total",
        "lifetime_lo",
        "lifetime_hi",
        "undiscounted_total",
    )
    return {**value, **{name: measured.minor(value.get(name)) for name in names}}
