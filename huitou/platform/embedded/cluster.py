"""Start, stop and ask the embedded server of one data folder.

Every change of state happens under one lock in the data folder; the system drops it with its
process,
so a crash leaves nothing to clean but what the next start cleans by itself.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from huitou.platform import errors
from huitou.platform.embedded import account, binaries, configuration, layout, processes, roles

START_SECONDS: Final = 600  # recovery of a big import takes minutes; giving up would only hurt
STOP_SECONDS: Final = 600
LOG_LIMIT_BYTES: Final = 10 << 20
# A cluster that an upgrade has completed, but not yet put in its place.
UPGRADED: Final = "postgres.upgraded"


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said about the embedded server without starting it."""

    state: str  # absent, stopped, starting, running
    data: Path
    sockets: Path
    major: int | None  # of the cluster; None = there is none
    program_major: int
    pid: int | None
    runs_as: str


class Cluster:
    """The embedded PostgreSQL of one data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = layout.data_folder(home)
        self.sockets = layout.socket_folder(home)
        self.start_log = home / "postgres.log"

    @cached_property
    def account(self) -> account.Account:
        """The user the server runs as."""
        return account.choose(self.data)

    @cached_property
    def binaries(self) -> binaries.Binaries:
        """The programs, where the server's user can start them."""
        return binaries.reachable(binaries.find(), self.account, self.home)

    @property
    def major(self) -> int | None:
        """The major version the cluster was made with; None while there is no cluster."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def is_running(self) -> bool:
        """Whether the server runs and answers."""
        server = processes.server(self.data)
        return server is not None and server.is_ready

    def status(self) -> Status:
        """What is so now; starts nothing."""
        server = processes.server(self.data)
        state = "absent" if self.major is None else "stopped"
        if server is not None:
            state = "running" if server.is_ready else "starting"
        pid = server.pid if server else None
        name = self.account.name
        return Status(state, self.data, self.sockets, self.major, binaries.MAJOR, pid, name)

    def start(self) -> bool:
        """Make the cluster if there is none, start it if it does not run; returns when it answers.

        Returns whether it was this call that started it.

        Raises:
            ServerMissing, AccountMissing, FolderForeign, FolderUnreachable, SocketUnsafe: the
                surroundings do not let it; each names the fix.
            ClusterVersion: the cluster is of another major version.
            ServerFailed: it did not start; the end of its log says why.
        """
        with self.locked():
            if processes.server(self.data) is not None:
                server = self._wait_until_ready()
                if server.sockets == str(self.sockets):
                    return False
                self.stop_locked()  # the folder was moved under it: nobody can reach it there
            if self.major is None:
                self._first_or_finished_upgrade()
            self.check_version()
            self.start_locked()
            return True

    def stop(self) -> bool:
        """Stop the server: open sessions are ended, what is committed stays. False = it did not
        run.
        """
        with self.locked():
            return self.stop_locked()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the data folder's lock: no other process starts, stops or replaces the cluster."""
        layout.prepare(self.home)
        # For us alone: whoever may open a file may also lock it, and make us wait for ever.
        handle = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def start_locked(self) -> None:
        """Start the server; the caller holds the lock and knows that it does not run."""
        self._prepare_folders()
        self.clear_traces_of_a_crash()
        self.write_configuration(self.data)
        self._trim_start_log()
        self.run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-w",
            "-t",
            str(START_SECONDS),
            "-l",
            str(self._server_log()),
            "start",
            what="start",
        )
        roles.ensure(self.home, self.sockets)

    def stop_locked(self) -> bool:
        """Stop the server if it runs; the caller holds the lock."""
        if processes.server(self.data) is None:
            return False
        self.run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-w",
            "-t",
            str(STOP_SECONDS),
            "-m",
            "fast",
            "stop",
            what="stop",
        )
        return True

    def initialise(self, target: Path) -> None:
        """Make a new cluster at ``target``; a crash half-way leaves a draft that the next call
        replaces.
        """
        self._prepare_folders()
        for left in self.home.glob("postgres.draft-*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own: the programs of a killed attempt may still be writing to theirs.
        draft = self.home / f"postgres.draft-{secrets.token_hex(4)}"
        draft.mkdir(mode=0o700)
        self.account.give(draft)
        self._check_reachable(draft)
        password_file = self.home / f"{draft.name}.password"
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        try:
            password_file.write_text(layout.secret(self.home, layout.OWNER_ROLE))
            self.account.give(password_file)
            self.run(
                "initdb",
                "-D",
                str(draft),
                "--data-checksums",
                "-U",
                layout.OWNER_ROLE,
                "--pwfile",
                str(password_file),
                "--auth",
                "scram-sha-256",
                "--encoding",
                "UTF8",
                *self.locale_options(),
                what="initdb",
            )
        finally:
            password_file.unlink()
        draft.rename(target)

    def locale_options(self) -> tuple[str, ...]:
        """How text is compared: by code points, the same on every machine."""
        return ("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C")

    def _first_or_finished_upgrade(self) -> None:
        """A new cluster, unless an upgrade was cut off between taking the old one away and this."""
        complete = self.home / UPGRADED
        if complete.exists():
            complete.rename(self.data)
            return
        if any(self.home.glob("postgres.old-*")):
            raise errors.ServerFailed(
                what="start", log=str(self.home), words="its folder is missing"
            )
        self.initialise(self.data)

    def write_configuration(self, data: Path) -> None:
        """Write the settings of this version and machine into ``data``."""
        target = data / configuration.FILE
        draft = target.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(configuration.for_this_machine(self.sockets))
        self.account.give(draft)
        draft.replace(target)
        main = data / "postgresql.conf"
        if configuration.INCLUDE not in main.read_text():
            with main.open("a") as writer:
                writer.write(configuration.INCLUDE)

    def run(
        self, program: str, *arguments: str, what: str, cwd: str = "/", secret: str = ""
    ) -> None:
        """Run one of the server's programs.

        Raises:
            ServerFailed: it ended badly; the facts hold the end of what it said.
        """
        path = self.binaries.path(program)
        self.start_log.touch(mode=0o600)
        with self.start_log.open("a") as out:
            out.write(f"-- {program} {what}\n")
            out.flush()
            done = self.account.run(path, *arguments, out=out, cwd=cwd, secret=secret)
        if done.returncode != 0:
            raise errors.ServerFailed(
                what=what, log=str(self._server_log()), words=self.last_words()
            )

    def check_version(self) -> None:
        """Refuse a cluster of another major version than the programs."""
        if self.major != binaries.MAJOR:
            raise errors.ClusterVersion(found=self.major, wanted=binaries.MAJOR)

    def _prepare_folders(self) -> None:
        layout.prepare(self.home)
        try:
            self.sockets.mkdir(mode=0o700)
            self.account.give(self.sockets)
        except FileExistsError:
            pass
        if not self.account.owns(self.sockets):
            raise errors.SocketUnsafe(folder=str(self.sockets))
        self._check_reachable(self.sockets)
        if self.data.exists():
            self._check_reachable(self.data)

    def _check_reachable(self, folder: Path) -> None:
        if not self.account.can_enter(folder):
            raise errors.FolderUnreachable(folder=str(folder), user=self.account.name)

    def clear_traces_of_a_crash(self) -> None:
        """After kill -9: wait for orphans, then drop files that name processes of the past.

        A pid in them may be anyone's by now, and PostgreSQL would believe that the server runs.
        """
        processes.end_orphans(self.data)
        if processes.server(self.data) is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for name in (f".s.PGSQL.{layout.PORT}", f".s.PGSQL.{layout.PORT}.lock"):
                (self.sockets / name).unlink(missing_ok=True)

    def _wait_until_ready(self) -> processes.PidFile:
        deadline = time.monotonic() + START_SECONDS
        while (server := processes.server(self.data)) is not None and time.monotonic() < deadline:
            if server.is_ready:
                return server
            time.sleep(0.05)
        log = str(self._server_log())
        raise errors.ServerFailed(what="start", log=log, words=self.last_words())

    def _server_log(self) -> Path:
        return self.data / "log" / "start.log"

    def _trim_start_log(self) -> None:
        folder = self.data / "log"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.account.give(folder)
        for path in (self.start_log, *folder.glob("*.log")):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size > LOG_LIMIT_BYTES:
                    path.write_bytes(b"")

    def last_words(self) -> str:
        """The last lines the server or its program said, for the error."""
        lines: list[str] = []
        for path in (self.start_log, self._server_log()):
            with contextlib.suppress(OSError):
                lines += path.read_text(errors="replace").splitlines()[-200:]
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
        return (telling or lines or [""])[-1].strip()[:300]
