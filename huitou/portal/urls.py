"""Addresses of the members' pages, and the short ones printed on cups and sent in messages."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
