"""What is said about a file before its rows are read: its dialect, its columns, its oddities."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huitou.kit.errors import HuitouError
from huitou.kit.text import gettext_noop as _

KINDS = ("orders", "customers", "answers")

# Row-level problems of the file itself, carried in the column ``problem`` ("" = none); each is a
# reason to reject.
PROBLEMS = {
    "too_many_cells": _("The row has more cells than the header."),
    "too_few_cells": _("The row has fewer cells than the header."),
    "quote_open": _("A quotation mark is opened here and never closed."),
    "number_rounded": _("A spreadsheet has rounded this number; its last digits are lost."),
    "cell_error": _("The cell holds a spreadsheet error."),
}

# Why a row is no sale, carried in the column ``ignored_reason`` ("" = it is one).
IGNORED_REASONS = {
    "bad_debt": _("bad-debt adjustment, not a sale"),
    "stock_correction": _("stock correction, not a sale"),
    "summary_row": _("summary row, not a sale"),
}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a file writes its rows. In an override ``None`` means: find out.

    ``container`` is text, xlsx, xls or parquet; ``delimiter`` one character or "blanks" (runs of
    blanks); ``header_line`` counts physical lines from 1, 0 = no header (columns are called "1",
    "2", ...); ``date_order`` is ymd, dmy, mdy, or "mixed" (the file proves two: such dates stay as
    they are); ``decimal_mark`` is "." or ",". ``sheet`` names the worksheet; ``is_gzip`` a text
    packed by gzip.
    """

    container: str | None = None
    is_gzip: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_line: int | None = None
    date_order: str | None = None
    decimal_mark: str | None = None
    sheet: str | None = None

    def as_json(self) -> dict[str, Any]:
        """A dictionary of JSON values; ``Dialect.from_json`` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Dialect":
        """The dialect of a stored dictionary; names it does not know are left out."""
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{name: setting for name, setting in stored.items() if name in known})

    def overridden_by(self, other: "Dialect | None") -> "Dialect":
        """This dialect with everything ``other`` states put in its place."""
        if other is None:
            return self
        stated = {name: setting for name, setting in other.as_json().items() if setting is not None}
        return dataclasses.replace(self, **stated)


@dataclass(frozen=True)
class Note:
    """Something worth showing beside the preview: a ``code``, a translatable sentence and its
    facts."""

    code: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def words(self, template: str | None = None) -> str:
        """The sentence, in English or in the given translated ``template``."""
        return (template if template is not None else self.message).format(**self.facts)


@dataclass(frozen=True)
class PresetMatch:
    """How well a preset knows this header: the share of its telling columns that are there,
    0..1."""

    name: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What a file looks like. Nothing is stored by looking.

    ``header`` are the file's own column names in order; ``preview`` up to 20 raw rows as the file
    writes them; ``mapping`` canonical column -> column of the file; ``unmapped`` columns nothing
    was found for; ``missing`` required canonical columns without a column; ``refusals`` why
    ``rows`` would refuse the file as it is mapped and read now (a choice of the person can end
    each: a mapping, a date order, a decimal mark); ``bytes_expanded`` the size after unpacking;
    ``lines`` physical lines (text) or rows (sheets, Parquet), header
    included.
    """

    kind: str
    dialect: Dialect
    header: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    preset: str
    presets: tuple[PresetMatch, ...]
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    missing: tuple[str, ...]
    refusals: tuple[HuitouError, ...]
    notes: tuple[Note, ...]
    lines: int
    bytes_expanded: int


@dataclass(frozen=True, kw_only=True)
class Options:
    """Choices of the person who imports: ``currency`` for files without a currency column (None =
    the preset's)."""

    currency: str | None = None
    chunk_rows: int = 200_000
