"""A file as a source of rows for the flows: the file, and how a person chose to read it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from huitou.connectors.files import reading
from huitou.connectors.files.types import Dialect, Options


@dataclass
class FileSource:
    """Everything needed to read the same rows again, as JSON values: implements
    ``flows.types.RowSource``.

    ``dialect`` may be incomplete: what it leaves out is found in the file.
    """

    kind: str
    preset: str
    path: Path
    file_name: str
    dialect: Mapping[str, Any] = field(default_factory=dict)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def chunks(self) -> Iterator[pa.Table]:
        """The rows in the order of the file; may be called again."""
        return reading.rows(
            self.path,
            kind=self.kind,
            preset=self.preset,
            dialect=Dialect.from_json(self.dialect),
            mapping=self.mapping or None,
            options=Options(currency=self.options.get("currency") or None),
        )

    def write_rejects(self, lines: Iterable[int], out_path: Path) -> None:
        """The records that begin at ``lines``, in the file's own format."""
        dialect = reading.completed_dialect(
            self.path,
            kind=self.kind,
            preset=self.preset,
            dialect=Dialect.from_json(self.dialect),
            mapping=self.mapping or None,
        )
        reading.write_rejects(self.path, dialect=dialect, lines=lines, out=out_path)
