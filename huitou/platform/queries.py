"""What the plumbing can say: progress of a work, health of the installation."""

from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection

import huitou
from huitou.platform import models, types

HEARTBEAT_LIMIT: Final = timedelta(minutes=2)


def progress(key: str) -> types.ProgressRow | None:
    """How far the work called ``key`` is; None if it was never begun."""
    fields = ("key", "stage", "done", "total", "started_at", "updated_at", "finished_at", "error")
    row = models.Progress.objects.filter(key=key).values_list(*fields).first()
    return types.ProgressRow(*row) if row else None


def health(*, last_measured_at: datetime | None, now: datetime) -> types.Health:
    """What ``/healthz`` says; never raises when the database is down. The door passes the last measurement."""
    try:
        pending = pending_migrations()
        seen_at = worker_seen_at()
    except DatabaseError:
        return types.Health(
            "down", "unknown", "unknown", None, last_measured_at, huitou.__version__
        )
    worker = "ok" if seen_at is not None and now - seen_at < HEARTBEAT_LIMIT else "silent"
    migrations = "pending" if pending else "ok"
    return types.Health("ok", migrations, worker, seen_at, last_measured_at, huitou.__version__)


def pending_migrations() -> int:
    """How many migrations of this version the database has not seen."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker_seen_at() -> datetime | None:
    """When a worker last said that it lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('procrastinate_workers')")
        if cursor.fetchone() == (None,):
            return None
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row else None
