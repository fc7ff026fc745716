"""Measuring 10 million orders of a million customers against reading, summing and copying them.

The reference does the least a measurement must do, in the same process and with the same engine:
read the analytical files into a table, one purchase-day summary in plain SQL, COPY of the scores.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

CUSTOMERS: Final = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
ORDERS: Final = CUSTOMERS * 10
NEW_ORDERS: Final = ORDERS // 100
DAYS: Final = 731
FIRST_DAY: Final = "2024-07-01"
LAST_DAY: Final = date(2026, 7, 1)
NOW: Final = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LIMIT_BYTES: Final = 4 * 2**30
ROUNDS: Final = 3
SUMMARY: Final = """
CREATE TABLE summary AS
WITH days AS (
    SELECT customer_id, ordered_on AS day, sum(net_minor) AS money
      FROM bought WHERE is_counted AND customer_id IS NOT NULL GROUP BY ALL)
SELECT customer_id, min(day) AS first_on, max(day) AS last_on, count(*) - 1 AS x,
       max(day) - min(day) AS t_x, sum(money) AS total, arg_min(money, day) AS first_money
  FROM days GROUP BY customer_id
"""


def run() -> list[dict[str, Any]]:
    """The four bars; each side in a process of its own, so that its memory is its own."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-bench-"))
    folder.chmod(0o755)  # as root the server runs as another user, who must get in
    try:
        _child(folder, "fill")
        stages = _child(folder, "stages")
        whole = _child(folder, "whole")
        calibrated = _child(folder, "calibrated")
        return [
            _row("measure", whole["reference"] / whole["ours"], 1 / 4, whole),
            _row("measure_memory", LIMIT_BYTES / whole["peak_bytes"], 1.0, whole),
            _row("measure_calibrated", whole["ours"] / calibrated["ours"], 1 / 5, calibrated),
            _row("measure_incremental", stages["full"] / stages["incremental"], 5.0, stages),
        ]
    finally:
        _child(folder, "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _row(name: str, ratio: float, bar: float, detail: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "ratio": ratio, "bar": bar, "holds": ratio >= bar, "detail": detail}


def _child(home: Path, what: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "HUITOU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "huitou.settings",
    }
    environment.pop("HUITOU_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", what],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"   {what}: {found}", file=sys.stderr, flush=True)
    return found


def _inside(what: str) -> dict[str, Any]:
    from huitou.cli import opening
    from huitou.platform.embedded.cluster import Cluster

    if what == "stop":
        Cluster(Path(os.environ["HUITOU_HOME"])).stop()
        return {}
    opening.prepare("tables")
    work: dict[str, Callable[[], dict[str, Any]]] = {
        "fill": _fill,
        "stages": _stages,
        "whole": _whole,
        "calibrated": _calibrated,
    }
    return work[what]()


def _made_up() -> Any:
    """Orders of a base with steady buyers, one-time buyers and those who left, by day."""
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(7)
    rate = chance.gamma(0.9, 52 / DAYS / 0.9, CUSTOMERS)
    gone = chance.beta(0.8, 6, CUSTOMERS)
    at = chance.random(CUSTOMERS) * DAYS * 0.95
    who, customers, days = np.arange(CUSTOMERS), [np.arange(CUSTOMERS)], [at.astype(np.int32)]
    while len(who):
        who = who[chance.random(len(who)) > gone[who]]
        at[who] += chance.exponential(1 / rate[who])
        who = who[at[who] < DAYS]
        customers.append(who)
        days.append(at[who].astype(np.int32))
    customer, day = np.concatenate(customers), np.concatenate(days)
    kept = chance.permutation(len(customer))[: ORDERS + NEW_ORDERS]
    kept = kept[np.argsort(day[kept], kind="stable")]
    customer, day = customer[kept], day[kept]
    typical = np.exp(chance.normal(8.2, 0.5, CUSTOMERS))
    net = np.maximum(1, typical[customer] * np.exp(chance.normal(0, 0.4, len(customer))))
    first = np.datetime64(FIRST_DAY)
    return pa.table(
        {
            "number": pa.array(np.arange(len(customer)).astype(str)),
            "customer_id": pa.array(customer + 1),
            "store_id": pa.array(customer % 6 + 1),
            "ordered_on": pa.array(first + day.astype("timedelta64[D]")),
            "total_minor": pa.array(net.astype(np.int64)),
        }
    )


def _fill() -> dict[str, Any]:
    from django.db import connections

    orders = _made_up()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_company (id, name, zone, currency, industry, is_one_off, created_at)"
            " VALUES (1, 'Bench', 'Asia/Shanghai', 'CNY', 'e_commerce', false, now())"
        )
        cursor.execute(
            "INSERT INTO staff_store (id, code, name, zone, is_online, created_at)"
            " SELECT n, 's' || n, '', 'Asia/Shanghai', false, now() FROM generate_series(1, 6) n"
        )
        cursor.execute(
            "INSERT INTO customers_customer (id, code, name, name_folded, name_pinyin,"
            " name_initials, kind, phone, phone_reversed, phone_is_masked, email, birth_calendar,"
            " acquired_from, tags, created_at) SELECT n, 'c' || n, '', '', '', '', 'person', '',"
            " '', false, '', 'solar', '', '{}', '2024-01-01' FROM generate_series(1, %s) n",
            [CUSTOMERS],
        )
        # What only imports need is left out: the indexes by customer, by import and by number.
        cursor.execute("DROP INDEX order_of_customer, order_by_import")
        cursor.execute("ALTER TABLE orders_order DROP CONSTRAINT one_order_per_source_number")
    rest = len(orders) - NEW_ORDERS
    _add(orders.slice(0, rest))
    import pyarrow.parquet as pq

    pq.write_table(orders.slice(rest), _later())
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE orders_order")
        cursor.execute("CHECKPOINT")
    return {"orders": rest, "new_orders": len(orders) - rest, "customers": CUSTOMERS}


