"""The server we are connected to, whoever runs it."""

from typing import Any, Final

from django.db import connection

OLDEST_MAJOR: Final = 15


def status() -> dict[str, Any]:
    """Its version, whether that is enough, and the size of our database; the state is down if it is
    silent.
    """
    from django.db import DatabaseError

    host = connection.settings_dict["HOST"] or "(default)"
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, "
                "pg_database_size(current_database())"
            )
            major, size_bytes = cursor.fetchone() or (None, None)
    except DatabaseError:
        return {
            "state": "down",
            "host": host,
            "major": None,
            "is_supported": None,
            "size_bytes": None,
        }
    return {
        "state": "running",
        "host": host,
        "major": major,
        "is_supported": major is not None and major >= OLDEST_MAJOR,
        "size_bytes": size_bytes,
    }
