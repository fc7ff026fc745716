"""The loop's own figures: heard, answered, kept, proved, given. Counts and shares of counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from huitou.console import cases
from huitou.console.access import may
from huitou.console.measured import Measured
from huitou.console.visibility import visible_stores
from huitou.insights import queries as insights
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.ui import figures
from huitou.voice import queries as voice

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the card: its words, its value, what it is computed from, where it leads."""

    words: str
    value: str  # "" = nothing to say yet
    note: str
    href: str = ""
    tone: str = ""


def loop_figures(request: HttpRequest, measured: Measured) -> list[Figure]:
    """Every figure the reader may follow, in the order of the loop."""
    now = timezone.now()
    found = [_answers(measured, _address(request, "see_surveys", "surveys"))]
    found += _cases(request, now)
    found.append(_campaigns(_address(request, "see_campaigns", "campaigns")))
    found += _points(now, _address(request, "see_programme", "programme"))
    return found


def _address(request: HttpRequest, action: str, name: str) -> str:
    return reverse(name) if may(request, action) else ""


def _answers(measured: Measured, href: str) -> Figure:
    index = measured.section("index")
    coverage, n = index.get("coverage"), index.get("n") or 0
    population = index.get("population") or 0
    return Figure(
        gettext("Buyers of 360 days with a valid answer"),
        "" if coverage is None else figures.percent(coverage, 1),
        gettext("{n} of {population} have answered; the index is weighted back to all").format(
            n=figures.number(n), population=figures.number(population)
        ),
        href,
    )


def _cases(request: HttpRequest, now: datetime) -> list[Figure]:
    stores = visible_stores(request)
    fared = cases.figures(now, stores)
    found = fared["found"]
    href = _address(request, "see_cases", "cases")
    today = timezone.localdate(now)
    kept = voice.promise_figures(
        since=today - timedelta(DAYS),
        until=today,
        zone=timezone.get_current_timezone(),
        stores=stores,
    )
    due, in_time = sum(row.due for row in kept), sum(row.kept for row in kept)
    return [
        Figure(
            gettext("Cases answered within 24 hours"),
            _share(fared["in_time"]),
            _of(found.answered_in_time, found.judged),
            href,
            "bad" if found.overdue else "",
        ),
        Figure(
            gettext("Complaints handled properly (target {target})").format(
                target=figures.percent(fared["target"])
            ),
            _share(fared["handled"]),
            _of(found.handled, found.settled),
            href,
            "" if fared["handled"] is None or fared["reaches"] else "warn",
        ),
        Figure(
            gettext("Promises kept on their day"),
            _share(in_time / due if due else None),
            _of(in_time, due),
            _address(request, "see_cases", "promises"),
        ),
    ]


def _campaigns(href: str) -> Figure:
    verdicts = insights.verdicts()
    judged = sum(verdicts.values())
    proved = verdicts.get("effective", 0)
    harmful = verdicts.get("harmful", 0)
    note = ngettext("{n} campaign judged", "{n} campaigns judged", judged).format(n=judged)
    if harmful:
        note += " · " + gettext("{n} harmful").format(n=harmful)
    return Figure(
        gettext("Campaigns with a proven effect"), str(proved) if judged else "", note, href
    )


def _points(now: datetime, href: str) -> list[Figure]:
    programme = programmes.programme()
    if programme is None:
        return []
    totals = points.totals(programme.id, now - timedelta(DAYS), now)
    return [
        Figure(
            gettext("Points owed to members"),
            figures.number(totals.outstanding),
            gettext("{days} days: {issued} issued, {redeemed} redeemed, {expired} expired").format(
                days=DAYS,
                issued=figures.number(totals.issued),
                redeemed=figures.number(totals.redeemed),
                expired=figures.number(totals.expired),
            ),
            href,
        )
    ]


def _share(share: float | None) -> str:
    return "" if share is None else figures.percent(share, 1)


def _of(part: int, whole: int) -> str:
    if not whole:
        return gettext("none in the last {days} days").format(days=DAYS)
    return gettext("{part} of {whole} in the last {days} days").format(
        part=figures.number(part), whole=figures.number(whole), days=DAYS
    )
