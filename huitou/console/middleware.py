"""What happens around every request: who and which request it is, its language, its headers, its
failures.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation

from huitou.console.access import actor_of
from huitou.console.errors import unreachable
from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.platform import logs

Answer = Callable[[HttpRequest], HttpResponseBase]
LANGUAGE_COOKIE = "huitou_language"
# style="--value: 38" carries data, hence attributes may style; elements and scripts may not be
# inline.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def security_headers(answer: Answer) -> Answer:
    """Nothing from elsewhere, nothing inline, no framing, nothing about us sent away, no page kept
    by a proxy.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return respond


def request_identity(answer: Answer) -> Answer:
    """Bind who acts and for which request; the reader can quote the id of the request."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        request_id = secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        with logs.bound(actor=actor_of(request), request_id=request_id):
            response = answer(request)
        response.headers["X-Request-ID"] = request_id
        timezone.deactivate()
        return response

    return respond


def language(answer: Answer) -> Answer:
    """The language of the user, else of the cookie, else English for a browser that asks for it,
    else Chinese.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        chosen = language_of(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = answer(request)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "zh-Hans")
        return response

    return respond


def language_of(request: HttpRequest) -> str:
    """The code of the language to answer in: ``zh-hans`` or ``en``."""
    known = dict(settings.LANGUAGES)
    for wish in (getattr(request.user, "language", ""), request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if wish in known:
            return wish
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        if part.strip().startswith("zh"):
            return "zh-hans"
        if part.strip().startswith("en"):
            return "en"
    return "zh-hans"


class Failures:
    """Anticipated failures become a page that says whose move it is; the rest is Django's 500."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer of the site."""
        return self._answer(request)

    def process_exception(
        self, request: HttpRequest, failure: Exception
    ) -> HttpResponseBase | None:
        """The page of an anticipated failure; None leaves an unanticipated one to Django, which
        logs it.
        """
        if isinstance(failure, HuitouError):
            context = {"error": failure, "kind": failure.kind.value}
            return render(
                request, "console/errors/refused.html", context, status=HTTP_STATUS[failure.kind]
            )
        if isinstance(failure, OperationalError | InterfaceError):
            return unreachable(request)
        return None
