"""What the plumbing can say: progress of a work, health of the installation."""

from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection

import huitou
from huitou.platform import followups, models, types

HEARTBEAT_LIMIT: Final = timedelta(minutes=2)


def progress(key: str) -> types.ProgressRow | None:
    """How far the work called ``key`` is; None if it was never begun."""
    fields = ("key", "stage", "done", "total", "started_at", "updated_at", "finished_at", "error")
    row = models.Progress.objects.filter(key=key).values_list(*fields).first()
    return types.ProgressRow(*row) if row else None


def health(*, last_measured_at: datetime | None, now: datetime) -> types.Health:
    """What ``/healthz`` says; never raises when the database is down. The door passes the last
    measurement.
    """
    try:
        pending = pending_migrations()
        seen_at = worker_seen_at()
    except DatabaseError:
        return types.Health(
            "down", "unknown", "unknown", None, last_measured_at, huitou.__version__
        )
    worker = "ok" if seen_at is not None and now - seen_at < HEARTBEAT_LIMIT else "silent"
    migrations = "pending" if pending else "ok"
    waiting, failing = (None, None) if pending else followups.counts()
    return types.Health(
        "ok", migrations, worker, seen_at, last_measured_at, huitou.__version__, waiting, failing
    )


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


def applied_migrations() -> list[tuple[str, str]]:
    """The migrations this database has seen, by room and name."""
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(MigrationRecorder(connection).applied_migrations())


def known_migrations() -> list[tuple[str, str]]:
    """The migrations of this version, by room and name."""
    from django.db.migrations.loader import MigrationLoader

    return sorted(MigrationLoader(None).disk_migrations or {})


def holds_data() -> bool:
    """Whether anybody has put anything in: a user, a company, a customer or an import."""
    with connection.cursor() as cursor:
        for table in ("staff_user", "staff_company", "customers_customer", "platform_import"):
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone() == (None,):
                continue
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone() == (True,):
                return True
    return False


def is_under_way(task_name: str) -> bool:
    """Whether a job of this name waits or runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs "
            "WHERE task_name = %s AND status IN ('todo', 'doing'))",
            [task_name],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
