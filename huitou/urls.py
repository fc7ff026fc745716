"""Every address of the site, and who answers when there is none."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huitou.console.urls")),
    path("", include("huitou.portal.urls")),
]
handler400 = "huitou.console.errors.bad_request"
handler403 = "huitou.console.errors.forbidden"
handler404 = "huitou.console.errors.missing"
handler500 = "huitou.console.errors.broken"
