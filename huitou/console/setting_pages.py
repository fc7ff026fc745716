"""The settings: all of them with what is in force, and a form for each."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.campaigns import queries as campaigns
from huitou.console import setting_scopes, setting_words
from huitou.console.access import actor_of, allowed
from huitou.console.audit_words import setting_changes
from huitou.console.names import actor_names
from huitou.console.setting_forms import SettingForm
from huitou.console.setting_values import (
    Tongue,
    end_words,
    scope_words,
    value_in_scope,
    value_words,
)
from huitou.console.shell import company_of
from huitou.kit.errors import HuitouError
from huitou.staff import queries, services
from huitou.staff.errors import SettingInvalid
from huitou.staff.presets import known
from huitou.staff.presets.industries import INDUSTRY_WORDS
from huitou.staff.types import CompanyRow, SettingChange, StandingRow
from huitou.ui.words import error_words


@allowed("manage_settings")
@require_safe
def settings_list(request: HttpRequest) -> HttpResponse:
    """Every setting, grouped by what it serves; what the surroundings decide, without saying it."""
    company, tongue = _company(request), _tongue(request)
    standing = queries.settings_standing(timezone.localdate())
    names = _setters(standing)
    by_name: dict[str, list[StandingRow]] = {}
    for line in standing:
        by_name.setdefault(line.name, []).append(line)
    groups = [
        {
            "code": group.code,
            "title": gettext(group.title),
            "counts": gettext(group.counts),
            "settings": [
                _summary(name, _lines(name, by_name.get(name, []), tongue, names))
                for name in group.names
            ],
        }
        for group in setting_words.groups()
    ]
    context = {
        "groups": groups,
        "trade": gettext(INDUSTRY_WORDS.get(company.industry, company.industry)),
        "surroundings": _surroundings(),
    }
    return render(request, "console/settings/list.html", context)


@allowed("manage_settings")
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest, name: str) -> HttpResponse:
    """One setting: what is in force and what is to come in each scope, a form, and its history."""
    if name not in known.SETTINGS:
        raise Http404
    scope = setting_scopes.asked_scope(name, request.GET.dict())
    if scope is None:
        raise Http404
    today, tongue = timezone.localdate(), _tongue(request)
    lines = queries.setting_standing(name, on=today)
    line = next((one for one in lines if one.scope == scope), None)
    value = line.in_force.value if line else _company_value(name, lines)
    form = SettingForm(
        request.POST or None, name=name, value=value, currency=tongue.currency, today=today
    )
    seen = request.POST.get("seen") or (
        line.seen if line else queries.setting_mark(name, scope=scope)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        change = SettingChange(
            name, given["value"], given["valid_from"], scope, seen, is_end=form.is_end
        )
        if _change(request, form, change, tongue):
            return _back(name, scope)
    context = {
        "name": name,
        "said": setting_words.said(name),
        "may_end": line is not None and _is_own(line),
        "is_category": scope.startswith("category:"),
        "form": form,
        "scope": scope,
        "scope_words": scope_words(scope),
        "has_scopes": len(known.SETTINGS[name].scopes) > 1,
        "seen": seen,
        "default": value_words(name, _default(name, company=_company(request)), tongue),
        "lines": _lines(name, lines, tongue, _setters(lines)),
        "kind": setting_scopes.kind_of(name),
        "kind_words": setting_scopes.kind_words(setting_scopes.kind_of(name)),
        "is_free": setting_scopes.is_free(name),
        "choices": setting_scopes.choices(name, lines),
        "changes": setting_changes(queries.setting_changes(name), tongue),
        "drawn": campaigns.global_draw(today.year) if name == "global_holdout_percent" else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "console/settings/one.html", context, status=status)


@allowed("manage_settings")
@require_POST
def setting_withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Take a value back that has not begun."""
    scope, day = request.POST.get("scope", ""), _day(request.POST.get("valid_from", ""))
    if name not in known.SETTINGS or day is None:
        raise Http404
    try:
        services.withdraw_setting(
            name=name,
            scope=scope,
            valid_from=day,
            today=timezone.localdate(),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        messages.error(request, _named(error, name))
    else:
        messages.success(request, gettext("Taken back; the value in force stays."))
    return _back(name, scope)


def _change(request: HttpRequest, form: SettingForm, change: SettingChange, tongue: Tongue) -> bool:
    try:
        services.change_setting(change=change, actor=actor_of(request), now=timezone.now())
    except SettingInvalid as error:
        form.refuse_value(error, tongue)
        return False
    except HuitouError as error:
        form.refuse(error)
        return False
    words = (
        gettext("Saved; in force from today.")
        if change.valid_from <= form.today
        else gettext("Saved; in force from its day on.")
    )
    messages.success(request, words)
    return True


def _summary(name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A setting as a row of the list, with its value in each scope."""
    words = setting_words.said(name)
    return {
        "name": name,
        "title": gettext(words.title),
        "about": gettext(words.about) if words.about else "",
        "lines": lines,
    }


def _setters(lines: Sequence[StandingRow]) -> dict[str, str]:
    """The names of those who gave these values."""
    setters = {one.set_by for line in lines for one in (line.in_force, *line.planned) if one.set_by}
    return actor_names(setters) if setters else {}


def _lines(
    name: str, lines: Sequence[StandingRow], tongue: Tongue, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "scope": line.scope,
            "words": scope_words(line.scope),
            "value": value_in_scope(name, line.scope, line.in_force.value, tongue),
            "since": line.in_force.valid_from,
            "who": names.get(line.in_force.set_by or "", ""),
            "is_default": line.in_force.valid_from is None,
            "is_own": _is_own(line),
            "planned": [
                {
                    "value": end_words(line.scope)
                    if row.is_end
                    else value_in_scope(name, line.scope, row.value, tongue),
                    "from": row.valid_from,
                    "who": names.get(row.set_by or "", ""),
                }
                for row in line.planned
            ],
        }
        for line in lines
    ]


def _is_own(line: StandingRow) -> bool:
    """Whether somebody gave this very scope the value in force."""
    return line.in_force.scope == line.scope and line.in_force.valid_from is not None


def _company_value(name: str, lines: Sequence[StandingRow]) -> Any:
    """What a scope without a value of its own takes: the company's."""
    return next((one.in_force.value for one in lines if one.scope == ""), None)


def _default(name: str, *, company: CompanyRow) -> Any:
    return queries.setting_default(name, industry=company.industry)


def _surroundings() -> list[dict[str, Any]]:
    given: dict[str, bool] = settings.SURROUNDINGS
    return [
        {
            "name": name,
            "words": gettext(setting_words.SURROUNDINGS.get(name, name)),
            "is_set": is_set,
        }
        for name, is_set in given.items()
    ]


def _named(error: HuitouError, name: str) -> str:
    """An error that names a setting by its key, with its title instead."""
    if "name" not in error.facts:
        return error_words(error)
    title = gettext(setting_words.said(name).title)
    return gettext(error.message).format(**{**error.facts, "name": title})


def _back(name: str, scope: str) -> HttpResponseRedirect:
    """The page of the setting again, where it stood."""
    address = reverse("setting", args=[name])
    return redirect(f"{address}?{urlencode({'scope': scope})}" if scope else address)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tongue(request: HttpRequest) -> Tongue:
    return Tongue.of(_company(request).currency)


def _company(request: HttpRequest) -> CompanyRow:
    company = company_of(request)
    assert company is not None, "the door sends to the first visit before"
    return company
