"""Reading a file of orders, customers or answers: look first, then take its rows."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from huitou.connectors.files.types import Dialect, Inspection, Options


def inspect(
    path: Path, *, kind: str, preset: str | None = None, overrides: Dialect | None = None
) -> Inspection:
    """What the file looks like and how it would be read."""
    raise NotImplementedError


def rows(  # one argument per thing a person may choose
    path: Path,
    *,
    kind: str,
    preset: str,
    dialect: Dialect,
    mapping: Mapping[str, str],
    options: Options | None = None,
) -> Iterator[pa.Table]:
    """The file's rows in canonical string columns, in the order of the file, in chunks.

    Every chunk has ``line`` (int64), ``problem`` (code of ``types.PROBLEMS`` or ""), ``ignored`` (bool) and
    ``ignored_reason`` (code of ``types.IGNORED_REASONS`` or "") beside the canonical columns found in the file.
    """
    raise NotImplementedError


def write_rejects(path: Path, *, dialect: Dialect, lines: Iterable[int], out: Path) -> Path:
    """Write the records that begin at ``lines`` in the file's own format; returns where they are."""
    raise NotImplementedError
