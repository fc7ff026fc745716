"""The mark of a message: what comes back proves by it which message it speaks of. Pure.

A mark is the message's id and a keyed digest of it. It stands in the return path, the envelope id
and the Message-ID; nobody who was not sent the message, or its return, can write one.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

_ID: Final = re.compile(r"msg_([0-9A-HJKMNP-TV-Z]{18})")
# Servers change the case of addresses: letters of one case, and digits.
_MARK: Final = re.compile(r"(?<![0-9a-z])([0-9a-hjkmnp-tv-z]{18})([a-z2-7]{16})(?![0-9a-z])", re.I)


def mark(ref: str, *, key: str) -> str:
    """The mark of the message ``ref``: 34 letters and digits.

    >>> mark("msg_01K9ZQ3S9Q7ZH4K001", key="k")[:18]
    '01k9zq3s9q7zh4k001'
    """
    found = _ID.fullmatch(ref)
    if found is None:
        raise ValueError("no id of a message")
    return found[1].lower() + _digest(found[1], key)


def marked(text: str, *, key: str) -> list[str]:
    """The messages whose marks stand in ``text``, each once, in their order."""
    found = (
        f"msg_{one[1].upper()}"
        for one in _MARK.finditer(text)
        if hmac.compare_digest(one[2].lower(), _digest(one[1].upper(), key))
    )
    return list(dict.fromkeys(found))


def _digest(number: str, key: str) -> str:
    made = hmac.new(key.encode(), f"message:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:10]).decode().lower()
