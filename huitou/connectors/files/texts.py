"""Cells made plain: blanks and spreadsheet wrappings taken off, nothing ever evaluated."""

import re
from typing import Final

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc
from huitou.connectors.files.cells import plain_cell
from huitou.connectors.files.dates import replaced

# Wrappings that keep a spreadsheet from turning digits into a number: ="0123", '0123, a trailing
# tab.
_FORMULA_TEXT: Final = re.compile(r'="([^"]*)"')
_NEEDS_CARE: Final = (  # as RE2 writes it
    r"""^'|^="|[\x00-\x08\x0b-\x1f\x7f\x{200b}\x{200e}\x{200f}\x{feff}\t\x{a0}\x{3000}]"""
)
_UNSEEN_ENDS: Final = "\u200b\u200e\u200f\ufeff\u00a0\u3000 \t\r\n\x0b\x0c"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ROUNDED: Final = r"^\d(\.\d+)?[eE]\+?\d+$"
_ERRORS: Final = r"^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)$"


def cleaned(column: Column) -> Column:
    """The column without blanks at the ends, unseen marks and wrappings; never null."""
    if column.null_count:
        column = pc.fill_null(column, "")
    trimmed = pc.utf8_trim_whitespace(column)
    if not pc.any(pc.match_substring_regex(trimmed, _NEEDS_CARE)).as_py():
        return trimmed
    return replaced(trimmed, r"^[\w .:/-]*$", clean_text)


def clean_text(text: str) -> str:
    """One cell as ``cleaned`` leaves it."""
    plain = _CONTROL.sub("", text.strip(_UNSEEN_ENDS))
    if found := _FORMULA_TEXT.fullmatch(plain):
        plain = found[1].strip(_UNSEEN_ENDS)
    return plain_cell(plain)


def rounded(column: Column) -> Column:
    """Where a spreadsheet has written a long number as 6.2E+17 and lost its digits."""
    return pc.match_substring_regex(column, _ROUNDED)


def faulty(column: Column) -> Column:
    """Where a cell holds a spreadsheet error such as #REF!."""
    return pc.match_substring_regex(column, _ERRORS)
