"""A file of customers on its way in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from huitou.customers import services as customers
from huitou.customers.planning import CustomerPlan
from huitou.customers.rules import REASONS
from huitou.flows.order_files import DEFAULT_CURRENCY, DEFAULT_ZONE, PLATFORMS
from huitou.flows.types import Counts, Rejection, RowSource, Wishes
from huitou.kit.clock import civil_day, zone
from huitou.platform.progress import Reporter
from huitou.staff import queries as staff_queries
from huitou.staff import services as staff
from huitou.staff.types import CompanyIn


class CustomerFile:
    """One file of customers: read, compared, written."""

    def __init__(self, source: RowSource, wishes: Wishes, *, now: datetime, spill: Path) -> None:
        del spill
        self._source = source
        self._now = now
        self._company = staff_queries.company()
        self.notes: list[dict[str, Any]] = []
        name = wishes.source or source.preset
        today = civil_day(now, zone(self._company.zone if self._company else DEFAULT_ZONE))
        self.plan = CustomerPlan(source=name, uses_our_codes=name not in PLATFORMS, today=today)

    def __enter__(self) -> "CustomerFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.plan.customers.clear()

    def read(self, reporter: Reporter) -> None:
        """Read and check the whole file."""
        reporter.stage("reading", None)
        for chunk in self._source.chunks():
            self.plan.read(chunk)
            reporter.advance(chunk.num_rows)

    def lock(self) -> None:
        """Wait until nobody else brings in a file."""
        customers.lock()

    def compare(self) -> tuple[Counts, Counts]:
        """Rows, which are customers, by what will be done with them."""
        stores = {store.code: store.id for store in staff_queries.stores()}
        steps = customers.compare(self.plan, stores=stores)
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
            Rejection(row.line, row.field, row.given, REASONS[row.reason], row.facts)
            for row in self.plan.rejected[:limit]
        )

    def rejected_lines(self) -> Iterator[int]:
        """The lines of all of them."""
        return (row.line for row in self.plan.rejected)

    def write(self, *, import_id: int, reporter: Reporter) -> None:
        """Write what is new and changed; under the lock, in one transaction."""
        reporter.stage("writing", None)
        codes = customers.stores_to_write()
        if codes and self._company is None:
            staff.set_company(
                company=CompanyIn(
                    name=self.plan.source, zone=DEFAULT_ZONE, currency=DEFAULT_CURRENCY
                ),
                actor="system",
                now=self._now,
            )
        stores = staff.ensure_stores(codes, now=self._now)
        customers.apply(self.plan, stores=stores, import_id=import_id, now=self._now)

    def figures(self) -> dict[str, Any]:
        """Nothing is measured of customers alone."""
        return {}
