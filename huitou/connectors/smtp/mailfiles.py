"""Mails in files: one mail, many of them (mbox), or a folder (Maildir)."""

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from huitou.connectors.smtp import incoming
from huitou.connectors.smtp.errors import NotMail
from huitou.platform.messages.types import Report, Surroundings


def reports(path: Path, surroundings: Surroundings) -> Iterator[Report]:
    """What the mails say; those that are no reports are passed over, and so are delays.

    Raises:
        NotMail: the file is no mailbox.
    """
    for number, raw in enumerate(_mails(path), start=1):
        yield from incoming.understood(raw, surroundings, number=number).reports


def _mails(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        if (path / "new").is_dir() or (path / "cur").is_dir():
            with closing(mailbox.Maildir(path, create=False)) as box:
                yield from (box.get_bytes(key) for key in sorted(box.iterkeys()))
        else:
            yield from (one.read_bytes() for one in sorted(path.glob("*.eml")))
        return
    if not path.is_file():
        raise NotMail(name=path.name)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"From "):
        with closing(mailbox.mbox(path, create=False)) as mbox:
            yield from (mbox.get_bytes(key) for key in mbox.iterkeys())
    elif re.match(rb"[A-Za-z0-9-]+:[ \t\r\n]", head):
        yield path.read_bytes()
    else:
        raise NotMail(name=path.name)
