"""Two terminals, a killed process, a stopped database: nothing half done, and the record says how
it ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections

from huitou.flows import imports, running
from huitou.flows.imports import heal
from huitou.platform.errors import DatabaseDown, DiskFull
from huitou.platform.imports import queries as records
from tests.services.incoming import NOW, bring_in, csv, empty_the_house, everything, rows

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [f"{n},C{n % 50},2026-01-{1 + n % 28:02},{n}.00,CNY,A{n % 7},1,," for n in range(1, 2001)]


@pytest.fixture(autouse=True)
def _empty_house():
    empty_the_house()
    yield
    empty_the_house()


def test_the_same_file_from_eight_terminals_comes_in_once(tmp_path):
    bring_in(
        csv(tmp_path, "first.csv", "0,C0,2026-01-01,1,CNY,A,1,,")
    )  # so that there is a company
    file = csv(tmp_path, "a.csv", *LINES)
    results, failures = [], []
    start = threading.Barrier(8)

    def terminal():
        try:
            start.wait()
            results.append(bring_in(file))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=terminal) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(result.things.new for result in results) == [0] * 7 + [2000]
    assert sorted(result.things.unchanged for result in results) == [0] + [2000] * 7
    assert rows("SELECT count(*), sum(total_minor) FROM orders_order") == [
        (2001, 100 * sum(range(2001)) + 100)
    ]
    assert rows("SELECT count(*) FROM customers_customer") == [(50,)]


RUN_ALONE = """
import os, signal, sys, django
signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, wherever tests run
django.setup()
from pathlib import Path
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from tests.services import incoming
from huitou.flows import imports
{sabotage}
incoming.bring_in(Path(sys.argv[2]))
"""
# Stop where the sentence says, and tell the parent that we are there.
STOPS = {
    "before anything is read": ("imports.OrderFile", "read"),
    "before the comparison": ("imports.OrderFile", "compare"),
    "before the writing": ("imports.OrderFile", "write"),
    "before the first figures, with everything written": ("imports.OrderFile", "figures"),
}
SABOTAGE = """
def stop(*args, **kwargs):
    print("here", flush=True)
    import time
    time.sleep(60)
{owner}.{method} = stop
"""


def alone(tmp_path, file, sabotage):
    script = tmp_path / "alone.py"
    script.write_text(RUN_ALONE.format(sabotage=sabotage))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    name = connection.settings_dict["NAME"]
    return subprocess.Popen(
        [sys.executable, str(script), name, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_a_process_that_ends_leaves_nothing_half_done(tmp_path, stop, how):
    bring_in(csv(tmp_path, "first.csv", "0,C0,2026-01-01,1,CNY,A,1,,"))
    before = everything()
    file = csv(tmp_path, "a.csv", *LINES)
    with alone(tmp_path, file, SABOTAGE.format(owner=stop[0], method=stop[1])) as process:
        assert process.stdout.readline() == "here\n"
        process.send_signal(how)
        process.wait(timeout=60)
    deadline = time.monotonic() + 20
    while records.latest(limit=1)[0].state == "applying" and time.monotonic() < deadline:
        heal(now=NOW)
        time.sleep(0.1)
    assert everything() == before
    stopped = records.latest(limit=1)[0]
    assert (stopped.state, stopped.error["code"]) == ("failed", "imports.stopped")
    assert bring_in(file).things.new == 2000, "the next attempt finds the way free"


def test_an_import_that_runs_is_not_declared_dead(tmp_path):
    sabotage = SABOTAGE.format(owner="imports.OrderFile", method="write")
    with alone(tmp_path, csv(tmp_path, "a.csv", *LINES), sabotage) as process:
        assert process.stdout.readline() == "here\n"
        assert heal(now=NOW) == 0
        assert records.latest(limit=1)[0].state == "applying"
        process.kill()


def in_the_middle(monkeypatch, strike):
    """Let ``strike`` happen after the orders are written and before anything is confirmed."""
    write = imports.OrderFile.write

    def write_and_strike(self, **values):
        write(self, **values)
        strike()

    monkeypatch.setattr(imports.OrderFile, "write", write_and_strike)


def test_a_database_that_goes_in_the_middle_is_a_clear_error_and_leaves_nothing(
    tmp_path, monkeypatch
):
    bring_in(csv(tmp_path, "first.csv", "0,C0,2026-01-01,1,CNY,A,1,,"))
    before = everything()

    def strike():
        process_id = rows("SELECT pg_backend_pid()")[0][0]
        options = {**connection.get_connection_params(), "autocommit": True}
        for name in ("cursor_factory", "context", "server_side_binding", "prepare_threshold"):
            options.pop(name, None)
        with psycopg.connect(**options) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [process_id])
            while other.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [process_id]
            ).fetchone()[0]:
                time.sleep(0.01)

    in_the_middle(monkeypatch, strike)
    with pytest.raises(DatabaseDown):
        bring_in(csv(tmp_path, "a.csv", *LINES))
    monkeypatch.undo()
    heal(now=NOW)
    assert everything() == before
    assert records.latest(limit=1)[0].state == "failed"


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(tmp_path, monkeypatch):
    before = everything()

    def strike():
        raise OSError(28, "No space left on device")

    in_the_middle(monkeypatch, strike)
    with pytest.raises(DiskFull):
        bring_in(csv(tmp_path, "a.csv", *LINES))
    assert everything() == before
    record = records.latest(limit=1)[0]
    assert (record.state, record.error["code"]) == ("failed", "platform.disk_full")


def test_the_claim_on_an_import_ends_with_its_block():
    with running.claimed("imp_x") as is_mine:
        assert is_mine
        taken = []

        def other():
            with running.claimed("imp_x") as is_theirs:
                taken.append(is_theirs)
            connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert taken == [False]
