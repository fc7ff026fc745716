"""A mail that arrived: what came back of ours, what no person wrote, or a letter.

Sources: RFC 3834 (automatic answers are not answered and not taken for letters), RFC 3798 (receipts
of reading), RFC 2919 and RFC 2369 (lists).
"""

import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Final

from huitou.connectors.smtp import bounces, letters, worded
from huitou.platform.messages.types import Mail, Surroundings

MOST_BYTES: Final = 2 << 20  # of one mail: a report is short, what it returns need not be read
_PARSER: Final = BytesParser(policy=policy.default)
_OF_LISTS: Final = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Reply")
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTOMATIC: Final = re.compile(
    r"^(自动回复|自動回覆|auto(matic)?[ -]?(reply|response)|out of (the )?office)", re.IGNORECASE
)
_NOBODY: Final = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply[\w.-]*)@", re.IGNORECASE
)


def understood(raw: bytes, surroundings: Surroundings, *, number: int = 1) -> Mail:
    """What the mail is, and which messages of ours it proves to speak of."""
    mail = _PARSER.parsebytes(raw[:MOST_BYTES])
    refs = tuple(surroundings.marked(_everything(mail, raw[:MOST_BYTES])))
    ref = refs[0] if refs else ""
    name, sender = _sender(mail)
    if mail.get_content_type() == "multipart/report":
        said = tuple(bounces.of_mail(mail, ref=ref, number=number))
        return Mail("report" if said else "automatic", said, refs)
    if worded.is_return(mail, sender=sender):
        told = tuple(worded.reports(mail, ref=ref, number=number))
        return Mail("report" if told else "automatic", told, refs)
    if _is_automatic(mail, sender):
        return Mail("automatic", refs=refs)
    return Mail(
        "letter",
        refs=tuple(surroundings.marked(_answered(mail))) or refs,
        message_id=_header(mail, "Message-ID"),
        sender=sender,
        sender_name=name,
        subject=_header(mail, "Subject"),
        text=letters.written(mail),
        attachments=letters.attachments(mail),
    )


def _everything(mail: Message, raw: bytes) -> str:
    """The mail as it came, and its texts as they read: a mark proves wherever it stands."""
    texts = [
        letters.decoded(part)
        for part in mail.walk()
        if part.get_content_maintype() in {"text", "message"} and not part.is_multipart()
    ]
    return "\n".join([raw.decode("latin-1"), *texts])


def _answered(mail: Message) -> str:
    """What it answers, the last letter first."""
    references = _header(mail, "References").split()
    return " ".join([_header(mail, "In-Reply-To"), *reversed(references)])


def _is_automatic(mail: Message, sender: str) -> bool:
    said = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        said not in {"", "no"}
        or _header(mail, "Precedence").lower() in _BULK
        or any(mail.get(name) is not None for name in _OF_LISTS)
        or _header(mail, "Return-Path") == "<>"
        or not sender
        or bool(_NOBODY.match(sender))
        or bool(_AUTOMATIC.match(_header(mail, "Subject")))
    )


def _sender(mail: Message) -> tuple[str, str]:
    found = getaddresses([_header(mail, "From")])
    name, address = found[0] if found else ("", "")
    return name.strip(), address.strip().lower() if "@" in address else ""


def _header(mail: Message, name: str) -> str:
    """A header on one line; what no program can read is empty."""
    try:
        return " ".join(str(mail.get(name, "")).replace("\x00", "").split())
    except (ValueError, IndexError, AttributeError):  # the library gives up on some headers
        return ""
