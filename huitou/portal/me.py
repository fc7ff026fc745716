"""The member's own corner: how they are called, and the way to everything else."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huitou.customers import errors, services
from huitou.customers import queries as customers
from huitou.portal.access import member_of, member_only
from huitou.ui.forms import Form


class About(Form):
    """How the member is called and phoned."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobile number (not required)"),
        max_length=30,
        required=False,
        help_text=_("Then the till finds you by its last digits."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


@member_only
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, and where everything is."""
    member = member_of(request)
    return render(request, "portal/me.html", {"member": member})


@member_only
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """Put right name and phone number."""
    member = member_of(request)
    contact = customers.contact(member.customer_id)
    known = {"name": member.name, "phone": _readable(contact.phone) if contact else ""}
    form = About(request.POST or None, initial=known)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.rename(
                    customer_id=member.customer_id,
                    name=form.cleaned_data["name"],
                    phone=form.cleaned_data["phone"],
                    now=timezone.now(),
                )
            except errors.PhoneInvalid as error:
                form.refuse(error, "phone")
            except errors.NameMissing as error:
                form.refuse(error, "name")
            else:
                messages.success(request, gettext("Saved."))
                return redirect("portal_me")
    context = {"form": form, "member": member}
    return render(request, "portal/about.html", context, status=status)


def _readable(phone: str) -> str:
    """A number as it is typed here: without the country of the house."""
    return phone.removeprefix("+86")
