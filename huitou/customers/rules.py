"""Decisions about contact data: what a phone number or an e-mail address is."""

import re
import unicodedata
from typing import Final, NamedTuple

_SEPARATORS: Final = re.compile(r"[\s().\-/_]+")
_MASK: Final = re.compile(r"[*xX＊•]")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0(10|2\d|[3-9]\d{2})(\d{7,8})")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_FOREIGN: Final = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,63}")


class Phone(NamedTuple):
    """A number as it is kept. A masked one cannot be reached; its visible tail can still be looked for."""

    number: str
    is_masked: bool

    @property
    def reversed_digits(self) -> str:
        """The digits backwards, so that a tail is a prefix; of a masked number, those after the mask."""
        tail = _MASK.split(self.number)[-1]
        return "".join(filter(str.isdigit, tail))[::-1]


def phone(text: str) -> Phone | None:
    """``text`` as a number in international form; None if it cannot be one.

    Eleven digits that begin like a mobile number, landlines with their area code and 400 numbers are Chinese.
    A number with stars in it is kept as it is.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if _MASK.search(plain):
        digits = sum(map(str.isdigit, plain))
        return Phone(_MASK.sub("*", plain), True) if 2 <= digits and len(plain) <= 20 else None
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("86") and _MOBILE.fullmatch(plain[2:]):
        plain = "+" + plain
    if plain.startswith("+86"):
        plain = plain[3:]
        landline = _LANDLINE.fullmatch(plain) or _LANDLINE.fullmatch("0" + plain)
    else:
        landline = _LANDLINE.fullmatch(plain)
    if _MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain):
        return Phone("+86" + plain, False)
    if landline:
        return Phone(f"+86{landline[1]}{landline[2]}", False)
    return Phone(plain, False) if _FOREIGN.fullmatch(plain) else None


def email(text: str) -> str | None:
    """``text`` as an address in lower case; None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain if _EMAIL.fullmatch(plain) else None
