"""Numbers that are handed out: cards and coupons. Not guessable, easy to read aloud. Pure but for
the random bits that are given."""

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
CARD_LETTERS: Final = 11  # 55 random bits
COUPON_LETTERS: Final = 12  # 60 random bits
GROUP: Final = 4


def letters(bits: int, count: int) -> str:
    """``count`` letters of ``bits``, five bits each."""
    found = []
    for _ in range(count):
        bits, letter = divmod(bits, 32)
        found.append(_ALPHABET[letter])
    return "".join(found)


def card_number(bits: int) -> str:
    """The number of a card: H and eleven letters."""
    return "H" + letters(bits, CARD_LETTERS)


def coupon_code(bits: int) -> str:
    """The code of a coupon: twelve letters."""
    return letters(bits, COUPON_LETTERS)


def plain(given: str) -> str:
    """A number or code as it is stored, however it was typed or scanned: upper case, no blanks or
    dashes, O as 0, I and L as 1."""
    return "".join(given.upper().split()).replace("-", "").translate(_MISREAD)


def grouped(number: str) -> str:
    """A number or code in groups of four, to be read."""
    return " ".join(number[at : at + GROUP] for at in range(0, len(number), GROUP))
