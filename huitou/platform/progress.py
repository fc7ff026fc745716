"""How far a long work is: told to whoever asked for it, or stored where a screen can look."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, Protocol

import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

SECONDS_BETWEEN_WRITES: Final = 0.5

_WRITE: Final = """
-- A row is one long work; a new stage starts its count again, the first one its clock.
INSERT INTO platform_progress (key, stage, done, total, started_at, updated_at, finished_at, error)
VALUES (%(key)s, %(stage)s, %(done)s, %(total)s, now(), now(), NULL, NULL)
ON CONFLICT (key) DO UPDATE SET
    stage = excluded.stage, done = excluded.done, total = excluded.total, updated_at = now(),
    started_at = CASE WHEN %(is_new)s THEN now() ELSE platform_progress.started_at END,
    finished_at = NULL, error = NULL
"""
_FINISH: Final = """
-- Closes one long work, with its error if it failed.
UPDATE platform_progress SET finished_at = now(), updated_at = now(), done = %(done)s, error =
%(error)s
WHERE key = %(key)s
"""
_CLAIM: Final = """
-- A row is a work that happens once; whoever writes it first does the work.
INSERT INTO platform_progress (key, stage, done, total, started_at, updated_at)
VALUES (%(key)s, 'claimed', 0, NULL, %(now)s, %(now)s)
ON CONFLICT (key) DO NOTHING
"""


class Reporter(Protocol):
    """Hears how far a long work is."""

    def stage(self, name: str, total: int | None) -> None:
        """A new stage begins: ``name`` is a code such as ``reading``; ``total`` steps, None =
        unknown.
        """
        ...

    def advance(self, count: int) -> None:
        """``count`` more steps of the stage are done."""
        ...


class Silent:
    """Hears and says nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""


class Stored:
    """Writes progress on a connection of its own, so that it is seen before the work commits.

    At most two writes a second, except when a stage begins. A database that cannot be reached is
    left to the work
    itself to notice: progress never makes a work fail.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._stage = "waiting"
        self._done = 0
        self._total: int | None = None
        self._is_new = True
        self._written_at = 0.0
        self._connection: psycopg.Connection[Any] | None = None

    def stage(self, name: str, total: int | None) -> None:
        """A new stage begins."""
        self._stage, self._done, self._total = name, 0, total
        self._write()

    def advance(self, count: int) -> None:
        """``count`` more steps are done."""
        self._done += count
        if time.monotonic() - self._written_at >= SECONDS_BETWEEN_WRITES:
            self._write()

    def finish(self, error: dict[str, Any] | None = None) -> None:
        """The work is over; ``error`` is ``{code, message, facts}`` if it failed."""
        if self._is_new:
            self._write()
        wrapped = Jsonb(error) if error is not None else None
        self._execute(_FINISH, {"key": self.key, "done": self._done, "error": wrapped})
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self) -> None:
        values = {"key": self.key, "stage": self._stage, "done": self._done, "total": self._total}
        self._execute(_WRITE, {**values, "is_new": self._is_new})
        self._is_new = False
        self._written_at = time.monotonic()

    def _execute(self, statement: str, values: dict[str, Any]) -> None:
        try:
            if self._connection is None or self._connection.closed:
                self._connection = _own_connection()
            self._connection.execute(statement, values)
        except psycopg.OperationalError:
            self._connection = None


@contextmanager
def stored(key: str) -> Iterator[Stored]:
    """A ``Stored`` that is finished when the block ends, with the error that ended it."""
    from huitou.kit.errors import HuitouError

    reporter = Stored(key)
    try:
        yield reporter
    except HuitouError as error:
        reporter.finish(
            {"code": error.code, "message": str(error), "facts": _json_facts(error.facts)}
        )
        raise
    except BaseException:
        reporter.finish({"code": "platform.unexpected", "message": "", "facts": {}})
        raise
    reporter.finish()


def _json_facts(facts: dict[str, object]) -> dict[str, object]:
    plain = (str, int, float, bool, type(None))
    return {
        name: value if isinstance(value, plain) else str(value) for name, value in facts.items()
    }


def _own_connection() -> psycopg.Connection[Any]:
    options = connection.get_connection_params()
    for name in ("cursor_factory", "context", "server_side_binding", "prepare_threshold"):
        options.pop(name, None)
    return psycopg.connect(**options, autocommit=True)


def claim(key: str, *, now: datetime) -> bool:
    """Whether the caller is the first to ask for the work ``key``, for good: in its own
    transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"key": key, "now": now})
        return bool(cursor.rowcount == 1)
