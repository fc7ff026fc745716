"""Where a survey asks: places with a code to print, the codes as drawings, the sheet to cut."""

import io
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.console import survey_words
from huitou.console.access import actor_of, allowed
from huitou.kit.errors import HuitouError
from huitou.staff import queries as staff
from huitou.ui.forms import Form
from huitou.voice import queries as voice
from huitou.voice import services as voices
from huitou.voice.types import TOUCHPOINT_KINDS, TouchpointIn


class PlaceForm(Form):
    """A place that asks: kind, name, and the store its answers belong to."""

    kind = forms.ChoiceField(label=_("Where"))
    name = forms.CharField(
        label=_("Name of the place"),
        max_length=80,
        help_text=_("Such as: till 2, latte cup, winter parcel."),
    )
    store_id = forms.TypedChoiceField(
        label=_("Store"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, stores = self.fields["kind"], self.fields["store_id"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(stores, forms.ChoiceField)
        kinds.choices = [(code, gettext(survey_words.KINDS[code][0])) for code in TOUCHPOINT_KINDS]
        stores.choices = [
            ("", gettext("no store")),
            *((store.id, store.name or store.code) for store in staff.stores()),
        ]


@allowed("manage_surveys")
@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new place that asks, with its own code."""
    row = voice.survey(public_id)
    form = PlaceForm(request.POST or None, initial={"kind": "store"})
    if request.method == "POST" and form.is_valid():
        try:
            voices.open_touchpoint(
                survey=public_id,
                touchpoint=TouchpointIn(**form.cleaned_data),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except HuitouError as error:
            form.refuse(error, "name")
        else:
            messages.success(request, gettext("The code is ready: print it, or pass on its link."))
            return redirect("survey", public_id=public_id)
    status = 422 if form.is_bound else 200
    return render(request, "console/surveys/place.html", {"row": row, "form": form}, status=status)


@allowed("manage_surveys")
@require_POST
def place_close(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """This place asks no more; whoever scans its code is told so kindly."""
    voices.close_touchpoint(survey=public_id, touchpoint=token, now=timezone.now())
    messages.success(request, gettext("This place takes no answers any more."))
    return redirect("survey", public_id=public_id)


@allowed("see_surveys")
@require_safe
def place_code(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """The code of one place as a drawing that stays sharp in any size."""
    row = voice.survey(public_id)
    place = voice.touchpoint(row.survey_id, token)
    drawing = io.BytesIO()
    # A quarter of the code may be stained or torn off and it is still read: cups get wet.
    code = segno.make(address_of(place.token), error="q", micro=False)
    code.save(drawing, kind="svg", scale=8, border=4, light="#fff")
    response = HttpResponse(drawing.getvalue(), content_type="image/svg+xml")
    if "download" in request.GET:
        response.headers["Content-Disposition"] = f'attachment; filename="{place.token}.svg"'
    return response


@allowed("see_surveys")
@require_safe
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every open place's code on one sheet, to be printed and cut; one alone with ``?place=``."""
    row = voice.survey(public_id)
    wanted = request.GET.get("place", "")
    stores = {store.id: store.name or store.code for store in staff.stores()}
    places = [
        {
            "row": place,
            "kind": gettext(survey_words.KINDS[place.kind][0]),
            "store": stores.get(place.store_id or 0, ""),
            "address": address_of(place.token),
        }
        for place in voice.touchpoints(row.survey_id)
        if place.closed_at is None and wanted in ("", place.token)
    ]
    context = {"row": row, "places": places, "is_local": "//localhost" in settings.PUBLIC_URL}
    return render(request, "console/surveys/sheet.html", context)


def address_of(token: str) -> str:
    """The whole address a printed code leads to, where customers reach the site."""
    return settings.PUBLIC_URL + reverse("portal_answer", args=[token])
