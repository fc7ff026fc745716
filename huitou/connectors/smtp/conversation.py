"""One conversation with a mail server, step by step: so that we always know whether a mail was
taken, was not, or may have been.
"""

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final

from huitou.connectors.smtp import replies
from huitou.connectors.smtp.server import Server
from huitou.platform.messages import errors

TIMEOUT_SECONDS: Final = 15.0
_LOST: Final = (smtplib.SMTPServerDisconnected, OSError)


class Conversation:
    """An open connection; it is begun anew when the server has hung up between two mails."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, mail: EmailMessage, *, to: str, mark: str) -> None:
        """Hand one mail over; on return the server has taken it.

        Args:
            mark: the message's own; what comes back carries it.

        Raises:
            Unsent: what became of it, as its subclasses say.
        """
        smtp = self._ready()
        is_wide = not to.isascii()
        if is_wide and not smtp.has_extn("smtputf8"):
            raise errors.MessageRefused("smtputf8")
        data = mail.as_bytes(policy=SMTPUTF8 if is_wide else SMTP)
        try:
            self._envelope(smtp, to, mark)
        except _LOST as lost:
            self.close()
            raise errors.TryLater("connection lost") from lost
        self._text(smtp, data)

    def close(self) -> None:
        """Say good-bye, if anybody still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    def _ready(self) -> smtplib.SMTP:
        """The open connection, or a new one if the server has hung up since."""
        if self._smtp is not None:
            try:
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        self._smtp = self._connected()
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        try:
            if server.is_tls_from_start:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
                )
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
            with contextlib.ExitStack() as on_failure:
                on_failure.callback(smtp.close)
                self._greet(smtp, context)
                on_failure.pop_all()
        except smtplib.SMTPAuthenticationError as refused:
            raise errors.ChannelDown(f"{refused.smtp_code} sign-in refused") from refused
        except ssl.SSLError as refused:
            raise errors.ChannelDown("TLS") from refused
        except (smtplib.SMTPException, OSError) as lost:
            raise errors.ChannelDown("no connection") from lost
        return smtp

    def _greet(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not self._server.is_tls_from_start and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        if not self._server.user:
            return
        if not isinstance(smtp.sock, ssl.SSLSocket):
            raise errors.ChannelDown("no TLS for the password")
        smtp.login(self._server.user, self._server.password)

    def _envelope(self, smtp: smtplib.SMTP, to: str, mark: str) -> None:
        """The way back is said twice: by the sender's address, and where the server knows how
        (RFC 3461) by an id that its report repeats, with the address as we know it.
        """
        is_wide = not to.isascii()
        options = ["SMTPUTF8", "BODY=8BITMIME"] if is_wide else []
        wishes = []
        if smtp.has_extn("dsn"):
            options += ["RET=HDRS", f"ENVID={mark}"]
            wishes = ["NOTIFY=FAILURE"]
            wishes += [] if is_wide else [f"ORCPT=rfc822;{_xtext(to)}"]
        _go_on(*smtp.mail(self._server.return_path(mark), options), step="from")
        _go_on(*smtp.rcpt(to, wishes), step="to")
        code, words = smtp.docmd("DATA")
        if code != 354:
            _go_on(code if code >= 400 else 451, words, step="text")

    def _text(self, smtp: smtplib.SMTP, data: bytes) -> None:
        """From the first byte of the text on, a lost connection leaves open what became of it."""
        try:
            smtp.send(_dotted(data))
            code, words = smtp.getreply()
        except (smtplib.SMTPException, OSError) as lost:
            self.close()
            raise errors.OutcomeUnknown("answer lost") from lost
        _go_on(code, words, step="text")


def _go_on(code: int, words: bytes, *, step: replies.Step) -> None:
    said = replies.meaning(code, words.decode("utf-8", "replace"), step=step)
    if said is not None:
        raise said


def _xtext(address: str) -> str:
    """The address as RFC 3461, section 4, wants it in a parameter."""
    return "".join(
        sign if "!" <= sign <= "~" and sign not in "+=" else f"+{ord(sign):02X}" for sign in address
    )


def _dotted(data: bytes) -> bytes:
    """The text as the wire wants it: lines that begin with a dot get another, a lone dot ends."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if lines.startswith(b"."):
        lines = b"." + lines
    lines = lines.replace(b"\r\n.", b"\r\n..")
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"
