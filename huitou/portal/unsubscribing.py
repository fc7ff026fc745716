"""The page behind “unsubscribe”: looking changes nothing, one click says no more.

A mail program posts here by itself, without cookies (RFC 8058): the token in the address is the
proof, and the answer is the same page, never another address.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from huitou.flows import unsubscribing as flow
from huitou.portal.access import public


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show what can be said; posted, say it: ``wish`` is ``stop`` (the default), ``stop_all`` or
    ``keep``."""
    wish = request.POST.get("wish", "stop") if request.method == "POST" else ""
    now = timezone.now()
    if wish == "keep":
        subscription = flow.keep(token, now=now)
    elif wish:
        subscription = flow.stop(token, everything=wish == "stop_all", now=now)
    else:
        subscription = flow.found(token)
    if subscription is None:
        raise Http404
    context = {"subscription": subscription, "wish": wish}
    response = render(request, "portal/unsubscribe.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is a key
    response.headers["X-Robots-Tag"] = "noindex"
    return response
