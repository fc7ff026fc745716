"""Values of the orders room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from huitou.kit.money import Currency

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Terms:
    """What must be known to read a file of orders.

    ``zones`` are the time zones of the stores by their code; a store not among them is in
    ``zone``. Rows without a store are ``store``'s. ``now`` bounds the future: orders more than 24
    hours ahead are rejected."""

    source: str
    currency: Currency
    zone: str
    store: str
    now: datetime
    zones: Mapping[str, str] = field(default_factory=dict)
    refuse_anonymous: bool = False


class Rejected(NamedTuple):
    """A row that does not get in: where, what stands there, and the code of the reason in
    ``rules.REASONS``."""

    line: int
    field: str
    given: str
    reason: str
    because_line: int | None  # of a row that only follows another one of its order


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows and orders of a plan by what happens to them."""

    rows: Mapping[str, int]  # new, changed, unchanged, rejected, ignored
    orders: Mapping[str, int]  # new, changed, unchanged, rejected


class SaleLine(NamedTuple):
    """A sale row that may be returned. Days since 1970 and microseconds since then, because there
    may be millions; ``quantity`` in millionths."""

    order_id: int
    position: int
    customer_id: int | None
    product_id: int | None
    ordered_on_days: int  # of the store
    ordered_at_us: int
    quantity: int
    amount_minor: int


class ReturnLine(NamedTuple):
    """A return row. ``quantity`` in millionths and positive; 0 = the money alone is known."""

    order_id: int
    position: int
    customer_id: int | None
    product_id: int | None
    ordered_on_days: int
    ordered_at_us: int
    quantity: int
    amount_minor: int  # positive
    names_order: int | None = None  # the sale order it names; -1 = one we do not have
    names_row: int | None = None  # the position of the sale row it is of: a till knows it


class Match(NamedTuple):
    """How much of a return row was taken back from which sale row. ``quantity`` in millionths."""

    return_order_id: int
    return_position: int
    sale_order_id: int
    sale_position: int
    quantity: int
    amount_minor: int


class OrderRow(NamedTuple):
    """One order in a customer's history."""

    order_id: int
    source: str
    number: str
    store_id: int
    channel: str
    status: str
    ordered_at: datetime
    ordered_on: date
    total_minor: int
    returned_minor: int
    unmatched_minor: int
    is_counted: bool


class LineRow(NamedTuple):
    """One row of an order."""

    position: int
    sku: str
    description: str
    category: str
    quantity: Decimal
    unit_price: Decimal | None
    amount_minor: int
    discount_minor: int
    refund_of: str
    is_returned: bool
    taken_back_minor: int  # of a sale row, by later returns


class SaleRow(NamedTuple):
    """A row of an order of the till. ``amount_minor`` is what is paid for it in money, after every
    discount; ``discount_minor`` what was taken off."""

    amount_minor: int
    discount_minor: int
    tax_minor: int
    quantity: Decimal
    sku: str
    description: str
    category: str


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as the till sells it."""

    source: str  # till
    number: str
    store_id: int
    customer_id: int | None
    channel: str
    sold_at: datetime
    rows: tuple[SaleRow, ...]


class SoldRow(NamedTuple):
    """A row of an order that may come back: what is left of it."""

    position: int
    quantity: Decimal
    amount_minor: int
    left_quantity: Decimal
    left_minor: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order that may come back."""

    order_id: int
    source: str
    number: str
    store_id: int
    customer_id: int | None
    sold_at: datetime
    total_minor: int
    returned_minor: int
    tax_minor: int
    rows: tuple[SoldRow, ...]


class BackRow(NamedTuple):
    """What comes back of one row: pieces (0 = the goods stay) and money."""

    position: int
    quantity: Decimal
    amount_minor: int


class KnownShare(NamedTuple):
    """How much of the sales has a name: orders and net money with and without a customer."""

    known_orders: int
    orders: int
    known_minor: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a longer list; ``next`` is where the next page begins, None at the end."""

    rows: Sequence[Row]
    next: tuple[datetime, int] | None
