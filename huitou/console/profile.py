"""What someone may change about themselves: name, language, theme, password."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huitou.console.access import actor_of, signed_in
from huitou.console.forms import Form
from huitou.kit.errors import HuitouError
from huitou.staff import services


class NameForm(Form):
    """How colleagues call someone."""

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class PasswordForm(Form):
    """The old password, so that an open screen is not enough, and the new one."""

    current = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_(
            "At least ten characters, not a word of a dictionary. Other devices are signed out."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@signed_in
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change what is one's own."""
    part = request.POST.get("part")
    name = NameForm(
        request.POST if part == "name" else None,
        initial={"name": getattr(request.user, "name", "")},
    )
    password = PasswordForm(request.POST if part == "password" else None)
    if part == "name" and name.is_valid():
        services.set_preferences(user_id=_own_id(request), name=name.cleaned_data["name"])
        messages.success(request, gettext("Saved."))
        return redirect("profile")
    if part == "password" and password.is_valid() and _change_password(request, password):
        messages.success(request, gettext("The password is changed; other devices are signed out."))
        return redirect("profile")
    status = 422 if part else 200
    return render(
        request,
        "console/profile.html",
        {"name_form": name, "password_form": password},
        status=status,
    )


def _change_password(request: HttpRequest, form: PasswordForm) -> bool:
    if not request.user.check_password(form.cleaned_data["current"]):
        form.add_error("current", gettext("This is not the present password."))
        return False
    email = str(getattr(request.user, "email", ""))
    try:
        services.set_password(
            email=email,
            password=form.cleaned_data["password"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except HuitouError as error:
        form.refuse(error, "password")
        return False
    changed = ModelBackend().get_user(_own_id(request))
    assert changed is not None
    update_session_auth_hash(request, changed)  # this session goes on; all others end
    return True


def _own_id(request: HttpRequest) -> int:
    assert request.user.is_authenticated
    assert request.user.pk is not None
    return request.user.pk
