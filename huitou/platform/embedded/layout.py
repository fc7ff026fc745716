"""Where things lie in the data folder, and its secrets. No Django."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

DATABASE: Final = "huitou"
OWNER_ROLE: Final = "huitou_owner"
APP_ROLE: Final = "huitou_app"
PORT: Final = 5432  # only names the socket file: the server listens on no network address


def data_folder(home: Path) -> Path:
    """The cluster's own folder."""
    return home / "postgres"


def socket_folder(home: Path) -> Path:
    """A short folder for the server's socket: sockets cannot have long paths, data folders can.

    It is named by the data folder and its user, so two installations never meet in it.
    """
    digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"huitou-{os.getuid()}-{digest}"


def secret(home: Path, name: str) -> str:
    """The secret called ``name`` of this data folder, made on first use and readable by its owner only."""
    folder = home / "secrets"
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)  # whoever links first wins; all others read that one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
