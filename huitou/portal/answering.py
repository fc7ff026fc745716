"""The page that asks: three questions and one free text, without signing in. Opening it records
nothing; sending it does, once."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from huitou.kit.clock import zone
from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.portal.access import public
from huitou.portal.page import Portal
from huitou.ui.words import error_words
from huitou.voice import queries as voice
from huitou.voice import questions
from huitou.voice import services as voices
from huitou.voice.questions import Choice
from huitou.voice.types import Given, Question, Sheet

_KEY_LETTERS: Final = 32


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask what the printed or sent code asks; keep the answer when it is sent."""
    question = voice.question(token, now=timezone.now())
    if request.method == "POST":
        return _keep(request, token, question)
    if question.state != "open":
        return _over(request, question)
    given = Given(satisfaction=questions.preselected(request.GET.get("s", "")))
    return _page(request, question, given, uuid.uuid4().hex)


@public
@require_safe
def thanks(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Thank for the answer that was just sent."""
    question = voice.question(token, now=timezone.now())
    answered = voice.asked_answer(key)
    context = {
        "question": question,
        "answer": key if answered else "",
        "is_low": bool(answered and questions.is_low(answered.satisfaction)),
    }
    return render(request, "portal/answering/thanks.html", context)


def _keep(request: HttpRequest, token: str, question: Question) -> HttpResponse:
    given = Given(
        satisfaction=request.POST.get("satisfaction", ""),
        recommendation=request.POST.get("recommendation", ""),
        intention=request.POST.get("intention", ""),
        comment=request.POST.get("comment", ""),
    )
    key = _key(request.POST.get("key", ""))
    portal = _portal(request)
    try:
        voices.answer(
            sheet=Sheet(token, key, get_language() or "zh-hans", given),
            member_id=portal.member.customer_id if portal.member else None,
            zone=zone(portal.company.zone),
            now=timezone.now(),
        )
    except HuitouError as error:
        return _page(request, question, given, key, error)
    return redirect("portal_answer_thanks", token=token, key=key)


def _key(text: str) -> str:
    """The form's key; a form without a proper one gets its own, and is kept all the same."""
    is_ours = len(text) == _KEY_LETTERS and text.isascii() and text.isalnum()
    return text if is_ours else uuid.uuid4().hex


def _page(
    request: HttpRequest,
    question: Question,
    given: Given,
    key: str,
    error: HuitouError | None = None,
) -> HttpResponse:
    context = {
        "question": question,
        "greeting": _greeting(question),
        "key": key,
        "comment": given.comment,
        "most": questions.COMMENT_LETTERS,
        "satisfaction": _choices(questions.SATISFACTION, given.satisfaction),
        "recommendation": _choices(questions.RECOMMENDATION, given.recommendation),
        "intention": _choices(questions.INTENTION, given.intention),
        "is_named": question.customer_id is not None or _portal(request).member is not None,
        "error": error_words(error) if error else "",
    }
    status = HTTP_STATUS[error.kind] if error else 200
    return render(request, "portal/answering/ask.html", context, status=status)


def _over(request: HttpRequest, question: Question) -> HttpResponse:
    """Nothing can be answered here now: it was answered, or it is over."""
    status = 200 if question.state == "answered" else 410
    return render(request, "portal/answering/over.html", {"question": question}, status=status)


def _greeting(question: Question) -> str:
    is_english = (get_language() or "").startswith("en")
    said = question.greeting_en if is_english else question.greeting_zh
    return said or gettext("How was it with us? It takes less than a minute.")


def _choices(choices: Iterable[Choice], chosen: str) -> list[Mapping[str, Any]]:
    return [
        {
            "code": choice.code,
            "words": gettext(choice.words),
            "number": choice.number,
            "is_chosen": choice.code == chosen,
        }
        for choice in choices
    ]


def _portal(request: HttpRequest) -> Portal:
    found: Portal = request.portal  # type: ignore[attr-defined]
    return found
