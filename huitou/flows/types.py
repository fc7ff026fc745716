"""Values of the flows: what is asked of an import, and what it answers."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa

KINDS: Final = ("orders", "customers", "answers")
REJECTIONS_SHOWN: Final = 1000  # of a result; all of them are in the rejects file


class RowSource(Protocol):
    """A file that can be read as canonical columns; implemented by ``connectors.files.source``.

    ``chunks`` may be called again and gives the same rows: each a table of text columns named as
    in contracts.md (a column the file lacks is absent; an empty value is ""), with ``line``
    (int64, the first physical line of the record), ``ignored`` (bool) and ``ignored_reason``.
    """

    kind: str  # orders, customers, answers
    preset: str
    path: Path
    file_name: str
    dialect: Mapping[str, Any]  # as used: JSON values
    mapping: Mapping[str, Any]  # canonical column -> column of the file
    options: Mapping[str, Any]  # what the file says of all its rows, e.g. {"currency": "GBP"}

    def chunks(self) -> Iterator[pa.Table]:
        """The rows in the order of the file."""
        ...

    def write_rejects(self, lines: Iterable[int], out_path: Path) -> None:
        """The records that begin at ``lines``, in the file's own format, so that they can be
        mended."""
        ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is to be brought in; JSON values, so that a job can be given them."""

    source: str = ""  # name of the source; "" = the preset's name
    skip_rejected: bool = False
    anonymous: str = "keep"  # keep, reject
    currency: str = ""  # of rows without one; "" = the company's
    store: str = ""  # of rows without one; "" = the company's first
    scale: str = ""  # of numeric answers, e.g. 1-5
    rejects_path: str = ""  # where the rejects file goes; "" = the data folder


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows or orders by what the plan does with them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row does not get in. ``line`` is the first physical line of the record; the header is
    1."""

    line: int
    field: str
    value: str
    message: str  # an English template, translated by the door
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The English sentence."""
        return self.message.format(**self.facts)

    def as_json(self) -> dict[str, Any]:
        """The value in the shape of contracts.md."""
        return {"line": self.line, "field": self.field, "value": self.value, "reason": self.reason}

    def on_record(self) -> dict[str, Any]:
        """The value as it is stored: with the template and its facts, so that a screen can
        translate it."""
        return {**self.as_json(), "message": self.message, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Result:
    """What an import would do or did: what ``--dry-run``, ``--json``, the screen and the record
    all show."""

    kind: str
    import_id: str | None = None
    applied: bool = False
    rows: Counts = Counts()
    things: Counts = Counts()  # orders, customers or answers: what the rows are about
    rejections: tuple[Rejection, ...] = ()  # the first 1,000
    rejections_file: str | None = None
    error: Mapping[str, Any] | None = None  # {code, message, facts}
    figures: Mapping[str, Any] = dataclasses.field(
        default_factory=dict
    )  # known_customer_share …, after applying
    notes: tuple[Mapping[str, Any], ...] = ()  # {code, facts}: what was assumed

    def as_json(self) -> dict[str, Any]:
        """The contract of ``--json``; ``figures``, ``notes`` and the counts of other kinds are
        extra keys."""
        things = {
            "new": self.things.new,
            "changed": self.things.changed,
            "unchanged": self.things.unchanged,
            "rejected": self.things.rejected,
        }
        return {
            "import_id": self.import_id,
            "applied": self.applied,
            "new": self.rows.new,
            "changed": self.rows.changed,
            "unchanged": self.rows.unchanged,
            "rejected": self.rows.rejected,
            "ignored": self.rows.ignored,
            "orders": things if self.kind == "orders" else dict.fromkeys(things, 0),
            **({self.kind: things} if self.kind != "orders" else {}),
            "rejections": [rejection.as_json() for rejection in self.rejections],
            "rejections_file": self.rejections_file,
            "error": dict(self.error) if self.error else None,
            "figures": dict(self.figures),
            "notes": [dict(note) for note in self.notes],
        }
