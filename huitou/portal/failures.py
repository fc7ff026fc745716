"""The pages of failures for members and everyone who is asked, in the shop's colours."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from huitou.portal.access import public

_ADDRESSES = ("/a/", "/c/", "/m/", "/tell", "/u/")


def is_of_the_portal(request: HttpRequest) -> bool:
    """Whether the address is one of the portal's, known or not."""
    return request.path == "/m" or request.path.startswith(_ADDRESSES)


def missing(request: HttpRequest) -> HttpResponseBase:
    """404."""
    return _missing(request)


def csrf_failed(request: HttpRequest) -> HttpResponseBase:
    """403 of a form that was open for too long or came from elsewhere."""
    return _csrf_failed(request)


@public
def _missing(request: HttpRequest) -> HttpResponse:
    raise Http404


@public
def _csrf_failed(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/too_old.html", status=403)
