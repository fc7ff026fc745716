"""Bring the analytical files up to date: only what changed since the last manifest is read."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from adbc_driver_postgresql import dbapi

from huitou.insights import manifest as manifests
from huitou.insights.engine import Engine
from huitou.insights.frames import ANSWERS, EVERYONE, ORDERS
from huitou.insights.manifest import Manifest, StoredFile

SQL: Final = Path(__file__).parent / "sql"
CURRENT: Final = "current.json"
# Above this many months one pass over the whole table is cheaper than one look-up per month.
MONTHS_ONE_BY_ONE: Final = 6
_ARROW: Final[dict[str, pa.DataType]] = {
    "int64": pa.int64(),
    "date": pa.date32(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "float64": pa.float64(),
}


class Advances(Protocol):
    """What an extraction reports to: how many rows came."""

    def advance(self, count: int) -> None:
        """``count`` more rows are in the files."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files are made from and where they go."""

    uri: str  # of PostgreSQL, for the application's role
    folder: Path  # the analytics folder
    zone: str  # the company's


@cache
def statement(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def refresh(source: Source, engine: Engine, *, progress: Advances) -> Manifest:
    """Write the files whose content changed and make them current; returns their manifest.

    Everything is read in one repeatable-read transaction, so the files are one moment of the
    database. A file that did not change is not written again: its name is its content. Files of
    another history – a database restored from an older backup beside them – are not built upon.
    """
    source.folder.mkdir(parents=True, exist_ok=True)
    before = manifests.read(source.folder / CURRENT)
    with _snapshot(source.uri) as cursor:
        if before is not None and _changed_at(cursor, before.change_id) != before.changed_at:
            before = None
        changed, change_id = _changed_months(cursor, before)
        months = dict(before.months) if before else {}
        fresh: pa.RecordBatchReader | None
        if before is None or len(changed) > MONTHS_ONE_BY_ONE:
            fresh = _read(cursor, statement("orders_all"))
        else:
            fresh = _read_months(cursor, changed)
        for month in list(months):
            if before is None or len(changed) > MONTHS_ONE_BY_ONE or month in changed:
                del months[month]
        if fresh is not None:
            months.update(_write_months(source.folder, engine, fresh, progress))
        now = Manifest(
            months=months,
            customers=_write_table(source.folder, "customers", _everyone(cursor, source.zone)),
            answers=_write_table(source.folder, "answers", _answers(cursor)),
            change_id=change_id,
            changed_at=_changed_at(cursor, change_id),
        )
    manifests.write_json(source.folder / CURRENT, now.as_json())
    return now


def newest_counted(engine: Engine, folder: Path, listed: Manifest, *, until: date) -> date | None:
    """The day of the newest counted order on or before ``until``; None without one."""
    newest = listed.newest_order_on
    if newest is None or newest <= until:
        return newest
    paths = sorted(folder / stored.path for stored in listed.months.values())
    orders = engine.files("order_files", paths, ORDERS)
    past = orders.filter(orders.is_counted, orders.ordered_on <= until)
    found: date | None = engine.one(past.agg(newest=past.ordered_on.max()))["newest"]
    return found


def forget_old(folder: Path, *, kept: set[str], now: datetime) -> int:
    """Delete files older than 400 days that no kept manifest names; returns how many went."""
    oldest = now.timestamp() - manifests.KEPT_DAYS * 86_400
    gone = 0
    for kind in ("orders", "customers", "answers", "scores"):
        for path in sorted((folder / kind).glob("*.parquet")):
            if path.stat().st_mtime < oldest and f"{kind}/{path.name}" not in kept:
                path.unlink()
                gone += 1
    return gone


@contextmanager
def _snapshot(uri: str) -> Iterator[Any]:
    with dbapi.connect(uri, autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor
        connection.rollback()


def _changed_months(cursor: Any, before: Manifest | None) -> tuple[list[str], int]:
    since = before.change_id if before else 0
    cursor.execute(statement("changed_months"), parameters=(since,))
    rows = cursor.fetch_arrow_table().to_pylist()
    newest = max((int(row["change_id"]) for row in rows), default=since)
    return sorted(f"{row['month_on']:%Y-%m}" for row in rows), newest


def _changed_at(cursor: Any, change_id: int) -> str:
    """When that change of a month was; empty if this database has not seen it."""
    cursor.execute(statement("changed_at"), parameters=(change_id,))
    rows = cursor.fetch_arrow_table().to_pylist()
    return str(rows[0]["at"].isoformat()) if rows else ""


def _read(cursor: Any, sql: str) -> pa.RecordBatchReader:
    cursor.execute(sql)
    reader: pa.RecordBatchReader = cursor.fetch_record_batch()
    return reader


def _read_months(cursor: Any, months: Sequence[str]) -> pa.RecordBatchReader | None:
    if not months:
        return None
    spans = " OR ".join(
        f"(ordered_on >= DATE '{first}' AND ordered_on < DATE '{_month_after(first)}')"
        for first in (date.fromisoformat(f"{month}-01") for month in months)
    )
    return _read(cursor, statement("orders_of_months").format(spans=spans))


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _write_months(
    folder: Path, engine: Engine, rows: pa.RecordBatchReader, progress: Advances
) -> dict[str, StoredFile]:
    engine.duck.register("arriving", rows)
    # A table of the engine and not of this process: it may spill to disk.
    engine.duck.execute("CREATE OR REPLACE TEMP TABLE arrived AS SELECT * FROM arriving")
    engine.duck.unregister("arriving")
    found = engine.duck.execute(
        "SELECT DISTINCT date_trunc('month', ordered_on)::DATE AS first FROM arrived ORDER BY 1"
    ).fetchall()
    written: dict[str, StoredFile] = {}
    for (first,) in found:
        table = engine.duck.sql(
            f"SELECT * FROM arrived WHERE ordered_on >= DATE '{first}' "
            f"AND ordered_on < DATE '{_month_after(first)}' ORDER BY order_id"
        ).to_arrow_table()
        stored = _write(folder, "orders", f"{first:%Y-%m}-", _shaped(table, ORDERS))
        written[f"{first:%Y-%m}"] = stored
        progress.advance(stored.rows)
    engine.duck.execute("DROP TABLE arrived")
    return written


def _everyone(cursor: Any, zone: str) -> pa.Table:
    cursor.execute(statement("everyone"), parameters=(zone,))
    return _shaped(cursor.fetch_arrow_table(), EVERYONE).sort_by("customer_id")


def _answers(cursor: Any) -> pa.Table:
    cursor.execute(statement("answers"))
    order: list[tuple[str, Literal["ascending", "descending"]]] = [
        (name, "ascending") for name in ("customer_id", "answered_on", "wave")
    ]
    return _shaped(cursor.fetch_arrow_table(), ANSWERS).sort_by(order)


def _shaped(table: pa.Table, schema: dict[str, str]) -> pa.Table:
    target = pa.schema([(name, _ARROW[kind]) for name, kind in schema.items()])
    return table.select(target.names).cast(target)


def _write_table(folder: Path, kind: str, table: pa.Table) -> StoredFile:
    return _write(folder, kind, "", table)


def _write(folder: Path, kind: str, prefix: str, table: pa.Table) -> StoredFile:
    """Store ``table`` under the digest of its bytes; an equal file that exists is kept."""
    (folder / kind).mkdir(parents=True, exist_ok=True)
    unfinished = folder / kind / f"{prefix}{os.getpid()}.unfinished"
    pq.write_table(table, unfinished, compression="zstd", compression_level=1)
    sha256 = manifests.digest_of(unfinished)
    path = folder / kind / f"{prefix}{sha256[:32]}.parquet"
    unfinished.replace(path)
    first_on, last_on = _span_of_counted(table) if kind == "orders" else ("", "")
    return StoredFile(str(path.relative_to(folder)), sha256, table.num_rows, first_on, last_on)


def _span_of_counted(table: pa.Table) -> tuple[str, str]:
    span: Any = pc.min_max(table.filter(table["is_counted"])["ordered_on"]).as_py()
    if span["min"] is None:
        return "", ""
    return span["min"].isoformat(), span["max"].isoformat()
