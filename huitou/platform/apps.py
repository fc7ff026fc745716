"""Django's registration of the room."""

from django.apps import AppConfig


class Platform(AppConfig):
    """The platform room."""

    name = "huitou.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
