"""The embedded PostgreSQL new, killed, cut off, out of room, or asked by many at once."""

import contextlib
import os
import signal
import subprocess
import threading
import time

import psycopg
import pytest

from huitou.platform import faults
from huitou.platform.embedded import layout, processes
from huitou.platform.embedded.cluster import Cluster
from tests.journeys.platform.clusters import (
    IS_ROOT,
    application,
    as_root,
    kill_everything,
    owner,
)


def test_a_new_cluster_starts_answers_and_stops(home):
    cluster = Cluster(home)
    assert cluster.status().state == "absent"
    assert cluster.start() is True
    assert cluster.start() is False
    assert cluster.status().state == "running"
    with owner(cluster) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in (
                "data_checksums",
                "listen_addresses",
                "server_encoding",
                "password_encryption",
            )
        }
    assert shown == {
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "password_encryption": "scram-sha-256",
    }
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert cluster.status().state == "stopped"


def test_the_application_is_no_owner_and_needs_its_password(cluster):
    cluster.start()
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    with application(cluster) as connection:
        connection.execute("INSERT INTO kept VALUES (1)")
        for statement in (
            "CREATE TABLE mine (n int)",
            "TRUNCATE kept",
            "DROP TABLE kept",
            "CREATE ROLE x",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    for role in (layout.APP_ROLE, layout.OWNER_ROLE):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(cluster.sockets),
                port=layout.PORT,
                user=role,
                password="guess",
                dbname="huitou",
            )


def test_what_was_committed_survives_kill_9_of_everything_during_a_write(cluster):
    cluster.start()
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE written (n int PRIMARY KEY)")
    confirmed = []

    def write():
        with contextlib.suppress(psycopg.Error), application(cluster) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO written VALUES (%s)", [number])
                confirmed.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    while len(confirmed) < 200:
        time.sleep(0.01)
    kill_everything(cluster.home)
    writer.join()
    assert cluster.start() is True
    with application(cluster) as connection:
        found = {row[0] for row in connection.execute("SELECT n FROM written")}
    assert set(confirmed) <= found <= set(range(len(confirmed) + 1))


def test_a_pid_that_passed_to_a_stranger_does_not_stop_the_next_start(cluster):
    cluster.start()
    kill_everything(cluster.home)
    stranger = subprocess.Popen(["sleep", "60"], user=cluster.account.uid if IS_ROOT else None)
    try:
        for file in (cluster.data / "postmaster.pid", cluster.sockets / ".s.PGSQL.5432.lock"):
            lines = file.read_text().splitlines()
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert cluster.status().state == "stopped"
        assert cluster.start() is True
        assert cluster.is_running()
    finally:
        stranger.kill()
        stranger.wait()


def test_sessions_of_a_killed_server_are_gone_before_the_next_one_starts(cluster):
    cluster.start()

    def spin():
        with contextlib.suppress(psycopg.Error), owner(cluster) as connection:
            connection.execute("DO $$ BEGIN LOOP END LOOP; END $$")

    session = threading.Thread(target=spin)
    session.start()
    time.sleep(0.3)
    server = processes.server(cluster.data)
    os.kill(server.pid, signal.SIGKILL)
    while processes.server(cluster.data) is not None:
        time.sleep(0.02)
    assert processes.all_of(cluster.data)
    processes.end_orphans(cluster.data, patience_seconds=0.5)
    session.join()
    assert processes.all_of(cluster.data) == []
    assert cluster.start() is True


def test_an_initialisation_that_was_cut_off_is_done_again(home):
    cluster = Cluster(home)
    draft = cluster.home / "postgres.draft-0"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert cluster.start() is True
    assert not draft.exists()


def test_a_role_or_database_that_is_missing_is_made_at_the_next_start(cluster):
    cluster.start()
    with owner(cluster, "postgres") as connection:
        connection.execute("DROP DATABASE huitou")
        connection.execute("DROP ROLE huitou_app")
    cluster.stop()
    cluster.start()
    with application(cluster) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_of_four_that_start_at_once_one_starts_and_all_can_work(cluster):
    outcomes = []

    def start():
        mine = Cluster(cluster.home)
        outcomes.append(mine.start())
        with application(mine) as connection:
            connection.execute("SELECT 1")

    starters = [threading.Thread(target=start) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert sorted(outcomes) == [False, False, False, True]


@pytest.fixture
def small_disk(cluster):
    """A disk of 24 MB that the server may write, if we may mount one."""
    place = cluster.home.parent / "small"
    place.mkdir()
    options = f"size=24m,uid={cluster.account.uid},mode=0700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("this system lets us mount no small disk")
    yield place
    kill_everything(cluster.home)
    subprocess.run(["umount", str(place)], check=True)


@as_root
def test_a_full_disk_loses_nothing_and_says_whose_move_it_is(cluster, small_disk):
    cluster.start()
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(4 << 20))
    with owner(cluster) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
        connection.execute("CREATE TABLE kept (words text) TABLESPACE small")
        connection.execute("INSERT INTO kept VALUES ('before')")
        many = "INSERT INTO kept SELECT repeat(md5(n::text), 20) FROM generate_series(1, 100000) n"
        with pytest.raises(psycopg.errors.DiskFull) as caught:
            connection.execute(many)
        assert faults.known(caught.value).code == "platform.disk_full"
        assert connection.execute("SELECT words FROM kept").fetchall() == [("before",)]
        ballast.unlink()  # somebody makes room
        connection.execute("VACUUM kept")
        connection.execute("INSERT INTO kept VALUES ('after')")


def test_a_server_that_goes_in_the_middle_of_a_write_is_known_and_nothing_is_half_there(cluster):
    cluster.start()
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE kept (n int)")

    def write():
        with application(cluster) as connection, connection.transaction():
            connection.execute("INSERT INTO kept VALUES (1)")
            kill_everything(cluster.home)
            connection.execute("INSERT INTO kept VALUES (2)")

    with pytest.raises(psycopg.OperationalError) as caught:
        write()
    assert faults.known(caught.value).code == "platform.database_down"
    cluster.start()
    with application(cluster) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
