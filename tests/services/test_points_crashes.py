"""R4: PostgreSQL is killed with -9 ten times under writers; nothing answered is ever lost, nothing
is counted twice, and the ledger adds up."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from huitou.platform.embedded import layout, processes
from huitou.platform.embedded.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("HUITOU_TEST_SEED", "20261124"))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of its own, with the tables of this version."""
    with tempfile.TemporaryDirectory(prefix="huitou-kill-") as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder) / "home")
        cluster.start()
        try:
            run(cluster, "-m", "django", "migrate", "--database", "owner", "-v", "0")
            yield cluster
        finally:
            cluster.stop()


def environment(cluster: Cluster) -> dict[str, str]:
    """What a process needs to use this server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUITOU_")}
    return {
        **kept,
        "HUITOU_HOME": str(cluster.home),
        "DJANGO_SETTINGS_MODULE": "huitou.settings",
        "PYTHONPATH": str(ROOT),
    }


def run(cluster: Cluster, *arguments: str) -> str:
    """Run Python with this server; what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment(cluster),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout


def kill(cluster: Cluster) -> None:
    """Kill the server with -9, all of it at once, and start it again: it recovers from its log."""
    server = processes.server(cluster.data)
    assert server is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    for pid in (server.pid, *map(int, children)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    while processes.server(cluster.data) is not None:  # a signal takes its time
        time.sleep(0.01)
    cluster.start()


def written_under_fire(cluster: Cluster, folder: Path, *, threads: int, kills: int) -> None:
    """Let so many writers post while the server dies again and again."""
    chance = random.Random(SEED + threads)
    writers = subprocess.Popen(
        [sys.executable, "-m", "tests.services.ledger_writers", str(folder), str(threads)],
        env=environment(cluster),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_answers(folder, writers)
        for _ in range(kills):
            time.sleep(chance.uniform(0.4, 1.6))
            kill(cluster)
        time.sleep(0.5)
    finally:
        (folder / "stop").touch()
        writers.wait(60)
        (folder / "stop").unlink()
    assert writers.returncode == 0


def _wait_for_answers(folder: Path, writers: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and writers.poll() is None:
        if any(file.stat().st_size for file in folder.glob("answered-*")):
            return
        time.sleep(0.05)
    raise AssertionError("the writers did not begin")


def test_no_answered_transfer_is_lost_when_the_server_is_killed_ten_times(cluster, tmp_path):
    for threads, kills in ((8, 6), (40, 4)):
        written_under_fire(cluster, tmp_path, threads=threads, kills=kills)
    answered = {
        key: (int(transfer_id), int(balance))
        for file in tmp_path.glob("answered-*")
        for key, transfer_id, balance in (line.split() for line in file.read_text().splitlines())
    }
    with psycopg.connect(
        host=str(cluster.sockets),
        port=layout.PORT,
        user=layout.OWNER_ROLE,
        password=layout.secret(cluster.home, layout.OWNER_ROLE),
        dbname=layout.DATABASE,
    ) as connection:
        rows = connection.execute("SELECT external_id, id, balance_after FROM points_transfer")
        kept = {key: (transfer_id, balance) for key, transfer_id, balance in rows}
    assert len(answered) > 500, f"too few to mean anything (seed {SEED})"
    lost = {key for key, answer in answered.items() if kept.get(key) != answer}
    assert not lost, f"{len(lost)} of {len(answered)} answered transfers are lost (seed {SEED})"
    audit = json.loads(run(cluster, "-m", "huitou", "points", "verify", "--json"))
    assert audit["sound"], audit["breaches"]
