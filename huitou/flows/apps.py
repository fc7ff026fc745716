"""Django's registration of the flows: from here on facts are noted down for their followers."""

from django.apps import AppConfig


class Flows(AppConfig):
    """The flows; they have no tables."""

    name = "huitou.flows"
    label = "flows"

    def ready(self) -> None:
        """Tell the recorder of facts who follows which."""
        from huitou.flows.registry import FOLLOWERS
        from huitou.platform import followups

        followups.let_follow(FOLLOWERS)