def _later() -> Path:
    return Path(os.environ["HUITOU_HOME"]) / "later.parquet"


def _add(orders: Any) -> None:
    """Orders as an import leaves them, with the months they touch."""
    from adbc_driver_postgresql import dbapi
    from django.db import connection, connections

    from huitou.platform import database

    with dbapi.connect(database.uri("owner")) as copying, copying.cursor() as cursor:
        cursor.adbc_ingest("arriving_orders", orders, mode="replace")
        copying.commit()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_order (source, number, customer_id, store_id, channel, status,"
            " ordered_at, ordered_on, total_minor, returned_minor, unmatched_minor, costed_minor,"
            " tax_minor, delivery_minor, discount_minor, main_category, is_counted, digest,"
            " import_id, created_import_id) SELECT 'bench', number, customer_id, store_id, '',"
            " 'paid', ordered_on, ordered_on, total_minor, 0, 0, 0, 0, 0, 0, '', true, '', 1, 1"
            " FROM arriving_orders"
        )
        cursor.execute(
            "INSERT INTO orders_monthchange (month_on, import_id, at)"
            " SELECT DISTINCT date_trunc('month', ordered_on)::date, 1, now() FROM arriving_orders"
        )
        cursor.execute("DROP TABLE arriving_orders")
    connection.close()


def _to_state() -> float:
    """Seconds from the database to the summary state."""
    from huitou.insights import extract, state
    from huitou.insights.services import runs
    from huitou.platform import database
    from huitou.platform.progress import Silent

    folder = runs.analytics_folder()
    with runs.engine() as engine:
        began = time.perf_counter()
        source = extract.Source(database.uri(), folder, "Asia/Shanghai")
        listed = extract.refresh(source, engine, progress=Silent())
        state.refresh(engine, state.Kept(folder), listed, as_of=LAST_DAY)
        return time.perf_counter() - began


def _stages() -> dict[str, Any]:
    """Everything first, then after a hundredth more orders."""
    import pyarrow.parquet as pq

    full = _to_state()
    _add(pq.read_table(_later()))
    incremental = _to_state()
    return {"full": full, "incremental": incremental}


def _whole() -> dict[str, Any]:
    """Medians of the reference and of a measurement, in turn."""
    ours = [_measured(calibrate=False)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    reference = [_reference()]
    for _ in range(ROUNDS - 1):
        ours.append(_measured(calibrate=False))
        reference.append(_reference())
    return {
        "ours": statistics.median(ours),
        "reference": statistics.median(reference),
        "all_ours": ours,
        "all_reference": reference,
        "peak_bytes": peak,
    }


def _calibrated() -> dict[str, Any]:
    seconds = _measured(calibrate=True)
    return {
        "ours": seconds,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


class _Stages:
    """Notes how long each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._began = "", time.perf_counter()

    def stage(self, name: str, total: int | None) -> None:
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = round(now - self._began, 2)
        self._name, self._began = name, now

    def advance(self, count: int) -> None:
        """Nothing."""


def _measured(*, calibrate: bool) -> float:
    from huitou.insights import services
    from huitou.insights.types import Options

    noted = _Stages()
    began = time.perf_counter()
    services.measure(
        options=Options(as_of=LAST_DAY, calibrate=calibrate),
        actor="cli",
        now=NOW,
        reporter=noted,
    )
    seconds = time.perf_counter() - began
    noted.stage("", None)
    print(f"   {seconds:.1f} s: {noted.seconds}", file=sys.stderr, flush=True)
    return seconds


def _reference() -> float:
    """Seconds of the least work: read the files, one summary, COPY of the scores."""
    import pyarrow.parquet as pq
    from adbc_driver_postgresql import dbapi
    from django.db import connections

    from huitou.insights import queries, score_table
    from huitou.insights.services import runs
    from huitou.platform import database

    folder = runs.analytics_folder()
    latest = queries.latest_run()
    assert latest is not None
    scores = score_table.standings(pq.read_table(folder / latest.scores_path))
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS reference_scores")
        cursor.execute(
            "CREATE TABLE reference_scores"
            " (LIKE audiences_standing_0 INCLUDING DEFAULTS, PRIMARY KEY (customer_id))"
        )
        cursor.execute("ALTER TABLE reference_scores ALTER slot SET DEFAULT 0")
    with runs.engine() as engine:
        began = time.perf_counter()
        paths = f"'{folder}/orders/*.parquet'"
        engine.duck.execute(f"CREATE TABLE bought AS SELECT * FROM read_parquet({paths})")
        engine.duck.execute(SUMMARY)
        with dbapi.connect(database.uri("owner")) as copying, copying.cursor() as cursor:
            cursor.adbc_ingest("reference_scores", scores, mode="append")
            copying.commit()
        return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(_inside(sys.argv[1])))
