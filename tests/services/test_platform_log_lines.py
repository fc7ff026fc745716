"""What a log line keeps of a failure: where and what, never the row it happened to."""

import json
import logging
import sys

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from huitou.platform.logs import JsonLines

pytestmark = pytest.mark.django_db


def line_of(*statements: str) -> str:
    """The log line of the failure of the last of the statements."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except IntegrityError:
        record = logging.LogRecord("huitou", logging.ERROR, "", 0, "x", None, sys.exc_info())
        return JsonLines().format(record)
    raise AssertionError("nothing failed")


@pytest.mark.parametrize("code", ["Kanarie", "Kanarie\\nKanarie"])
def test_a_failure_of_the_database_does_not_quote_the_row(code):
    line = line_of(
        "CREATE TEMP TABLE bird (name text UNIQUE)",
        f"INSERT INTO bird VALUES (E'{code}')",
        f"INSERT INTO bird VALUES (E'{code}')",
    )
    said = json.loads(line)["exception"]
    assert "Kanarie" not in said
    assert "UniqueViolation" in said
    assert said.count("Traceback") == 2  # both halves of the chain are still there
    assert "test_platform_log_lines" in said


def test_a_failure_of_the_database_does_not_quote_the_statement_with_its_values():
    bird = "".join(("Kana", "rie"))  # a traceback shows the line it is written on
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 WHERE %s = 'a' AND no_such_column = 1", [bird])
    except DatabaseError:
        record = logging.LogRecord("huitou", logging.ERROR, "", 0, "x", None, sys.exc_info())
        said = json.loads(JsonLines().format(record))["exception"]
    assert bird not in said
    assert "no_such_column" in said
