"""Django's registration of the room."""

from django.apps import AppConfig


class Campaigns(AppConfig):
    """The campaigns room."""

    name = "huitou.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"
