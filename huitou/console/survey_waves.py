"""Inviting customers to a survey: look first at who is asked and who is not, then send."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries as audiences
from huitou.audiences.types import Sight
from huitou.console import survey_words
from huitou.console.access import actor_of, allowed
from huitou.console.visibility import sold_since, visible_stores
from huitou.flows import inviting, sending
from huitou.kit.errors import HuitouError
from huitou.ui.forms import Form
from huitou.ui.words import error_words
from huitou.voice import queries as voice
from huitou.voice.types import LANGUAGES, WaveIn

SAMPLE: Final = 200
MOST_ASKED: Final = 10_000_000
SHOWN: Final = 5  # people named per reason
_LANGUAGES: Final = {"zh-hans": _("Chinese"), "en": _("English")}


class WaveForm(Form):
    """Whom to look at, how to ask, and how many."""

    audience = forms.ChoiceField(label=_("Audience"), required=False)
    channel = forms.ChoiceField(label=_("Channel"))
    sample_size = forms.IntegerField(
        label=_("Sample"),
        required=False,
        min_value=1,
        max_value=MOST_ASKED,
        help_text=_("Drawn at random among those who may be asked; empty = all of them."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved = {row.public_id: row for row in audiences.audiences()}
        self._offer("audience", [
            ("", gettext("Everyone known")),
            *((row.public_id, row.name) for row in self.saved.values()),
        ])  # fmt: skip
        self._offer(
            "channel", [(code, gettext(word)) for code, word in survey_words.CHANNELS.items()]
        )
        self._offer("language", [(code, _LANGUAGES[code]) for code in LANGUAGES])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wave(self, rest_days: int) -> WaveIn:
        """The wave as it was wished for."""
        said = self.cleaned_data
        chosen = self.saved.get(said["audience"])
        return WaveIn(
            key=said["key"],
            channel=said["channel"],
            language=said["language"],
            rest_days=rest_days,
            sample_size=said["sample_size"],
            audience=chosen.name if chosen else "",
            expression=chosen.expression if chosen else None,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """People of a plan with the same verdict, and the first of them by name."""

    code: str
    words: str
    people: int
    some: list[tuple[int, str]]


@allowed("manage_surveys")
@require_http_methods(["GET", "HEAD", "POST"])
def survey_invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look at a plan (GET writes nothing), or send it (POST)."""
    row = voice.survey(public_id)
    now, rest_days = timezone.now(), inviting.rest_days(timezone.now())
    form = WaveForm(request.POST or (request.GET if "channel" in request.GET else None),
                    initial=_initial())  # fmt: skip
    parts: list[Part] = []
    error = ""
    if form.is_bound and form.is_valid():
        wave, sight = form.wave(rest_days), _sight(request)
        if request.method == "POST":
            try:
                inviting.invite(
                    survey=public_id,
                    wave=wave,
                    sight=sight,
                    links=_links(),
                    actor=actor_of(request),
                    now=now,
                )
            except HuitouError as refused:
                error = error_words(refused)
            else:
                messages.success(request, gettext("The invitations are on their way."))
                return redirect("survey", public_id=public_id)
        found = inviting.plan(survey=public_id, wave=wave, sight=sight, now=now)
        parts = _parts(found)
    context = {
        "row": row,
        "form": form,
        "parts": parts,
        "asked": next((part.people for part in parts if not part.code), 0),
        "considered": sum(part.people for part in parts),
        "rest_days": rest_days,
        "error": error,
        "trouble": _trouble(form, now) if parts else "",
    }
    is_refused = bool(error) or (form.is_bound and not form.is_valid())
    return render(
        request, "console/surveys/invite.html", context, status=422 if is_refused else 200
    )


def _trouble(form: WaveForm, now: datetime) -> str:
    """Why the letters would not leave by themselves; "" = they do."""
    channel = form.cleaned_data["channel"]
    found = sending.trouble(channel, now=now)
    if found:
        return gettext(found)
    if channel != "email":
        return gettext(
            "These letters wait under Messages, where the list for the platform is taken."
        )
    return ""


def _initial() -> dict[str, Any]:
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return {
        "channel": "email",
        "sample_size": SAMPLE,
        "language": language,
        "key": uuid.uuid4().hex,
    }


def _sight(request: HttpRequest) -> Sight | None:
    stores = visible_stores(request)
    return None if stores is None else Sight(stores, sold_since(timezone.localdate()))


def _links() -> str:
    """What stands before the token in the address of the page that asks."""
    return (settings.PUBLIC_URL + reverse("portal_answer", args=["0"])).removesuffix("0")


def _parts(plan: inviting.Plan) -> list[Part]:
    counts = plan.counts
    shown = {code: plan.some(code, SHOWN) for code in counts}
    ids = [one for some in shown.values() for one in some]
    names = {row.customer_id: row.name or row.code for row in audiences.rows(ids, slot=None)}
    return [
        Part(
            code,
            survey_words.reason_words(code) if code else gettext("Is asked"),
            people,
            [(one, names.get(one, "")) for one in shown[code]],
        )
        for code, people in counts.items()
    ]
