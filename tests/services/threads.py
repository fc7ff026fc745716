"""Calls from several sessions at once: a thread has a connection of its own, closed at its end."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from huitou.kit.errors import HuitouError


def in_threads(count, call):
    """What ``count`` threads got, called at once: an answer or the code of a refusal."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda n: _told(call, n), range(count)))


def in_thread(pool, call):
    """``call`` in another session; its answer or the code of its refusal."""
    return pool.submit(_told, call)


def wait_until_somebody_waits():
    """Until another session waits for a lock of this one, or has ended without."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if (cursor.fetchone() or [0])[0]:
                return
        time.sleep(0.05)


def _told(call, *values):
    try:
        return call(*values)
    except HuitouError as error:
        return error.code
    finally:
        connection.close()
