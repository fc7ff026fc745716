"""One conversation with a mailbox: what arrived since we last looked.

Source: RFC 3501 (IMAP4rev1), RFC 2971 (ID, without which 163 and 126 refuse to open a folder).
"""

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from huitou.connectors.imap.server import Server
from huitou.platform.messages.errors import MailboxDown
from huitou.platform.messages.types import Place, Post, Surroundings

TIMEOUT_SECONDS: Final = 15.0
MOST_BYTES: Final = 2 << 20  # of one mail; what is beyond is attachments
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
)  # fmt: skip
_UID: Final = re.compile(rb"\bUID (\d+)")
_WHO_WE_ARE: Final = '("name" "huitou" "vendor" "huitou")'


class Imap:
    """The mailbox in ``HUITOU_IMAP_URL``."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._server = Server.named(surroundings.imap_url)
        self._box: imaplib.IMAP4 | None = None
        self._validity = 0

    @property
    def name(self) -> str:
        """Which mailbox it is; "" = none is set up."""
        return self._server.name if self._server else ""

    def arrived(self, *, after: Place | None, since: date, limit: int) -> Iterator[Post]:
        """What arrived after a place, the oldest first. Raises as ``Mailbox.arrived`` says."""
        with _understood():
            box = self._opened()
            uids = self._uids(box, after, since)
        for uid in uids[:limit]:
            with _understood():
                post = self._post(box, uid)
            if post is not None:  # None = somebody has deleted it meanwhile
                yield post

    def handled(self, place: Place) -> None:
        """Mark the mail at this place as read."""
        with _understood():
            if self._box is not None and place.validity == self._validity:
                self._box.uid("STORE", str(place.uid), "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        """Say good-bye, if anybody still listens."""
        box, self._box = self._box, None
        if box is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                box.logout()

    def _opened(self) -> imaplib.IMAP4:
        server = self._server
        assert server is not None, "only a mailbox that is set up is read"
        if self._box is None:
            self._box = _signed_in(server)
            self._validity = _selected(self._box, server.folder)
        return self._box

    def _uids(self, box: imaplib.IMAP4, after: Place | None, since: date) -> list[int]:
        if after is not None and after.validity == self._validity:
            found = _searched(box, "UID", f"{after.uid + 1}:*")
            # “n:*” holds the newest mail even when it is older than n.
            return [uid for uid in found if uid > after.uid]
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        return _searched(box, "SINCE", day)

    def _post(self, box: imaplib.IMAP4, uid: int) -> Post | None:
        asked = f"(UID INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)"
        kind, data = box.uid("FETCH", str(uid), asked)
        parts = [one for one in data if isinstance(one, tuple)]
        if kind != "OK" or not parts:
            return None
        head, raw = parts[0][0], parts[0][1]
        # The instant may stand before the text or after it.
        told = b" ".join([head, *(one for one in data if isinstance(one, bytes))])
        if (found := _UID.search(told)) is not None and int(found[1]) != uid:
            return None
        return Post(Place(self._validity, uid), _instant(told), raw)


def _signed_in(server: Server) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    box: imaplib.IMAP4
    if server.is_tls_from_start:
        box = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS
        )
    else:
        box = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(_let_go, box)
        if not server.is_tls_from_start:
            if "STARTTLS" not in box.capabilities:  # a password never goes in the open
                raise MailboxDown("tls")
            box.starttls(context)
        try:
            box.login(server.user, server.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refused:
            raise MailboxDown("sign_in") from refused
        _introduce(box)
        on_failure.pop_all()
    return box


def _let_go(box: imaplib.IMAP4) -> None:
    """Close it, whatever is left of it: what went wrong before is what is to be said."""
    with contextlib.suppress(OSError):
        box.shutdown()


def _introduce(box: imaplib.IMAP4) -> None:
    """Say who we are where the server wants to know."""
    kind, said = box.capability()
    if kind == "OK" and said and said[0] and b" ID" in b" " + bytes(said[0]).upper():
        with contextlib.suppress(imaplib.IMAP4.error):
            box.xatom("ID", _WHO_WE_ARE)


def _selected(box: imaplib.IMAP4, folder: str) -> int:
    """Open the folder; how it numbers its mails."""
    try:
        kind, _ = box.select(_quoted(folder))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as refused:
        raise MailboxDown("folder") from refused
    if kind != "OK":
        raise MailboxDown("folder")
    _, said = box.response("UIDVALIDITY")
    try:
        return int(said[0] or 0) if said else 0
    except ValueError as error:
        raise MailboxDown("protocol") from error


def _searched(box: imaplib.IMAP4, *criteria: str) -> list[int]:
    kind, data = box.uid("SEARCH", *criteria)
    if kind != "OK":
        raise MailboxDown("protocol")
    return sorted(int(uid) for part in data if part for uid in _words(part))


def _words(part: Any) -> Sequence[bytes]:
    return bytes(part).split()


def _instant(told: bytes) -> datetime:
    local = imaplib.Internaldate2tuple(told)
    if local is None:
        return datetime.now(UTC)
    return datetime(*local[:6]).astimezone(UTC)


def _quoted(folder: str) -> str:
    """A folder as IMAP wants it: quoted, other letters than English ones in its own writing."""
    return '"' + _modified_utf7(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _modified_utf7(text: str) -> str:
    """RFC 3501, section 5.1.3.

    >>> _modified_utf7("退信")
    '&kABP4Q-'
    """
    parts = []
    for run in re.findall(r"[ -~]+|[^ -~]+", text):
        if run.isascii() and run.isprintable():
            parts.append(run.replace("&", "&-"))
        else:
            coded = base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            parts.append(f"&{coded}-")
    return "".join(parts)


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """What goes wrong in the conversation, as one of the reasons we know."""
    try:
        yield
    except ssl.SSLError as refused:
        raise MailboxDown("tls") from refused
    except (imaplib.IMAP4.abort, OSError) as lost:
        raise MailboxDown("no_connection") from lost
    except imaplib.IMAP4.error as said:
        raise MailboxDown("protocol") from said
