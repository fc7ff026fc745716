"""Run the set-based statements a room keeps in its ``sql`` folder."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from huitou.kit.statements import statement


class Statements:
    """The statements beside one file of a room; each run is one round trip."""

    def __init__(self, beside: str) -> None:
        self._beside = beside

    def run(self, name: str, values: Mapping[str, Any] | None = None) -> int:
        """Run ``sql/<name>.sql``; returns how many rows it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(statement(self._beside, name), values)
            return int(cursor.rowcount)

    def rows(self, name: str, values: Mapping[str, Any] | None = None) -> Sequence[tuple[Any, ...]]:
        """All rows of ``sql/<name>.sql``."""
        with connection.cursor() as cursor:
            cursor.execute(statement(self._beside, name), values)
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
            return found
