"""Joining and signing in: an e-mail address, a one-time code; who is new adds a few words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huitou.portal.access import public


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address a code is sent to."""
    return render(request, "portal/sign_in.html", {})
