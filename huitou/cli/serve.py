"""``huitou serve``: site, worker and database as one thing: they live and end together."""

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, NamedTuple

from huitou.cli import opening
from huitou.cli.words import gettext, say
from huitou.settings import env as environment

THREADS: Final = 8  # of a process: much of a request is waiting for the database's disk
CONNECTIONS: Final = 40  # one a thread; the embedded database has 60 for all who ask
GRACE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.25
PARENT_DIED: Final = 1  # PR_SET_PDEATHSIG


class Part(NamedTuple):
    """A child process by the name people know it."""

    name: str
    process: subprocess.Popen[bytes]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; default: this machine only"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes of the site; default 2")
    parser.add_argument(
        "--log-level",
        choices=environment.LOG_LEVELS,
        help="how much is told on standard error; default: HUITOU_LOG_LEVEL, or info",
    )
    parser.add_argument(
        "--no-worker", action="store_true", help="run no worker: another machine does"
    )


def needs(args: argparse.Namespace) -> str:
    """The database is started here, so that we know whether it is ours to stop."""
    del args
    return "settings"


def run(args: argparse.Namespace) -> int:
    """Run until told to stop (SIGTERM, Ctrl-C) or until a part ends by itself.

    Raises:
        PortTaken: another program listens there.
        ChildEnded: a part ended, so everything was stopped.
    """
    _check_port(args.host, args.port)
    with _told_to_stop() as told, _database():
        opening.ensure_tables()
        _greet(args.host, args.port)
        parts = _start(args)
        try:
            ended = _wait(parts, told)
        finally:
            _stop(parts)
    if ended is not None:
        from huitou.platform import errors

        raise errors.ChildEnded(part=ended[0], exit_code=ended[1])
    return 0


def _start(args: argparse.Namespace) -> list[Part]:
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        args.host,
        "--port",
        str(args.port),
        "--workers",
        str(args.workers),
        "--blocking-threads",
        str(max(2, min(THREADS, CONNECTIONS // max(args.workers, 1)))),
        "--blocking-threads-idle-timeout",
        "600",
        "--no-ws",
        "--http",
        "1",
        "--log-level",
        "error",  # its warnings are about the number of threads, which is meant
        "--workers-kill-timeout",
        "20",
        "huitou.wsgi:application",
    ]
    commands = {"site": web}
    if not args.no_worker:
        commands["worker"] = [sys.executable, "-m", "huitou", "worker"]
    surroundings = _surroundings(args)
    return [Part(name, _child(command, surroundings)) for name, command in commands.items()]


def _surroundings(args: argparse.Namespace) -> dict[str, str]:
    """Those of this process, with what was said on the command line in front."""
    said = {"HUITOU_LOG_LEVEL": args.log_level} if args.log_level else {}
    if environment.read().public_url == environment.LOCAL_URL:
        said["HUITOU_PUBLIC_URL"] = f"http://localhost:{args.port}"  # links lead here, not to 8000
    return os.environ | said


def _child(command: list[str], surroundings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child in a group of its own, so that Ctrl-C reaches it only through us; it ends if we are
    killed.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env=surroundings,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - we have one thread
    )


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def _wait(parts: list[Part], told: list[int]) -> tuple[str, int] | None:
    """Wait for a signal (None), or for a part to end (its name and exit code)."""
    looked_at = time.monotonic()
    while not told:
        for part in parts:
            if (code := part.process.poll()) is not None:
                return part.name, code
        if time.monotonic() - looked_at > 5:
            looked_at = time.monotonic()
            if not _database_lives():
                return "database", 1
        time.sleep(LOOK_SECONDS)
    return None


def _stop(parts: list[Part]) -> None:
    """Ask every part to end, the last one first; those that do not in time are ended."""
    for part in reversed(parts):
        if part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for part in parts:
        try:
            part.process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()


@contextmanager
def _database() -> Iterator[None]:
    """The database while the block runs; stopped afterwards if it was started here."""
    env = environment.read()
    if env.database_url:
        yield
        return
    from huitou.platform.embedded.cluster import Cluster

    cluster = Cluster(env.home)
    started = cluster.start()
    try:
        yield
    finally:
        if started:
            from django.db import connections

            connections.close_all()
            cluster.stop()


def _database_lives() -> bool:
    env = environment.read()
    if env.database_url:
        return True  # an outside server may come and go: requests wait for it and say so
    from huitou.platform.embedded.cluster import Cluster

    return Cluster(env.home).status().state in {"running", "starting"}


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """The signals that told us to stop, filled while the block runs."""
    told: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: told.append(number))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check_port(host: str, port: int) -> None:
    from huitou.platform import errors

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise errors.PortTaken(port=port, host=host, reason=reason) from error


def _greet(host: str, port: int) -> None:
    """Say where the site is; before there is an owner, with the token of the first visit."""
    from huitou.staff import services

    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    token = services.new_setup_token(now=datetime.now(UTC))
    if token is None:
        say(gettext("Huitou runs at {address}").format(address=f"{address}/"))
    else:
        words = gettext("Huitou runs. First visit: {address}")
        say(words.format(address=f"{address}/setup?token={token}"))
