"""What an answer of a mail server means for the sender. Pure.

Source: RFC 5321 section 4.2 (reply codes), RFC 3463 (enhanced codes, x.1.x address, x.2.1 mailbox
disabled, x.7.x policy).
"""

import re
from typing import Final, Literal

from huitou.platform.messages import errors

Step = Literal["from", "to", "text"]
_ENHANCED: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_BOX: Final = frozenset({550, 551, 553})
_CLOSING: Final = 421


def detail(code: int, words: str) -> str:
    """What is kept of an answer: its codes, never its words, which quote the address."""
    found = _ENHANCED.search(words)
    shown = str(code) if code > 0 else "no code"
    return f"{shown} {found[0]}" if found else shown


def meaning(code: int, words: str, *, step: Step) -> errors.Unsent | None:
    """What to do after this answer to the sender's address, the receiver's or the text; None = go
    on.
    """
    kept = detail(code, words)
    if 200 <= code < 400:
        return None
    if not 400 <= code < 600:  # no answer the protocol knows
        return errors.OutcomeUnknown(kept) if step == "text" else errors.TryLater(kept)
    if code < 500:
        return errors.ChannelDown(kept) if code == _CLOSING else errors.TryLater(kept)
    if step == "from":  # our own address is refused: no message would fare better
        return errors.ChannelDown(kept)
    if step == "to" and _is_about_address(code, words):
        return errors.AddressRefused(kept)
    return errors.MessageRefused(kept)


def _is_about_address(code: int, words: str) -> bool:
    found = _ENHANCED.search(words)
    if found is None:
        return code in _NO_SUCH_BOX
    subject, kind = found[2], found[3]
    return subject == "1" or (subject, kind) == ("2", "1")
