"""Dates as files write them, into ISO text; what cannot be read stays as it was."""

import re
from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa

from huitou.connectors.files.arrow import Column
from huitou.connectors.files.arrow import compute as pc

_CANONICAL: Final = r"^$|^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d{1,6})?([+-]\d{2}:\d{2})?)?$"
_TIME: Final = (
    r"(?:[ T]*(?P<half>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})[:时](?P<minute>\d{1,2})"
    r"(?:[:分](?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?秒?|分?)?"
    r"\s*(?P<half_after>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/.年])\s*(?P<month>\d{1,2})[-/.月]\s*(?P<day>\d{1,2})日?" + _TIME
)
_COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _TIME)
_STAMP: Final = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_part>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})"
    + _TIME
)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NAMED_MONTH: Final = re.compile(
    r"(?:(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3,9})\.?[ -]"
    r"|(?P<month2>[A-Za-z]{3,9})\.? (?P<day2>\d{1,2}),? )"
    r"(?P<year>\d{4})" + _TIME
)
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９：／－．　", "0123456789:/-. ")


def iso(column: Column, order: str) -> Column:
    """The column with every readable date as ``YYYY-MM-DD[ HH:MM:SS[.ffffff][±HH:MM]]``.

    Args:
        column: strings, trimmed; "" stays empty.
        order: what 03/04/2026 means: dmy or mdy; anything else leaves such dates as they are.
    """
    return replaced(column, _CANONICAL, lambda text: iso_text(text, order))


def replaced(column: Column, plain_pattern: str, change: Callable[[str], str]) -> Column:
    """The column with ``change`` applied once to each distinct value that is not plain already."""
    if pc.all(pc.match_substring_regex(column, plain_pattern)).as_py() is not False:
        return column
    coded = column.combine_chunks().dictionary_encode()
    changed = pa.array([change(text) for text in coded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([changed.take(coded.indices)])


def iso_text(text: str, order: str) -> str:
    """One date as ISO text, or ``text`` itself if it is none we can be sure of."""
    plain = text.translate(_FULL_WIDTH)
    if (found := _YEAR_FIRST.fullmatch(plain)) or (found := _COMPACT.fullmatch(plain)):
        parts = found.groupdict()
        return _written(text, parts["year"], parts["month"], parts["day"], parts)
    if found := _STAMP.fullmatch(plain):
        parts = found.groupdict()
        return _written(text, parts["year"], parts["month"], parts["day"], parts)
    if found := _YEAR_LAST.fullmatch(plain):
        parts = found.groupdict()
        if order not in {"dmy", "mdy"}:
            return text
        day, month = parts["first"], parts["second_part"]
        if order == "mdy":
            day, month = month, day
        return _written(text, _full_year(parts["year"]), month, day, parts)
    if found := _NAMED_MONTH.fullmatch(plain):
        parts = found.groupdict()
        month = _MONTHS.get((parts["month"] or parts["month2"])[:3].lower())
        if month is not None:
            return _written(text, parts["year"], month, parts["day"] or parts["day2"], parts)
    return text


def _full_year(year: str) -> str:
    """Two digits are 1970 to 2069."""
    if len(year) == 4:
        return year
    return ("20" if int(year) < 70 else "19") + year


def _written(text: str, year: str, month: str | int, day: str, parts: dict[str, str | None]) -> str:
    """ISO text of the parts; ``text`` if the month, the hour or the like cannot be."""
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return text
    date = f"{year}-{int(month):02}-{int(day):02}"
    if parts.get("hour") is None:
        return date
    half = (parts.get("half") or parts.get("half_after") or "").replace(".", "").upper()
    hour = int(parts["hour"] or 0)
    if half in {"PM", "下午"} and hour < 12:
        hour += 12
    elif half in {"AM", "上午"} and hour == 12:
        hour = 0
    minute, second = int(parts["minute"] or 0), int(parts.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        return text
    part = f".{fraction[:6]}" if (fraction := parts.get("part")) else ""
    return f"{date} {hour:02}:{minute:02}:{second:02}{part}{_zone(parts.get('zone'))}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone in {"Z", "UTC", "GMT"}:
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


class OrderProof:
    """What the dates of a column say about day and month: gathered value by value, asked at the
    end."""

    def __init__(self) -> None:
        self.day_first = self.month_first = False
        self.example: tuple[str, int] | None = None

    def add(self, values: Iterable[tuple[str, int]]) -> None:
        """Take dates with their lines; only those with the year last say anything."""
        for text, line in values:
            found = _YEAR_LAST.fullmatch(text.translate(_FULL_WIDTH))
            if found is None:
                continue
            first, second = int(found["first"]), int(found["second_part"])
            if first > 12 >= second:
                self.day_first = True
            elif second > 12 >= first:
                self.month_first = True
            elif first != second and self.example is None:
                self.example = (text, line)

    @property
    def order(self) -> str | None:
        """dmy, mdy, "mixed" if both are proven, None if nothing is."""
        if self.day_first and self.month_first:
            return "mixed"
        if self.day_first:
            return "dmy"
        return "mdy" if self.month_first else None


YEAR_LAST_PATTERN: Final = r"^\s*[\d０-９]{1,2}[-/.／][\d０-９]{1,2}[-/.／][\d０-９]{2}"
