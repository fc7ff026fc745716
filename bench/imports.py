"""Real invoices, planned and applied, against a raw COPY of the same rows with the same keys.

The file is the UCI data set Online Retail, from ``shared/data`` beside the checkout; without it, a
made-up file of its shape. Both sides write to one embedded server in a folder of its own, in
turns; medians of three."""

import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 3
BAR = 0.25
MEMORY_LIMIT_BYTES = 1_500_000_000
KEYS = "PRIMARY KEY (number, position)"
RAW_TABLE = (
    "CREATE TABLE raw_copy (number text, position integer, sku text, description text, "
    "quantity numeric, "
    f"sold_at timestamp, price numeric, customer text, country text, {KEYS})"
)


def run() -> list[dict[str, Any]]:
    """Speed as a share of raw COPY, and memory."""
    with tempfile.TemporaryDirectory(prefix="huitou-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        Path(folder).chmod(0o755)
        file = _file(Path(folder))
        try:
            raw, ours = zip(*(_round(home, file) for _ in range(ROUNDS)), strict=True)
        finally:
            _child(home, "stop", file)
    raw_seconds = statistics.median(found["seconds"] for found in raw)
    our_seconds = statistics.median(found["seconds"] for found in ours)
    peak_bytes = max(found["peak_bytes"] for found in ours)
    ratio, memory = raw_seconds / our_seconds, MEMORY_LIMIT_BYTES / peak_bytes
    rows = ours[0]["rows"]
    return [
        {
            "name": "import of the UCI file against raw COPY",
            "ratio": ratio,
            "bar": BAR,
            "holds": ratio >= BAR,
            "detail": f"{rows:,} rows: COPY {raw_seconds:.2f} s, import {our_seconds:.2f} s",
        },
        {
            "name": "memory of the import of the UCI file",
            "ratio": memory,
            "bar": 1.0,
            "holds": memory >= 1,
            "detail": f"{peak_bytes / 1e6:,.0f} MB of {MEMORY_LIMIT_BYTES / 1e6:,.0f} MB",
        },
    ]


def _file(folder: Path) -> Path:
    real = Path(__file__).parents[2] / "shared" / "data" / "online_retail.csv.gz"
    if real.exists():
        return real
    made = folder / "made_up.csv.gz"
    with gzip.open(made, "wt", compresslevel=1) as out:
        out.write(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        )
        for n in range(541_909):
            invoice, item = n // 21, n * 7919 % 4070
            day, customer = 1 + invoice * 27 // 25_806, 12_000 + invoice * 31 % 4372
            out.write(
                f"{536_365 + invoice},{20_000 + item},ITEM NUMBER {item} OF THE SHOP,{1 + n % 12},"
                f"2011-{1 + invoice % 12:02}-{day:02} {8 + invoice % 10:02}:{n % 60:02}:00,"
                f"{1 + n % 900 / 100},"
                f"{customer}.0,United Kingdom\n"
            )
    return made


def _round(home: Path, file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    return _child(home, "raw", file), _child(home, "ours", file)


def _child(home: Path, what: str, file: Path) -> dict[str, Any]:
    """One side in a process of its own, so that its memory is its own."""
    environment = {
        **os.environ,
        "HUITOU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "huitou.settings",
    }
    environment.pop("HUITOU_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", what, str(file)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _inside(what: str, file: Path) -> dict[str, Any]:
    from huitou.cli import opening
    from huitou.platform.embedded.cluster import Cluster

    home = Path(os.environ["HUITOU_HOME"])
    if what == "stop":
        Cluster(home).stop()
        return {}
    opening.prepare("tables")
    _empty()
    return _raw(file) if what == "raw" else _ours(file)


def _empty() -> None:
    from django.db import connections

    tables = [
        "orders_returnmatch",
        "orders_monthchange",
        "orders_orderline",
        "orders_order",
        "orders_product",
        "audiences_storeperson",
        "audiences_person",
        "customers_identity",
        "customers_customer",
        "platform_import",
        "staff_store",
        "staff_company",
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("DROP TABLE IF EXISTS raw_copy")
        cursor.execute(RAW_TABLE)
        cursor.execute("CHECKPOINT")


def _raw(file: Path) -> dict[str, Any]:
    import duckdb
    import pyarrow as pa
    from django.db import connections
    from pyarrow import csv

    table = duckdb.sql(
        "SELECT InvoiceNo, row_number() OVER (PARTITION BY InvoiceNo ORDER BY n), StockCode, "
        "Description, Quantity, "
        "InvoiceDate, UnitPrice, CustomerID, Country FROM (SELECT *, row_number() OVER () AS n "
        f"FROM read_csv('{file}', all_varchar = true, header = true)) ORDER BY n"
    ).to_arrow_table()
    buffer = pa.BufferOutputStream()
    csv.write_csv(table, buffer, csv.WriteOptions(include_header=False))
    text = memoryview(buffer.getvalue())
    connection = connections["owner"]
    connection.ensure_connection()
    started = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY raw_copy FROM STDIN (FORMAT csv)") as copy,
    ):
        for start in range(0, len(text), 1 << 20):
            copy.write(text[start : start + (1 << 20)])
    return {"seconds": time.perf_counter() - started}


def _ours(file: Path) -> dict[str, Any]:
    from datetime import UTC, datetime

    from huitou.connectors.files import reading
    from huitou.connectors.files.source import FileSource
    from huitou.flows import imports
    from huitou.flows.types import Wishes
    from huitou.platform.progress import Silent

    started = time.perf_counter()
    found = reading.inspect(file, kind="orders", preset="online-retail")
    source = FileSource(
        kind="orders",
        preset=found.preset,
        path=file,
        file_name=file.name,
        dialect=found.dialect.as_json(),
        mapping=found.mapping,
    )
    result = imports.run(source, Wishes(), actor="cli", now=datetime.now(UTC), reporter=Silent())
    seconds = time.perf_counter() - started
    assert result.applied
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "seconds": seconds,
        "peak_bytes": peak_bytes,
        "rows": result.rows.new + result.rows.ignored,
    }


if __name__ == "__main__":
    print(json.dumps(_inside(sys.argv[1], Path(sys.argv[2]))))
