"""Guessing how a text is laid out from its first lines: delimiter, quote, header."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from huitou.connectors.files import fields

DELIMITERS: Final = (",", "\t", ";", "|")
BLANKS: Final = "blanks"
HEADER_WITHIN_LINES: Final = 40

_BLANK_RUN: Final = re.compile(r"[ \t\u3000]+")
_LIKE_A_VALUE: Final = re.compile(
    r"""['="]*[-+]?[¥￥$€£]?\s*\d[\d.,/:\-年月日时分秒TZ\s+]*[元%"]?|\S+@\S+\.\S+""", re.VERBOSE
)

csv.field_size_limit(1 << 21)


def cells(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of one record."""
    if delimiter == BLANKS:
        return _BLANK_RUN.split(line.strip())
    return next(csv.reader([line], delimiter=delimiter, quotechar=quote), [])


def records(text: str, delimiter: str, quote: str) -> list[tuple[int, list[str]]]:
    """The records of a whole text with the physical line each begins on; blank lines are left
    out."""
    lines = text.split("\n")
    if delimiter == BLANKS:
        split = ((n, _BLANK_RUN.split(line.strip())) for n, line in enumerate(lines, 1))
        return [(number, row) for number, row in split if row != [""]]
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, quotechar=quote)
    found, begins = [], 1
    for row in reader:
        if row and (len(row) > 1 or row[0].strip()):
            found.append((begins, row))
        begins = reader.line_num + 1
    return found


def delimiter_of(text: str, quote: str) -> str:
    """The delimiter whose lines agree best on how many cells there are; a comma if none does."""
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        score = _agreement([row for _, row in records(text, candidate, quote)])
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    if best_score > 0:
        return best
    rows = [row for _, row in records(text, BLANKS, quote)]
    return BLANKS if rows and {len(row) for row in rows} == {len(rows[0])} != {1} else ","


def _agreement(rows: Sequence[Sequence[str]]) -> float:
    """Share of rows with the commonest width, a little more for wider ones; 0 for single cells."""
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    if width == 1:  # titles above the header may outnumber the rows of a short file
        width, count = max(
            ((w, n) for w, n in widths.items() if w > 2), key=lambda item: item[1], default=(1, 0)
        )
    return 0.0 if width == 1 else count / len(rows) + min(width, 50) / 1000


def quote_of(text: str) -> str:
    """A single quote only where cells open and close with one and never with a double."""
    singles = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|]|$)", text, re.MULTILINE))
    return "'" if singles > 5 and '"' not in text else '"'


def header_line_of(rows: Sequence[tuple[int, Sequence[str]]], known: Collection[str]) -> int:
    """The physical line of the header, 0 if the first row is already a value.

    Shop systems put titles above the header, so it is the early row with most ``known`` names;
    without known names it is the first row of the usual width, if nothing in it looks like a number
    or a date.
    """
    width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
    best_line, best_share = 0, 0.0
    for line, row in rows[:HEADER_WITHIN_LINES]:
        share = sum(fields.key(cell) in known for cell in row) / max(len(row), 2)
        if share > best_share and sum(bool(cell.strip()) for cell in row) > 1:
            best_line, best_share = line, share
    if best_share >= 0.15:
        return best_line
    first = next(((line, row) for line, row in rows if len(row) == width), rows[0])
    has_values = any(_LIKE_A_VALUE.fullmatch(cell.strip()) for cell in first[1])
    return 0 if has_values else first[0]
