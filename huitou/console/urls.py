"""Addresses of the staff console."""

from django.urls import URLPattern, URLResolver, path

from huitou.console import health, preferences, profile, setup, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("setup", setup.setup, name="setup"),
    path("setup/company", setup.setup_company, name="setup_company"),
    path("setup/done", setup.setup_done, name="setup_done"),
    path("preferences", preferences.preferences, name="preferences"),
    path("profile", profile.profile, name="profile"),
    path("healthz", health.healthz, name="healthz"),
]
