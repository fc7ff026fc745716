"""The till, first page: who stands at the counter? Scan the card, or type a few signs."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from huitou.console import till_people
from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.customers import errors
from huitou.customers.types import NewcomerIn
from huitou.flows import joining
from huitou.programmes import queries as programmes


class Newcomer(Form):
    """Somebody who joins at the till: a name, and how to find them again."""

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
    has_agreed = forms.BooleanField(
        label=_("The customer knows the rules and wants to join"),
        error_messages={"required": _("Nobody is made a member without wanting it.")},
    )


@allowed("use_till")
@require_safe
def till(request: HttpRequest) -> HttpResponse:
    """Find the customer; whoever is meant beyond doubt is served at once."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    today = timezone.localdate()
    found = till_people.find(text, today=today) if text else None
    if found is not None and (found.coupon or _is_a_card(text, found)):
        only = found.people[0].customer_id if found.people else None
        return redirect(sale_address(only, coupon=found.coupon))
    context = {"typed": text, "found": found, "has_programme": programmes.programme() is not None}
    return render(request, "console/till/find.html", context)


@allowed("use_till")
@require_http_methods(["GET", "POST"])
def till_join(request: HttpRequest) -> HttpResponse:
    """Make a member of somebody who stands at the counter."""
    form = Newcomer(request.POST or None, initial=_typed(request.GET.get("q", "")))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                customer_id = joining.join_at_till(
                    newcomer=_newcomer(form), actor=actor_of(request), now=timezone.now()
                )
            except errors.NameMissing as error:
                form.refuse(error, "name")
            except errors.PhoneInvalid as error:
                form.refuse(error, "phone")
            except errors.EmailInvalid as error:
                form.refuse(error, "email")
            else:
                messages.success(request, gettext("Joined. The purchase counts already."))
                return redirect(sale_address(customer_id))
    return render(request, "console/till/join.html", {"form": form}, status=status)


def sale_address(customer_id: int | None, *, coupon: str = "") -> str:
    """Where a sale to this customer (None = nobody in particular) begins."""
    said = {"customer": customer_id, "coupon": coupon}
    wanted = {name: value for name, value in said.items() if value}
    return reverse("till_sale") + (f"?{urlencode(wanted)}" if wanted else "")


def _is_a_card(text: str, found: till_people.Finds) -> bool:
    """Whether the text was the number of the one card found, not a name like it."""
    typed = "".join(text.upper().split()).replace("-", "")
    return len(found.people) == 1 and found.people[0].card_number == typed


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
