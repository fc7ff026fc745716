"""Django's registration of this package."""

from django.apps import AppConfig


class Portal(AppConfig):
    """Portal: no tables of its own."""

    name = "huitou.portal"
    label = "portal"
