"""A file of orders on its way in: what the rooms below need to know, in the order they must be
asked."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from huitou.customers import services as customers
from huitou.flows.ahead import ahead
from huitou.flows.types import Counts, Rejection, RowSource, Wishes
from huitou.kit.money import Currency
from huitou.orders import queries as order_queries
from huitou.orders import services as orders
from huitou.orders.planning import OrderPlan
from huitou.orders.rules import REASONS
from huitou.orders.types import Rejected, Terms
from huitou.platform.progress import Reporter
from huitou.staff import queries as staff_queries
from huitou.staff import services as staff
from huitou.staff.types import CompanyIn

# Presets whose customer column is a name on a platform, not the number of the house.
PLATFORMS: Final = frozenset({"taobao", "youzan", "shopify", "woocommerce"})
DEFAULT_ZONE: Final = "Asia/Shanghai"
DEFAULT_CURRENCY: Final = "CNY"
DEFAULT_STORE: Final = "main"


class OrderFile:
    """One file of orders: read, compared, written."""

    things = "orders"

    def __init__(self, source: RowSource, wishes: Wishes, *, now: datetime, spill: Path) -> None:
        self._source = source
        self._wishes = wishes
        self._now = now
        self._company = staff_queries.company()
        self.notes: list[dict[str, Any]] = []
        self.plan = OrderPlan(self._terms(), spill=spill)

    def __enter__(self) -> "OrderFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.plan.__exit__(kind, error, trace)

    def read(self, reporter: Reporter) -> None:
        """Read and check the whole file."""
        reporter.stage("reading", None)
        for chunk in ahead(self._source.chunks()):
            self.plan.read(chunk)
            reporter.advance(chunk.num_rows)
        reporter.stage("checking", None)
        self.plan.finish_reading()

    def lock(self) -> None:
        """Wait until nobody else writes orders."""
        orders.lock()

    def compare(self) -> tuple[Counts, Counts]:
        """Rows and orders by what will be done with them."""
        tally = orders.compare(self.plan)
        return Counts(**tally.rows), Counts(**tally.orders)

    def rejected_count(self) -> int:
        """How many rows do not get in."""
        return self.plan.rejected_count()

    def rejections(self, limit: int) -> tuple[Rejection, ...]:
        """The first rows that do not get in, with the reason."""
        return tuple(map(self._rejection, self.plan.rejected(limit)))

    def rejected_lines(self) -> Iterator[int]:
        """The lines of all of them."""
        return self.plan.rejected_lines()

    def write(self, *, import_id: int, reporter: Reporter) -> None:
        """Write what is new and changed; under the lock, in one transaction."""
        if self._company is None:
            staff.set_company(company=self._assumed_company(), actor="system", now=self._now)
        codes: list[Any] = self.plan.rows("plan/stores").column("store").to_pylist()
        stores = staff.ensure_stores(codes, now=self._now)
        people = customers.ensure_named(
            named=self.plan.rows("plan/people"),
            source=self.plan.terms.source,
            uses_our_codes=PLATFORMS.isdisjoint({self._source.preset, self.plan.terms.source}),
            import_id=import_id,
            now=self._now,
        )
        orders.apply(
            self.plan,
            people=people,
            stores=stores,
            import_id=import_id,
            now=self._now,
            reporter=reporter,
        )

    def figures(self) -> dict[str, Any]:
        """The first figures after the import."""
        share = order_queries.known_share()
        return {
            "known_customer_share": _share(share.known_minor, share.net_minor),
            "known_customer": {
                **share._asdict(),
                "orders_share": _share(share.known_orders, share.orders),
            },
            "currency": self.plan.terms.currency.code,
        }

    def _terms(self) -> Terms:
        stores = staff_queries.stores()
        return Terms(
            source=self._wishes.source or self._source.preset,
            currency=Currency(self._company.currency if self._company else self._file_currency()),
            zone=self._company.zone if self._company else DEFAULT_ZONE,
            zones={store.code: store.zone for store in stores},
            store=self._wishes.store or (stores[0].code if stores else DEFAULT_STORE),
            now=self._now,
            refuse_anonymous=self._wishes.anonymous == "reject",
        )

    def _file_currency(self) -> str:
        """Before there is a company the first file says what money is; the result says that it
        did."""
        currency = self._wishes.currency or str(self._source.options.get("currency") or "")
        if not currency:
            chunk = next(self._source.chunks())
            texts = chunk.column("currency").to_pylist() if "currency" in chunk.column_names else []
            currency = next((text for text in texts if text), DEFAULT_CURRENCY)
        currency = currency.upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            currency = DEFAULT_CURRENCY
        self.notes.append(
            {"code": "company_assumed", "facts": {"currency": currency, "zone": DEFAULT_ZONE}}
        )
        return currency

    def _assumed_company(self) -> CompanyIn:
        terms = self.plan.terms
        return CompanyIn(name=terms.source, zone=terms.zone, currency=terms.currency.code)

    def _rejection(self, row: Rejected) -> Rejection:
        facts: dict[str, Any] = {}
        if row.reason == "other_currency":
            facts = {"given": row.given.upper(), "kept": self.plan.terms.currency.code}
        elif row.reason == "order_rejected":
            facts = {"line": row.because_line}
        return Rejection(row.line, row.field, row.given, REASONS[row.reason], facts)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
