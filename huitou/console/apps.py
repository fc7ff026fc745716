"""Django's registration of this package."""

from django.apps import AppConfig


class Console(AppConfig):
    """Console: no tables of its own."""

    name = "huitou.console"
    label = "console"
