"""The embedded PostgreSQL among other users, folders, programs and versions."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from huitou.platform import errors
from huitou.platform.embedded import account, binaries, layout, roles, upgrading
from huitou.platform.embedded.cluster import UPGRADED, Cluster
from tests.journeys.platform.clusters import (
    application,
    as_root,
    in_child,
    kill_everything,
    owner,
)


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
