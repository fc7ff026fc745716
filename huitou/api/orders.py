"""Orders: one or many at once, read as an import reads them; a customer's orders back."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from huitou.api.access import Key, actor_of
from huitou.api.keyed import kept
from huitou.api.people import customer_named
from huitou.api.shapes import (
    MOST_MINOR,
    PAGE,
    Code,
    Id,
    IdempotencyKey,
    Instant,
    Limit,
    Minor,
    Text,
    answers,
)
from huitou.flows import rows_given
from huitou.flows.types import Result, Wishes
from huitou.kit.money import Currency, major_text
from huitou.orders import queries
from huitou.orders.types import OrderRow
from huitou.staff import queries as staff
from huitou.staff.types import Scope

router = Router(tags=["orders"])
MOST: Final = 1_000
Source = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=13, decimal_places=6)]


class LineIn(Schema):
    """A row: what was paid for it after discount, tax included."""

    amount_minor: Annotated[int, Field(ge=-MOST_MINOR, le=MOST_MINOR)]
    quantity: Quantity = Decimal(1)
    sku: Text = ""
    product: Text = ""
    category: Text = ""
    discount_minor: Minor = 0
    tax_minor: Minor = 0


class OrderIn(Schema):
    """An order; it replaces the order of this number as a whole."""

    number: Code
    ordered_at: Instant
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=200)]
    customer: Text = Field("", description="Your name for the customer; empty = anonymous sale")
    status: Annotated[str, Field(pattern=r"^(pending|paid|cancelled|returned)$")] = "paid"
    store: Text = ""
    channel: Text = ""
    refund_of: Text = ""


class OrdersIn(Schema):
    """At most 1,000 orders that get in together or not at all, unless those that are refused may
    be left out."""

    orders: Annotated[list[OrderIn], Field(min_length=1, max_length=MOST)]
    source: Source = "api"
    skip_rejected: bool = False


class Rejected(Schema):
    """A row that did not get in: of which order (from 0), which of its lines (from 0)."""

    order: int
    line: int
    field: str
    reason: str


class OrdersOut(Schema):
    """What became of the orders; ``import_id`` names the import that can be rolled back."""

    import_id: str
    new: int
    changed: int
    unchanged: int
    rejected: int
    rejections: list[Rejected]


class OrderOut(Schema):
    """An order in a customer's history."""

    order_id: int
    source: str
    number: str
    channel: str
    status: str
    ordered_at: datetime
    total_minor: int
    returned_minor: int


class OrdersPage(Schema):
    """Orders, newest first; the next page begins at ``next``."""

    orders: list[OrderOut]
    next: str | None


@router.post("/orders", auth=Key(Scope.ORDERS_WRITE), response=answers(OrdersOut))
def bring_orders(request: HttpRequest, payload: OrdersIn, key: IdempotencyKey) -> dict[str, Any]:
    """Bring in one order or up to 1,000, by the same rules and plan as a file.

    An order is known by source and number: sent again it is unchanged, sent otherwise it replaces
    the one before. Members earn shortly after.
    """
    return kept(request, key, "orders.bring", payload, lambda: _bring(request, payload))


@router.get("/customers/{code}/orders", auth=Key(Scope.ORDERS_READ), response=answers(OrdersPage))
def orders_of(
    request: HttpRequest, code: Code, limit: Limit = PAGE, after: Id | None = None
) -> dict[str, Any]:
    """A customer's orders, newest first; ``after`` = the id of the last order seen."""
    customer_id = customer_named(code)
    last = queries.order_of(customer_id, after) if after is not None else None
    place = (last.ordered_at, last.order_id) if last else None
    page = queries.orders_of(customer_id, limit=limit, after=place)
    following = str(page.next[1]) if page.next else None
    return {"orders": [_order(row) for row in page.rows], "next": following}


def _order(row: OrderRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OrderOut.model_fields}


def _bring(request: HttpRequest, payload: OrdersIn) -> dict[str, Any]:
    company = staff.company()
    currency = Currency(company.currency if company else "CNY")
    rows, places = [], []
    for place, order in enumerate(payload.orders):
        for line_no, line in enumerate(order.lines):
            rows.append(_row(order, line, line_no, currency))
            places.append((place, line_no))
    wishes = Wishes(source=payload.source, skip_rejected=payload.skip_rejected)
    found = rows_given.bring("orders", rows, wishes, actor=actor_of(request), now=timezone.now())
    return _result(found, places)


def _row(order: OrderIn, line: LineIn, line_no: int, currency: Currency) -> dict[str, str]:
    return {
        "order_id": order.number,
        "line_no": str(line_no + 1),
        "customer": order.customer,
        "ordered_at": order.ordered_at.isoformat(sep=" ", timespec="microseconds"),
        "status": order.status,
        "store": order.store,
        "channel": order.channel or "api",
        "refund_of": order.refund_of,
        "amount": major_text(line.amount_minor, currency),
        "quantity": f"{line.quantity:f}",
        "sku": line.sku,
        "product": line.product,
        "category": line.category,
        "discount": major_text(line.discount_minor, currency),
        "tax": major_text(line.tax_minor, currency),
    }


def _result(found: Result, places: list[tuple[int, int]]) -> dict[str, Any]:
    things = found.things
    return {
        "import_id": found.import_id or "",
        "new": things.new,
        "changed": things.changed,
        "unchanged": things.unchanged,
        "rejected": things.rejected,
        "rejections": [
            {
                "order": places[one.line - 1][0],
                "line": places[one.line - 1][1],
                "field": one.field,
                "reason": one.reason,
            }
            for one in found.rejections
        ],
    }
