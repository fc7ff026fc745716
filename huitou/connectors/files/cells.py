"""Cells a spreadsheet must not run, out and in again: the one place for every table people open."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc

BOM: Final = b"\xef\xbb\xbf"  # without it Excel takes Chinese for another encoding
# A spreadsheet runs a cell that begins like this; a number with a sign is still a number. What
# begins with our own apostrophes gets one more, so that taking one off gives back what was.
_FORMULA_PATTERN: Final = "^'*[\\s\ufeff\u200b]*[=+\\-@＝＋－＠\t\r]"
_STARTS_FORMULA: Final = re.compile(_FORMULA_PATTERN)
_NUMBER_PATTERN: Final = r"^[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?%?$"
_NUMBER: Final = re.compile(_NUMBER_PATTERN)
# ’0123 too: a spreadsheet's own way of keeping digits a text.
_WRAPPED: Final = re.compile("'(?=\\d|'*[\\s\ufeff\u200b]*[=+\\-@＝＋－＠\t\r])")


def safe_cell(text: str) -> str:
    """``text`` as a cell no spreadsheet will run: an apostrophe goes before what looks like a
    formula.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5.20"), safe_cell("王芳")
    ("'=HYPERLINK(1)", '-5.20', '王芳')
    """
    if _STARTS_FORMULA.match(text) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """What ``safe_cell`` was given; of a cell that was not wrapped, the cell itself.

    >>> plain_cell("'=HYPERLINK(1)"), plain_cell("'t Hooft")
    ('=HYPERLINK(1)', "'t Hooft")
    """
    return text[1:] if _WRAPPED.match(text) else text


def safe_column(column: Column) -> Column:
    """``safe_cell`` for a whole column of strings; other types are returned as they are."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.and_not(
        pc.match_substring_regex(column, _FORMULA_PATTERN),
        pc.match_substring_regex(column, _NUMBER_PATTERN),
    )
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a piece of CSV with safe cells, as Excel ends its lines."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
