"""Contribution margin of orders, or the plain statement that profit is not known.

Coverage = net sales of 365 days with a known cost / net sales. From 90 % profit is known and the
rest is filled with the category's mean share; below it every figure says "sales".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from huitou.insights.engine import Engine
from huitou.insights.frames import MoneyBasis

COVERAGE_NEEDED: Final = 0.90
YEAR_DAYS: Final = 365
OWN_MIX_PURCHASES: Final = 5
_PARTS: Final = 1_000_000  # shares are whole millionths, so that sums stay exact


@dataclass(frozen=True, slots=True)
class Dated:
    """One dated value of a setting: holds from ``valid_from`` until the next row of its scope;
    ``value`` None = taken back: not known from then on, in a category the company's again."""

    scope: str  # "", category:X, order, contact
    valid_from: date
    value: float | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What staff entered about margins and the cost of serving."""

    margin_percent: Sequence[Dated] = ()
    cost_to_serve_minor: Sequence[Dated] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """The basis of money in a run, and the orders with their margin (None = sales)."""

    basis: MoneyBasis
    orders: ir.Table | None


def margin(engine: Engine, orders: ir.Table, costs: Costs, *, as_of: date) -> Margin:
    """Whether profit is known, and the orders with their ``margin_minor`` if so."""
    with_sales = orders.mutate(sales_minor=orders.net_minor - orders.tax_minor)
    set_share = _dated_share(with_sales, costs.margin_percent)
    base = with_sales.mutate(
        open_minor=with_sales.sales_minor - with_sales.costed_minor,
        # The cost of an order holds its delivery, which every order bears, with known cost or not.
        goods_minor=ibis.coalesce(
            with_sales.cost_minor - ibis.coalesce(with_sales.delivery_minor, 0), 0
        ),
        set_millionths=set_share,
    )
    year = base.filter(
        base.is_counted,
        base.customer_id.notnull(),
        base.ordered_on > ibis.literal(as_of - timedelta(YEAR_DAYS)),
    )
    sums = engine.rows(
        year.group_by("main_category").agg(
            sales=year.sales_minor.sum().cast("int64"),
            costed=year.costed_minor.sum().cast("int64"),
            cost=year.goods_minor.sum().cast("int64"),
            by_setting=year.open_minor.sum(where=year.set_millionths.notnull()).cast("int64"),
            set_margin=_part(year.open_minor, year.set_millionths).sum().cast("int64"),
        )
    )
    coverage, shares, base_share = _coverage(sums)
    if coverage < COVERAGE_NEEDED:
        return Margin(MoneyBasis("sales", coverage, 0.0, None), None)
    expression = _of_order(base, shares, base_share, costs.cost_to_serve_minor)
    with_margin = base.mutate(margin_minor=expression)
    return Margin(MoneyBasis("profit", coverage, max(0.0, 1.0 - coverage), None), with_margin)


def with_base_margin(
    basis: MoneyBasis, net_365: NDArray[np.int64], margin_365: NDArray[np.float64]
) -> MoneyBasis:
    """The basis with g, the margin share of the base over 365 days."""
    total = int(net_365.sum())
    if not basis.is_profit or total <= 0:
        return basis
    share = float(np.nansum(margin_365)) / total
    return MoneyBasis(basis.name, basis.cost_coverage, basis.estimated_share, share)


def margin_shares(
    basis: MoneyBasis,
    days_365: NDArray[np.int32],
    net_365: NDArray[np.int64],
    margin_365: NDArray[np.float64],
) -> NDArray[np.float64]:
    """g per person: own mix from 5 purchases in 365 days on, else the base's; 1 = sales."""
    if basis.margin is None:
        return np.ones(len(days_365))
    own = (days_365 >= OWN_MIX_PURCHASES) & (net_365 > 0) & ~np.isnan(margin_365)
    shares = np.full(len(days_365), basis.margin)
    shares[own] = margin_365[own] / net_365[own]
    return shares


def _part(amount: ir.IntegerValue, millionths: ir.IntegerValue) -> ir.IntegerValue:
    return (amount * millionths) // _PARTS


def _dated_share(orders: ir.Table, rows: Sequence[Dated]) -> ir.IntegerValue:
    """The margin share set for the order's day in millionths: of its category, else of all."""
    whole = _latest(orders.ordered_on, [row for row in rows if not row.scope], 10_000)
    categories = sorted({row.scope for row in rows if row.scope.startswith("category:")})
    cases = [
        (
            orders.main_category == scope.removeprefix("category:"),
            ibis.coalesce(
                _latest(orders.ordered_on, [row for row in rows if row.scope == scope], 10_000),
                whole,
            ),
        )
        for scope in categories
    ]
    return ibis.cases(*cases, else_=whole).cast("int64") if cases else whole


def _latest(day: ir.DateValue, rows: Iterable[Dated], scale: int) -> ir.IntegerValue:
    nothing = ibis.null("int64")
    cases = [
        (
            day >= ibis.literal(row.valid_from),
            nothing if row.value is None else ibis.literal(round(row.value * scale), "int64"),
        )
        for row in sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ]
    return ibis.cases(*cases, else_=nothing).cast("int64") if cases else nothing


def _coverage(sums: list[dict[str, Any]]) -> tuple[float, dict[str, int], int]:
    """Share of sales with a known cost, and the mean margin share per category in millionths."""
    known = {
        row["main_category"]: (
            (row["costed"] or 0) + (row["by_setting"] or 0),
            (row["costed"] or 0) - (row["cost"] or 0) + (row["set_margin"] or 0),
        )
        for row in sums
    }
    sales = sum(row["sales"] or 0 for row in sums)
    all_known = sum(of for of, _ in known.values())
    all_margin = sum(earned for _, earned in known.values())
    base_share = all_margin * _PARTS // all_known if all_known > 0 else 0
    shares = {name: got * _PARTS // of for name, (of, got) in known.items() if of > 0}
    return (all_known / sales if sales > 0 else 0.0), shares, base_share


def _of_order(
    orders: ir.Table, shares: dict[str, int], base_share: int, to_serve: Sequence[Dated]
) -> ir.IntegerValue:
    cases = [
        (orders.main_category == name, ibis.literal(share, "int64"))
        for name, share in sorted(shares.items())
    ]
    mean = ibis.cases(*cases, else_=ibis.literal(base_share, "int64")) if cases else ibis.literal(
        base_share, "int64"
    )  # fmt: skip
    known = orders.costed_minor - orders.goods_minor
    filled = _part(orders.open_minor, ibis.coalesce(orders.set_millionths, mean))
    per_order = [row for row in to_serve if row.scope in {"", "order"}]
    serving = ibis.coalesce(_latest(orders.ordered_on, per_order, 1), 0)
    delivery = ibis.coalesce(orders.delivery_minor, 0)
    return known + filled - serving - delivery
