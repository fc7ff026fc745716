"""Ids that leave the house: time-ordered text, not guessable, safe to read aloud."""

import secrets
from datetime import datetime
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def public_id(prefix: str, now: datetime) -> str:
    """A new id such as ``imp_01K9ZQ3S9Q7ZH4K2M8``.

    It holds ``prefix``, the milliseconds of ``now`` (48 bits) and 40 random bits.
    """
    milliseconds = int(now.timestamp() * 1000)
    return f"{prefix}_{_base32(milliseconds, 10)}{_base32(secrets.randbits(40), 8)}"
