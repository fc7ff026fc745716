"""Decisions about signing in without a password: one-time codes, limits, tokens of sessions."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

CODE_DIGITS: Final = 6
CODE_LIFE: Final = timedelta(minutes=10)
TRIES: Final = 5  # of one code
WINDOW: Final = timedelta(hours=1)
CODES_PER_EMAIL: Final = 5  # within the window
CODES_PER_ADDRESS: Final = 30  # a café shares one network address
KEPT: Final = timedelta(days=1)  # then a code is forgotten altogether
SESSION_LIFE: Final = timedelta(days=90)


def new_code() -> str:
    """Six digits nobody can foresee."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def new_token() -> str:
    """The secret of one session, 256 bits."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: str, *parts: str) -> str:
    """A digest of ``parts`` that only the holder of ``key`` can make: six digits alone are guessed
    in no time."""
    return hmac.new(key.encode(), "\x00".join(parts).encode(), hashlib.sha256).hexdigest()


def typed(code: str) -> str:
    """The digits of what was typed: blanks, dashes and full-width digits forgiven."""
    return "".join(str(int(sign)) for sign in code if sign.isdecimal())


def is_limited(*, by_email: int, by_address: int) -> bool:
    """Whether so many codes within the window mean: wait."""
    return by_email >= CODES_PER_EMAIL or by_address >= CODES_PER_ADDRESS


def is_over(created_at: datetime, *, now: datetime) -> bool:
    """Whether a code made at ``created_at`` counts no more."""
    return now - created_at >= CODE_LIFE
