"""The channel ``email``: a conversation with the house's mail server."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from huitou.connectors.smtp import incoming, mailfiles
from huitou.connectors.smtp.conversation import Conversation
from huitou.connectors.smtp.mail import composed, wire_address
from huitou.connectors.smtp.server import Server
from huitou.kit.text import gettext_noop as _
from huitou.platform.messages import errors
from huitou.platform.messages.types import Mail, Message, Receipt, Report, Surroundings


class Smtp:
    """Hands mails to the server in ``HUITOU_SMTP_URL``; reads those that came back."""

    name: ClassVar[str] = "smtp"
    carries: ClassVar[tuple[str, ...]] = ("email",)

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._server = Server.named(surroundings)
        self._conversation = Conversation(self._server) if self._server else None

    def trouble(self) -> str | None:
        """Why no mail can be sent; None = it can."""
        if self._server is None:
            return _("No mail server is set up: name one in HUITOU_SMTP_URL. E-mails wait.")
        if "@" not in self._server.sender:
            return _(
                "E-mails have no sender: name one in the settings, or add ?from=ADDRESS to "
                "HUITOU_SMTP_URL. "
                "E-mails wait."
            )
        return None

    def send(self, message: Message) -> Receipt:
        """Hand one mail over. Raises as ``Channel.send`` says."""
        if self._server is None or self._conversation is None:
            raise errors.ChannelDown("not set up")
        try:
            to = wire_address(message.address)
        except ValueError as error:
            raise errors.AddressRefused("not an address") from error
        server = self._server
        mail = composed(
            message, self._surroundings, sender=server.sender, to=to, reply_to=server.reply_to
        )
        self._conversation.deliver(mail, to=to, mark=self._surroundings.mark(message.ref))
        return Receipt(str(mail["Message-ID"]))

    def close(self) -> None:
        """Say good-bye to the server."""
        if self._conversation is not None:
            self._conversation.close()

    def reports(self, path: Path) -> Iterator[Report]:
        """What the mails in a mailbox file or folder say about ours."""
        return mailfiles.reports(path, self._surroundings)

    def understood(self, raw: bytes) -> Mail:
        """What a mail that arrived is, and what it says of ours."""
        return incoming.understood(raw, self._surroundings)
