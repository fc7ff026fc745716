"""Every address of the site, and who answers when there is none."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from huitou.api import answers as api
from huitou.console import errors as console
from huitou.portal import failures as portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("huitou.api.urls")),
    path("", include("huitou.console.urls")),
    path("", include("huitou.portal.urls")),
]
handler400 = "huitou.console.errors.bad_request"
handler403 = "huitou.console.errors.forbidden"
handler404 = "huitou.urls.missing"
handler500 = "huitou.console.errors.broken"


def missing(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404, as other systems, members or staff know the house."""
    if api.is_of_the_interface(request):
        return api.missing(request)
    if portal.is_of_the_portal(request):
        return portal.missing(request)
    return console.missing(request, exception)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 of a form that is too old, as members or as staff know the house."""
    if portal.is_of_the_portal(request):
        return portal.csrf_failed(request)
    return console.csrf_failed(request, reason)
