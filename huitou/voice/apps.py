"""Django's registration of the room."""

from django.apps import AppConfig


class Voice(AppConfig):
    """The voice room."""

    name = "huitou.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"
