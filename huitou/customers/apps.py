"""Django's registration of the room."""

from django.apps import AppConfig


class Customers(AppConfig):
    """The customers room."""

    name = "huitou.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
