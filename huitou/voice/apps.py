"""Django's registration of the room."""

from django.apps import AppConfig


class Voice(AppConfig):
    """The voice room."""

    name = "huitou.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's fields to conditions on people."""
        from huitou.audiences import registry
        from huitou.voice import fields

        for collection in fields.COLLECTIONS:
            registry.register_collection("voice", collection)
        registry.register_fields("voice", fields.FIELDS)
