"""Loyalty analysis: the analyst's page. Can the scores be trusted, who stays, what is it worth,
what do they feel."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.console import analysis_forecast, analysis_method, analysis_satisfaction, analysis_value
from huitou.console import report_views as views
from huitou.console.access import allowed
from huitou.console.measured import Measured, latest
from huitou.console.notes import warning_sentences
from huitou.console.shell import company_of
from huitou.kit.text import gettext_noop as _
from huitou.staff import queries as staff

Parts = dict[str, Any]
TABS: Final = {
    "summary": _("Summary"),
    "forecast": _("Forecast check"),
    "retention": _("Retention"),
    "value": _("Value"),
    "satisfaction": _("Satisfaction"),
    "method": _("Method and definitions"),
}


@allowed("see_analysis")
def analysis(request: HttpRequest) -> HttpResponse:
    """One tab of the analyst's page."""
    measured = latest(company_of(request))
    if measured is None:
        return render(
            request, "console/overview_empty.html", {"has_orders": audiences.has_buyers()}
        )
    tab = request.GET.get("tab", "summary")
    tab = tab if tab in TABS else "summary"
    context = {
        "measured": measured,
        "report": measured.report,
        "tab": tab,
        "tabs": [{"code": code, "word": gettext(word)} for code, word in TABS.items()],
        "body": f"console/analysis_{tab}.html",
        **_PARTS[tab](request, measured),
    }
    return render(request, "console/analysis.html", context)


def _summary(request: HttpRequest, measured: Measured) -> Parts:
    layers = views.layer_rows(measured)
    return {
        "index": measured.section("index"),
        "index_parts": views.index_parts(measured),
        "layers": layers,
        "treemap": views.layer_chart(layers, measured),
        "stages": views.stage_cards(measured),
        "warnings": warning_sentences(measured),
    }


def _retention(request: HttpRequest, measured: Measured) -> Parts:
    cohorts = measured.section("cohorts")
    in_period = views.cohort_chart(cohorts.get("in_period", {}), shown=24)
    or_later = views.cohort_chart(cohorts.get("in_period_or_later", {}), shown=24, rising=True)
    return {
        "in_period": in_period,
        "in_period_table": views.cohort_table(in_period),
        "or_later": or_later,
        "or_later_table": views.cohort_table(or_later),
        "returned": cohorts.get("returned_within", {}),
        "months": measured.section("retention").get("months", [])[-18:],
        "segments": _segments(measured),
    }


_SEGMENTS: Final = {
    "all": _("All"),
    "high": _("The fifth worth most"),
    "other": _("The other four fifths"),
    "first": _("Bought once"),
    "repeat": _("Bought again"),
}


def _segments(measured: Measured) -> list[dict[str, Any]]:
    """Churn of the last complete horizon by segment, the rise marked; stores by their names."""
    rows = measured.section("retention").get("churn") or []
    stores: dict[Any, str] = (
        {store.id: store.name or store.code for store in staff.stores()} if rows else {}
    )
    named = []
    for row in rows:
        name = row.get("name") or "all"
        is_store = row.get("segment") == "store"
        code = str(name)
        word = stores.get(name, code) if is_store else gettext(_SEGMENTS.get(code, code))
        named.append({**row, "word": word})
    return named


_PARTS: Final[dict[str, Callable[[HttpRequest, Measured], Parts]]] = {
    "summary": _summary,
    "forecast": lambda request, measured: analysis_forecast.parts(measured),
    "retention": _retention,
    "value": lambda request, measured: analysis_value.parts(request.GET, measured),
    "satisfaction": lambda request, measured: analysis_satisfaction.parts(measured),
    "method": lambda request, measured: analysis_method.parts(measured),
}
