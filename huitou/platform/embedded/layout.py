"""Where things lie in the data folder, and its secrets. No Django."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

DATABASE: Final = "huitou"
OWNER_ROLE: Final = "huitou_owner"
APP_ROLE: Final = "huitou_app"
SECRETS: Final = "secrets"  # the folder of passwords and keys
PORT: Final = 5432  # only names the socket file: the server listens on no network address
# A socket's whole path may have 103 bytes where it may have fewest; the server adds a lock's
# ending.
LONGEST_SOCKET_PATH: Final = 103 - len(f"/.s.PGSQL.{PORT}.lock")


def prepare(home: Path) -> None:
    """Make the data folder: closed to others; as root passable, so that the server's user gets in.

    Raises:
        OSError: it cannot be made or written.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    missing = [folder for folder in (home, *home.parents) if not folder.is_dir()]
    for folder in reversed(missing):
        folder.mkdir(mode=mode, exist_ok=True)
        folder.chmod(mode)  # whatever the mask of the process says


def data_folder(home: Path) -> Path:
    """The cluster's own folder."""
    return home / "postgres"


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket: in the data folder, or in /tmp if that path is too long.

    There it is named by the data folder and its user, so two installations never meet in it.
    """
    inside = home.resolve() / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"huitou-{os.geteuid()}-{digest}"  # checked for its owner before use


def secret(home: Path, name: str) -> str:
    """The secret called ``name`` of this data folder, made on first use, readable by its owner
    only.
    """
    folder = home / SECRETS
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        prepare(home)
        folder.mkdir(exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as writer:
        writer.write(secrets.token_urlsafe(48))
        writer.flush()
        os.fsync(writer.fileno())  # an empty secret after a power cut would lock everyone out
    try:
        os.link(draft, path)  # whoever links first wins; all others read that one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
