"""An import while it runs: whose it is, how it ended, and how it is undone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection

from huitou.customers import queries as customer_queries
from huitou.customers import services as customers
from huitou.customers.errors import RollbackBlocked as CustomersChangedLater
from huitou.flows.types import Counts
from huitou.kit.errors import HuitouError
from huitou.kit.money import Currency
from huitou.orders import queries as order_queries
from huitou.orders import services as orders
from huitou.orders.errors import RollbackBlockedByImport as OrdersChangedLater
from huitou.platform.imports import queries as records
from huitou.platform.imports import services as record
from huitou.platform.progress import Reporter
from huitou.platform.types import ImportOutcome, ImportRow
from huitou.programmes import queries as programmes
from huitou.programmes.errors import RollbackBlockedByPoints
from huitou.staff import queries as staff
from huitou.voice import queries as voice_queries
from huitou.voice import services as voice
from huitou.voice.errors import RollbackBlocked as AnswersChangedLater

log = logging.getLogger("huitou.imports")


@contextmanager
def claimed(public_id: str) -> Iterator[bool]:
    """Hold the import as ours while the block runs: true if nobody else does.

    The claim ends with the session, so a process that dies lets go of it.
    """
    key = f"import:{public_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        is_mine = bool((cursor.fetchone() or [False])[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            _let_go(key)


def _let_go(key: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
    except (DatabaseError, psycopg.Error):
        connection.close()  # the session is broken; with it goes the claim


def waits_for_worker(public_id: str) -> bool:
    """Whether a job of this import has still to begin or to be taken up again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'imports.apply' "
            "AND status IN ('todo', 'doing') AND args->>'public_id' = %s)",
            [public_id],
        )
        return bool((cursor.fetchone() or [False])[0])


def error_json(error: HuitouError) -> dict[str, Any]:
    """The shape of an error in results and on record."""
    return {
        "code": error.code,
        "message": str(error),
        "facts": {k: _plain(v) for k, v in error.facts.items()},
    }


def try_to_record(public_id: str, *, state: str, error: dict[str, Any], now: datetime) -> None:
    """Put the end of an import on record; a database that cannot be reached is left to ``heal``."""
    try:
        if connection.in_atomic_block and connection.needs_rollback:
            return
        if connection.connection is not None and connection.connection.closed:
            connection.close()
        record.finish(public_id, ImportOutcome(state=state, error=error), now=now)
    except (DatabaseError, psycopg.Error):
        log.warning(
            "imports.not_recorded", extra={"fields": {"import_id": public_id, "state": state}}
        )
        connection.close()


def undo(row: ImportRow, *, now: datetime, reporter: Reporter) -> Counts:
    """Undo what the import wrote, in the transaction; how many things went and were put back."""
    del reporter
    try:
        if row.kind == "answers":
            removed, restored = voice.roll_back(import_id=row.id)
        elif row.kind == "customers":
            removed, restored = customers.roll_back(import_id=row.id, in_use=_in_use(row.id))
        else:
            removed, restored = _undo_orders(row, now)
    except (OrdersChangedLater, CustomersChangedLater, AnswersChangedLater) as error:
        later = ", ".join(records.named(error.facts["imports"]))  # type: ignore[arg-type]
        raise type(error)(count=error.facts["count"], imports=later) from error
    return Counts(new=removed, changed=restored)


def _undo_orders(row: ImportRow, now: datetime) -> tuple[int, int]:
    earned = programmes.earned_in_import(row.id)
    if earned:
        raise RollbackBlockedByPoints(count=earned)
    company = staff.company()
    factor = 10 ** Currency(company.currency).decimals if company else 100
    done = orders.roll_back(import_id=row.id, factor=factor, now=now)
    customers.take_back(import_id=row.id, in_use=_in_use(row.id))
    return done


def _in_use(import_id: int) -> list[int]:
    """The customers an import added who have orders or answers, or joined the programme."""
    created = customer_queries.created_by(import_id)
    return sorted(
        order_queries.with_orders(created)
        | voice_queries.with_answers(created)
        | voice_queries.with_cases(created)
        | programmes.with_membership(created)
    )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)
