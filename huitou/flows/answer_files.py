"""A file of answers on its way in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from huitou.customers import queries as customer_queries
from huitou.flows.order_files import DEFAULT_ZONE, PLATFORMS
from huitou.flows.types import Counts, Rejection, RowSource, Wishes
from huitou.kit.clock import zone
from huitou.platform.progress import Reporter
from huitou.staff import queries as staff_queries
from huitou.voice import rules
from huitou.voice import services as voice
from huitou.voice.errors import ScaleUnknown
from huitou.voice.planning import AnswerPlan


class AnswerFile:
    """One file of answers: read, compared, written."""

    def __init__(self, source: RowSource, wishes: Wishes, *, now: datetime, spill: Path) -> None:
        del spill
        self._source = source
        self.notes: list[dict[str, Any]] = []
        company = staff_queries.company()
        name = wishes.source or source.preset
        on_scale = rules.scale(wishes.scale) if wishes.scale else None
        if wishes.scale and on_scale is None:
            raise ScaleUnknown(scale=wishes.scale)
        self._customers: dict[str, int] = {}
        self.plan = AnswerPlan(
            source=name,
            uses_our_codes=name not in PLATFORMS,
            zone=zone(company.zone if company else DEFAULT_ZONE),
            on_scale=on_scale,
            now=now,
        )

    def __enter__(self) -> "AnswerFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.plan.answers.clear()

    def read(self, reporter: Reporter) -> None:
        """Read and check the whole file, and find who answered."""
        reporter.stage("reading", None)
        for chunk in self._source.chunks():
            self.plan.read(chunk)
            reporter.advance(chunk.num_rows)
        reporter.stage("checking", None)
        named = sorted({answer.customer for answer in self.plan.answers.values()})
        self._customers = customer_queries.identified(
            named, source=self.plan.source, uses_our_codes=self.plan.uses_our_codes
        )
        self.plan.know(self._customers)

    def lock(self) -> None:
        """Wait until nobody else writes answers."""
        voice.lock()

    def compare(self) -> tuple[Counts, Counts]:
        """Rows, which are answers, by what will be done with them."""
        steps = voice.compare(self.plan, customers=self._customers)
        rejected = len(self.plan.rejected)
        return Counts(**steps, rejected=rejected, ignored=self.plan.ignored), Counts(
            **steps, rejected=rejected
        )

    def rejected_count(self) -> int:
        """How many rows do not get in."""
        return len(self.plan.rejected)

    def rejections(self, limit: int) -> tuple[Rejection, ...]:
        """The first rows that do not get in, with the reason."""
        return tuple(
            Rejection(row.line, row.field, row.given, rules.REASONS[row.reason], row.facts)
            for row in self.plan.rejected[:limit]
        )

    def rejected_lines(self) -> Iterator[int]:
        """The lines of all of them."""
        return (row.line for row in self.plan.rejected)

    def write(self, *, import_id: int, reporter: Reporter) -> None:
        """Write what is new and changed; under the lock, in one transaction."""
        reporter.stage("writing", None)
        voice.apply(import_id=import_id)

    def figures(self) -> dict[str, Any]:
        """Nothing is measured of answers alone."""
        return {}
