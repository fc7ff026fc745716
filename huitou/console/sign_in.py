"""Signing in and out. Nothing about the business is said before."""

from datetime import datetime
from typing import Final

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huitou.console.access import public, signed_in
from huitou.console.forms import Form
from huitou.console.preferences import safe_target
from huitou.staff import errors, queries, services

WAIT_MINUTES: Final = 15
REMEMBER_SECONDS: Final = 30 * 24 * 3600


class SignIn(Form):
    """Who and with which password."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(
        label=_("Stay signed in on this device for 30 days"), required=False
    )


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let staff in; a wrong password says how often one may still try."""
    target = safe_target(request, request.POST.get("next", "") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    if not queries.has_owner():
        return redirect("setup")
    form = SignIn(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            refused = _enter(request, form, now=timezone.now())
            if refused is None:
                return HttpResponseRedirect(target)
            status = refused
            form.start_at("password")
    return render(request, "console/sign_in.html", {"form": form, "next": target}, status=status)


def _enter(request: HttpRequest, form: SignIn, *, now: datetime) -> int | None:
    """Sign in, or put the reason on the form and return the status to answer with."""
    who = {"email": form.cleaned_data["email"], "address": address_of(request)}
    if services.is_limited(**who, now=now):
        form.refuse(errors.SignInLimited(minutes=WAIT_MINUTES), "password")
        return 429
    user = authenticate(request, username=who["email"], password=form.cleaned_data["password"])
    if user is None:
        services.note_failed_login(**who, now=now)
        left = services.attempts_left(**who, now=now)
        form.add_error("password", _refusal(left))
        return 422
    services.clear_failures(**who)
    login(request, user)
    request.session.set_expiry(REMEMBER_SECONDS if form.cleaned_data["remember"] else 0)
    return None


def _refusal(left: int) -> str:
    if left == 0:
        return gettext("E-mail or password is wrong. No more attempts for now; wait 15 minutes.")
    return ngettext(
        "E-mail or password is wrong. You can try {count} more time.",
        "E-mail or password is wrong. You can try {count} more times.",
        left,
    ).format(count=left)


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser."""
    logout(request)
    return redirect("sign_in")


def address_of(request: HttpRequest) -> str:
    """The network address of the reader; behind our own proxy, the one the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
