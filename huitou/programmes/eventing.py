"""Orders as they stand become events of their members: the money of each that earns. Pure."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from huitou.programmes import match
from huitou.programmes import rules as rule
from huitou.programmes.types import Basis, OrderEvent, RulesRow, UnsettledRow


def events_of(
    rows: Sequence[UnsettledRow], versions: Sequence[RulesRow]
) -> dict[int, list[OrderEvent]]:
    """The orders (sorted by member) as events, each with the money that earns by the rules it has
    earned by, else by those of its day."""
    if not rows:
        return {}
    columns = match.SaleRows(
        order=np.arange(len(rows)),
        paid_minor=np.array([row.paid_minor for row in rows], dtype=np.int64),
        tax_minor=np.array([row.tax_minor for row in rows], dtype=np.int64),
        price_minor=np.array([row.price_minor for row in rows], dtype=np.int64),
    )
    base = {
        basis: match.base_of_orders(columns, basis=basis, orders=len(rows)).tolist()
        for basis in {row.rules.basis for row in versions}
    }
    of_version = {one.id: one.rules.basis for one in versions}
    found: dict[int, list[OrderEvent]] = {}
    for customer_id, group in groupby(enumerate(rows), key=lambda item: item[1].customer_id):
        found[customer_id] = [
            OrderEvent(
                row.source,
                row.number,
                row.occurred_at,
                row.earned_on,
                base[_basis(row, of_version, versions)][place],
            )
            for place, row in group
        ]
    return found


def _basis(row: UnsettledRow, of_version: dict[int, Basis], versions: Sequence[RulesRow]) -> Basis:
    if row.rule_version_id in of_version:
        return of_version[row.rule_version_id]
    found = rule.in_force(versions, row.earned_on)
    return found.rules.basis if found else versions[0].rules.basis
