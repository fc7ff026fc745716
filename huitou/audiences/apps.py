"""Django's registration of the room."""

from django.apps import AppConfig


class Audiences(AppConfig):
    """The audiences room."""

    name = "huitou.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the fields of this room and of the one below it to conditions on people."""
        from huitou.audiences import fields, registry
        from huitou.customers import fields as customers

        registry.register_fields("customers", customers.FIELDS)
        registry.register_fields("audiences", fields.FIELDS)
