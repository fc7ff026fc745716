"""The embedded PostgreSQL under everything that can happen to it: crashes, strangers, versions, two
at once.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import traceback
from pathlib import Path

import psycopg
import pytest

from huitou.platform import errors
from huitou.platform.embedded import account, binaries, layout, processes, roles, upgrading
from huitou.platform.embedded.cluster import UPGRADED, Cluster

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="needs root: another user takes part")


def quick_disk():
    """Memory where there is room, so that waiting for a disk is not what these tests do."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage("/dev/shm").free > 2 << 30:
            return "/dev/shm"
    return "/tmp"


@pytest.fixture
def home():
    """A data folder every user may pass through, as /var/lib/huitou is; its server is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    path = folder / "home"
    try:
        yield path
    finally:
        kill_everything(path)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made_before():
    """A stopped cluster to copy: making one anew costs seconds on a slow disk."""
    folder = Path(tempfile.mkdtemp(prefix="huitou-test-", dir=quick_disk()))
    folder.chmod(0o755)
    cluster = Cluster(folder / "home")
    cluster.start()
    cluster.stop()
    yield cluster.home
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home, made_before):
    """A stopped cluster of this test's own."""
    subprocess.run(["cp", "-a", str(made_before), str(home)], check=True)
    return Cluster(home)


def owner(cluster, database=layout.DATABASE):
    return roles.owner_connection(cluster.home, cluster.sockets, database)


def application(cluster):
    return psycopg.connect(
        host=str(cluster.sockets),
        port=layout.PORT,
        user=layout.APP_ROLE,
        password=layout.secret(cluster.home, layout.APP_ROLE),
        dbname=layout.DATABASE,
        autocommit=True,
    )


