"""What a text must hold on its channel, and how many SMS it is. Pure.

Sources: platforms of Chinese carriers send a text under its signature 【…】; commercial SMS must
say how to refuse more (通信短信息服务管理规定, 2015), which platforms want as 拒收请回复R. One SMS
holds 70 characters, each part of a longer one 67 (3GPP TS 23.040: 140 bytes of UCS-2, 6 of them
are a header).
"""

import re
from typing import Final

SINGLE: Final = 70
PART: Final = 67
OPT_OUT: Final = "拒收请回复R"
UNSUBSCRIBE_FIELD: Final = "{unsubscribe_url}"
_SIGNED: Final = re.compile(r"^【([^【】]{2,16})】")
_OPTED: Final = re.compile(r"(拒收|退订)请?回复?\s*(R|T|TD|N)\s*[。.]?$", re.IGNORECASE)
_ENDS: Final = ("。", "！", "？", ".", "!", "?", "~", "～")


class WrongSignature(ValueError):
    """The text carries somebody else's signature, or two."""


def sms(text: str, *, signature: str, purpose: str) -> str:
    """``text`` as it goes out: under its signature, and for marketing with the way to say no more.

    What stands there already is not added again.

    Raises:
        WrongSignature: another signature stands in front, or brackets stand elsewhere.
    """
    plain = " ".join(text.split())
    signed = _SIGNED.match(plain)
    body = plain[signed.end() :] if signed else plain
    if (signed and signed[1] != signature) or "【" in body or "】" in body:
        raise WrongSignature
    if purpose != "service" and not _OPTED.search(body):
        body = body.rstrip("，,；; ")
        body += OPT_OUT if body.endswith(_ENDS) else f"，{OPT_OUT}"
    return f"【{signature}】{body.strip()}"


def parts(text: str) -> int:
    """As how many SMS this text is charged: up to 70 characters one, longer ones in parts of 67.

    A character outside the basic plane (most emoji) counts as two.
    """
    units = sum(2 if ord(character) > 0xFFFF else 1 for character in text)
    return 1 if units <= SINGLE else -(-units // PART)


def mail(text: str, *, unsubscribe_url: str, purpose: str) -> str:
    """``text`` as it goes out: with the address of the page that says no more, where a message
    must offer it."""
    if UNSUBSCRIBE_FIELD in text:
        return text.replace(UNSUBSCRIBE_FIELD, unsubscribe_url)
    if purpose == "service":
        return text
    return f"{text.rstrip()}\n\n-- \n退订 · Unsubscribe: {unsubscribe_url}\n"


def html(text: str, *, unsubscribe_url: str, purpose: str) -> str:
    """The same for the HTML of a mail."""
    if UNSUBSCRIBE_FIELD in text:
        return text.replace(UNSUBSCRIBE_FIELD, unsubscribe_url)
    if purpose == "service" or not text:
        return text
    line = f'<p><a href="{unsubscribe_url}">退订 · Unsubscribe</a></p>'
    head, end, tail = text.rpartition("</body>")
    return f"{head}{line}{end}{tail}" if end else f"{text}{line}"
