"""How a file was mapped is remembered by its header, so that nobody maps the same export twice."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huitou.platform.imports import queries, services
from huitou.platform.types import RememberedMapping


def remembered(*, kind: str, header: Sequence[str]) -> RememberedMapping | None:
    """How a file with exactly this header was mapped last time; None if it never was."""
    return queries.remembered_mapping(kind=kind, header_digest=_digest(header))


def remember(
    *,
    kind: str,
    header: Sequence[str],
    preset: str,
    mapping: Mapping[str, str],
    dialect: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep how a file with this header is mapped, in place of what was kept before."""
    services.remember_mapping(
        kind=kind,
        header_digest=_digest(header),
        preset=preset,
        mapping=mapping,
        dialect=dialect,
        now=now,
    )


def _digest(header: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(header), ensure_ascii=False).encode()).hexdigest()
