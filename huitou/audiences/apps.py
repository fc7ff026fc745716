"""Django's registration of the room."""

from django.apps import AppConfig


class Audiences(AppConfig):
    """The audiences room."""

    name = "huitou.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"
