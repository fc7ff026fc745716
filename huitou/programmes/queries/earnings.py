"""Reads of what orders have earned, and of orders that have still to be settled."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from huitou.platform.statements import Statements
from huitou.programmes import models
from huitou.programmes.queries.rules import rules_on, version
from huitou.programmes.types import (
    AwardLeg,
    Basis,
    CompensationRow,
    Earning,
    MemberState,
    UnsettledRow,
)

SQL: Final = Statements(str(Path(__file__).parent))


def touched_by_import(import_id: int) -> list[int]:
    """The members whose earnings an import of orders may have changed."""
    return [row[0] for row in SQL.rows("touched_by_import", {"import_id": import_id})]


def unsettled(customer_ids: Sequence[int], *, zone: str) -> list[UnsettledRow]:
    """The orders of these members that may have to be settled, by member and day.

    Args:
        zone: of the programme; its days decide.
    """
    values = {"customer_ids": list(customer_ids), "zone": zone}
    return [UnsettledRow(*row) for row in SQL.rows("orders_to_settle", values)]


def states(
    customer_ids: Sequence[int], *, since: date, orders: Collection[tuple[str, str]]
) -> dict[int, MemberState]:
    """What must be known of these members to fold the ``orders`` (source, number), none of them
    earned before ``since``. Those who never joined are not in it."""
    members = models.Membership.objects.filter(customer_id__in=list(customer_ids))
    values = {
        "customer_ids": list(customer_ids),
        "since": since,
        "sources": [source for source, _ in orders],
        "numbers": [number for _, number in orders],
    }
    earnings: dict[int, dict[tuple[str, str], Earning]] = {}
    for customer_id, *row, awards in SQL.rows("earnings", values):
        legs = tuple(AwardLeg(*leg) for leg in json.loads(awards))
        earning = Earning(*[*row, legs])
        earnings.setdefault(customer_id, {})[earning.source, earning.number] = earning
    rows = members.values_list("customer_id", "joined_on", "left_on")
    return {row[0]: MemberState(*row, earnings.get(row[0], {})) for row in rows}


def earned_in_import(import_id: int) -> int:
    """How many orders an import wrote have earned points: it cannot be undone."""
    return int(SQL.rows("earned_in_import", {"import_id": import_id})[0][0])


def compensations(case_public_id: str) -> list[CompensationRow]:
    """What was given for a case, the first first."""
    rows = models.Compensation.objects.filter(case_public_id=case_public_id).order_by("id")
    fields = (
        "case_public_id", "customer_id", "kind", "points", "amount_minor", "coupon__code",
        "given_by", "given_at",
    )  # fmt: skip
    return [
        CompensationRow(*row)._replace(coupon_code=row[5] or "")
        for row in rows.values_list(*fields)
    ]


def basis_of(order_source: str, order_number: str, *, day: date) -> Basis:
    """Which money of an order earns: by the rules it has earned by, else by those of its day."""
    rows = models.Earning.objects.filter(source=order_source, number=order_number)
    version_id = rows.values_list("rule_version_id", flat=True).first()
    found = version(version_id) if version_id is not None else rules_on(day)
    return found.rules.basis if found else Basis.PAID
