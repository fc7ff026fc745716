"""Django's registration of this package."""

import logging

from django.apps import AppConfig

log = logging.getLogger(__name__)


class Ui(AppConfig):
    """Ui: no tables of its own."""

    name = "huitou.ui"
    label = "ui"

    def ready(self) -> None:
        """Compile the words again if a fragment is newer; a read-only installation keeps the words
        it has.
        """
        from huitou.ui import catalogue

        try:
            if catalogue.is_stale():
                catalogue.build()
        except OSError as problem:
            log.warning("ui.words_not_compiled", extra={"fields": {"reason": str(problem)}})
