"""Rows that another system sends: the same plan, the same rules and the same way back as a file."""

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from huitou.flows import errors, imports
from huitou.flows.types import Result, Wishes
from huitou.platform import files
from huitou.platform.progress import Silent
from huitou.staff import queries as staff
from huitou.staff.errors import NotSetUp

PRESET: Final = "api"
Row = Mapping[str, str]


@dataclass
class GivenRows:
    """Rows as a source of an import; ``line`` is a row's place, counted from 1."""

    kind: str
    rows: Sequence[Row]
    path: Path
    preset: str = PRESET
    file_name: str = PRESET
    dialect: Mapping[str, Any] = field(default_factory=dict)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def chunks(self) -> Iterator[pa.Table]:
        """All of them at once."""
        names = sorted({name for row in self.rows for name in row})
        columns: dict[str, Any] = {
            name: pa.array([row.get(name, "") for row in self.rows], pa.string()) for name in names
        }
        columns["line"] = pa.array(range(1, len(self.rows) + 1), pa.int64())
        yield pa.table(columns)

    def write_rejects(self, lines: Iterable[int], out_path: Path) -> None:
        """The rows that did not get in, as CSV."""
        names = sorted({name for row in self.rows for name in row})
        with out_path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, names, restval="")
            writer.writeheader()
            writer.writerows(self.rows[line - 1] for line in lines)


def bring(kind: str, rows: Sequence[Row], wishes: Wishes, *, actor: str, now: datetime) -> Result:
    """Bring rows in as an import of their own.

    Raises:
        NotSetUp: there is no company whose money and zone they could be in.
        RowsGivenRejected: some cannot get in and are not to be left out; nothing is written.
    """
    if staff.company() is None:
        raise NotSetUp
    with _kept(rows) as path:
        source = GivenRows(kind, rows, path)
        result = imports.run(source, wishes, actor=actor, now=now, reporter=Silent())
    if not result.applied:
        rejections = [one.as_json() for one in result.rejections]
        raise errors.RowsGivenRejected(count=result.rows.rejected, rejections=rejections)
    return result


@contextmanager
def _kept(rows: Sequence[Row]) -> Iterator[Path]:
    """The rows as a file while they are brought in: its digest goes on record."""
    folder = files.home() / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="api-", suffix=".json", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(list(rows), out, ensure_ascii=False)
        yield path
    finally:
        path.unlink(missing_ok=True)
