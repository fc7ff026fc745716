"""Language and theme of the reader: stored with the user, and the language in a cookie for the page
before signing in.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huitou.console.access import public
from huitou.console.middleware import LANGUAGE_COOKIE
from huitou.staff import services as staff

THEMES = ("auto", "light", "dark")
YEAR_SECONDS = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language or theme and go back to where the reader was."""
    language, theme = request.POST.get("language", ""), request.POST.get("theme", "")
    response = HttpResponseRedirect(safe_target(request, request.POST.get("next", "")))
    changes = {}
    if language in dict(settings.LANGUAGES):
        changes["language"] = language
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    if theme in THEMES:
        changes["theme"] = theme
    if changes and request.user.is_authenticated:
        staff.set_preferences(user_id=request.user.pk, **changes)
    return response


def safe_target(request: HttpRequest, target: str) -> str:
    """``target`` if it is an address of this site, else the overview."""
    here = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if here and target else reverse("overview")
