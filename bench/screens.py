"""The four pages of figures with one million customers: server time through Django, no network.

The base is made by set-based SQL in a scratch database of its own, in a scratch data folder.
"""

import html
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import calibrate

CUSTOMERS = 1_000_000
LIMIT_SECONDS = 0.150
REPEATS = 8  # rounds over the addresses of a page
REPORT = Path(__file__).resolve().parent.parent / "tests" / "doors" / "data" / "report.json"
NEXT_PAGE = re.compile(r'<a href="([^"]+)" rel="next"')
FILL = Path(__file__).with_suffix(".sql")


def run() -> list[dict[str, Any]]:
    """p95 of each page against 150 ms, scaled by the speed of this machine."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-bench-"))
    folder.chmod(0o755)  # as root the server runs as another user, who must get in
    os.environ.update(HUITOU_HOME=str(folder), DJANGO_SETTINGS_MODULE="huitou.settings")
    os.environ.pop("HUITOU_DATABASE_URL", None)
    from huitou.platform.embedded.cluster import Cluster

    cluster = Cluster(folder)
    cluster.start()
    try:
        return _measured()
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _measured() -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", database="owner", verbosity=0)
    _fill()
    reader = _reader()
    limit = LIMIT_SECONDS * calibrate.slowness()
    return [_page(reader, name, addresses, limit) for name, addresses in _pages().items()]


def _fill() -> None:
    from django.db import connections

    statements = FILL.read_text(encoding="utf-8").replace(":customers", str(CUSTOMERS)).split(";\n")
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            if statement.strip():
                cursor.execute(statement)


def _reader() -> Any:
    from django.test import Client
    from django.utils import timezone

    from huitou.audiences.models import StandingSlot
    from huitou.insights.models import Run
    from huitou.staff.models import Company, User

    now = timezone.now()
    Company.objects.create(name="Bench", zone="Asia/Shanghai", currency="CNY", created_at=now)
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    report["population"]["customers"] = CUSTOMERS
    made = Run.objects.create(
        public_id="run_bench",
        state="done",
        as_of=now.date(),
        as_of_reason="today",
        horizon_days=60,
        value_days=1095,
        started_at=now,
        finished_at=now,
        code_version="bench",
        formula_version="bench",
        report=report,
        model="mbgnbd",
        scores_path=_scores(),
    )
    StandingSlot.objects.create(slot=0, run_id=made.pk, put_at=now)
    owner = User.objects.create(
        email="owner@example.com", name="Owner", role="owner", language="en", created_at=now
    )
    client = Client()
    client.force_login(owner)
    return client


def _scores() -> str:
    """The scores of everyone as the measurement leaves them: a sorted file, read for one person."""
    import duckdb

    from huitou.insights.queries import ANALYTICS
    from huitou.platform import files

    target = files.home() / ANALYTICS / "bench.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    figures = ", ".join(f"random() AS filler_{number}" for number in range(30))
    quiet = duckdb.connect()
    quiet.sql("SET enable_progress_bar = false")
    quiet.sql(
        f"""COPY (SELECT i AS customer_id, 'cooling' AS layer, 61 AS dormancy_days, 9 AS purchases,
                   240 AS t_x_days, 301 AS "T_days", 8 AS x, .4 AS p_repeat, .6 AS risk,
                   90 AS risk_days, 240.5 AS expected_margin_365, 144.3 AS value_at_risk,
                   800.0 AS lifetime_value, 2 AS run_periods, 3 AS longest_run_periods, {figures}
              FROM range(1, {CUSTOMERS + 1}) t(i) ORDER BY i)
            TO '{target}' (FORMAT parquet)"""
    )
    return target.name


def _pages() -> dict[str, list[str]]:
    """What people open: each sort, layers, stages, bands, stores, searches, deep pages, single
    customers."""
    lists = [
        f"/customers?sort={sort}"
        for sort in ("value_at_risk", "risk", "last_purchase", "net", "name")
    ]
    lists += [
        f"/customers?layer={layer}" for layer in ("active", "cooling", "lost", "low_win_back")
    ]
    lists += ["/customers?layer=active&sort=risk", "/customers?layer=lost&sort=name&order=asc"]
    lists += [
        "/customers?stage=first_purchase",
        "/customers?band=low",
        "/customers?level=preference",
    ]
    lists += ["/customers?store=7", "/customers?store=7&layer=cooling"]
    lists += [
        "/customers?q=wang77",
        "/customers?q=zhaobc",
        "/customers?q=4321",
        "/customers?q=M-0004",
        "/customers?q=l",
    ]
    tabs = ("summary", "forecast", "retention", "value", "satisfaction", "method")
    return {
        "overview": ["/"],
        "customers": lists,
        "customer": [f"/customers/{5000 * step}" for step in range(1, 21)],
        "analysis": [f"/analysis?tab={tab}" for tab in tabs],
    }


def _page(reader: Any, name: str, addresses: list[str], limit: float) -> dict[str, Any]:
    for address in addresses:  # what a running server has already loaded
        assert reader.get(address).status_code == 200, address
    seen: list[tuple[float, str]] = []
    for _ in range(REPEATS if len(addresses) > 1 else 40):
        for address in addresses:
            seen.append((_seconds(reader, address), address))
            if name == "customers":
                page = reader.get(address).content.decode()
                if deeper := NEXT_PAGE.search(page):
                    href = html.unescape(deeper[1])
                    seen.append((_seconds(reader, f"/customers{href}"), f"{address} next"))
    times = [seconds for seconds, _ in seen]
    p95 = statistics.quantiles(times, n=20)[18]
    worst = max(seen)
    return {
        "name": f"screens.{name}.p95",
        "ratio": limit / p95,
        "bar": 1,
        "holds": limit >= p95,
        "detail": f"{1000 * p95:.0f} ms of {1000 * limit:.0f} ms, {CUSTOMERS:,} customers; median "
        f"{1000 * statistics.median(times):.0f} ms, worst {1000 * worst[0]:.0f} ms at {worst[1]}",
    }


def _seconds(reader: Any, address: str) -> float:
    started = time.perf_counter()
    reader.get(address)
    return time.perf_counter() - started
