"""Work that happens later, in a worker: deferred in the transaction that wants it, done at least
once.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.db import close_old_connections, transaction
from procrastinate import RetryStrategy, exceptions
from procrastinate.contrib.django import app
from procrastinate.tasks import configure_task

log = logging.getLogger("huitou.jobs")

HEARTBEAT_SECONDS: Final = 10.0
STALLED_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 20.0
# Two jobs at a time, one of each lane: what takes minutes never delays what is due each minute.
SHORT: Final = "short"
LONG: Final = "long"

Work = Callable[..., None]


def task(name: str, *, attempts: int = 1) -> Callable[[Work], Work]:
    """Register a function of a ``tasks.py`` as the job ``name``; it takes ids and makes one service
    call.

    A job that fails is tried ``attempts`` times in all; a job whose worker died is always tried
    again.
    """
    retry = RetryStrategy(max_attempts=attempts - 1, exponential_wait=4) if attempts > 1 else False

    def register(work: Work) -> Work:
        app.task(name=name, retry=retry)(_with_fresh_connections(work))
        return work

    return register


def every(
    cron: str, name: str
) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Register a function to be called by a worker at the times of ``cron``, with the instant it
    was due (UTC).
    """

    def register(work: Callable[[datetime], None]) -> Callable[[datetime], None]:
        def at(timestamp: int) -> None:
            work(datetime.fromtimestamp(timestamp, UTC))

        fresh = _with_fresh_connections(at)
        app.periodic(cron=cron, periodic_id=name)(
            app.task(name=name, queueing_lock=name, lock=SHORT, pass_context=False)(fresh)
        )
        return work

    return register


def defer(
    task_name: str, /, *, only_once: str | None = None, lane: str = SHORT, **ids: Any
) -> int | None:
    """Ask for the job ``task_name``; it starts after the current transaction commits. Returns its
    number. Jobs of one ``lane`` follow each other; those of the other go on beside them.

    With ``only_once`` (a key) nothing happens, and None comes back, while a job of that key still
    waits.
    """
    # By its name only: who asks for a job need not load what does it.
    configured = configure_task(
        name=task_name, job_manager=app.job_manager, queueing_lock=only_once, lock=lane
    )
    try:
        with transaction.atomic():
            return int(configured.defer(**ids))
    except exceptions.AlreadyEnqueued:
        return None


def run_worker(*, wait: bool = True, name: str = "huitou") -> None:
    """Work on jobs until told to stop (SIGTERM, Ctrl-C); with ``wait`` false, until none is due."""
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if isinstance(connector, DjangoConnector):
        connector = connector.get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(_work(worker_app, wait=wait, name=name))


async def _work(worker_app: Any, *, wait: bool, name: str) -> None:
    left: set[int] = set()
    async with worker_app.open_async():
        while True:
            await worker_app.run_worker_async(
                wait=wait,
                name=name,
                concurrency=2,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
                delete_jobs="never",
            )
            # A worker that does not wait leaves while a job of a lane still stands behind another.
            before, left = left, await _due(worker_app)
            if wait or not left or left == before:
                return


async def _due(worker_app: Any) -> set[int]:
    waiting = await worker_app.job_manager.list_jobs_async(status="todo")
    now = datetime.now(UTC)
    return {job.id for job in waiting if job.scheduled_at is None or job.scheduled_at <= now}


def _with_fresh_connections(work: Work) -> Work:
    """``work`` in a thread of the worker: a connection that died since the last job is replaced
    first.
    """

    def fresh(**ids: Any) -> None:
        close_old_connections()
        try:
            work(**ids)
        finally:
            close_old_connections()

    return fresh
