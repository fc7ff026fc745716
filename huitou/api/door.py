"""The way in for other systems, before all that only browsers need: their requests have no
session, no cookie and no form, and are answered with JSON, never with a page."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import HttpHeaders
from django.http.response import ResponseHeaders
from django.urls import Resolver404
from django.utils import translation

from huitou.api import answers, urls
from huitou.platform import logs

Answer = Callable[[HttpRequest], HttpResponseBase]

# With every answer: nobody on the way keeps it, nobody shows it as anything but data.
HEADERS: Final = ResponseHeaders(
    {
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
LANGUAGES: Final = {"en": "en", "zh-hans": "zh-Hans"}


def door(answer: Answer) -> Answer:
    """Requests to the interface are answered here; all others go on to the site."""
    urls.found("/api/v1/openapi.json")  # what loads at the first request, loads now

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not answers.is_of_the_interface(request) or not is_for_us(request):
            return answer(request)
        request_id = secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        request.__dict__["headers"] = Headers(request.META)
        spoken = language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with logs.bound(request_id=request_id), translation.override(spoken):
            response = _answered(request)
        _head(request, response)
        response.headers["X-Request-ID"] = request_id
        response.headers["Content-Language"] = LANGUAGES[spoken]
        return response

    return respond


def _answered(request: HttpRequest) -> HttpResponse:
    try:
        found = urls.found(request.path_info)
    except Resolver404:
        return answers.missing(request)
    request.resolver_match = found
    try:
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except Exception as error:
        return answers.failed(request, error)
    return response


def is_for_us(request: HttpRequest) -> bool:
    """Whether the name of the site is one of ours; if not, the site says so."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _head(request: HttpRequest, response: HttpResponse) -> None:
    """Written at once: one by one, the same words would be checked again for every answer."""
    response.headers._store.update(HEADERS._store)
    response.headers["Content-Length"] = str(len(response.content))
    for name, value in of_this_site(request):
        response.headers[name] = value


def of_this_site(request: HttpRequest) -> list[tuple[str, str]]:
    """The headers that depend on how the site is served."""
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        return [("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")]
    return []


def language(accepted: str) -> str:
    """The language asked for first of the two we speak; else Chinese."""
    for part in accepted.lower().split(","):
        if part.strip().startswith("zh"):
            return "zh-hans"
        if part.strip().startswith("en"):
            return "en"
    return "zh-hans"


class Headers(Mapping[str, str]):
    """The headers of a request, of which few are asked for: those alone are looked up."""

    def __init__(self, meta: dict[str, Any]) -> None:
        self._meta = meta

    def __getitem__(self, name: str) -> str:
        upper = name.upper().replace("-", "_")
        is_plain = upper in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        found: str = self._meta[upper if is_plain else f"HTTP_{upper}"]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(HttpHeaders(self._meta))

    def __len__(self) -> int:
        return len(HttpHeaders(self._meta))
