"""Campaigns: the list, and one campaign before it is drawn (its plan) or after (its result)."""

import re
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from huitou.campaigns import queries
from huitou.campaigns import services as campaign
from huitou.campaigns.types import CampaignRow, Counts
from huitou.console import campaign_plan, campaign_result
from huitou.console import campaign_words as words
from huitou.console.access import actor_of, allowed, may
from huitou.console.people_filters import read_id
from huitou.console.shell import company_of
from huitou.console.visibility import may_see
from huitou.flows import campaign_terms
from huitou.flows import campaigns as flow
from huitou.insights import queries as insights
from huitou.insights.types import ProofRow
from huitou.kit.clock import civil_day, zone
from huitou.kit.errors import HuitouError
from huitou.ui.words import error_words

PAGE: Final = 30


@allowed("see_campaigns")
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign with its own verdict, newest first. There is no total: people overlap."""
    before = read_id(request.GET.get("before", ""))
    rows = queries.campaigns(limit=PAGE + 1, before=before)
    shown = rows[:PAGE]
    ids = [row.id for row in shown]
    counts, proofs = queries.counts(ids), insights.proofs_of(ids)
    year = civil_day(timezone.now(), zone(_zone(request))).year
    return render(
        request,
        "console/campaigns/list.html",
        {
            "lines": [_line(row, counts.get(row.id), proofs.get(row.id)) for row in shown],
            "older": shown[-1].id if len(rows) > PAGE else None,
            "is_first": before is None,
            "year": campaign_result.year_view(insights.proof_of_year(year), year),
        },
    )


@allowed("see_campaigns")
@require_GET
def campaign_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One campaign: the plan before it is drawn, the result afterwards."""
    row = queries.one(public_id)
    page = campaign_result.context if row.is_drawn else campaign_plan.context
    template = "console/campaigns/result.html" if row.is_drawn else "console/campaigns/plan.html"
    shared = {
        "row": row, "state": words.state(row), "goal": words.goal(row),
        "channel": words.channel(row.channel),
        "may_edit": may(request, "edit_campaigns"), "may_send": may(request, "send_campaigns"),
    }  # fmt: skip
    return render(request, template, {**shared, **page(request, row)})


@allowed("edit_campaigns")
@require_POST
def campaign_share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold out another share of a draft's audience."""
    percent = request.POST.get("percent", "")
    return _done(
        request,
        public_id,
        gettext("Saved."),
        lambda now: campaign_terms.hold_out(
            public_id=public_id,
            percent=int(percent) if re.fullmatch("[0-9]{1,3}", percent) else -1,
            actor=actor_of(request),
            now=now,
        ),
    )


@allowed("send_campaigns")
@require_POST
def campaign_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the campaign now, or at the time that was chosen."""
    chosen = request.POST.get("at", "")
    at = _instant(chosen) if request.POST.get("when") == "later" else None
    if request.POST.get("when") == "later" and at is None:
        messages.error(request, gettext("Choose a day and a time."))
        return redirect("campaign", public_id=public_id)
    said = (
        gettext("The campaign waits for its time.") if at
        else gettext("The campaign is on its way: it is drawn first, then sent.")
    )  # fmt: skip
    return _done(
        request, public_id, said,
        lambda now: flow.confirm(public_id, at=at, actor=actor_of(request), now=now),
    )  # fmt: skip


@allowed("send_campaigns")
@require_POST
def campaign_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a confirmed campaign back before its hour."""
    return _done(
        request, public_id, gettext("The campaign is a draft again."),
        lambda now: campaign.back_to_draft(public_id=public_id, actor=actor_of(request), now=now),
    )  # fmt: skip


@allowed("edit_campaigns")
@require_POST
def campaign_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a campaign off before anything was drawn."""
    return _done(
        request, public_id, gettext("The campaign is called off."),
        lambda now: campaign.cancel(public_id=public_id, actor=actor_of(request), now=now),
    )  # fmt: skip


@allowed("send_campaigns")
@require_POST
def campaign_halt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send nothing more of a campaign that is on its way."""
    try:
        stopped = flow.halt(public_id, actor=actor_of(request), now=timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    else:
        said = ngettext(
            "Sending is stopped, {n} message is taken back. The campaign is judged all the same.",
            "Sending is stopped, {n} messages are taken back. The campaign is judged all the same.",
            stopped,
        )
        messages.success(request, said.format(n=stopped))
    return redirect("campaign", public_id=public_id)


@allowed("edit_campaigns")
@require_POST
def campaign_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin another campaign with the same terms."""
    made = campaign.copy(public_id=public_id, actor=actor_of(request), now=timezone.now())
    return redirect("campaign_edit", public_id=made)


@allowed("send_campaigns")
@require_POST
def campaign_test(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the reader by e-mail what one person would read."""
    person = read_id(request.POST.get("person", "")) or 0
    if not may_see(request, person, timezone.localdate()):
        raise Http404
    address = str(getattr(request.user, "email", ""))
    return _done(
        request, public_id, gettext("A test is on its way to {address}.").format(address=address),
        lambda now: flow.send_test(public_id, address=address, customer_id=person, now=now),
    )  # fmt: skip


def _done(request: HttpRequest, public_id: str, said: str, work: Any) -> HttpResponse:
    """Do the work and come back to the campaign, with what was refused or that it is done."""
    try:
        work(timezone.now())
    except HuitouError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, said)
    return redirect("campaign", public_id=public_id)


def _instant(text: str) -> datetime | None:
    """A day and time of a form, in the company's zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _zone(request: HttpRequest) -> str:
    company = company_of(request)
    return company.zone if company else "UTC"


def _line(row: CampaignRow, counts: Counts | None, proof: ProofRow | None) -> dict[str, Any]:
    effect = (proof.facts.get("primary") or {}) if proof else {}
    return {
        "row": row,
        "state": words.state(row),
        "goal": words.goal(row),
        "channel": words.channel(row.channel),
        "counts": counts,
        "verdict": words.verdict(proof),
        "waits": row.state in {"sending", "running"} and proof is None,
        "no_control": row.is_drawn and row.holdout_percent == 0,
        "effect": effect,
        "is_share": effect.get("outcome") == "came_back",
        "money": proof.money if proof else "",
    }
