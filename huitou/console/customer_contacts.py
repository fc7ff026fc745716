"""What passes between us and a customer: the line of time, contacts on record, do not contact."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from huitou.audiences import queries as audiences
from huitou.console import customer_moments, customer_timeline
from huitou.console.access import allowed, may, refused
from huitou.console.forms import Form
from huitou.console.people_filters import LARGEST_ID
from huitou.console.shell import company_of
from huitou.console.visibility import may_see, visible_stores
from huitou.customers import services
from huitou.customers.types import LONGEST_CONTACT, By, ContactIn
from huitou.kit.errors import HuitouError


class ContactForm(Form):
    """Who did what, and how the customer reacted."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("How"))
    text = forms.CharField(
        label=_("What was done or said"),
        max_length=LONGEST_CONTACT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reaction = forms.CharField(
        label=_("How the customer reacted"),
        required=False,
        max_length=LONGEST_CONTACT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            (code, gettext(word)) for code, (word, _icon) in customer_moments.CONTACTS.items()
        ]


@allowed("see_customers")
@require_http_methods(["GET", "POST"])
def customer_timeline_page(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The line of time, with the form of a new contact for those who may write."""
    person = person_seen(request, customer_id)
    if request.method == "POST":
        if not may(request, "edit_customers"):
            return refused(request, "edit_customers")
        form = ContactForm(request.POST)
        if form.is_valid() and _noted(request, form, customer_id):
            return redirect("customer_timeline", customer_id=customer_id)
        return _page(request, person, form, status=422)
    form = ContactForm(initial={"key": secrets.token_urlsafe(12), "kind": "phone"})
    return _page(request, person, form)


@allowed("edit_customers")
@require_POST
def customer_stop(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put “do not contact” on record, or take it back; the colleague is the proof."""
    person_seen(request, customer_id)
    is_allowed = "allow" in request.POST
    change = services.allow_contact if is_allowed else services.stop_contact
    by = getattr(request.user, "name", "")
    change(
        customer_id=customer_id,
        evidence=gettext("Told to {colleague}").format(colleague=by),
        by=By("in_person", request.user.pk, by),
        now=timezone.now(),
    )
    said = (
        gettext("May be contacted again, as the consents say.")
        if is_allowed
        else gettext("From now on nobody writes to this customer but to answer them.")
    )
    messages.success(request, said)
    return redirect("customer_timeline", customer_id=customer_id)


def _noted(request: HttpRequest, form: ContactForm, customer_id: int) -> bool:
    said = form.cleaned_data
    contact = ContactIn(
        said["kind"], said["text"], said["key"], said["reaction"], getattr(request.user, "name", "")
    )
    try:
        services.note(
            customer_id=customer_id, contact=contact, user_id=request.user.pk, now=timezone.now()
        )
    except HuitouError as error:
        form.refuse(error, "text")
        return False
    messages.success(request, gettext("It is on record."))
    return True


def _page(
    request: HttpRequest, person: audiences.PersonRow, form: ContactForm, status: int = 200
) -> HttpResponse:
    company = company_of(request)
    look = customer_timeline.Look(
        currency=company.currency if company else "CNY",
        reader_id=request.user.pk or 0,
        visible=visible_stores(request),
        may={action: may(request, action) for action in ("see_cases", "see_campaigns")},
    )
    kind, place = request.GET.get("kind", ""), customer_timeline.read(request.GET.get("older", ""))
    kind = kind if kind in look.kinds else ""
    found = customer_timeline.timeline(person.customer_id, look, kind=kind, place=place)
    words = customer_timeline.KINDS
    context = {
        "person": person,
        "name": person.name or person.code,
        "moments": found.moments,
        "older": found.older,
        "is_newest": place is None,
        "kind": kind,
        "kinds": [{"code": one, "word": gettext(words[one])} for one in look.kinds],
        "form": form if may(request, "edit_customers") else None,
        "is_stopped": found.is_stopped,
    }
    return render(request, "console/customer_timeline.html", context, status=status)


def person_seen(request: HttpRequest, customer_id: int) -> audiences.PersonRow:
    """The customer, if the reader may see them; a 404 if not."""
    person = audiences.person(customer_id) if customer_id <= LARGEST_ID else None
    if person is None or not may_see(request, customer_id, timezone.localdate()):
        raise Http404
    return person
