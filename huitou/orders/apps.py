"""Django's registration of the room."""

from django.apps import AppConfig


class Orders(AppConfig):
    """The orders room."""

    name = "huitou.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's fields to conditions on people."""
        from huitou.audiences import registry
        from huitou.orders import fields

        for collection in fields.COLLECTIONS:
            registry.register_collection("orders", collection)
