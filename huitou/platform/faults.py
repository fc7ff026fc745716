"""Failures of the world around us, recognised whatever library reports them, as errors with a next
move.
"""

import errno
import sys
from collections.abc import Iterator
from typing import Final

from huitou.kit.errors import HuitouError
from huitou.platform import errors

_DISK_FULL_STATE: Final = "53100"
_FULL_WORDS: Final = ("no space left on device", "could not extend file")
# Classes of SQLSTATE: connection lost, too many connections, server going down or coming up.
_DOWN_STATES: Final = ("08", "53300", "57P")
_DOWN_WORDS: Final = (
    "connection failed",
    "server closed the connection",
    "the connection is closed",
    "connection refused",
    "connection already closed",
    "could not connect",
    "terminating connection",
    "consuming input failed",
    "no connection to the server",
    "connection is lost",
    "is not available",
)


def known(error: BaseException) -> HuitouError | None:
    """The anticipated error that ``error`` or its cause is; None if it is a mistake of ours."""
    for cause in _causes(error):
        if isinstance(cause, HuitouError):
            return cause
        if _is_disk_full(cause):
            return errors.DiskFull()
    for cause in _causes(error):
        if _is_database_down(cause):
            return errors.DatabaseDown()
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    if getattr(error, "sqlstate", None) == _DISK_FULL_STATE:
        return True
    return _is_from_library(error) and any(words in str(error).lower() for words in _FULL_WORDS)


def _is_database_down(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) and state:
        return state.startswith(_DOWN_STATES)
    return _is_operational(error) and any(words in str(error).lower() for words in _DOWN_WORDS)


def _is_operational(error: BaseException) -> bool:
    """Whether it is an operational or interface error of a database library."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return _is_from_library(error) and bool(names & {"OperationalError", "InterfaceError"})


def _is_from_library(error: BaseException) -> bool:
    tops = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    loaded = {
        "psycopg",
        "django",
        "duckdb",
        "_duckdb",
        "adbc_driver_manager",
        "pyarrow",
        "procrastinate",
    }
    return bool(tops & loaded & {name.partition(".")[0] for name in sys.modules})
