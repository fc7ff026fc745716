"""What the benchmark of the ledger does in processes of their own: one step each, named on the
command line; its figures are the last line printed."""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.points.sizes import (
    AUDITED,
    FIRST_DAY,
    FIRST_IMPORT,
    MEMBERS,
    PROGRAMME,
    ROUNDS,
    SCALE,
    SECONDS,
)


def _open() -> dict[str, Any]:
    """The server, the tables of this version, and pgbench's own database beside them."""
    from django.db import connections

    from huitou.cli import opening
    from huitou.platform.embedded import layout
    from huitou.platform.embedded.cluster import Cluster

    opening.prepare("tables")
    home = Path(os.environ["HUITOU_HOME"])
    cluster = Cluster(home)
    connections["owner"].ensure_connection()
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE DATABASE pgbench")
    subprocess.run(
        [cluster.binaries.path("pgbench"), "-i", "-q", "-s", str(SCALE), "pgbench"],
        env={
            **os.environ,
            "PGHOST": str(cluster.sockets),
            "PGPORT": str(layout.PORT),
            "PGUSER": layout.OWNER_ROLE,
            "PGPASSWORD": layout.secret(home, layout.OWNER_ROLE),
        },
        check=True,
        capture_output=True,
    )
    _everyone_joins()
    return {}


def _django() -> None:
    """Django, and a log that is as quiet as that of the commands."""
    import logging

    import django

    django.setup()
    logging.getLogger("huitou").setLevel(logging.WARNING)


def _everyone_joins() -> None:
    """A first point for every member: joining opens the account, not the first order."""
    import numpy as np
    import pyarrow as pa

    from huitou.points import services

    members = pa.table(
        {
            "order": np.arange(MEMBERS),
            "customer_id": np.arange(MEMBERS),
            "net_minor": np.full(MEMBERS, 100),
            "day": np.zeros(MEMBERS, int),
        }
    )
    joined = _awarded(members, f"joined-{time.time_ns()}")
    services.post_awards(PROGRAMME, joined, now=datetime.now(UTC))


def _client(size: int, number: int) -> dict[str, Any]:
    """One client: awards to members at random, ``size`` in a request, for some seconds."""
    import random

    _django()
    from huitou.points import services
    from huitou.points.types import Award

    chance, place = random.Random(number), 0
    run_name = f"{time.time_ns()}-{number}"

    def write_until(end: float) -> float:
        """Awards a second from now until then."""
        nonlocal place
        started, count = time.perf_counter(), 0
        while time.perf_counter() < end:
            moment = datetime.now(UTC)
            requests = [
                Award(
                    "bench", f"{run_name}-{place + n}", chance.randrange(MEMBERS), "points", 10,
                    moment, FIRST_DAY, date(2027, 1, 31), 1, {"rule": 1, "base_minor": 1_000},
                )
                for n in range(size)
            ]  # fmt: skip
            services.post(PROGRAMME, requests, now=moment)
            place, count = place + size, count + size
        return count / (time.perf_counter() - started)

    write_until(time.perf_counter() + 1)  # the first second warms up
    return {"rate": write_until(time.perf_counter() + SECONDS)}


