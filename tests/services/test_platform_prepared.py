"""Statements that come many times a second, on a connection that lives long."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from huitou.platform import prepared

pytestmark = pytest.mark.django_db(transaction=True)

ECHO = "SELECT %(word)s::text, (%(number)s::int + 1)::text, %(word)s::text || '!'"
ONCE = (
    "INSERT INTO platform_keptanswer (source, key, digest, answer, kept_at) "
    "VALUES (%(source)s, 'k', 'd', '{}', now()) RETURNING source"
)


def ask_in_transaction() -> list[tuple[str | None, ...]]:
    with transaction.atomic():
        return prepared.texts(ECHO, {"word": "回头", "number": "41"})


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: prepared.texts(ECHO, {"word": "回头", "number": "41"}), id="alone"),
        pytest.param(ask_in_transaction, id="in a transaction"),
    ],
)
def test_texts_come_back_as_they_went(ask: Callable[[], list[tuple[str | None, ...]]]) -> None:
    for _ in range(3):
        assert ask() == [("回头", "42", "回头!")]


def test_nothing_is_null() -> None:
    assert prepared.texts(ECHO, {"word": None, "number": "1"}) == [(None, "2", None)]


def test_what_the_database_refuses_is_the_error_it_always_is() -> None:
    assert prepared.texts(ONCE, {"source": "s"}) == [("s",)]
    with pytest.raises(IntegrityError):
        prepared.texts(ONCE, {"source": "s"})
    assert prepared.texts(ONCE, {"source": "t"}) == [("t",)]


def test_what_a_transaction_wrote_vanishes_with_it() -> None:
    with transaction.atomic():
        prepared.texts(ONCE, {"source": "s"})
        transaction.set_rollback(True)
    assert prepared.texts(ONCE, {"source": "s"}) == [("s",)]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: prepared.texts("SELECT 'here'", {}), id="texts"),
        pytest.param(lambda: prepared.rows("SELECT 'here'", []), id="rows"),
    ],
)
def test_a_connection_that_the_server_ended_is_opened_again(
    ask: Callable[[], list[tuple[object, ...]]],
) -> None:
    assert ask() == [("here",)]
    ended = connection.connection.info.backend_pid

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(end).result()
    close_old_connections()  # as every request begins
    assert ask() == [("here",)]
    assert connection.connection.info.backend_pid != ended