def kill_everything(home):
    """What a power cut does to the processes of one data folder."""
    data = layout.data_folder(home)
    while pids := processes.all_of(data):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def in_child(work, user=None):
    """Run ``work`` in a forked process, as ``user`` if named; raises what it raised."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if user is not None:
                entry = pwd.getpwnam(user)
                os.setgroups([])
                os.setgid(entry.pw_gid)
                os.setuid(entry.pw_uid)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed; see above"


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
    draft = cluster.home / "postgres.draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert cluster.start() is True


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


def test_two_homes_of_one_user_do_not_meet(cluster):
    other = Cluster(cluster.home.parent / "other")
    try:
        cluster.start()
        other.start()
        with owner(cluster) as connection:
            connection.execute("CREATE TABLE mine (n int)")
        with owner(other) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
        cluster.stop()
        assert other.is_running()
    finally:
        kill_everything(other.home)


@as_root
def test_it_works_as_an_ordinary_user_and_two_users_do_not_disturb_each_other(cluster):
    cluster.start()
    homes = {}
    for user in ("nobody", "daemon"):
        folder = cluster.home.parent / user
        folder.mkdir(mode=0o700)
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        homes[user] = folder / "home"
    try:
        for user, home in homes.items():
            in_child(lambda home=home: start_and_write(Cluster(home)), user)
        in_child(lambda: Cluster(homes["nobody"]).stop(), "nobody")
        assert not Cluster(homes["nobody"]).is_running()
        assert Cluster(homes["daemon"]).is_running()
        assert cluster.is_running()
    finally:
        for home in homes.values():
            kill_everything(home)


def start_and_write(cluster):
    assert cluster.start() is True
    assert not cluster.account.is_other
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE written (n int)")
    with application(cluster) as connection:
        connection.execute("INSERT INTO written VALUES (1)")


@as_root
def test_somebody_elses_data_folder_is_refused_by_name(cluster):
    cluster.start()
    cluster.stop()

    def refused():
        with pytest.raises(errors.FolderForeign) as caught:
            Cluster(cluster.home).account  # noqa: B018 - asking is what is tested
        assert caught.value.facts["owner"] == cluster.account.name

    in_child(refused, "daemon")


@as_root
def test_a_data_folder_the_servers_user_cannot_enter_names_the_fix(home):
    home.parent.chmod(0o700)
    with pytest.raises(errors.FolderUnreachable, match=r"chmod o\+x"):
        Cluster(home).start()


@as_root
def test_programs_out_of_the_servers_reach_are_copied_once(cluster):
    hidden = cluster.home.parent / "venv"
    hidden.mkdir(mode=0o700)
    found = binaries.find()
    package = hidden / found.folder.parent.name
    shutil.copytree(found.folder, package / found.folder.name, symlinks=True)
    libraries = found.folder.parent.parent / f"{binaries.PACKAGE}.libs"
    shutil.copytree(libraries, hidden / libraries.name, symlinks=True)
    layout.prepare(cluster.home)
    closed = binaries.Binaries(found.major, package / found.folder.name)
    copied = binaries.reachable(closed, cluster.account, cluster.home)
    assert copied.folder.is_relative_to(cluster.home)
    done = cluster.account.run(copied.path("pg_dump"), "--version", out=subprocess.DEVNULL)
    assert done.returncode == 0
    stamp = copied.folder.stat().st_mtime_ns
    again = binaries.reachable(closed, cluster.account, cluster.home)
    assert (again, again.folder.stat().st_mtime_ns) == (copied, stamp)


def test_a_socket_folder_others_may_write_is_refused(home):
    cluster = Cluster(home)
    cluster.start()
    cluster.stop()
    cluster.sockets.chmod(0o777)
    with pytest.raises(errors.SocketUnsafe):
        cluster.start()


def test_a_socket_folder_somebody_put_there_before_is_refused(home):
    deep = home / ("d" * 100)
    cluster = Cluster(deep)
    assert cluster.sockets.parent == Path("/tmp")
    trap = home.parent / "trap"
    trap.mkdir(mode=0o700)
    cluster.sockets.symlink_to(trap)
    try:
        with pytest.raises(errors.SocketUnsafe):
            cluster.start()
    finally:
        cluster.sockets.unlink()
    assert cluster.start() is True
    kill_everything(deep)
    shutil.rmtree(cluster.sockets)


def test_a_folder_moved_under_a_running_server_is_found_again(cluster):
    cluster.start()
    moved = cluster.home.with_name("moved")
    cluster.home.rename(moved)
    again = Cluster(moved)
    try:
        assert again.start() is True
        with application(again) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        kill_everything(moved)


def old_cluster(cluster):
    """A cluster of PostgreSQL 16 with a table, killed while it ran."""
    old = binaries.find(16)
    layout.prepare(cluster.home)
    cluster.sockets.mkdir(mode=0o700)
    cluster.data.mkdir(mode=0o700)
    password = cluster.home / "password"
    password.write_text(layout.secret(cluster.home, layout.OWNER_ROLE))
    for path in (cluster.sockets, cluster.data, password):
        cluster.account.give(path)
    with (cluster.home / "old.log").open("w") as out:
        for command in (
            (
                "initdb",
                "-D",
                str(cluster.data),
                "-k",
                "-U",
                layout.OWNER_ROLE,
                "--pwfile",
                str(password),
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--locale",
                "C",
            ),
            (
                "pg_ctl",
                "-D",
                str(cluster.data),
                "-w",
                "-o",
                f"-c listen_addresses='' -c unix_socket_directories='{cluster.sockets}'",
                "start",
            ),
        ):
            done = cluster.account.run(old.path(command[0]), *command[1:], out=out)
            assert done.returncode == 0, Path(out.name).read_text()
    roles.ensure(cluster.home, cluster.sockets)
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    kill_everything(cluster.home)


def test_an_older_cluster_is_refused_then_moved_to_our_version_with_all_its_rows(home):
    cluster = Cluster(home)
    old_cluster(cluster)
    with pytest.raises(errors.ClusterVersion, match="huitou db upgrade"):
        cluster.start()
    assert upgrading.upgrade(cluster, check_only=True) == 16
    assert cluster.major == 16
    assert upgrading.upgrade(cluster) == 16
    assert cluster.major == binaries.MAJOR
    with application(cluster) as connection:
        assert connection.execute("SELECT sum(n) FROM kept").fetchone() == (500500,)
    assert upgrading.upgrade(cluster) is None
    cluster.stop()
    # Cut off between taking the old one away and putting the new one there: the next start ends it.
    cluster.data.rename(cluster.home / UPGRADED)
    assert cluster.start() is True
    with application(cluster) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    # A folder that vanished is never replaced by an empty one.
    cluster.stop()
    cluster.data.rename(cluster.home / "elsewhere")
    with pytest.raises(errors.ServerFailed):
        cluster.start()


def test_programs_of_a_version_nobody_ships_are_missing():
    with pytest.raises(errors.ServerMissing, match="HUITOU_DATABASE_URL"):
        binaries.find(9)


@as_root
def test_without_an_unprivileged_user_root_is_told_what_to_add(monkeypatch, tmp_path):
    monkeypatch.setattr(account, "UNPRIVILEGED", ("nobody-by-that-name",))
    with pytest.raises(errors.AccountMissing, match="nobody-by-that-name"):
        account.choose(tmp_path / "postgres")
