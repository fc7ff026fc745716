"""Which mailbox is ours: what ``HUITOU_IMAP_URL`` says."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Server:
    """An IMAP server, as whom we sign in, and the folder we read."""

    host: str
    port: int
    is_tls_from_start: bool
    user: str
    password: str
    folder: str

    @classmethod
    def named(cls, url: str) -> "Server | None":
        """The server of this address; None while there is none."""
        if not url:
            return None
        parts = urlsplit(url)
        is_tls = parts.scheme == "imaps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (993 if is_tls else 143),
            is_tls_from_start=is_tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    @property
    def name(self) -> str:
        """Which mailbox it is, without the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"
