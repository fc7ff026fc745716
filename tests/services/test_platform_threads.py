"""Connections of a server whose threads come and go."""

import gc
import threading
import time

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from huitou.platform import database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bound():
    """As in the site; as before afterwards, and nothing is swept up meanwhile."""
    database.close_with_thread()
    gc.disable()
    yield
    gc.enable()
    connection_created.disconnect(dispatch_uid="close_with_thread")


def ask(backends: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backends.append(cursor.fetchone()[0])


def still_open(backends: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [backends])
        return cursor.fetchone()[0]


def test_a_connection_ends_with_its_thread(bound):
    backends: list[int] = []
    for _ in range(5):
        thread = threading.Thread(target=ask, args=(backends,))
        thread.start()
        thread.join()
    assert len(set(backends)) == 5
    end = time.monotonic() + 5
    while still_open(backends) and time.monotonic() < end:
        time.sleep(0.05)
    assert still_open(backends) == 0


def test_a_thread_that_opens_another_connection_keeps_that_one(bound):
    backends: list[int] = []

    def twice() -> None:
        ask(backends)
        connection.close()
        ask(backends)
        ask(backends)
        connection.close()

    thread = threading.Thread(target=twice)
    thread.start()
    thread.join()
    first, second, third = backends
    assert first != second == third
