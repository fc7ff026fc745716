"""Move a cluster to the major version of our programs, by pg_upgrade; the old one is kept beside
it.
"""

import shutil
from pathlib import Path

from huitou.platform import errors
from huitou.platform.embedded import binaries, layout, processes, roles
from huitou.platform.embedded.cluster import START_SECONDS, UPGRADED, Cluster


def upgrade(cluster: Cluster, *, check_only: bool = False) -> int | None:
    """Move the data to our version; returns the version they had, None if there was nothing to do.

    A crash at any moment leaves either the old cluster in its place, or the new one.

    Raises:
        ServerMissing: the programs of the old version are not in the wheel.
        ServerFailed: pg_upgrade refused; the old cluster is as it was.
    """
    with cluster.locked():
        before = cluster.major
        if before is None or before == binaries.MAJOR:
            return None
        if before > binaries.MAJOR:
            raise errors.ClusterVersion(found=before, wanted=binaries.MAJOR)
        old = binaries.reachable(binaries.find(before), cluster.account, cluster.home)
        shut_down_cleanly(cluster, old)
        fresh = cluster.home / "postgres.new"
        for folder in (fresh, cluster.home / UPGRADED):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            cluster.initialise(fresh)
            _pg_upgrade(cluster, old, fresh, check_only=check_only)
            if not check_only:
                _exchange(cluster, fresh, before)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        if not check_only:
            cluster.start_locked()
            _refresh_statistics(cluster)
    return before


def shut_down_cleanly(cluster: Cluster, old: binaries.Binaries) -> None:
    """Let the old programs finish what a crash may have left, and stop."""
    if processes.server(cluster.data) is None:
        cluster.clear_traces_of_a_crash()
        options = f"-c listen_addresses='' -c unix_socket_directories='{cluster.sockets}'"
        _old(cluster, old, "start", "-w", "-t", str(START_SECONDS), "-o", options)
    _old(cluster, old, "stop", "-w", "-t", str(START_SECONDS), "-m", "fast")


def _old(cluster: Cluster, old: binaries.Binaries, action: str, *arguments: str) -> None:
    with cluster.start_log.open("a") as out:
        done = cluster.account.run(
            old.path("pg_ctl"), "-D", str(cluster.data), *arguments, action, out=out
        )
    if done.returncode != 0:
        what = f"{action} version {old.major}"
        raise errors.ServerFailed(what=what, log=str(cluster.start_log), words=cluster.last_words())


def _pg_upgrade(cluster: Cluster, old: binaries.Binaries, fresh: Path, *, check_only: bool) -> None:
    work = cluster.home / "postgres.upgrade"  # it writes its notes where it stands
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    cluster.account.give(work)
    try:
        cluster.run(
            "pg_upgrade", "--old-datadir", str(cluster.data), "--new-datadir", str(fresh),
            "--old-bindir", str(Path(old.path("postgres")).parent),
            "--new-bindir", str(Path(cluster.binaries.path("postgres")).parent),
            "--username", layout.OWNER_ROLE, "--socketdir", str(cluster.sockets),
            *(["--check"] if check_only else []),
            what="upgrade", cwd=str(work), secret=layout.secret(cluster.home, layout.OWNER_ROLE),
        )  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _exchange(cluster: Cluster, fresh: Path, before: int) -> None:
    complete = (
        cluster.home / UPGRADED
    )  # its name from now on: the next start can finish the exchange
    fresh.rename(complete)
    kept = cluster.home / f"postgres.old-{before}"
    shutil.rmtree(kept, ignore_errors=True)
    cluster.data.rename(kept)
    complete.rename(cluster.data)


def _refresh_statistics(cluster: Cluster) -> None:
    """Statistics of the new version, so that its first queries are planned well."""
    with roles.owner_connection(cluster.home, cluster.sockets, layout.DATABASE) as connection:
        connection.execute("ANALYZE")
