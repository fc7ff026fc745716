"""The overview: what is known today, and what to do next where nothing is known yet."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huitou.audiences import queries as audiences
from huitou.console import report_views
from huitou.console.access import allowed
from huitou.console.churn import churn_rows
from huitou.console.loop_figures import loop_figures
from huitou.console.measured import Measured, latest
from huitou.console.notes import warning_sentences
from huitou.console.shell import company_of

CHURN_SHOWN: Final = 6


@allowed("see_overview")
def overview(request: HttpRequest) -> HttpResponse:
    """The numbers a manager checks daily, each with how sure it is; before a measurement, the next
    step."""
    measured = latest(company_of(request))
    if measured is None:
        return render(
            request, "console/overview_empty.html", {"has_orders": audiences.has_buyers()}
        )
    return render(
        request, "console/overview.html", {"measured": measured, **_cards(request, measured)}
    )


def _cards(request: HttpRequest, measured: Measured) -> dict[str, Any]:
    retention = report_views.cohort_chart(measured.section("cohorts").get("in_period", {}))
    pareto = measured.section("pareto")
    return {
        "report": measured.report,
        "index": measured.section("index"),
        "index_parts": report_views.index_parts(measured),
        "layers": report_views.layer_rows(measured),
        "stages": report_views.stage_cards(measured),
        "churn": churn_rows(request, measured, shown=CHURN_SHOWN),
        "pareto": pareto,
        "pareto_facts": report_views.pareto_facts(pareto),
        "pareto_sentence": report_views.pareto_sentence(pareto),
        "lorenz": report_views.lorenz_chart(pareto),
        "lorenz_label": report_views.lorenz_label(pareto),
        "retention": retention,
        "retention_table": report_views.cohort_table(retention),
        "moves": report_views.moves(measured),
        "since_words": report_views.since_words(measured),
        "warnings": warning_sentences(measured),
        "at_risk": report_views.risk_totals(measured),
        "loop": loop_figures(request, measured),
    }
