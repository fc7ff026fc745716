"""Django's registration of the room."""

from django.apps import AppConfig


class Points(AppConfig):
    """The points room."""

    name = "huitou.points"
    label = "points"
    default_auto_field = "django.db.models.BigAutoField"
