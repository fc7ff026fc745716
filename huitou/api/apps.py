"""Django's registration of this package."""

from django.apps import AppConfig


class Api(AppConfig):
    """Api: no tables of its own."""

    name = "huitou.api"
    label = "api"
