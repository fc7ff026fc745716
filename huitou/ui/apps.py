"""Django's registration of this package."""

from django.apps import AppConfig


class Ui(AppConfig):
    """Ui: no tables of its own."""

    name = "huitou.ui"
    label = "ui"
