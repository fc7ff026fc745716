"""Who may open which door. A view without one of these three marks fails the house test: deny by
default.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from huitou.console.shell import Shell, company_of
from huitou.staff import queries as staff

View = Callable[..., HttpResponseBase]


def allowed(action: str) -> Callable[[View], View]:
    """The view is for signed-in staff whose role may do ``action``; others get a page that says
    whom to ask.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (elsewhere := _elsewhere(request)) is not None:
                return elsewhere
            if not may(request, action):
                first = Shell(request).first_page
                if request.path == reverse("overview") and first:
                    return redirect(first)  # signing in leads here: a cashier starts at the till
                return refused(request, action)
            return view(request, *args, **kwargs)

        guarded.access = action  # type: ignore[attr-defined]
        return guarded

    return mark


def signed_in(view: View) -> View:
    """The view is for everyone who is signed in, and only about themselves."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _elsewhere(request) or view(request, *args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """The view is for everyone and says nothing about the business."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    guarded.access = "public"  # type: ignore[attr-defined]
    return guarded


def refused(request: HttpRequest, action: str) -> HttpResponse:
    """403: the page that says whom to ask for ``action``."""
    return render(request, "console/errors/403.html", {"action": action}, status=403)


def may(request: HttpRequest, action: str) -> bool:
    """Whether the reader may do ``action``: for parts of a page."""
    return staff.allows(getattr(request.user, "role", ""), action)


def actor_of(request: HttpRequest) -> str:
    """The reader as the record of facts names them: ``user:12``."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else "system"


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where a request must go first: the first visit, signing in, or describing the company."""
    if not request.user.is_authenticated:
        if not staff.has_owner():
            return redirect("setup")
        return _to_sign_in(request)
    company = company_of(request)
    if company is None:
        return redirect("setup_company")
    timezone.activate(company.zone)
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = reverse("sign_in")
    if request.method == "GET" and request.path != reverse("overview"):
        target += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):  # a poll of a page left open: reload as a whole
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
