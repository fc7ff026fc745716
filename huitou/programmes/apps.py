"""Django's registration of the room."""

from django.apps import AppConfig


class Programmes(AppConfig):
    """The programmes room."""

    name = "huitou.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"
