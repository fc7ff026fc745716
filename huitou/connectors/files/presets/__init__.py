"""Shop systems whose exports we know: one module of data each; a new one is a module and a sample
file."""

from collections.abc import Sequence
from typing import Final

from huitou.connectors.files import errors, fields
from huitou.connectors.files.presets import (
    cdnow,
    generic,
    online_retail,
    pos,
    shopify,
    taobao,
    woocommerce,
    youzan,
)
from huitou.connectors.files.presets.shape import Preset
from huitou.connectors.files.types import PresetMatch

KNOWN: Final = (
    *generic.PRESETS,
    cdnow.PRESET,
    online_retail.PRESET,
    taobao.PRESET,
    youzan.PRESET,
    shopify.PRESET,
    woocommerce.PRESET,
    pos.PRESET,
)
_ENOUGH: Final = 0.8


def named(name: str, kind: str) -> Preset:
    """The preset of this name for this kind of file.

    Raises:
        PresetUnknown: there is none; its facts name those there are.
    """
    found = next((p for p in KNOWN if p.name == name and p.kind == kind), None)
    if found is None:
        raise errors.PresetUnknown(name=name, known=", ".join(available(kind)))
    return found


def available(kind: str) -> list[str]:
    """The names of all presets for this kind of file."""
    return [p.name for p in KNOWN if p.kind == kind]


def matches(header: Sequence[str], kind: str) -> list[PresetMatch]:
    """Every preset that tells itself by its header, best first, with the share of its telling names
    found.

    A telling name counts as found under any of the names its column goes by.
    """
    there = {fields.key(name) for name in header}
    found = []
    for preset in KNOWN:
        if preset.kind == kind and preset.telling:
            hits = sum(bool(_aliases(preset, name) & there) for name in preset.telling)
            found.append(PresetMatch(preset.name, hits / len(preset.telling)))
    return sorted(found, key=lambda match: -match.share)


def suggested(header: Sequence[str], kind: str) -> str:
    """The preset this header speaks for; generic if none does clearly."""
    best = next(iter(matches(header, kind)), None)
    return best.name if best is not None and best.share >= _ENOUGH else "generic"


def known_names(kind: str) -> frozenset[str]:
    """Every comparable column name any preset for this kind of file knows."""
    own = {
        fields.key(name)
        for preset in KNOWN
        if preset.kind == kind
        for names in preset.columns.values()
        for name in names
    }
    return fields.known_names(kind) | own


def _aliases(preset: Preset, name: str) -> set[str]:
    own = fields.key(name)
    for names in preset.columns.values():
        keys = {fields.key(alias) for alias in names}
        if own in keys:
            return keys
    return {own}
