"""One JSON line per event: dotted name, ids and numbers. Who acts and for which request is bound
once, at a door.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

_ACTOR: ContextVar[str] = ContextVar("actor", default="system")
_REQUEST: ContextVar[str] = ContextVar("request_id", default="")
# What a database says of an error beyond its first line quotes the row, or the statement with its
# values: those of a person.
_ROWS: Final = re.compile(
    r"^(DETAIL|CONTEXT|HINT|WHERE|LINE \d+):.*?(?=^\s*$|^Traceback|\Z)", re.M | re.S
)
_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
# A line names no thread, process or place in the code: nothing of it has to be looked up.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None  # as Python's guide to logging says


def actor() -> str:
    """Who acts now: ``user:12``, ``cli`` or ``system``."""
    return _ACTOR.get()


@contextmanager
def bound(*, actor: str | None = None, request_id: str | None = None) -> Iterator[None]:
    """Name the actor and the request of everything that happens inside."""
    actor_token = _ACTOR.set(actor if actor is not None else _ACTOR.get())
    request_token = _REQUEST.set(request_id if request_id is not None else _REQUEST.get())
    try:
        yield
    finally:
        _ACTOR.reset(actor_token)
        _REQUEST.reset(request_token)


class JsonLines(logging.Formatter):
    """A log record as one JSON line; ``extra={"fields": {...}}`` gives the ids and numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            "actor": _ACTOR.get(),
        }
        if request_id := _REQUEST.get():
            line["request_id"] = request_id
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = _ROWS.sub("", self.formatException(record.exc_info))
        return _JSON(line)
