"""A real mail server on this machine, whose answers a test decides by the receiver's name."""

from __future__ import annotations

import email
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ANSWERS = {
    "nobody": "550 5.1.1 no such user here",
    "full": "552 5.2.2 mailbox full",
    "spam": "550 5.7.1 you look like spam",
    "greylisted": "451 4.7.1 try again later",
    "closing": "421 4.3.2 going down",
}


class Handler:
    """Takes what it is given, refuses who is named above, hangs up on ``lost`` after the text."""

    def __init__(self, *, delay_seconds: float = 0.0) -> None:
        self.taken: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.senders: list[str] = []
        self.delay_seconds = delay_seconds

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0].rstrip("0123456789")
        if name in ANSWERS:
            return ANSWERS[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        name = envelope.rcpt_tos[0].partition("@")[0].rstrip("0123456789")
        if name == "badtext":
            return "554 5.6.0 not this text"
        self.taken.append(email.message_from_bytes(content, policy=default))
        self.receivers += envelope.rcpt_tos
        self.senders.append(str(envelope.mail_from))
        if self.delay_seconds:  # taken, and not yet said so
            time.sleep(self.delay_seconds)
        if name == "lost":
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 taken"

    def refs(self) -> list[str]:
        """The ids of the messages that were taken, in order."""
        return [str(mail["X-Huitou-Message"]) for mail in self.taken]


@contextmanager
def mail_server(handler: Handler | None = None, **options: Any) -> Iterator[tuple[Handler, str]]:
    """A server that runs for the block: what it took, and its address for HUITOU_SMTP_URL."""
    own = handler or Handler()
    port = free_port()
    controller = Controller(own, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield own, f"smtp://127.0.0.1:{port}?from=shop@shop.example&bounces=back@shop.example"
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
