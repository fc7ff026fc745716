"""Which processes belong to a cluster: the truth after a crash, when pid files lie."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 10.0  # how long orphans of a killed server may take to notice


@dataclass(frozen=True, slots=True)
class PidFile:
    """What ``postmaster.pid`` says; a number may have passed to a stranger since."""

    pid: int
    sockets: str
    is_ready: bool


def read(data: Path) -> PidFile | None:
    """The pid file of the cluster in ``data``; None if there is none worth reading."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().lstrip("-").isdigit():
        return None
    sockets = lines[4].strip() if len(lines) >= 5 else ""
    return PidFile(abs(int(lines[0])), sockets, len(lines) >= 8 and lines[7].strip() == "ready")


def server(data: Path) -> PidFile | None:
    """The running server of the cluster in ``data``: the pid file's, if it really is one."""
    found = read(data)
    return found if found is not None and _is_ours(found.pid, data) else None


def end_orphans(data: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until no process of a dead server is left in ``data``; the slow ones are ended.

    Sessions of a killed server leave by themselves once they look up. Nothing is lost by ending
    them: what they had not committed is gone with their server, what they had is in the log.
    """
    deadline = time.monotonic() + patience_seconds
    pause = 0.02
    while left := all_of(data):
        if time.monotonic() > deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(pause)
        pause = min(pause * 2, 0.5)


def _is_ours(pid: int, data: Path) -> bool:
    """Whether ``pid`` is a living PostgreSQL in ``data``: its servers work in their own folder."""
    if Path("/proc/self/cwd").exists():
        return _works_in(pid, data)
    done = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], check=False, text=True, capture_output=True
    )
    return "postgres" in done.stdout and str(data) in done.stdout


def _works_in(pid: int, data: Path) -> bool:
    try:
        folder = os.readlink(f"/proc/{pid}/cwd")
        program = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except OSError:  # gone, a zombie, or somebody else's: none of ours
        return False
    return Path(program).name == "postgres" and folder == str(data.resolve())


def all_of(data: Path) -> list[int]:
    """Every living process of a server in ``data``; none where the system does not tell."""
    if not Path("/proc/self/cwd").exists():
        return []
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if _works_in(pid, data)]
