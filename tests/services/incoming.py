"""Files on their way in, as a door would hand them over."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from huitou.connectors.files import reading
from huitou.connectors.files.source import FileSource
from huitou.flows import imports
from huitou.flows.types import Wishes
from huitou.platform.progress import Silent

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
HEADER = "order_id,customer,ordered_at,amount,currency,sku,quantity,status,refund_of\n"
TABLES = [
    "orders_returnmatch",
    "orders_orderbeforeimage",
    "orders_monthchange",
    "orders_orderline",
    "orders_order",
    "orders_product",
    "voice_answerbeforeimage",
    "voice_answer",
    "audiences_storeperson",
    "audiences_person",
    "customers_customerbeforeimage",
    "customers_consent",
    "customers_identity",
    "customers_customer",
    "platform_import",
    "platform_fact",
    "staff_store",
    "staff_company",
]


def source(path: Path, *, kind="orders", preset=None):
    """The file as a source of rows, read as it looks."""
    found = reading.inspect(path, kind=kind, preset=preset)
    return FileSource(
        kind=kind,
        preset=found.preset,
        path=path,
        file_name=path.name,
        dialect=found.dialect.as_json(),
        mapping=found.mapping,
    )


def bring_in(path: Path, *, kind="orders", preset=None, now=NOW, **wishes):
    """Import the file."""
    return imports.run(
        source(path, kind=kind, preset=preset),
        Wishes(**wishes),
        actor="cli",
        now=now,
        reporter=Silent(),
    )


def roll_back(import_id, *, now=NOW):
    """Take an import back."""
    return imports.roll_back(import_id, actor="cli", now=now, reporter=Silent())


def csv(folder: Path, name: str, *lines: str, header: str = HEADER) -> Path:
    """A small file."""
    path = folder / name
    path.write_text(header + "".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def rows(statement: str, *values):
    """What the database says."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def everything():
    """All rows of all tables that an import writes, without what only says that one happened."""
    silent = {
        "platform_import",
        "platform_fact",
        "orders_monthchange",
        "staff_store",
        "staff_company",
    }
    return {
        table: sorted(map(str, rows(f"SELECT to_jsonb(t) - '{unnamed}' FROM {table} t")))
        for table in TABLES
        if table not in silent
        for unnamed in ("id" if table == "orders_returnmatch" else "",)
    }


def empty_the_house():
    """Remove what committed imports left behind."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
