"""Surveys: all of them, a new one, one with what came of it, closing and reopening."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.audiences import queries as audiences
from huitou.console import ladders, places, survey_words
from huitou.console.access import actor_of, allowed, may
from huitou.console.names import actor_names
from huitou.console.shell import company_of
from huitou.console.visibility import sold_since, visible_stores
from huitou.insights import queries as insights
from huitou.kit.errors import HuitouError
from huitou.platform.messages import queries as outbox
from huitou.staff import queries as staff
from huitou.ui.forms import Form
from huitou.voice import queries as voice
from huitou.voice import questions
from huitou.voice import services as voices
from huitou.voice.types import AskedAnswerRow, SurveyIn, TallyRow, TouchpointRow, WaveRow

ANSWERS_SHOWN: Final = 20
DAYS_ASKED: Final = 90  # of coming back, before any measurement knows the shop's own horizon


class SurveyForm(Form):
    """What staff say about a survey; the questions are fixed."""

    name = forms.CharField(
        label=_("Name of the survey"),
        max_length=80,
        help_text=_("For colleagues; it also names the wave."),
    )
    greeting_zh = forms.CharField(
        label=_("Greeting in Chinese"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    greeting_en = forms.CharField(
        label=_("Greeting in English"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@allowed("see_surveys")
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """Every survey, those that take answers first."""
    lines = [
        {"row": row, "who": row.created_by, "is_open": row.closed_at is None}
        for row in voice.surveys()
    ]
    return render(
        request,
        "console/surveys/list.html",
        {"lines": lines, "may_manage": may(request, "manage_surveys")},
    )


@allowed("manage_surveys")
@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """A new survey: a name and a greeting; the questions are shown as they will be asked."""
    form = SurveyForm(request.POST or None)
    horizon = _horizon(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = voices.open_survey(
                survey=SurveyIn(**form.cleaned_data, horizon_days=horizon),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            form.refuse(error, "name")
        else:
            messages.success(request, gettext("The survey takes answers. Now add where it asks."))
            return redirect("survey", public_id=made)
    context = {"form": form, "horizon": horizon, "questions": _wording()}
    status = 422 if form.is_bound else 200
    return render(request, "console/surveys/new.html", context, status=status)


@allowed("see_surveys")
@require_safe
def survey(request: HttpRequest, public_id: str) -> HttpResponse:
    """One survey: the figures, where it asks, whom it invited, what was said."""
    row = voice.survey(public_id)
    tally = voice.tally(row.survey_id)
    stores = {store.id: store.name or store.code for store in staff.stores()}
    answers = voice.latest_answers(
        row.survey_id, limit=ANSWERS_SHOWN + 1, after=places.read(request.GET.get("older", ""))
    )
    waves, reasons = voice.waves(row.survey_id), voice.reasons(row.survey_id)
    context = {
        "row": row,
        "is_open": row.closed_at is None,
        "who": actor_names({row.created_by})[row.created_by],
        "share": survey_words.satisfied_share(tally),
        "tallies": survey_words.tallies(tally),
        "places": _places(voice.touchpoints(row.survey_id), tally, stores),
        "waves": [_wave(wave, reasons) for wave in waves],
        "delivery": survey_words.delivery(outbox.by_state(f"survey:{waves[0].public_id}"))
        if waves
        else [],
        "response": _response(waves),
        "answers": _answers(request, answers[:ANSWERS_SHOWN], stores),
        "older": _older(answers),
        "is_first": "older" not in request.GET,
        "may_manage": may(request, "manage_surveys"),
    }
    return render(request, "console/surveys/one.html", context)


@allowed("manage_surveys")
@require_POST
def survey_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """No more answers; what was said stays."""
    voices.close_survey(survey=public_id, now=timezone.now())
    messages.success(request, gettext("The survey is closed; its answers stay."))
    return redirect("survey", public_id=public_id)


@allowed("manage_surveys")
@require_POST
def survey_reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take answers again."""
    voices.reopen_survey(survey=public_id)
    messages.success(request, gettext("The survey takes answers again."))
    return redirect("survey", public_id=public_id)


def _horizon(request: HttpRequest) -> int | None:
    """The days the question of coming back asks about: those of the repeat probability."""
    company = company_of(request)
    if company is not None and company.is_one_off:
        return None
    run = insights.latest_run()
    return (run.horizon_days if run else 0) or DAYS_ASKED


def _wording() -> list[dict[str, Any]]:
    """The answers as they will be offered."""
    return [
        {"code": code, "choices": [(choice.number, gettext(choice.words)) for choice in choices]}
        for code, choices in (
            ("satisfaction", questions.SATISFACTION),
            ("recommendation", questions.RECOMMENDATION),
            ("intention", questions.INTENTION),
        )
    ]


def _places(
    rows: list[TouchpointRow], tally: list[TallyRow], stores: dict[int, str]
) -> list[dict[str, Any]]:
    satisfied = survey_words.satisfied_by_place(tally)
    return [
        {
            "row": row,
            "kind": gettext(survey_words.KINDS[row.kind][0]),
            "icon": survey_words.KINDS[row.kind][1],
            "store": stores.get(row.store_id or 0, ""),
            "path": reverse("portal_answer", args=[row.token]),
            "share": satisfied.get(row.touchpoint_id),
        }
        for row in rows
    ]


def _wave(row: WaveRow, reasons: dict[int, dict[str, int]]) -> dict[str, Any]:
    return {
        "row": row,
        "channel": gettext(survey_words.CHANNELS[row.channel]),
        "audience": row.audience or gettext("Everyone known"),
        "rate": row.answered / row.asked if row.asked else None,
        "reasons": survey_words.reason_lines(reasons.get(row.wave_id, {})),
    }


def _response(waves: list[WaveRow]) -> dict[str, Any]:
    asked, answered = sum(one.asked for one in waves), sum(one.answered for one in waves)
    return {"asked": asked, "answered": answered, "rate": answered / asked if asked else None}


def _answers(
    request: HttpRequest, rows: list[AskedAnswerRow], stores: dict[int, str]
) -> list[dict[str, Any]]:
    names = _names(request, {row.customer_id for row in rows if row.customer_id is not None})
    return [
        {
            "at": row.answered_at,
            "customer_id": row.customer_id if row.customer_id in names else None,
            "name": names.get(row.customer_id or 0, ""),
            "is_known": row.customer_id is not None,
            "chip": survey_words.satisfaction_chip(row.satisfaction),
            "recommendation": survey_words.recommendation_words(row.recommendation),
            "intention": survey_words.intention_words(row.intention),
            "comment": row.comment,
            "place": gettext("By invitation") if row.is_invited else row.touchpoint,
            "store": stores.get(row.store_id or 0, ""),
            "layer": ladders.layer_chip(row.layer) if row.layer else None,
        }
        for row in rows
    ]


def _names(request: HttpRequest, customer_ids: set[int]) -> dict[int, str]:
    """Names of those of the customers this reader may see."""
    if not customer_ids or not may(request, "see_customers"):
        return {}
    seen = audiences.Filters(
        ids=tuple(customer_ids),
        visible=visible_stores(request),
        sold_since=sold_since(_today()),
    )
    page = audiences.people(seen, slot=None, sort="name", descending=False, limit=len(customer_ids))
    return {row.customer_id: row.name or row.code for row in page.rows}


def _today() -> date:
    return timezone.localdate()


def _older(answers: list[AskedAnswerRow]) -> str:
    if len(answers) <= ANSWERS_SHOWN:
        return ""
    last = answers[ANSWERS_SHOWN - 1]
    return places.written((last.answered_at, last.answer_id))
