"""The loyalty programme: its rules in words, what it gives, its tiers, and other rules from a day
on."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huitou.console.access import actor_of, allowed, may
from huitou.console.names import actor_names
from huitou.console.programme_form import FIELD_OF, RulesForm, initial_of
from huitou.console.programme_words import rules_in_words, tier_names
from huitou.console.shell import company_of
from huitou.kit.errors import HuitouError
from huitou.kit.money import Currency
from huitou.points import queries as points
from huitou.programmes import presets, queries, services
from huitou.programmes.errors import RulesInThePast
from huitou.programmes.types import Preview, Rules, RulesRow
from huitou.staff.types import CompanyRow

DAYS: Final = 30  # of the figures


class StartForm(RulesForm):
    """The first rules, and what the programme is called."""

    name = forms.CharField(label=_("Name of the programme"), max_length=80)


@allowed("see_programme")
@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """The programme as it is today."""
    company, found = _company(request), queries.programme()
    if found is None:
        empty = {"may_manage": may(request, "manage_programme")}
        return render(request, "console/programme/none.html", empty)
    today, now = timezone.localdate(), timezone.now()
    versions = queries.versions()
    current = next((row for row in versions if row.valid_from <= today), None)
    names = actor_names({row.created_by for row in versions})
    totals = points.totals(found.id, now - timedelta(days=DAYS), now)
    context = {
        "programme": found,
        "current": current,
        "lines": rules_in_words(current.rules, currency=company.currency) if current else [],
        "tiers": _tiers(current),
        "versions": [
            {
                "row": row,
                "who": names.get(row.created_by, row.created_by),
                "state": _state(row, current, today),
            }
            for row in versions
        ],
        "totals": totals,
        "days": DAYS,
        "worth_minor": _worth(totals.outstanding, current, company),
        "may_manage": may(request, "manage_programme"),
    }
    return render(request, "console/programme/page.html", context)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def programme_rules(request: HttpRequest) -> HttpResponse:
    """Other rules from a day on: tried on the last year first, then put in force."""
    company, found, today = _company(request), queries.programme(), timezone.localdate()
    if found is None:
        return redirect("programme_start")
    row = queries.rules_on(today) or queries.versions()[0]
    form = RulesForm(request.POST or None, initial=initial_of(row.rules, today))
    preview = None
    if request.method == "POST" and form.is_valid():
        draft, wants = form.rules(row.rules), request.POST.get("do")
        if wants == "save" and _change(request, form, draft):
            return redirect("programme")
        if wants != "save":
            preview = queries.preview(draft, today=today, zone=company.zone, now=timezone.now())
    context = {
        "form": form,
        "programme": found,
        "preview": preview,
        "moves": _moves(preview, row.rules, form),
        "current": row,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "console/programme/rules.html", context, status=status)


@allowed("manage_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def programme_start(request: HttpRequest) -> HttpResponse:
    """The first rules: a draft of the trade to be edited."""
    if queries.programme() is not None:
        return redirect("programme")
    company, today = _company(request), timezone.localdate()
    draft = presets.draft(company.industry)
    initial = initial_of(draft, today) | {"name": company.name}
    form = StartForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _start(request, form, draft):
        return redirect("programme")
    context = {"form": form, "programme": None}
    status = 422 if form.is_bound else 200
    return render(request, "console/programme/rules.html", context, status=status)


def _start(request: HttpRequest, form: StartForm, draft: Rules) -> bool:
    given = form.cleaned_data
    try:
        services.start(
            name=given["name"],
            rules=form.rules(draft),
            valid_from=given["valid_from"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        refuse(form, error)
        return False
    messages.success(request, gettext("The programme has started. Members can join at the till."))
    return True


def _change(request: HttpRequest, form: RulesForm, draft: Rules) -> bool:
    given = form.cleaned_data
    try:
        services.change_rules(
            rules=draft,
            valid_from=given["valid_from"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        refuse(form, error)
        return False
    messages.success(request, gettext("The new rules are on record."))
    return True


def refuse(form: RulesForm, error: HuitouError) -> None:
    """Show what a service refused beside its field, with the reason alone."""
    reason, field = error.facts.get("reason"), FIELD_OF.get(str(error.facts.get("field")))
    if isinstance(reason, str):
        form.add_error(field, gettext(reason))
    else:
        form.refuse(error, "valid_from" if isinstance(error, RulesInThePast) else None)


def _tiers(current: RulesRow | None) -> list[dict[str, Any]]:
    if current is None:
        return []
    counts = {row.code: row.members for row in queries.tier_counts()}
    names = tier_names(current.rules)
    return [
        {"tier": tier, "name": names[tier.code], "members": counts.get(tier.code, 0)}
        for tier in current.rules.tiers
    ]


def _state(row: RulesRow, current: RulesRow | None, today: date) -> str:
    if current is not None and row.id == current.id:
        return "current"
    return "coming" if row.valid_from > today else "past"


def _worth(held: int, current: RulesRow | None, company: CompanyRow) -> int | None:
    """What members hold, at what it pays at the till: the most it can still cost. None when
    orders cannot be paid with points."""
    if current is None or not current.rules.paying_ceiling_percent:
        return None
    factor = int(10 ** Currency(company.currency).decimals)
    return max(held, 0) * factor // current.rules.points_for_one_major


def _moves(preview: Preview | None, before: Rules, form: RulesForm) -> list[dict[str, Any]]:
    """Members per tier under the rules in force and under the draft."""
    if preview is None:
        return []
    draft = form.rules(before)
    names = tier_names(before) | tier_names(draft)
    codes = [tier.code for tier in draft.tiers]
    codes += [tier.code for tier in before.tiers if tier.code not in codes]
    return [
        {
            "name": names[code],
            "now": preview.tiers_now.get(code, 0),
            "draft": preview.tiers_draft.get(code, 0),
        }
        for code in codes
    ]


def _company(request: HttpRequest) -> CompanyRow:
    company = company_of(request)
    assert company is not None, "the door sends to the first visit before"
    return company
