"""What somebody wrote: the words of a mail without what they quote."""

import re
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from typing import Any, Final

_QUOTE_BEGINS: Final = re.compile(
    r"^\s*(-{2,} ?(original message|forwarded message|原始邮件|原邮件|回复的?原邮件|转发).*"
    r"|on .{5,200} wrote:|在 ?.{5,200}(写道|寫道) ?[:：]?|于 ?.{5,200}写道 ?[:：]?"
    r"|_{10,}|(from|发件人|寄件者) ?[:：] ?.*@.*)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)


def plain_text(mail: Message) -> str:
    """The words of a mail; of one that has only HTML, without its markup."""
    if not isinstance(mail, EmailMessage):
        return ""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    text = decoded(body)
    return _unmarked(text) if body.get_content_type() == "text/html" else text


def decoded(part: Message) -> str:
    """The text of a part, in whatever letters it says it is, or most likely is."""
    raw: Any = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    for charset in (part.get_content_charset("utf-8"), "utf-8", "gb18030"):
        try:
            return raw.decode("gb18030" if charset in {"gb2312", "gbk"} else charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("utf-8", "replace")


def written(mail: Message) -> str:
    """What its writer wrote: without the letter it answers, quoted lines and the signature."""
    text = plain_text(mail).replace("\r\n", "\n").replace("\x00", "")
    begins = _QUOTE_BEGINS.search(text)
    own = text[: begins.start()] if begins else text
    own = _SIGNATURE.split(own)[0]
    lines = [line.rstrip() for line in own.split("\n") if not line.lstrip().startswith(">")]
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return found or text.strip()


def attachments(mail: Message) -> int:
    """How many files hang on the mail."""
    if not isinstance(mail, EmailMessage):
        return 0
    return sum(1 for part in mail.walk() if part.get_filename())


class _Words(HTMLParser):
    """The text of an HTML mail, a line for each block."""

    _BLOCKS: Final = frozenset(
        {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "blockquote"}
    )
    _HIDDEN: Final = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(" ".join(data.split()) if not data.isspace() else " ")


def _unmarked(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return "\n".join(line.strip() for line in "".join(words.found).split("\n"))
