"""The pages of failures, in words and in the reader's language."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "console/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "console/errors/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open for too long or came from elsewhere."""
    return render(request, "console/errors/403_csrf.html", status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "console/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is what broke; nothing on these pages asks it.

    The failure itself is logged once, at the edge.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unreachable(request)
    return render(request, "console/errors/500.html", {"theme": "auto"}, status=500)


def unreachable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer."""
    return render(request, "console/errors/503.html", {"theme": "auto"}, status=503)
