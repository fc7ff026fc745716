"""The till: somebody becomes a member, one nobody knew or one who bought here before."""

import secrets
from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.console import till_people
from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.console.till import sale_address
from huitou.customers import errors
from huitou.customers import queries as customers
from huitou.customers.types import NewcomerIn
from huitou.flows import joining
from huitou.kit.errors import HuitouError
from huitou.programmes import queries as programmes

_FIELDS = {
    errors.NameMissing: "name",
    errors.PhoneInvalid: "phone",
    errors.EmailInvalid: "email",
}


class Admission(Form):
    """Somebody known joins: only they can want it."""

    has_agreed = forms.BooleanField(
        label=_("The customer knows the rules and wants to join"),
        error_messages={"required": _("Nobody is made a member without wanting it.")},
    )


class Newcomer(Admission):
    """Somebody who joins at the till: a name, and how to find them again."""

    field_order = ("name", "phone", "email", "key", "has_agreed", "is_another")
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=_("E-mail, to sign in to the member pages"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    is_another = forms.BooleanField(label=_("It is somebody else"), required=False)


@allowed("use_till")
@require_http_methods(["GET", "POST"])
def till_join(request: HttpRequest) -> HttpResponse:
    """Make a member of somebody who stands at the counter; a second press finds the first. Whoever
    is reached at the same phone or e-mail is shown first: two cards are one too many."""
    first = {"key": secrets.token_hex(16), **_typed(request.GET.get("q", ""))}
    form = Newcomer(request.POST or None, initial=first)
    alike: Sequence[till_people.Person] = ()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            alike = _alike(form)
            customer_id = None if alike else _join(request, form)
            if customer_id is not None:
                messages.success(request, gettext("Joined. The purchase counts already."))
                return redirect(sale_address(customer_id))
    context = {"form": form, "alike": alike}
    return render(request, "console/till/join.html", context, status=status)


@allowed("use_till")
@require_http_methods(["GET", "POST"])
def till_admit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Make a member of a customer who is known but has not joined: their history stays theirs."""
    person = till_people.person(customer_id, today=timezone.localdate())
    if person is None or programmes.programme() is None:
        raise Http404
    if person.is_member:
        return redirect(sale_address(customer_id))
    form = Admission(request.POST or None)
    if request.method == "POST" and form.is_valid():
        joining.admit_at_till(customer_id=customer_id, actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("Joined. The purchase counts already."))
        return redirect(sale_address(customer_id))
    status = 422 if form.errors else 200
    context = {"form": form, "person": person}
    return render(request, "console/till/admit.html", context, status=status)


def _join(request: HttpRequest, form: Newcomer) -> int | None:
    """The new member; None and said on the form if something is in the way."""
    try:
        return joining.join_at_till(
            newcomer=_newcomer(form),
            key=form.cleaned_data["key"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        form.refuse(error, _FIELDS.get(type(error)))
        return None


def _alike(form: Newcomer) -> Sequence[till_people.Person]:
    """Who is known under the same phone or e-mail, unless it was said to be somebody else or this
    very press has made them."""
    said = form.cleaned_data
    if said["is_another"] or joining.has_joined_at_till(said["key"]):
        return ()
    found = customers.sharing([text for text in (said["phone"], said["email"]) if text])
    return till_people.people(found[: till_people.MOST_FOUND], today=timezone.localdate())


def _typed(text: str) -> dict[str, str]:
    """What was looked for in vain, in the field where it belongs."""
    digits = "".join(filter(str.isdigit, text))
    if "@" in text:
        return {"email": text[:100]}
    return {"phone": text[:30]} if len(digits) >= 7 else {"name": text[:100]}


def _newcomer(form: Newcomer) -> NewcomerIn:
    return NewcomerIn(
        form.cleaned_data["name"],
        form.cleaned_data["email"],
        form.cleaned_data["phone"],
        acquired_from="till",
    )
