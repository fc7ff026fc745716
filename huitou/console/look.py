"""The page between a file and its plan: dialect, columns, first rows. Forms in, values for the
reader of files out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from huitou.connectors.files.errors import ColumnMissing
from huitou.connectors.files.fields import FIELDS, MONEY, REQUIRED
from huitou.connectors.files.presets import KNOWN
from huitou.connectors.files.types import Dialect, Inspection
from huitou.console import import_words as words
from huitou.platform.types import RememberedMapping

_TEXTS: Final = ("encoding", "delimiter", "quote", "date_order", "decimal_mark", "sheet")
ROWS_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting of how the file is read: what was found, and what may be said instead."""

    name: str
    label: str
    found: str
    options: tuple[tuple[str, str], ...]  # (value, words); empty = free text
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column and the column of the file that fills it."""

    name: str
    label: str
    chosen: str
    is_required: bool
    sample: tuple[str, ...]


def stated_dialect(answers: Mapping[str, Any]) -> Dialect:
    """What the person said about the file; the rest is found out."""
    texts = {name: answers.get(f"dialect_{name}") or None for name in _TEXTS}
    line = str(answers.get("dialect_header_line") or "")
    return Dialect(header_line=int(line) if line.isdigit() else None, **texts)


def page(
    inspection: Inspection, answers: Mapping[str, Any], *, remembered: RememberedMapping | None
) -> dict[str, Any]:
    """What the page shows: settings, columns with their mapping, the first rows, what is worth a
    notice.
    """
    mapping = _mapping(inspection, answers, remembered)
    columns = _columns(inspection, mapping)
    missing = _missing(inspection, mapping)
    return {
        "settings": settings(inspection, answers),
        "columns": [column for column in columns if column.is_required or column.chosen],
        "others": [column for column in columns if not column.is_required and not column.chosen],
        "mapping": mapping,
        "missing": [gettext(words.COLUMNS.get(name, name)) for name in missing],
        "refusals": [
            refusal for refusal in inspection.refusals if not isinstance(refusal, ColumnMissing)
        ],
        "rows": _rows(inspection),
        "notes": [note.words(gettext(note.message)) for note in inspection.notes],
        "is_remembered": remembered is not None and mapping == remembered.mapping,
        "presets": _presets(inspection),
        "answers": answers,
    }


def _missing(inspection: Inspection, mapping: Mapping[str, str]) -> list[str]:
    """Columns without which the file says too little; a preset may find the money in columns of its
    own.
    """
    missing = [name for name in REQUIRED[inspection.kind] if name not in mapping]
    if mapping == inspection.mapping:
        return list(inspection.missing)
    lacks_money = MONEY[0] in inspection.missing and not any(name in mapping for name in MONEY)
    return [*missing, *MONEY[:1]] if lacks_money else missing


def _presets(inspection: Inspection) -> list[tuple[str, str]]:
    """The one in force first, then any table, then the others from likely to unlikely."""
    likely = [match.name for match in inspection.presets]
    others = [preset.name for preset in KNOWN if preset.kind == inspection.kind]
    names = dict.fromkeys([inspection.preset, "generic", *likely, *others])
    return [(name, gettext(words.PRESETS.get(name, name))) for name in names]


def settings(inspection: Inspection | None, answers: Mapping[str, Any]) -> list[Choice]:
    """Every setting of the dialect that fits the container, found or still unknown."""
    found = inspection.dialect.as_json() if inspection else {}
    is_text = found.get("container") in (None, "text")
    offered = [
        (
            "encoding",
            gettext("Encoding"),
            tuple((code, code.upper()) for code in words.ENCODINGS),
            is_text,
        ),
        ("delimiter", gettext("Between columns"), _translated(words.DELIMITERS), is_text),
        ("sheet", gettext("Worksheet"), (), found.get("container") in ("xlsx", "xls")),
        (
            "header_line",
            gettext("Header in line (0 = none)"),
            (),
            found.get("container") != "parquet",
        ),
        ("date_order", gettext("Order of dates"), _translated(words.DATE_ORDERS), True),
        ("decimal_mark", gettext("Decimal mark"), _translated(words.DECIMAL_MARKS), True),
    ]
    return [
        _choice(name, label, options, found.get(name), str(answers.get(f"dialect_{name}") or ""))
        for name, label, options, fits in offered
        if fits
    ]


def _choice(
    name: str, label: str, options: tuple[tuple[str, str], ...], found: Any, stated: str
) -> Choice:
    value = stated or ("" if found is None else str(found))
    if options and value and value not in dict(options):
        options = (*options, (value, value))
    return Choice(name, label, value, options, bool(stated))


def _translated(table: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, gettext(message)) for code, message in table.items())


def _mapping(
    inspection: Inspection, answers: Mapping[str, Any], remembered: RememberedMapping | None
) -> dict[str, str]:
    """Said now, else remembered for this header and preset, else suggested."""
    if answers.get("mapped") == inspection.preset:
        said = {name: str(answers.get(f"map_{name}") or "") for name in FIELDS[inspection.kind]}
        return {name: column for name, column in said.items() if column in inspection.header}
    if remembered is not None and remembered.preset == inspection.preset:
        return {str(name): str(column) for name, column in remembered.mapping.items()}
    return dict(inspection.mapping)


def _columns(inspection: Inspection, mapping: Mapping[str, str]) -> list[Column]:
    required = REQUIRED[inspection.kind] + (MONEY[:1] if inspection.kind == "orders" else ())
    names = sorted(
        FIELDS[inspection.kind], key=lambda name: (name not in required, name not in mapping)
    )
    return [
        Column(
            name,
            gettext(words.COLUMNS.get(name, name)),
            mapping.get(name, ""),
            name in required,
            _sample(inspection, mapping.get(name, "")),
        )
        for name in names
    ]


def _sample(inspection: Inspection, column: str) -> tuple[str, ...]:
    """Up to three different values of a column of the file."""
    if column not in inspection.header:
        return ()
    at = inspection.header.index(column)
    seen = [row[at] for row in inspection.preview if at < len(row) and row[at]]
    return tuple(dict.fromkeys(seen))[:3]


def _rows(inspection: Inspection) -> list[tuple[int, tuple[str, ...]]]:
    first = (inspection.dialect.header_line or 0) + 1
    return [(first + n, row) for n, row in enumerate(inspection.preview[:ROWS_SHOWN])]
