"""The user the server runs as: ours, or an unprivileged one when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from huitou.platform import errors

# PostgreSQL refuses root. Whoever made the cluster keeps it; else the first of these that exists.
UNPRIVILEGED: Final = ("huitou", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server. ``is_other`` is true when that is not us: we are root."""

    uid: int
    gid: int
    name: str
    is_other: bool

    def run(
        self, *command: str, out: IO[Any] | int, secret: str = "", cwd: str = "/"
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the server as its user, in a bare environment, output to ``out``."""
        extra: dict[str, Any] = (
            {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        )
        environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
        if secret:
            environment["PGPASSWORD"] = secret
        return subprocess.run(
            command,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=cwd,
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us: we stop the server ourselves
            **extra,
        )

    def can_run(self, program: str) -> bool:
        """Whether this user can start ``program``."""
        return self._can('test -x "$0"', program)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can get into ``folder``."""
        return self._can('cd -- "$0"', str(folder))

    def owns(self, path: Path) -> bool:
        """Whether ``path`` is a folder of this user's own that nobody else may write."""
        found = path.lstat()
        return found.st_uid == self.uid and not path.is_symlink() and not found.st_mode & 0o022

    def give(self, path: Path) -> None:
        """Make ``path`` this user's."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def _can(self, script: str, argument: str) -> bool:
        if not self.is_other:
            return True
        done = self.run("/bin/sh", "-c", script, argument, out=subprocess.DEVNULL)
        return done.returncode == 0


def choose(data: Path) -> Account:
    """Who runs the server of the cluster in ``data``.

    Raises:
        FolderForeign: we are not root, and the cluster belongs to someone else.
        AccountMissing: we are root, and there is no unprivileged user.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise errors.FolderForeign(folder=str(data), owner=_name(owner))
        return Account(os.geteuid(), os.getegid(), _name(os.geteuid()), is_other=False)
    if owner:
        entry = pwd.getpwuid(owner)
        return Account(owner, entry.pw_gid, entry.pw_name, is_other=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name, is_other=True)
    raise errors.AccountMissing(names=", ".join(UNPRIVILEGED))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