def _orders(orders: int, number: int, each: int = 1) -> Any:
    """Orders of members as columns, ``each`` of one after the other: one in a hundred comes twice,
    one in a hundred came before."""
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(number)
    places = np.arange(orders)
    places[chance.integers(1, orders, orders // 100)] -= 1
    # The first hundredth is the last of the file before. All of an order follows from its number.
    order = places + number * (orders - orders // 100)
    return pa.table(
        {
            "order": order,
            "customer_id": order // each * 7_919 % MEMBERS,
            "net_minor": 500 + order * 104_729 % 49_500,
            "day": order % 28,
        }
    )


def _awarded(orders: Any, source: str) -> Any:
    """The rule and the tier: a point a yuan, half as much again for every tenth member."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = orders.num_rows
    tiers = np.where(np.arange(MEMBERS) % 10 == 0, 3, 2)
    base = orders["net_minor"].to_numpy() // 100
    points = base * tiers[orders["customer_id"].to_numpy()] // 2
    days = orders["day"].to_numpy()
    first = np.datetime64(FIRST_DAY, "D")
    instants = (first + days).astype("datetime64[us]") + np.timedelta64(4, "h")
    # Ten digits behind a letter: a one before them is easier to write than zeros.
    digits = pc.cast(pc.add(orders["order"], 10**10), pa.string())
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(source), rows),
            "external_id": pc.utf8_replace_slice(digits, 0, 1, "O"),
            "customer_id": orders["customer_id"],
            "unit": pa.repeat(pa.scalar("points"), rows),
            "points": pa.array(points),
            "occurred_at": pa.array(instants, pa.timestamp("us", "UTC")),
            "effective_on": pa.array(first + days),
            "expires_on": pa.array(first + 365 + days),
            "rule_version": pa.repeat(pa.scalar(1), rows),
            "why": pc.binary_join_element_wise(
                '{"base_minor": ', pc.cast(orders["net_minor"], pa.string()), "}", ""
            ),
        }
    )


def _batch(orders: int, number: int, each: int) -> dict[str, Any]:
    """Rule, tier and posting of one table; then raw COPY of the same transfers."""
    _django()
    from django.db import connection, connections

    from huitou.points import services

    table = _orders(orders, number, each)
    owner = connections["owner"]
    owner.ensure_connection()
    if orders >= FIRST_IMPORT:  # a shop's first import finds members with accounts
        with owner.cursor() as cursor:
            tables = "points_transfer, points_openlot, points_draw, points_account, platform_fact"
            cursor.execute(f"TRUNCATE {tables} CASCADE")
            opened = [PROGRAMME, ["points"] * MEMBERS, list(range(MEMBERS))]
            cursor.execute("SELECT points_open_accounts(%s, %s, %s)", opened)
    # The worker that imports is running, it has brought in a few orders before.
    few = _awarded(_orders(100, number), f"few-{time.time_ns()}")
    services.post_awards(PROGRAMME, few, now=datetime.now(UTC))
    with owner.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    started = time.perf_counter()
    done = services.post_awards(
        PROGRAMME, _awarded(table, f"import-{orders}-{each}"), now=datetime.now(UTC)
    )
    ours = time.perf_counter() - started
    assert done.fact_id is not None
    assert not done.refused
    connection.close()
    return {"ours": ours, "raw": _raw(owner, done.fact_id), "transfers": done.posted}


def _raw(owner: Any, fact_id: int) -> float:
    """Seconds of a binary COPY of one batch's transfers into an empty table with their keys."""
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw_transfer")
        cursor.execute("CREATE TABLE raw_transfer (LIKE points_transfer)")
        cursor.execute("ALTER TABLE raw_transfer ADD PRIMARY KEY (id)")
        cursor.execute("ALTER TABLE raw_transfer ADD UNIQUE (source, external_id, leg)")
        taken = (
            f"COPY (SELECT * FROM points_transfer WHERE fact_id = {fact_id} ORDER BY id) "
            "TO STDOUT (FORMAT binary)"
        )
        with cursor.copy(taken) as copy:
            blocks = [bytes(block) for block in copy]
        data = memoryview(b"".join(blocks))
        cursor.execute("CHECKPOINT")
        started = time.perf_counter()
        with cursor.copy("COPY raw_transfer FROM STDIN (FORMAT binary)") as copy:
            for start in range(0, len(data), 1 << 20):
                copy.write(data[start : start + (1 << 20)])
        return time.perf_counter() - started


def _swept() -> dict[str, Any]:
    """Sweep the first two weeks of expiries, chunk by chunk."""
    _django()
    from django.db import connection, connections

    from huitou.points import models, services
    from huitou.points.services import expiring

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE points_openlot, points_account")
        cursor.execute("CHECKPOINT")
    times: list[float] = []
    before = models.Transfer.objects.count()

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        found = execute(sql, params, many, context)
        times.append(time.perf_counter() - began)
        return found

    today = FIRST_DAY + timedelta(days=365 + 14)
    started = time.perf_counter()
    with connection.execute_wrapper(timed):
        swept = services.expire_due(today, now=datetime.now(UTC), programme_id=PROGRAMME)
    seconds = time.perf_counter() - started
    return {
        "lots": swept.lots,
        "seconds": seconds,
        "longest": max(times),
        "transfers": models.Transfer.objects.count() - before,
        "chunk": expiring.ACCOUNTS_AT_ONCE,
    }


def _audited() -> dict[str, Any]:
    """Fill the ledger up to five million transfers, some of them redemptions, and audit it."""
    _django()
    from django.db import connections

    from huitou.points import models, queries, services
    from huitou.points.types import Redeem

    number = 10
    while (missing := AUDITED - models.Transfer.objects.count()) > 500_000:
        orders = min(1_000_000, missing - 300_000)
        table = _awarded(_orders(orders, number), f"fill-{number}")
        services.post_awards(PROGRAMME, table, now=datetime.now(UTC))
        number += 1
    moment = datetime(2026, 2, 1, 4, tzinfo=UTC)
    for start in range(0, MEMBERS, 1_000):
        requests = [
            Redeem("bench", f"redeem-{start + n}-{turn}", start + n, "points", 900, moment)
            for n in range(1_000)
            for turn in range(3)
        ]
        services.post_all(PROGRAMME, requests, now=moment)
    services.seal(now=moment)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE points_transfer, points_openlot, points_draw, points_account"
        )
        cursor.execute("CHECKPOINT")
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        audit = queries.audit()
        times.append(time.perf_counter() - started)
    return {
        "seconds": statistics.median(times),
        "transfers": audit.transfers,
        "sound": audit.is_sound,
        "breaches": [breach.invariant for breach in audit.breaches],
    }


def _inside(what: str, *given: str) -> dict[str, Any]:
    from huitou.platform.embedded.cluster import Cluster

    if what == "stop":
        Cluster(Path(os.environ["HUITOU_HOME"])).stop()
        return {}
    if what == "open":
        return _open()
    if what == "client":
        return _client(int(given[0]), int(given[1]))
    if what == "batch":
        return _batch(*map(int, given))
    return _swept() if what == "sweep" else _audited()


if __name__ == "__main__":
    print(json.dumps(_inside(*sys.argv[1:])))
