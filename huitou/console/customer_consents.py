"""What a customer agreed to: how each channel stands, the whole history, a statement by hand."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.audiences import queries as audiences
from huitou.console import customer_words, places
from huitou.console.access import allowed, may, refused
from huitou.console.customer_contacts import person_seen
from huitou.console.forms import Form
from huitou.console.shell import company_of
from huitou.customers import queries as customers
from huitou.customers import services
from huitou.customers.queries import ConsentRow
from huitou.customers.types import (
    LONGEST_PROOF,
    LONGEST_REFERENCE,
    PURPOSES,
    SOURCES_BY_HAND,
    ConsentIn,
)
from huitou.kit.clock import zone
from huitou.kit.errors import HuitouError

SHOWN: Final = 50
_FIELDS: Final = {"customers.proof_missing": "evidence", "customers.stated_ahead": "said_on"}


class ConsentForm(Form):
    """What a customer said: for which purpose, on which channels, and how we know."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    state = forms.ChoiceField(label=_("The customer"))
    channels = forms.MultipleChoiceField(
        label=_("On these channels"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one channel.")},
    )
    purpose = forms.ChoiceField(label=_("To be written to for"))
    source = forms.ChoiceField(label=_("Where it was said"))
    said_on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("An earlier day does not undo what was said later."),
    )
    evidence = forms.CharField(
        label=_("Proof: the words, or what was signed"),
        required=False,
        max_length=LONGEST_PROOF,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where consent is given."),
    )
    reference = forms.CharField(
        label=_("Where the proof lies"),
        required=False,
        max_length=LONGEST_REFERENCE,
        help_text=_("A folder, a file name, a link; may stay empty."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("state", [(code, str(word)) for code, word in _SAID.items()])
        ways = [(code, gettext(word)) for code, (word, _i) in customer_words.CHANNELS.items()]
        self._offer("channels", ways)
        wants = [(code, gettext(customer_words.PURPOSES[code])) for code in PURPOSES]
        self._offer("purpose", wants)
        told = [(code, gettext(customer_words.SOURCES[code])) for code in SOURCES_BY_HAND]
        self._offer("source", told)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


_SAID: Final = {
    "given": _("agrees"),
    "withdrawn": _("withdraws what was agreed"),
    "refused": _("refuses"),
}


@allowed("see_customers")
@require_http_methods(["GET", "POST"])
def customer_consents(request: HttpRequest, customer_id: int) -> HttpResponse:
    """How each channel and purpose stands, every statement there ever was, and the form of another
    one for those who may write."""
    person = person_seen(request, customer_id)
    if request.method == "POST":
        if not may(request, "edit_customers"):
            return refused(request, "edit_customers")
        form = ConsentForm(request.POST)
        if form.is_valid() and _recorded(request, form, customer_id):
            return redirect("customer_consents", customer_id=customer_id)
        return _page(request, person, form, status=422)
    first = {
        "key": secrets.token_urlsafe(12),
        "state": "given",
        "purpose": "marketing",
        "said_on": timezone.localdate(),
    }
    return _page(request, person, ConsentForm(initial=first))


def _recorded(request: HttpRequest, form: ConsentForm, customer_id: int) -> bool:
    said, company = form.cleaned_data, company_of(request)
    consent = ConsentIn(
        channels=tuple(said["channels"]),
        purpose=said["purpose"],
        state=said["state"],
        source=said["source"],
        key=said["key"],
        evidence=said["evidence"],
        reference=said["reference"],
        said_on=said["said_on"],
        user_name=getattr(request.user, "name", ""),
    )
    try:
        services.record_consent(
            customer_id=customer_id,
            consent=consent,
            user_id=request.user.pk,
            zone=zone(company.zone if company else "UTC"),
            now=timezone.now(),
        )
    except HuitouError as error:
        form.refuse(error, _FIELDS.get(error.code))
        return False
    messages.success(request, gettext("It is on record."))
    return True


def _page(
    request: HttpRequest, person: audiences.PersonRow, form: ConsentForm, status: int = 200
) -> HttpResponse:
    after = places.read(request.GET.get("older", ""))
    newest = customers.consents(person.customer_id)
    page = customers.consent_page(person.customer_id, limit=SHOWN, after=after)
    context = {
        "person": person,
        "name": person.name or person.code,
        "form": form if may(request, "edit_customers") else None,
        "is_stopped": customers.is_not_to_be_contacted(person.customer_id),
        "standing": standing(newest),
        "history": [customer_words.consent_line(row) for row in page.rows],
        "older": places.written(page.next),
        "is_newest": after is None,
    }
    return render(request, "console/customer_consents_page.html", context, status=status)


def standing(newest: Sequence[ConsentRow]) -> list[dict[str, Any]]:
    """How each channel stands: what was said last for each purpose it was asked for."""
    lines = []
    for channel, (word, icon) in customer_words.CHANNELS.items():
        said = {row.purpose: row for row in newest if row.channel == channel}
        states = [customer_words.consent_line(said[name]) for name in PURPOSES if name in said]
        lines.append({"word": gettext(word), "icon": icon, "states": states})
    return lines
