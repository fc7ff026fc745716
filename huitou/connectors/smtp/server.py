"""Which mail server sends for us: what ``HUITOU_SMTP_URL`` says."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from huitou.platform.messages.types import Surroundings


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and as whom we speak to it."""

    host: str
    port: int
    is_tls_from_start: bool
    user: str
    password: str
    sender: str  # the address mails are from; "" = nobody has said
    bounces_to: str  # where mails that cannot be delivered go back to; * = the message's mark
    reply_to: str = ""  # where answers go; "" = to the sender

    @classmethod
    def named(cls, surroundings: Surroundings) -> "Server | None":
        """The server of this house; None while there is none."""
        if not surroundings.smtp_url:
            return None
        parts = urlsplit(surroundings.smtp_url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        user = unquote(parts.username or "")
        sender = surroundings.mail_from or query.get("from", "") or (user if "@" in user else "")
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if is_tls else 587 if user else 25),
            is_tls_from_start=is_tls,
            user=user,
            password=unquote(parts.password or ""),
            sender=sender,
            bounces_to=query.get("bounces", "") or sender,
            reply_to=query.get("reply", ""),
        )

    def return_path(self, mark: str) -> str:
        """Where this one mail goes back to if it cannot be delivered."""
        return self.bounces_to.replace("*", mark)
