"""Language and theme of a reader of the portal: kept in cookies, nothing is stored about anyone."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from huitou.portal.access import LANGUAGE_COOKIE, public, safe_target
from huitou.portal.page import THEME_COOKIE, THEMES

YEAR_SECONDS: Final = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language or theme and go back to where the reader was."""
    response = HttpResponseRedirect(safe_target(request, request.POST.get("next", "")))
    for cookie, value, known in (
        (LANGUAGE_COOKIE, request.POST.get("language", ""), tuple(dict(settings.LANGUAGES))),
        (THEME_COOKIE, request.POST.get("theme", ""), THEMES),
    ):
        if value in known:
            response.set_cookie(
                cookie,
                value,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
    return response
