"""Reading a file of orders, customers or answers: look first, then take its rows."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from huitou.connectors.files import canonical, columns, errors, fields, layout, presets, proofs
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.rejects import write_rejects
from huitou.connectors.files.types import Dialect, Inspection, Note, Options
from huitou.kit.errors import HuitouError
from huitou.kit.text import gettext_noop as _

__all__ = ["inspect", "rows", "write_rejects"]

PREVIEW_ROWS: Final = 20


def inspect(
    path: Path,
    *,
    kind: str,
    preset: str | None = None,
    overrides: Dialect | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Inspection:
    """What the file looks like and how it would be read; reads it once, stores nothing.

    Given a ``mapping`` (canonical column -> column of the file), it is taken instead of the
    suggested one. What a choice can mend (an unclear date order, a column not found, one name
    twice) is in ``refusals``.

    Raises:
        FileUnreadable: a subclass says what is wrong with the file as a whole.
    """
    if kind not in fields.FIELDS:
        raise errors.DialectWrong(setting="kind", given=kind)
    wanted = Dialect() if overrides is None else overrides
    if preset is not None:
        wanted = presets.named(preset, kind).dialect.overridden_by(overrides)
    found = layout.surveyed(path, kind=kind, overrides=wanted)
    name = preset or presets.suggested(found.header, kind)
    chosen = presets.named(name, kind)
    inner = columns.applied(found.header, chosen, mapping)
    proven, refusals = proofs.settled(found, inner, chosen)
    public = columns.public(inner)
    lacking = columns.missing(inner, chosen)
    refusals += [errors.ColumnMissing(column=field) for field in lacking]
    return Inspection(
        kind=kind,
        dialect=proven,
        header=found.header,
        preview=tuple(tuple(cells) for _, cells in found.head[:PREVIEW_ROWS]),
        preset=name,
        presets=tuple(presets.matches(found.header, kind)),
        mapping=public,
        unmapped=tuple(c for c in found.header if c and c not in inner.values()),
        missing=lacking,
        refusals=(*_duplicates(found.header), *refusals),
        notes=tuple(_notes(found, public, proven)),
        lines=found.lines,
        bytes_expanded=found.bytes_expanded,
    )


def _duplicates(header: tuple[str, ...]) -> list[HuitouError]:
    try:
        columns.refuse_duplicates(header)
    except errors.DuplicateHeader as error:
        return [error]
    return []


def _notes(found: layout.Layout, public: Mapping[str, str], dialect: Dialect) -> Iterator[Note]:
    if dialect.header_line == 0:
        yield Note("no_header", _("The file has no header; its columns are numbered."))
    elif (dialect.header_line or 1) > 1:
        skipped = (dialect.header_line or 1) - 1
        yield Note(
            "lines_above", _("{lines} lines above the header are left out."), {"lines": skipped}
        )
    if dialect.date_order == "mixed":
        yield Note(
            "two_date_orders",
            _("Some dates have the day first, some the month; they will be rejected."),
        )
    customer = public.get("customer")
    if customer is not None and customer in (public.get("phone"), public.get("email")):
        yield Note(
            "customer_by_contact", _("Customers are told apart by {column}."), {"column": customer}
        )
    for column in found.header:
        says_consent = fields.key(column).startswith("consent") or "同意" in column
        if says_consent and column not in public.values():
            yield Note(
                "consent_left_out",
                _("The column {column} speaks of consent for no channel we know: it is left out."),
                {"column": column},
            )


def rows(  # one argument per thing a person may choose
    path: Path,
    *,
    kind: str,
    preset: str,
    dialect: Dialect,
    mapping: Mapping[str, str] | None = None,
    options: Options | None = None,
) -> Iterator[pa.Table]:
    """The file's rows in canonical string columns, in the order of the file, in chunks.

    Every chunk has ``line`` (int64, the header's line is 1), ``problem`` (code of
    ``types.PROBLEMS`` or ""), ``ignored`` (bool) and ``ignored_reason`` (code of
    ``types.IGNORED_REASONS`` or "") beside the canonical columns found in the file. Dates and
    numbers that cannot be read stay as the file has them.

    Args:
        dialect: as ``inspect`` gave it; what is None in it is found out, at the price of one more
            reading.
        mapping: canonical column -> column of the file; None takes the suggestion.

    Raises:
        FileUnreadable: a subclass says why; while iterating too, so nothing may be written before
        the end.
    """
    chosen = presets.named(preset, kind)
    options = options or Options()
    found = _settled_layout(path, preset=chosen, dialect=dialect, mapping=mapping)
    whole = columns.checked(found.header, chosen, mapping)
    reading = canonical.Reading(
        preset=chosen,
        positions={field: found.position(column) for field, column in whole.items()},
        date_order=found.dialect.date_order or "ymd",
        decimal_mark=found.dialect.decimal_mark or ".",
        currency=options.currency or chosen.currency,
    )
    wanted = sorted(set(reading.positions.values()))
    return _chunks(canonical.tables(found.tables(wanted), reading), options.chunk_rows)


def completed_dialect(
    path: Path,
    *,
    kind: str,
    preset: str,
    dialect: Dialect,
    mapping: Mapping[str, str] | None = None,
) -> Dialect:
    """The dialect ``rows`` reads with: what the given one leaves out is found."""
    chosen = presets.named(preset, kind)
    return _settled_layout(path, preset=chosen, dialect=dialect, mapping=mapping).dialect


def _settled_layout(
    path: Path, *, preset: Preset, dialect: Dialect, mapping: Mapping[str, str] | None
) -> layout.Layout:
    """The layout of a complete dialect; an incomplete one is completed by looking first."""
    dialect = preset.dialect.overridden_by(dialect)
    text_settings = (dialect.encoding, dialect.delimiter, dialect.quote)
    is_complete = dialect.container is not None and None not in (
        dialect.header_line,
        dialect.date_order,
        dialect.decimal_mark,
        *(text_settings if dialect.container == "text" else ()),
    )
    if is_complete:
        return layout.opened(path, kind=preset.kind, dialect=dialect)
    found = layout.surveyed(path, kind=preset.kind, overrides=dialect)
    whole = columns.checked(found.header, preset, mapping)
    proven, refusals = proofs.settled(found, whole, preset)
    if refusals:
        raise refusals[0]
    return dataclasses.replace(found, dialect=proven)


def _chunks(tables: Iterator[pa.Table], most_rows: int) -> Iterator[pa.Table]:
    """The tables, cut to at most so many rows each; refuses a file without any."""
    is_empty = True
    for table in tables:
        for start in range(0, table.num_rows, most_rows):
            is_empty = False
            yield table.slice(start, most_rows)
    if is_empty:
        raise errors.HeaderOnly
