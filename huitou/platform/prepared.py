"""Statements that come many times a second: the server plans them once a connection."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of ``statement``, in the transaction of Django's connection.

    Values travel beside the text (``%s`` each, with a cast where the type is not plain), so that
    the same text is the same plan. Errors are Django's, as everywhere."""
    wrapper = connections[DEFAULT_DB_ALIAS]  # looked up once: the lazy one is asked many times
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    wrapper.validate_no_broken_transaction()
    link = wrapper.connection
    assert link is not None
    before, link.prepare_threshold = link.prepare_threshold, 0
    try:
        with wrapper.wrap_database_errors, psycopg.Cursor(link) as cursor:
            cursor.execute(statement, values, prepare=True)
            return cursor.fetchall()
    finally:
        link.prepare_threshold = before
