"""Who may open which page of the portal. Every view carries one of these two marks.

The mark also sets the table: the member, the reader's language, the company's zone, who acts. A
member signs in beside staff: their cookie opens nothing of the console, and the console's nothing
here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from huitou.customers import queries as customers
from huitou.customers.types import MemberRow
from huitou.kit.errors import HTTP_STATUS, HuitouError
from huitou.platform import logs
from huitou.portal.page import Portal
from huitou.staff import queries as staff

View = Callable[..., HttpResponseBase]
MEMBER_COOKIE = "huitou_member"
LANGUAGE_COOKIE = "huitou_language"


def member_only(view: View) -> View:
    """The view is for signed-in members, and only about themselves."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def answer() -> HttpResponseBase:
            if request.portal.member is None:  # type: ignore[attr-defined]
                return _to_sign_in(request)
            return view(request, *args, **kwargs)

        return _at_home(request, answer)

    guarded.access = "member"  # type: ignore[attr-defined]
    guarded.door = "portal"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """The view is for everyone; who is signed in is still known as ``request.portal.member``."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _at_home(request, lambda: view(request, *args, **kwargs))

    guarded.access = "public"  # type: ignore[attr-defined]
    guarded.door = "portal"  # type: ignore[attr-defined]
    return guarded


def member_of(request: HttpRequest) -> MemberRow:
    """The signed-in member of a view that is ``member_only``."""
    found: MemberRow | None = request.portal.member  # type: ignore[attr-defined]
    assert found is not None, "only views marked member_only have a member"
    return found


def safe_target(request: HttpRequest, target: str) -> str:
    """``target`` if it is a page of the portal, else its home."""
    home = reverse("portal_home")
    here = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if here and target.startswith("/") and not target.startswith("//") else home


def address_of(request: HttpRequest) -> str:
    """The network address of the reader; behind our own proxy, the one the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _at_home(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer with everything in place; anticipated failures become pages in the shop's colours."""
    company = staff.company()
    if company is None:
        return redirect("setup")
    token = request.COOKIES.get(MEMBER_COOKIE, "")
    member = customers.member_of_session(token, now=timezone.now()) if token else None
    request.portal = Portal(company, member)  # type: ignore[attr-defined]
    language = _language_of(request)
    actor = f"member:{member.customer_id}" if member else "visitor"
    with translation.override(language), timezone.override(company.zone), logs.bound(actor=actor):
        request.LANGUAGE_CODE = language
        response = _answered(request, answer)
    response.headers["Content-Language"] = "en" if language == "en" else "zh-Hans"
    return response


def _answered(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return answer()
    except Http404:
        return render(request, "portal/missing.html", status=404)
    except HuitouError as error:
        return render(
            request, "portal/refused.html", {"error": error}, status=HTTP_STATUS[error.kind]
        )


def _language_of(request: HttpRequest) -> str:
    """The cookie's language, else English for a browser that asks for it, else Chinese."""
    known = dict(settings.LANGUAGES)
    wish = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if wish in known:
        return wish
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        if part.strip().startswith("zh"):
            return "zh-hans"
        if part.strip().startswith("en"):
            return "en"
    return "zh-hans"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = reverse("portal_sign_in")
    if request.method == "GET" and request.path != reverse("portal_home"):
        target += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(target)
