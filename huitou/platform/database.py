"""How programs other than Django reach the database, and how its connections end with their
threads."""

import threading
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.db import connections
from django.db.backends.signals import connection_created

_THREAD: Final = threading.local()


def uri(alias: str = "default") -> str:
    """The libpq address of Django's database ``alias``, secrets included: never log it."""
    settings = connections[alias].settings_dict
    user, password = quote(str(settings["USER"])), quote(str(settings["PASSWORD"]))
    where = {"host": str(settings["HOST"]), "port": str(settings["PORT"])}
    options = urlencode({name: value for name, value in where.items() if value})
    return f"postgresql://{user}:{password}@/{quote(str(settings['NAME']))}?{options}"


def close_with_thread() -> None:
    """From now on a connection ends when the thread ends that opened it.

    Django keeps connections by thread, in a circle of objects that Python gives up at some later
    time or never. A server whose threads come and go would hold all that they ever opened."""
    connection_created.connect(_bind, dispatch_uid="close_with_thread")


def _bind(connection: Any, **_more: object) -> None:
    """Nothing but the thread holds the end of its connection."""
    ends = _THREAD.__dict__.setdefault("ends", {})
    ends[connection.alias] = _End(connection.connection)


class _End:
    """Closes a connection when nobody holds this any more."""

    def __init__(self, link: Any) -> None:
        self._link = link

    def __del__(self) -> None:
        """The thread has ended, or has opened another."""
        self._link.close()
