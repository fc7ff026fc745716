"""The ledger against pgbench and raw COPY of the same server, in a data folder of its own.

pgbench's TPC-B: scale 50, ``-M prepared -j 2``, fsync on. Awards go through the service, from
client processes with a connection each. Raw COPY is binary, of the transfers alone, into a logged
table with the same primary and unique keys, after a CHECKPOINT. Limits in seconds grow on a slower
machine (``bench/calibrate.py``)."""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.calibrate import slowness
from bench.points.sizes import AUDITED, FIRST_IMPORT, ROUNDS, ROUNDS_OF_SMALL, SECONDS

AUDIT_LIMIT_SECONDS = 5.0
SWEEP_BAR_LOTS = 85_000
LOCK_LIMIT_SECONDS = 1.0

Row = dict[str, Any]


def run() -> list[Row]:
    """Every bar of the ledger."""
    with opened_home() as home:
        rows = _clients(home)
        rows += _batches(home, "1 M-order", 1_000_000, 0.55)
        # Ten of each member as in the million; and each of another, who lie apart.
        rows += _batches(home, "10 k-order", 10_000, 0.35, each=10)
        rows += _batches(home, "10 k-order, one a member,", 10_000, 0.35)
        rows += _sweep(home)
        rows += _audit(home)
    return rows


@contextmanager
def opened_home() -> Iterator[Path]:
    """A data folder of its own with a running server, its members and pgbench's tables; gone
    afterwards."""
    with tempfile.TemporaryDirectory(prefix="huitou-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        Path(folder).chmod(0o755)
        try:
            _child(home, "open")
            yield home
        finally:
            _child(home, "stop")


def _row(name: str, ratio: float, bar: float, detail: str) -> Row:
    return {"name": name, "ratio": ratio, "bar": bar, "holds": ratio >= bar, "detail": detail}


def _clients(home: Path) -> list[Row]:
    """Awards one at a time and a hundred at a time, from 1 and from 8 clients."""
    rows = []
    for clients in (1, 8):
        reference = _pgbench(home, clients)
        for name, size, bar in (("one award", 1, 0.7), ("awards as arrays of 100", 100, 7.0)):
            rate = _awards(home, clients, size)
            words = f"{rate:,.0f} awards/s, pgbench {reference:,.0f} transactions/s"
            title = f"{name}, {clients} client{'s' * (clients > 1)}, against pgbench"
            rows.append(_row(title, rate / reference, bar, words))
    return rows


def _batches(home: Path, title: str, orders: int, bar: float, each: int = 1) -> list[Row]:
    """A table of orders with rule, tier and duplicates, against raw COPY of its transfers."""
    times = ROUNDS if orders >= FIRST_IMPORT else ROUNDS_OF_SMALL
    rounds = [_child(home, "batch", str(orders), str(number), str(each)) for number in range(times)]
    ours = statistics.median(found["ours"] for found in rounds)
    raw = statistics.median(found["raw"] for found in rounds)
    words = f"{rounds[0]['transfers']:,} transfers: ours {ours:.2f} s, raw COPY {raw:.2f} s"
    return [_row(f"{title} batch against raw COPY of the transfers", raw / ours, bar, words)]


def _sweep(home: Path) -> list[Row]:
    """Expire a lot of every member and day that is past."""
    found = _child(home, "sweep")
    slow, rate = slowness(), found["lots"] / found["seconds"]
    words = f"{found['lots']:,} lots in {found['seconds']:.1f} s, {found['transfers']:,} transfers"
    longest = found["longest"]
    return [
        _row("expiry sweep, lots a second", rate * slow / SWEEP_BAR_LOTS, 1.0, words),
        _row(
            "expiry sweep, longest lock",
            LOCK_LIMIT_SECONDS * slow / longest,
            1.0,
            f"a chunk took at most {longest:.2f} s",
        ),
    ]


def _audit(home: Path) -> list[Row]:
    """Every invariant over five million transfers."""
    found = _child(home, "audit")
    limit = AUDIT_LIMIT_SECONDS * slowness() * found["transfers"] / AUDITED
    words = f"{found['transfers']:,} transfers in {found['seconds']:.2f} s (limit {limit:.1f} s)"
    assert found["sound"], found["breaches"]
    return [_row("audit of the whole ledger", limit / found["seconds"], 1.0, words)]


def _environment(home: Path) -> dict[str, str]:
    environment = {**os.environ, "HUITOU_HOME": str(home)}
    environment["DJANGO_SETTINGS_MODULE"] = "huitou.settings"
    environment.pop("HUITOU_DATABASE_URL", None)
    return environment


def _child(home: Path, *what: str) -> dict[str, Any]:
    """One step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.points.inside", *what],
        env=_environment(home),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _pgbench(home: Path, clients: int, seconds: int = SECONDS) -> float:
    """Transactions a second of pgbench's TPC-B on the same server."""
    from huitou.platform.embedded import layout
    from huitou.platform.embedded.cluster import Cluster

    cluster = Cluster(home)
    program = cluster.binaries.path("pgbench")
    environment = {
        **os.environ,
        "PGHOST": str(cluster.sockets),
        "PGPORT": str(layout.PORT),
        "PGUSER": layout.OWNER_ROLE,
        "PGPASSWORD": layout.secret(home, layout.OWNER_ROLE),
    }
    done = subprocess.run(
        [program, *f"-M prepared -j 2 -n -T {seconds} -c {clients} pgbench".split()],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))


def _awards(home: Path, clients: int, size: int) -> float:
    """Awards a second through the service, from so many processes."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.points.inside", "client", str(size), str(number)],
            env=_environment(home),
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(clients)
    ]
    rates = [json.loads(each.communicate()[0].splitlines()[-1])["rate"] for each in started]
    return float(sum(rates))
