"""Keys of other systems: made, shown once, revoked."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huitou.console.access import actor_of, allowed
from huitou.console.forms import Form
from huitou.console.shell import ROLE_WORDS
from huitou.staff import queries, services
from huitou.staff.errors import KeyInvalid
from huitou.staff.types import ApiKeyIn, Scope

# The others open nothing a system could use.
ROLES: Final = (
    "integrator",
    "manager",
    "marketer",
    "service_agent",
    "cashier",
    "account_manager",
    "client_adviser",
    "analyst",
)


class KeyForm(Form):
    """What a key is for and what it opens."""

    name = forms.CharField(label=_("What it is for"), max_length=100, help_text=_("Such as: shop"))
    role = forms.ChoiceField(label=_("Role"))
    scopes = forms.MultipleChoiceField(
        label=_("Only these"),
        required=False,
        choices=[(scope.value, scope.value) for scope in Scope],
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Nothing chosen: all that the role opens."),
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=1, max_value=100_000, initial=600
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(code, gettext(ROLE_WORDS[code])) for code in ROLES]


@allowed("manage_keys")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, those in force first."""
    lines = [{"row": row, "role": gettext(ROLE_WORDS[row.role])} for row in queries.api_keys()]
    return render(request, "console/keys/list.html", {"lines": lines})


@allowed("manage_keys")
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: HttpRequest) -> HttpResponse:
    """A new key. Its secret stands in the answer to the form and in no other page, so nothing
    leads on from it."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        key = ApiKeyIn(said["name"], said["role"], tuple(said["scopes"]), said["per_minute"])
        try:
            made = services.add_key(key=key, actor=actor_of(request), now=timezone.now())
        except KeyInvalid as error:
            form.add_error(str(error.facts["field"]), gettext(str(error.facts["reason"])))
        else:
            return render(request, "console/keys/made.html", {"made": made, "name": said["name"]})
    status = 422 if form.is_bound else 200
    return render(request, "console/keys/new.html", {"form": form}, status=status)


@allowed("manage_keys")
@require_POST
def key_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a key open nothing any more."""
    services.revoke_key(key_public_id=public_id, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The key opens nothing any more."))
    return redirect("keys")
