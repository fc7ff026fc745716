"""How far a long work is, for a page that asks again every second."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from huitou.platform import queries
from huitou.platform.types import ProgressRow


@dataclass(frozen=True, slots=True)
class View:
    """What the progress bar shows; ``percent`` None while the total is not known."""

    stage: str
    done: int
    total: int | None
    percent: int | None
    rate: int | None  # steps a second
    left: str  # time left in words, or ""
    is_finished: bool
    error: dict[str, Any] | None


def progress_of(key: str, stages: Mapping[str, str], *, now: datetime | None = None) -> View | None:
    """The progress of the work ``key`` with its stage in words; None if it was never begun."""
    row = queries.progress(key)
    return None if row is None else _view(row, stages, now or timezone.now())


def _view(row: ProgressRow, stages: Mapping[str, str], now: datetime) -> View:
    seconds = max((row.updated_at - row.started_at).total_seconds(), 0.001)
    rate = int(row.done / seconds) if row.done and seconds >= 1 else None
    percent = min(100, row.done * 100 // row.total) if row.total else None
    left = (row.total - row.done) / rate if rate and row.total else None
    stage = gettext(stages[row.stage]) if row.stage in stages else row.stage
    return View(
        stage,
        row.done,
        row.total,
        percent,
        rate,
        _left(left),
        row.finished_at is not None,
        row.error,
    )


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        count = max(1, round(seconds))
        return ngettext("{count} second left", "{count} seconds left", count).format(count=count)
    count = round(seconds / 60)
    return ngettext("{count} minute left", "{count} minutes left", count).format(count=count)
