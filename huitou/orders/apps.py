"""Django's registration of the room."""

from django.apps import AppConfig


class Orders(AppConfig):
    """The orders room."""

    name = "huitou.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"
