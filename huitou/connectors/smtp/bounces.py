"""Mails that came back, and complaints about mails, as reports.

Source: RFC 3464 (delivery status), RFC 6533 (the same of addresses in all letters), RFC 5965
(feedback reports: a receiver pressed “spam”).
"""

from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any, Final

from huitou.connectors.smtp import statuses
from huitou.platform.messages.types import Report

_PARSER: Final = BytesParser(policy=policy.default)
_DELIVERY: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_COMPLAINTS: Final = frozenset({"abuse", "fraud"})


def of_mail(mail: Message, *, ref: str, number: int) -> Iterator[Report]:
    """The reports in one mail; delays and good news are passed over.

    Args:
        ref: the message it proves to speak of; "" = it proves nothing.
        number: its place in the mailbox.
    """
    if mail.get_content_type() != "multipart/report":
        return
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in _DELIVERY:
            yield from _delivery(part, ref, number)
        elif kind == "message/feedback-report":
            yield from _feedback(part, ref, number)


def _delivery(part: Message, ref: str, number: int) -> Iterator[Report]:
    for block in _blocks(part):
        if _field(block, "Action").lower() != "failed":
            continue
        said = statuses.weighed(_field(block, "Status"), _field(block, "Diagnostic-Code"))
        address = _address(_field(block, "Original-Recipient") or _field(block, "Final-Recipient"))
        yield Report(number, said.outcome, ref=ref, address=address, detail=said.detail)


def _feedback(part: Message, ref: str, number: int) -> Iterator[Report]:
    for block in _blocks(part):
        kind = _field(block, "Feedback-Type").lower()
        if kind in _COMPLAINTS or kind == "opt-out":
            outcome = "unsubscribed" if kind == "opt-out" else "complained"
            address = _address(_field(block, "Original-Rcpt-To"))
            yield Report(number, outcome, ref=ref, address=address, detail="complaint")


def _blocks(part: Message) -> list[Any]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload
    text = part.get_payload(decode=True)
    return [_PARSER.parsebytes(text)] if isinstance(text, bytes) else []


def _field(block: Message, name: str) -> str:
    """A field on one line; what no program can read is empty."""
    try:
        return " ".join(str(block.get(name, "")).split())
    except (ValueError, IndexError, AttributeError):  # the library gives up on some headers
        return ""


def _address(field: str) -> str:
    """``rfc822; somebody@example.com`` without its kind and brackets."""
    return field.rpartition(";")[2].strip().strip("<>").lower()
