"""Django's registration of the room."""

from django.apps import AppConfig


class Insights(AppConfig):
    """The insights room."""

    name = "huitou.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
