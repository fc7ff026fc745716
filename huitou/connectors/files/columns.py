"""Which column of the file is which canonical column: suggested by names, checked before rows are
read."""

from collections.abc import Mapping, Sequence
from typing import Final

from huitou.connectors.files import errors, fields
from huitou.connectors.files.presets.shape import Preset
from huitou.kit.text import folded

# Who bought, where no column says customer: what people are known by, best first.
_STAND_INS: Final = ("phone", "email")


def suggested(header: Sequence[str], preset: Preset) -> dict[str, str]:
    """Canonical column -> column of the file; every column of the file at most once, except for
    stand-ins."""
    if preset.name != "generic":
        found = _named_by_preset(header, preset)
    else:
        found = _named_by_synonyms(header, preset.kind)
    if "customer" not in found:
        stand_in = next((found[name] for name in _STAND_INS if name in found), None)
        if stand_in is not None:
            found["customer"] = stand_in
    return found


def _named_by_preset(header: Sequence[str], preset: Preset) -> dict[str, str]:
    """The preset's own names, written exactly or nearly so; by position where there is no
    header."""
    if preset.positions and tuple(header) == tuple(str(n + 1) for n in range(len(header))):
        return dict(zip(preset.positions, header, strict=False))
    exact = {folded(column): column for column in reversed(header) if column}
    near = {fields.key(column): column for column in reversed(header) if column}
    found = {}
    for field, names in preset.columns.items():
        columns = (exact.get(folded(name)) or near.get(fields.key(name)) for name in names)
        column = next((column for column in columns if column), None)
        if column is not None:
            found[field] = column
    return found


def _named_by_synonyms(header: Sequence[str], kind: str) -> dict[str, str]:
    """Likelier names first over all fields, so that a sure match is never taken by a guess."""
    near = {fields.key(column): column for column in reversed(header) if column}
    ranked = sorted(
        (rank, position, name, field)
        for position, field in enumerate(fields.FIELDS[kind])
        for rank, name in enumerate(fields.names(kind, field))
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, name, field in ranked:
        column = near.get(name)
        if column is not None and column not in taken and field not in found:
            found[field] = column
            taken.add(column)
    return {field: found[field] for field in fields.FIELDS[kind] if field in found}


def missing(found: Mapping[str, str], preset: Preset) -> tuple[str, ...]:
    """Required columns without a column; ``amount`` stands for any way to say the money."""
    required = (*fields.REQUIRED[preset.kind], *preset.needs)
    lacking = [field for field in required if field not in found]
    has_money = "_total_amount" in found or any(field in found for field in fields.MONEY)
    if preset.kind == "orders" and not has_money:
        lacking.append("amount")
    return tuple(lacking)


def public(found: Mapping[str, str]) -> dict[str, str]:
    """The part of a mapping people see: without the preset's inner columns."""
    return {field: column for field, column in found.items() if not field.startswith("_")}


def applied(
    header: Sequence[str], preset: Preset, chosen: Mapping[str, str] | None
) -> dict[str, str]:
    """The chosen mapping (None: the suggested one) and the preset's inner columns.

    Raises:
        ColumnMissing, FieldUnknown: the chosen mapping names what is not there.
    """
    own = suggested(header, preset)
    if chosen is None:
        return own
    for field, column in chosen.items():
        if field not in fields.FIELDS[preset.kind]:
            raise errors.FieldUnknown(field=field, kind=preset.kind)
        if column not in header:
            raise errors.ColumnMissing(column=column)
    return {**chosen, **{field: own[field] for field in own if field.startswith("_")}}


def checked(
    header: Sequence[str], preset: Preset, chosen: Mapping[str, str] | None
) -> dict[str, str]:
    """The same, refused unless it is complete.

    Raises:
        DuplicateHeader, ColumnMissing, FieldUnknown
    """
    refuse_duplicates(header)
    whole = applied(header, preset, chosen)
    lacking = missing(whole, preset)
    if lacking:
        raise errors.ColumnMissing(column=lacking[0])
    return whole


def refuse_duplicates(header: Sequence[str]) -> None:
    """Two columns of one name cannot be told apart by a mapping."""
    seen: set[str] = set()
    for column in header:
        if column and column in seen:
            raise errors.DuplicateHeader(column=column)
        seen.add(column)
