"""The list of analytical files a run is computed from: month by month, named by what is in them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

VERSION: Final = 1
KEPT_DAYS: Final = 400
CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file beside its digest; the name holds the digest, so a file never changes."""

    path: str  # relative to the analytics folder
    sha256: str
    rows: int
    first_on: str = ""  # of counted orders, ISO; "" = none
    last_on: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the files of a moment were: orders by civil month, customers, answers."""

    months: Mapping[str, StoredFile] = field(default_factory=dict)  # "2026-06" -> file
    customers: StoredFile | None = None
    answers: StoredFile | None = None
    change_id: int = 0  # the last orders_monthchange the files know
    changed_at: str = ""  # when that was; in another history the same number was another instant

    @property
    def data_hash(self) -> str:
        """One digest of all content, whatever the order of writing."""
        parts = [f"{month}:{stored.sha256}" for month, stored in sorted(self.months.items())]
        parts += [f"customers:{self.customers.sha256}" if self.customers else "customers:"]
        parts += [f"answers:{self.answers.sha256}" if self.answers else "answers:"]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def order_rows(self) -> int:
        """Rows of all months."""
        return sum(stored.rows for stored in self.months.values())

    @property
    def newest_order_on(self) -> date | None:
        """The day of the newest counted order; None without one."""
        days = [stored.last_on for stored in self.months.values() if stored.last_on]
        return date.fromisoformat(max(days)) if days else None

    def files(self) -> Iterator[StoredFile]:
        """Every file named here."""
        yield from (self.months[month] for month in sorted(self.months))
        yield from (stored for stored in (self.customers, self.answers) if stored is not None)

    def as_json(self) -> dict[str, Any]:
        """Plain values, the same for the same content."""
        return {
            "version": VERSION,
            "change_id": self.change_id,
            "changed_at": self.changed_at,
            "months": {month: asdict(self.months[month]) for month in sorted(self.months)},
            "customers": asdict(self.customers) if self.customers else None,
            "answers": asdict(self.answers) if self.answers else None,
        }


def from_json(values: Mapping[str, Any]) -> Manifest:
    """The manifest that ``as_json`` wrote.

    Raises:
        ValueError: written by a version this one cannot read.
    """
    if values.get("version") != VERSION:
        raise ValueError(f"manifest version {values.get('version')!r} is not {VERSION}")
    return Manifest(
        months={month: StoredFile(**stored) for month, stored in values["months"].items()},
        customers=StoredFile(**values["customers"]) if values["customers"] else None,
        answers=StoredFile(**values["answers"]) if values["answers"] else None,
        change_id=int(values["change_id"]),
        changed_at=str(values.get("changed_at", "")),
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write ``values`` to ``path`` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(path.suffix + ".unfinished")
    unfinished.write_text(json.dumps(values, sort_keys=True, indent=1), encoding="utf-8")
    unfinished.replace(path)


def read(path: Path) -> Manifest | None:
    """The manifest at ``path``; None if there is none or its files are gone."""
    if not path.exists():
        return None
    try:
        stored = from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError):
        return None
    folder = path.parent
    return stored if all((folder / file.path).exists() for file in stored.files()) else None
