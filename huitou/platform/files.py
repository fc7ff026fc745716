"""Files kept in the data folder: named by their content, so that twice is once."""

import hashlib
import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from huitou.platform import types


def home() -> Path:
    """The data folder of this installation."""
    return Path(settings.HOME)


def path(relative: str) -> Path:
    """Where the file kept as ``relative`` lies.

    Raises:
        ValueError: ``relative`` leads out of the data folder.
    """
    root = home().resolve()
    found = (root / relative).resolve()
    if not found.is_relative_to(root):
        raise ValueError("a kept file lies inside the data folder")
    return found


def keep(source: Path, *, kind: str) -> types.KeptFile:
    """Copy ``source`` under ``kept/<kind>/`` by its hash; the same content is kept once.

    The copy is complete before it has its name: a crash leaves a draft, never half a file.
    """
    if not kind.isidentifier():
        raise ValueError(f"{kind!r} cannot name a folder")
    folder = home() / "kept" / kind
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".draft-{os.getpid()}-{secrets.token_hex(6)}"
    try:
        with source.open("rb") as reader, draft.open("xb") as writer:
            draft.chmod(0o600)
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        digest = digest_of(draft)  # of the copy: the source may change while we read it
        size_bytes = draft.stat().st_size
        target = folder / f"{digest}{_suffix(source)}"
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return types.KeptFile(str(target.relative_to(home())), digest, size_bytes)


def forget(folder: str, *, kept_days: int, now: datetime) -> int:
    """Delete the files right inside ``folder`` of the data folder that are older; how many."""
    oldest = now.timestamp() - kept_days * 86_400
    old = [file for file in path(folder).glob("*") if file.is_file()]
    old = [file for file in old if file.stat().st_mtime < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def digest_of(file: Path) -> str:
    """The SHA-256 of ``file`` in hexadecimal."""
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def _suffix(source: Path) -> str:
    """The last one or two endings (``.csv.gz``), only letters and digits, so that a name cannot
    harm a path.
    """
    endings = [
        end for end in source.suffixes[-2:] if end[1:].isalnum() and end.isascii() and len(end) <= 9
    ]
    return "".join(endings).lower()
