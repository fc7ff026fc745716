"""Running the statements of the room."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.db import connection

from huitou.kit.statements import statement

_ROOM: Final = str(Path(__file__).parent)


def run(name: str, values: dict[str, Any] | None = None) -> int:
    """Run ``sql/<name>.sql``; returns how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement(_ROOM, name), values)
        return int(cursor.rowcount)


def rows(name: str, values: dict[str, Any] | None = None) -> Sequence[tuple[Any, ...]]:
    """All rows of ``sql/<name>.sql``."""
    with connection.cursor() as cursor:
        cursor.execute(statement(_ROOM, name), values)
        return list(cursor.fetchall())
