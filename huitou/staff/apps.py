"""Django's registration of the room."""

from django.apps import AppConfig


class Staff(AppConfig):
    """The staff room."""

    name = "huitou.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
