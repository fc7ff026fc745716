"""Django's registration of the room."""

from django.apps import AppConfig


class Programmes(AppConfig):
    """The programmes room."""

    name = "huitou.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer this room's fields to conditions on people."""
        from huitou.audiences import registry
        from huitou.programmes import fields

        registry.register_fields("programmes", fields.FIELDS)
