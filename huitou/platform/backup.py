"""Backups: one file with the database, the kept files and a manifest of hashes; checked when made
and before use.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import huitou
from huitou.platform import dumping, errors, files, queries

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
# What the database does not hold and cannot make again. Secrets stay: each folder has its own.
FOLDERS: Final = ("kept", "rejects", "analytics")
NOT_KEPT: Final = "spill"  # what a measurement puts aside while it runs


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on disk, as its manifest says."""

    path: Path
    made_at: datetime
    version: str
    files: int
    size_bytes: int


def make(target: Path | None, *, now: datetime) -> Backup:
    """Write a backup to ``target`` (default: a dated file under ``backups/`` of the data folder)
    and check it.

    The file has its name only when it is whole and has been read back.

    Raises:
        BackupExists: there is a file of that name.
        DiskFull, BackupFailed: nothing is left behind.
    """
    path = target or files.home() / "backups" / f"huitou-{now:%Y%m%d-%H%M%S}.tar"
    if path.exists():
        raise errors.BackupExists(file=str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with _workspace() as work:
            dump = work / DUMP
            dumping.dump(dump)
            dumping.check(dump)
            _pack(draft, dump, now=now)
        verify(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return verify(path, contents=False)


def verify(path: Path, *, contents: bool = True) -> Backup:
    """Read the backup at ``path``; with ``contents`` every byte is compared with its hash.

    Raises:
        BackupMissing: there is no such file.
        BackupDamaged: it is no backup, or not as it was made.
        BackupNewer: a newer version of huitou made it.
    """
    manifest = _manifest(path)
    if contents:
        with tarfile.open(path) as tar:
            seen = {member.name: _digest(tar, member) for member in tar if member.name != MANIFEST}
        if seen != {name: entry["sha256"] for name, entry in manifest["files"].items()}:
            raise errors.BackupDamaged(file=str(path))
    made_at = datetime.fromisoformat(manifest["made_at"])
    count = len(manifest["files"])
    return Backup(path, made_at, manifest["huitou"], count, path.stat().st_size)


def restore(path: Path, *, force: bool = False) -> Backup:
    """Put the backup at ``path`` in the place of what is here.

    The database is filled beside the present one, then the two change names in one step: until
    that step nothing has changed, after it everything has. Kept files are added by their hashes.

    Raises:
        BackupMissing, BackupDamaged, BackupNewer: nothing is changed.
        NotEmpty: there are data here and ``force`` is not said.
        BackupFailed, DiskFull: nothing is changed.
    """
    found = verify(path)
    if not force and queries.holds_data():
        raise errors.NotEmpty
    with _workspace() as work:
        with tarfile.open(path) as tar:
            tar.extractall(work, filter="data")
        same_role = _manifest(path)["application_role"] == dumping.application_role()
        dumping.restore(work / DUMP, with_privileges=same_role)
        for folder in FOLDERS:
            if (work / folder).exists():
                _merge(work / folder, files.home() / folder)
    return found


def _pack(draft: Path, dump: Path, *, now: datetime) -> None:
    entries: dict[str, dict[str, Any]] = {}
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        for name, file in [(DUMP, dump), *_kept()]:
            tar.add(file, arcname=name, recursive=False)
            entries[name] = {"sha256": files.digest_of(file), "size": file.stat().st_size}
        manifest = {
            "format": FORMAT,
            "huitou": huitou.__version__,
            "made_at": now.astimezone(UTC).isoformat(),
            "application_role": dumping.application_role(),
            "migrations": queries.applied_migrations(),
            "files": entries,
        }
        text = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        tar.addfile(info, io.BytesIO(text))
        tar.close()
        out.flush()
        os.fsync(out.fileno())


def _kept() -> Iterator[tuple[str, Path]]:
    home = files.home()
    for folder in FOLDERS:
        for file in sorted((home / folder).rglob("*")):
            is_whole = file.is_file() and not file.name.startswith(".")
            if is_whole and NOT_KEPT not in file.relative_to(home).parts:
                yield str(file.relative_to(home)), file


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise errors.BackupMissing(file=str(path))
    try:
        with tarfile.open(path) as tar:
            reader = tar.extractfile(MANIFEST)
            manifest: dict[str, Any] = json.loads(reader.read()) if reader else {}
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise errors.BackupDamaged(file=str(path)) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise errors.BackupDamaged(file=str(path))
    ours = {tuple(name) for name in queries.known_migrations()}
    theirs = {tuple(name) for name in manifest.get("migrations", [])}
    if manifest.get("format") != FORMAT or theirs - ours:
        raise errors.BackupNewer(file=str(path), version=manifest.get("huitou", "?"))
    return manifest


def _digest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    reader = tar.extractfile(member) if member.isfile() else None
    if reader is None:
        return "not a file"
    digest = hashlib.sha256()
    try:
        while chunk := reader.read(1 << 20):
            digest.update(chunk)
    except (tarfile.TarError, OSError):
        return "cut off"
    return digest.hexdigest()


def _merge(source: Path, target: Path) -> None:
    """Move every file of ``source`` under ``target``, each in one step."""
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(place)


@contextmanager
def _workspace() -> Iterator[Path]:
    """A folder for drafts on the data folder's own disk, gone afterwards."""
    for left in files.home().glob(".backup-*"):
        if time.time() - left.stat().st_mtime > 24 * 3600:  # of a backup that was killed
            shutil.rmtree(left, ignore_errors=True)
    folder = files.home() / f".backup-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
