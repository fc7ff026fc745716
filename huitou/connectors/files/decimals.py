"""Numbers as files write them, into plain decimals; what cannot be read stays as it was."""

import re
from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.dates import replaced

_PLAIN: Final = r"^$|^-?\d+(\.\d+)?$"
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．，－＋（）　−–", "0123456789.,-+() --")
# Signs that name one currency; ¥ (yuan or yen) and $ (a dozen dollars) do not and are only taken
# off.
_SIGNS: Final = {
    "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "元": "CNY",
    "圆": "CNY", "円": "JPY", "JPY": "JPY",
    "HK$": "HKD", "HKD": "HKD", "US$": "USD", "USD": "USD", "£": "GBP", "GBP": "GBP", "€": "EUR",
    "EUR": "EUR", "￥": "", "¥": "", "$": "",
}  # fmt: skip
_SIGN: Final = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_NUMBER: Final = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<before>{_SIGN})?\s*(?P<inner>[-+]?)\s*"
    r"(?P<digits>\d[\d.,' \u00a0\u202f]*|[.,]\d+)"
    rf"\s*(?P<after>{_SIGN})?(?P<trailing>-?)",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"[ '\u00a0\u202f]")
_GROUPED: Final = {
    ".": re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?"),
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
}
_BLANK_GROUPED: Final = re.compile(r"\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")


def plain(column: Column, mark: str) -> Column:
    """The column with every readable number as digits, ``-`` and ``.``.

    Args:
        column: strings, trimmed; "" stays empty.
        mark: the decimal mark of the file, "." or ",".
    """
    return replaced(column, _PLAIN, lambda text: plain_text(text, mark))


def plain_text(text: str, mark: str) -> str:
    """One number as a plain decimal, or ``text`` itself if it is none we can be sure of."""
    narrow = text.translate(_FULL_WIDTH).strip()
    is_bracketed = narrow.startswith("(") and narrow.endswith(")")
    found = _NUMBER.fullmatch(narrow[1:-1].strip() if is_bracketed else narrow)
    if found is None:
        return text
    digits = found["digits"].strip()
    if _BLANKS.search(digits):
        if not _BLANK_GROUPED.fullmatch(digits):
            return text
        digits = _BLANKS.sub("", digits)
    other = "," if mark == "." else "."
    if other in digits:
        if not _GROUPED[mark].fullmatch(digits):
            return text
        digits = digits.replace(other, "")
    digits = digits.replace(mark, ".")
    if digits.count(".") > 1:
        return text
    minus = [found["sign"], found["inner"], found["trailing"], "-" if is_bracketed else ""].count(
        "-"
    )
    if minus > 1:
        return text
    whole, point, part = digits.partition(".")
    return ("-" if minus else "") + (whole or "0") + (point + part if part else "")


def currency_of(column: Column) -> Column | None:
    """The currency that signs in the column name, "" where none does; None if there is no such
    sign."""
    if pc.all(pc.match_substring_regex(column, _PLAIN)).as_py() is not False:
        return None
    coded = column.combine_chunks().dictionary_encode()
    codes = [_currency_text(text) for text in coded.dictionary.to_pylist()]
    if not any(codes):
        return None
    return pa.chunked_array([pa.array(codes, pa.string()).take(coded.indices)])


def _currency_text(text: str) -> str:
    narrow = text.translate(_FULL_WIDTH).strip().strip("()")
    found = _NUMBER.fullmatch(narrow)
    if found is None:
        return ""
    return _SIGNS.get((found["before"] or found["after"] or "").upper(), "")


class MarkProof:
    """What the numbers of a file say about the decimal mark."""

    def __init__(self) -> None:
        self.is_point = self.is_comma = False
        self.example: tuple[str, int] | None = None

    def add(self, values: Iterable[tuple[str, int]]) -> None:
        """Take numbers with their lines; only those with a comma or a point say anything."""
        for text, line in values:
            found = _NUMBER.fullmatch(text.translate(_FULL_WIDTH).strip())
            if found is None:
                continue
            digits = found["digits"]
            comma, point = digits.rfind(","), digits.rfind(".")
            if comma < 0 and point < 0:
                continue
            is_grouping = len(digits) - max(comma, point) == 4 and min(comma, point) < 0
            if is_grouping and digits[: max(comma, point)].strip("0"):
                if comma > 0 and self.example is None:
                    self.example = (text, line)
            elif point > comma:
                self.is_point = True
            else:
                self.is_comma = True

    @property
    def mark(self) -> str | None:
        """ "." or ","; None if nothing is proven."""
        if self.is_point:
            return "."
        return "," if self.is_comma else None
