"""Statements that come many times a second: the server plans them once a connection."""

import re
import select
from collections.abc import Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import pq
from psycopg.errors import error_from_result

_NAMED: Final = re.compile(r"%\((\w+)\)s")
# By connection, the statements it has planned, each with the names of its values in their order.
_Plan = tuple[bytes, list[str]]
_PLANS: Final[WeakKeyDictionary[Any, dict[str, _Plan]]] = WeakKeyDictionary()


def rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of ``statement``, in the transaction of Django's connection.

    Values travel beside the text (``%s`` each, with a cast where the type is not plain), so that
    the same text is the same plan. Errors are Django's, as everywhere."""
    wrapper = _ready()
    link = wrapper.connection
    before, link.prepare_threshold = link.prepare_threshold, 0
    try:
        with wrapper.wrap_database_errors, psycopg.Cursor(link) as cursor:
            cursor.execute(statement, values, prepare=True)
            return cursor.fetchall()
    finally:
        link.prepare_threshold = before


def texts(statement: str, values: Mapping[str, str | None]) -> list[tuple[str | None, ...]]:
    """All rows of ``statement`` as text, for values that are text already (``%(name)s`` each).

    Outside a transaction this is one call of the client library, with nothing to convert on
    either side; the statement must say ``::text`` of every column that is another type."""
    wrapper = _ready()
    link = wrapper.connection
    with wrapper.wrap_database_errors:
        if not link.autocommit:
            with psycopg.Cursor(link) as cursor:
                return cursor.execute(statement, values).fetchall()
        with link.lock:
            plans = _PLANS.setdefault(link, {})
            name, order = plans.get(statement) or _planned(link.pgconn, statement, plans)
            given = [None if (v := values[key]) is None else v.encode() for key in order]
            result = link.pgconn.exec_prepared(name, given)
        return _texts(link.pgconn, result)


def _ready() -> Any:
    """Django's connection, usable: opened if it was not, and again if the server has hung up."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]  # looked up once: the lazy one is asked often
    if _is_quiet(wrapper):
        wrapper.health_check_done = True  # so that no statement has to be sent to find out
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    wrapper.validate_no_broken_transaction()
    assert wrapper.connection is not None
    return wrapper


def _is_quiet(wrapper: Any) -> bool:
    """Whether the connection is open and nothing came in unasked: a server that ends a connection
    says so, and one that went away closes it."""
    link = wrapper.connection
    if link is None or link.closed or wrapper.health_check_done:
        return False
    poll = select.poll()
    poll.register(link.pgconn.socket, select.POLLIN)
    return not poll.poll(0)


def _planned(pgconn: pq.abc.PGconn, statement: str, plans: dict[str, _Plan]) -> _Plan:
    order = list(dict.fromkeys(_NAMED.findall(statement)))
    places = {name: f"${place}" for place, name in enumerate(order, 1)}
    name = f"huitou_{len(plans)}".encode()
    numbered = _NAMED.sub(lambda found: places[found[1]], statement)
    result = pgconn.prepare(name, numbered.encode())
    _check(pgconn, result)
    plans[statement] = name, order
    return plans[statement]


def _texts(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> list[tuple[str | None, ...]]:
    _check(pgconn, result)
    value, columns = result.get_value, range(result.nfields)
    return [
        tuple([text if (text := value(row, at)) is None else text.decode() for at in columns])
        for row in range(result.ntuples)
    ]


def _check(pgconn: pq.abc.PGconn, result: pq.abc.PGresult) -> None:
    if result.status in {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}:
        return
    if pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(pgconn.get_error_message())
    raise error_from_result(result)
