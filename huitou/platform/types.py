"""Values of the plumbing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

IMPORT_STATES: Final = ("planned", "applying", "applied", "refused", "failed", "rolled_back")
REJECTIONS_KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the data folder, named by its content: ``path`` is relative to the folder."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file about to be brought in, as its plan says."""

    kind: str  # orders, customers, answers
    source: str
    preset: str
    file_name: str
    file_sha256: str
    kept_path: str | None = None  # relative to the data folder
    dialect: Mapping[str, Any] = field(default_factory=dict)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    state: str = "planned"
    counts: Mapping[str, Any] = field(default_factory=dict)
    rejections: Sequence[Mapping[str, Any]] = ()
    rejections_path: str | None = None
    error: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.state not in IMPORT_STATES:
            raise ValueError(f"{self.state!r} is not a state of an import")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How an import ended. Of ``rejections`` the first 1,000 are stored; None leaves a field as it
    was.
    """

    state: str
    counts: Mapping[str, Any] | None = None
    rejections: Sequence[Mapping[str, Any]] | None = None
    rejections_path: str | None = None
    error: Mapping[str, Any] | None = None
    figures: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.state not in IMPORT_STATES:
            raise ValueError(f"{self.state!r} is not a state of an import")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import on record."""

    id: int
    public_id: str
    kind: str
    source: str
    preset: str
    file_name: str
    file_sha256: str
    kept_path: str | None
    dialect: dict[str, Any]
    mapping: dict[str, Any]
    options: dict[str, Any]
    state: str
    counts: dict[str, Any]
    rejections: list[dict[str, Any]]
    rejections_path: str | None
    error: dict[str, Any] | None
    figures: dict[str, Any]
    created_by: str
    created_at: datetime
    applied_at: datetime | None
    rolled_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class RememberedMapping:
    """How a file with this header was mapped last time."""

    preset: str
    mapping: dict[str, Any]
    dialect: dict[str, Any]
    used_at: datetime


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far a long work is. ``total`` is None while it cannot be known."""

    key: str
    stage: str
    done: int
    total: int | None
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of who changed what."""

    at: datetime
    actor: str
    action: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Health:
    """What the installation can say about itself; ``is_healthy`` is the whole of it."""

    database: str  # ok, down
    migrations: str  # ok, pending, unknown
    worker: str  # ok, silent, unknown
    worker_seen_at: datetime | None
    last_measured_at: datetime | None
    version: str
    facts_waiting: int | None = None  # calls of followers to come; None = not known
    facts_failing: int | None = None  # of them those that failed three times or more

    @property
    def is_healthy(self) -> bool:
        """Whether the site can serve: the database answers and its tables are those of this
        version.
        """
        return self.database == "ok" and self.migrations == "ok"
