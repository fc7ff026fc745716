"""Which money of a sale earns: stateless, columns in, columns out. The first of the two stages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huitou.programmes.types import Basis

Money = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SaleRows:
    """Rows of sales, shape (n,) each: a till's cart row by row, an import order by order.

    Attributes:
        order: which order a row belongs to, 0 … orders - 1.
        paid_minor: what was paid for it in money and not given back: coupons and points are off.
        tax_minor: contained in the price the row had before returns and discounts.
        price_minor: that price.
    """

    order: NDArray[np.int64]
    paid_minor: Money
    tax_minor: Money
    price_minor: Money


def matched(rows: SaleRows, *, basis: Basis) -> Money:
    """The money of each row that earns, 0 or more, shape (n,). Tax is taken off by the share of the
    price that was paid, rounded half up."""
    paid: Money = np.maximum(rows.paid_minor, 0)
    if basis is Basis.PAID:
        return paid
    price = np.maximum(rows.price_minor, 1)
    tax = (2 * rows.tax_minor * paid + price) // (2 * price)
    left: Money = np.maximum(paid - tax, 0)
    return left


def base_of_orders(rows: SaleRows, *, basis: Basis, orders: int) -> Money:
    """The money of each order that earns, shape (orders,): rounding comes later, once per order."""
    base = np.zeros(orders, dtype=np.int64)
    np.add.at(base, rows.order, matched(rows, basis=basis))
    return base
