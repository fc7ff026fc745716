"""Exports that write an order's total once, or on every row, beside its lines: one amount for every
line.

The total paid (delivery and tax included) is parcelled out by the lines' worth, to the last
hundredth; a refund becomes one more row of its own order ``<order>-R`` with ``refund_of``.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Final

import pyarrow as pa

from huitou.kit.money import Currency

# Said once for the whole order; adding them up over its rows must give the order's figure.
_ONCE: Final = ("discount", "delivery", "tax")
_FILLED: Final = (
    "customer", "customer_name", "phone", "email", "ordered_at", "paid_at", "currency", "store",
    "channel",
    "status",
)  # fmt: skip

Row = dict[str, Any]


def with_amounts(table: pa.Table) -> pa.Table:
    """Order lines with ``amount`` from the order's ``_total_amount``, and a row for
    ``_refunded_amount``.

    Worth of a line: ``_line_amount`` if there, else ``unit_price`` x ``quantity`` less
    ``_line_discount_amount``; lines without any worth share equally. An order whose total is no
    number keeps it in ``amount`` of its first row, to be rejected there.
    """
    if "_total_amount" not in table.column_names:
        return table.drop_columns([name for name in table.column_names if name.startswith("_")])
    rows: list[Row] = []
    for order in _orders(table.to_pylist()):
        _fill_down(order)
        _parcel_out(order)
        rows.extend(order)
        rows.extend(_refund(order))
    for row in rows:
        for name in [name for name in row if name.startswith("_")]:
            del row[name]
    names = [name for name in table.column_names if not name.startswith("_")]
    names += [n for n in ("amount", "refund_of", "status") if n not in names]
    fields = {
        name: table.schema.field(name).type if name in table.column_names else pa.string()
        for name in names
    }
    columns = {
        name: pa.array([row.get(name, "") for row in rows], kind) for name, kind in fields.items()
    }
    return pa.table(columns)


def _orders(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Neighbouring rows of one order."""
    order: list[Row] = []
    for row in rows:
        if order and row["order_id"] not in ("", order[0]["order_id"]):
            yield order
            order = []
        order.append(row)
    if order:
        yield order


def _fill_down(order: Sequence[Row]) -> None:
    """What the first row says of the order holds for its other rows; sums are said only once."""
    first = order[0]
    for row in order[1:]:
        row["order_id"] = first["order_id"]
        for name in _FILLED:
            if row.get(name) == "":
                row[name] = first[name]
        for name in _ONCE:
            if name in row and row[name] in ("", first[name]):
                row[name] = ""


def _parcel_out(order: Sequence[Row]) -> None:
    total = next((row["_total_amount"] for row in order if row.get("_total_amount")), "")
    paid = _number(total)
    if paid is None:
        for row in order:
            row["amount"] = row.get("amount", "") if row is not order[0] else total
        return
    parcels = shares(paid, [_worth(row) for row in order], decimals=_decimals(order[0]))
    for row, share in zip(order, parcels, strict=True):
        row["amount"] = str(share)


def shares(total: Decimal, weights: Sequence[Decimal], *, decimals: int = 2) -> list[Decimal]:
    """``total`` parcelled out in proportion to ``weights``; the sum is exact.

    Parcels have ``decimals`` places, or those of the total if it has more. The largest remainders
    get the units left over, earlier ones first. Without any weight all share equally.
    """
    if sum(weights) <= 0:
        weights = [Decimal(1)] * len(weights)
    step = Decimal((0, (1,), min(int(total.as_tuple().exponent), -decimals)))
    whole = sum(weights)
    exact = [total * weight / whole / step for weight in weights]
    units = [int(share.to_integral_value(rounding=ROUND_FLOOR)) for share in exact]
    left = int(total / step) - sum(units)
    by_remainder = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for index in by_remainder[:left]:
        units[index] += 1
    return [(unit * step).quantize(step) for unit in units]


def _decimals(row: Row) -> int:
    """Places of the row's currency; 2 where it names none we know."""
    try:
        return Currency(row.get("currency") or "").decimals
    except ValueError:
        return 2


def _worth(row: Row) -> Decimal:
    named = _number(row.get("_line_amount", ""))
    if named is not None:
        return max(named, Decimal(0))
    price, quantity = _number(row.get("unit_price", "")), _number(row.get("quantity", "") or "1")
    if price is None or quantity is None:
        return Decimal(0)
    discount = _number(row.get("_line_discount_amount", "")) or Decimal(0)
    return max(price * quantity - discount, Decimal(0))


def _refund(order: Sequence[Row]) -> Iterator[Row]:
    """One row for what was given back of a paid order."""
    given_back = next((row["_refunded_amount"] for row in order if row.get("_refunded_amount")), "")
    back = _number(given_back)
    first = order[0]
    is_counted = first.get("status", "paid") in ("", "paid") and not first.get("ignored")
    if not back or not is_counted:
        return
    kept: Row = {
        name: first[name]
        for name in (*_FILLED, "line", "problem", "ignored_reason")
        if name in first
    }
    nothing: Row = dict.fromkeys(first, "")
    yield {
        **nothing,
        **kept,
        "ignored": False,
        "order_id": f"{first['order_id']}-R",
        "refund_of": first["order_id"],
        "status": "returned",
        "amount": str(-abs(back)),
    }


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return number if number is None or number.is_finite() else None
