"""A message as an e-mail. Pure: the same message gives the same bytes."""

import re
from datetime import UTC
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from huitou.platform.messages import texts
from huitou.platform.messages.types import Message, Surroundings

REF_HEADER: Final = "X-Huitou-Message"
_UNFIT: Final = re.compile(r'[\s\x00-\x1f\x7f"<>()\[\],:;@\\]')


def composed(
    message: Message, surroundings: Surroundings, *, sender: str, to: str, reply_to: str = ""
) -> EmailMessage:
    """The mail, with what lets its receiver say no more by one click (RFC 8058, RFC 2369).

    Its Message-ID is the message's own mark: a second hand-over is the same mail to the receiver,
    and whatever answers it or returns it proves which mail it speaks of.

    Args:
        to: the receiver's ``wire_address``.
    """
    host = sender.rpartition("@")[2]
    url = surroundings.unsubscribe_url(message)
    mail = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    mail["From"] = Address(_header(surroundings.company), addr_spec=sender)
    box, _, domain = to.rpartition("@")
    mail["To"] = Address(username=box, domain=domain)
    if reply_to:
        mail["Reply-To"] = Address(addr_spec=reply_to)
    mail["Subject"] = _header(message.subject)
    mail["Date"] = format_datetime(message.began_at.astimezone(UTC))
    mail["Message-ID"] = f"<{surroundings.mark(message.ref)}@{host}>"
    mail[REF_HEADER] = message.ref
    if message.purpose == "service":
        mail["Auto-Submitted"] = "auto-generated"
    else:
        mail["List-Unsubscribe"] = f"<{url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Precedence"] = "bulk"
    plain = texts.mail(message.text, unsubscribe_url=url, purpose=message.purpose)
    mail.set_content(plain, cte="base64")
    if message.html:
        rich = texts.html(message.html, unsubscribe_url=url, purpose=message.purpose)
        mail.add_alternative(rich, subtype="html", cte="base64")
    return mail


def wire_address(text: str) -> str:
    """``text`` as the wire wants it: the domain in letters every server knows (IDNA).

    Raises:
        ValueError: this cannot be an address.
    """
    box, at, domain = text.strip().rpartition("@")
    if not (box and at and domain) or _UNFIT.search(box):
        raise ValueError("no address")
    try:
        address = f"{box}@{domain.encode('idna').decode('ascii')}"
        if box.isascii():
            Address(addr_spec=address)
    except (ValueError, HeaderParseError, IndexError) as error:
        raise ValueError("no address") from error
    return address


def _header(text: str) -> str:
    return " ".join(text.split())
