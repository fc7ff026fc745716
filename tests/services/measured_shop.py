"""A shop in the database for tests of measuring: orders as plain columns, written by COPY."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sale:
    """One order of a customer, by code."""

    customer: str | None
    on: date
    net_minor: int = 10_000
    store: str = "s1"
    returned_minor: int = 0
    unmatched_minor: int = 0
    cost_minor: int | None = None
    category: str = ""
    status: str = "paid"

    @property
    def is_counted(self) -> bool:
        return self.status == "paid" and (
            self.net_minor == 0 or self.returned_minor < self.net_minor
        )


@dataclass
class Shop:
    """Writes orders as an import would, and remembers which months it touched."""

    stores: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)

    def add(self, sales: Iterable[Sale]) -> None:
        rows = list(sales)
        self.known([sale.customer for sale in rows if sale.customer])
        for sale in rows:
            self._store(sale.store)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM orders_order")
            (last,) = cursor.fetchone()
            with cursor.copy(
                "COPY orders_order (source, number, customer_id, store_id, channel, status,"
                " ordered_at, ordered_on, total_minor, returned_minor, unmatched_minor, cost_minor,"
                " costed_minor, tax_minor, delivery_minor, discount_minor, main_category,"
                " is_counted, digest, import_id, created_import_id) FROM STDIN"
            ) as copy:
                for place, sale in enumerate(rows, start=last + 1):
                    copy.write_row(self._row(place, sale))
        self.touch(sale.on for sale in rows)

    def _row(self, number: int, sale: Sale) -> tuple[Any, ...]:
        noon = datetime.combine(sale.on, datetime.min.time(), UTC) + timedelta(hours=4)
        kept = sale.net_minor - sale.returned_minor
        return (
            "test", str(number), self.customers.get(sale.customer or ""), self.stores[sale.store],
            "", sale.status, noon, sale.on, sale.net_minor, sale.returned_minor,
            sale.unmatched_minor, sale.cost_minor, kept if sale.cost_minor is not None else 0, 0, 0,
            0, sale.category, sale.is_counted, b"", 1, 1,
        )  # fmt: skip

    def known(self, codes: Sequence[str]) -> None:
        """Customers by code, made where they are new."""
        fresh = sorted(set(codes) - set(self.customers))
        if not fresh:
            return
        with connection.cursor() as cursor:
            with cursor.copy(
                "COPY customers_customer (code, name, name_folded, name_pinyin, name_initials,"
                " kind, phone, phone_reversed, phone_is_masked, email, birth_calendar,"
                " acquired_from, tags, created_at) FROM STDIN"
            ) as copy:
                for code in fresh:
                    copy.write_row(
                        (code, "", "", "", "", "person", "", "", False, "", "solar", "", [], NOW)
                    )
            cursor.execute("SELECT code, id FROM customers_customer")
            self.customers = dict(cursor.fetchall())

    def change(self, statement: str, values: Sequence[Any], months: Iterable[date]) -> None:
        """Change orders by SQL, as an import that replaces them would."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        self.touch(months)

    def touch(self, days: Iterable[date]) -> None:
        months = sorted({day.replace(day=1) for day in days})
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO orders_monthchange (month_on, import_id, at) VALUES (%s, 1, now())",
                [(month,) for month in months],
            )

    def _store(self, code: str) -> int:
        if code not in self.stores:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO staff_store (code, name, zone, is_online, created_at)"
                    " VALUES (%s, %s, 'Asia/Shanghai', false, now()) RETURNING id",
                    [code, code],
                )
                (self.stores[code],) = cursor.fetchone()
        return self.stores[code]


def found(*, zone: str = "Asia/Shanghai", currency: str = "CNY") -> Shop:
    """A company with an empty shop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_company (id, name, zone, currency, industry, is_one_off, created_at)"
            " VALUES (1, 'Test', %s, %s, 'e_commerce', false, now())",
            [zone, currency],
        )
    return Shop()
