"""What these journeys do to a cluster: reach it, kill it, meet it as somebody else."""

import contextlib
import os
import pwd
import shutil
import signal
import time
import traceback

import psycopg
import pytest

from huitou.platform.embedded import layout, processes, roles

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="needs root: another user takes part")


def quick_disk():
    """Memory where there is room, so that waiting for a disk is not what these tests do."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage("/dev/shm").free > 2 << 30:
            return "/dev/shm"
    return "/tmp"


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
