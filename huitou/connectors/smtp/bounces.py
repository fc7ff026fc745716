"""Mails that came back, and complaints about mails, as reports.

Source: RFC 3464 (delivery status), RFC 5965 (feedback reports: a receiver pressed “spam”).
"""

import mailbox
import re
from collections.abc import Iterator
from contextlib import closing
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Final

from huitou.connectors.smtp.errors import NotMail
from huitou.connectors.smtp.mail import REF_HEADER
from huitou.platform.messages.types import Report

_REF: Final = re.compile(r"msg_[0-9A-HJKMNP-TV-Z]{18}")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_PARSER: Final = BytesParser(policy=policy.default)
MOST_BYTES: Final = 2 << 20  # of one mail: a report is short, what it returns need not be read


def reports(path: Path) -> Iterator[Report]:
    """What the mails of a mailbox say: a file of one mail or many (mbox), or a folder (Maildir).

    Mails that are no reports are passed over, and so are delays.

    Raises:
        NotMail: the file is no mailbox.
    """
    for number, raw in enumerate(_mails(path), start=1):
        yield from of_mail(_PARSER.parsebytes(raw[:MOST_BYTES]), number=number)


def of_mail(mail: Message, *, number: int) -> Iterator[Report]:
    """The reports in one mail; ``number`` is its place in the mailbox."""
    if mail.get_content_type() != "multipart/report":
        return
    ref = _ref_of_returned(mail)
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            yield from _delivery(part, ref, number)
        elif kind == "message/feedback-report":
            yield from _feedback(part, ref, number)


def _delivery(part: Message, ref: str, number: int) -> Iterator[Report]:
    for block in _blocks(part):
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        address = _address(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        status = _STATUS.search(str(block.get("Status", "")))
        is_for_good = status is not None and status[1] == "5" and _is_dead(status[2], status[3])
        outcome = "bounced" if is_for_good else "failed"
        detail = status[0] if status else ""
        yield Report(number, outcome, ref=ref, address=address, detail=detail)


def _feedback(part: Message, ref: str, number: int) -> Iterator[Report]:
    for block in _blocks(part):
        if str(block.get("Feedback-Type", "")).strip().lower() in {"abuse", "opt-out"}:
            address = _address(block.get("Original-Rcpt-To") or "")
            yield Report(number, "unsubscribed", ref=ref, address=address, detail="complaint")


def _is_dead(subject: str, kind: str) -> bool:
    """Whether x.subject.kind says that nobody is there: not a full box, not a policy."""
    return subject in {"0", "1"} or (subject, kind) == ("2", "1")


def _blocks(part: Message) -> list[Any]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload
    text = part.get_payload(decode=True)
    return [_PARSER.parsebytes(text)] if isinstance(text, bytes) else []


def _ref_of_returned(mail: Message) -> str:
    """The message that was returned, by the headers of its own that came with the report."""
    for part in mail.walk():
        kind = part.get_content_type()
        payload: Any = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list):
            returned = payload[0]
            found = _REF.search(f"{returned.get(REF_HEADER, '')} {returned.get('Message-ID', '')}")
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            raw = part.get_payload(decode=True) or part.as_bytes()
            found = _REF.search(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else "")
        else:
            continue
        if found:
            return found[0]
    return ""


def _address(field: object) -> str:
    """``rfc822; somebody@example.com`` without its kind and brackets."""
    return str(field).rpartition(";")[2].strip().strip("<>").lower()


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
    elif re.match(rb"[A-Za-z0-9-]+:[ \t]", head):
        yield path.read_bytes()
    else:
        raise NotMail(name=path.name)
