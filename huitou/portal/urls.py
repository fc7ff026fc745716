"""Addresses of the members' pages, and the short ones printed on cups and sent in messages."""

from django.urls import URLPattern, URLResolver, path

from huitou.portal import answering, home, preferences, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("a/<slug:token>", answering.answer, name="portal_answer"),
    path("a/<slug:token>/thanks/<slug:key>", answering.thanks, name="portal_answer_thanks"),
    path("m/", home.home, name="portal_home"),
    path("m/sign-in", sign_in.sign_in, name="portal_sign_in"),
    path("m/preferences", preferences.preferences, name="portal_preferences"),
]
