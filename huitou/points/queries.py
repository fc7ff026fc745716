"""Reads of the ledger."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from huitou.platform.statements import Statements
from huitou.points import models
from huitou.points.types import (
    POINTS,
    AccountRow,
    Audit,
    Breach,
    DatedRow,
    LotRow,
    PostingRow,
    StatementRow,
    TotalsRow,
)

_STATEMENTS: Final = Statements(__file__)
MOST_WALKED: Final = 5_000
# Where the audit knows only from sums that something is wrong, these look for it.
_UNITS: Final = "I1 between two accounts of one unit"
_SEARCHES: Final = {
    _UNITS: "unsound_units",
    "I2 balance is credits less debits": "unsound_accounts",
    "I2 balances follow one another": "unsound_accounts",
    "I3 balance is open lots less owed": "unsound_accounts",
    "I4 a lot is what is left and its draws": "unsound_lots",
    "I5 what was taken is its draws": "unsound_draws",
    "I15 versions have no gap": "unsound_accounts",
    "I15 one fact tells of each transfer": "untold",
}


def account(
    programme_id: int, customer_id: int, unit: str = POINTS, *, today: date | None = None
) -> AccountRow:
    """What a member has; zeros for someone who never had any. ``usable`` is what can be spent on
    ``today`` (None: whatever is not swept yet)."""
    found = balances(programme_id, [customer_id], unit, today=today)
    return found.get(customer_id, AccountRow(0, 0, 0, 0))


def balances(
    programme_id: int,
    customer_ids: Sequence[int],
    unit: str = POINTS,
    *,
    today: date | None = None,
) -> dict[int, AccountRow]:
    """What many members have, by customer; who never had any is not in it."""
    rows = _STATEMENTS.rows(
        "accounts",
        {
            "programme_id": programme_id,
            "customer_ids": list(customer_ids),
            "unit": unit,
            "today": today,
        },
    )
    return {row[0]: AccountRow(*row[1:]) for row in rows}


def lots(
    programme_id: int, customer_id: int, unit: str = POINTS, *, today: date | None = None
) -> list[LotRow]:
    """The member's open lots, soonest to expire first; with ``today`` without those past."""
    member = _member(programme_id, customer_id, unit)
    return [LotRow(*row) for row in _STATEMENTS.rows("lots", {**member, "today": today})]


def statement(
    programme_id: int,
    customer_id: int,
    unit: str = POINTS,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[StatementRow]:
    """The member's latest transfers, newest first; ``before`` is the id of the last one seen."""
    member = _member(programme_id, customer_id, unit)
    rows = _STATEMENTS.rows("statement", {**member, "before": before, "limit": limit})
    return [StatementRow(*row)._replace(why=json.loads(row[6])) for row in rows]


def moments(
    programme_id: int,
    customer_id: int,
    *,
    limit: int = 50,
    after: tuple[datetime, int] | None = None,
) -> list[StatementRow]:
    """The member's transfers by when they happened, newest first; ``after`` = before this instant
    and id. Of somebody with more than ``MOST_WALKED`` only those posted last."""
    member = _member(programme_id, customer_id, POINTS)
    at, transfer_id = after or (None, None)
    values = {**member, "at": at, "id": transfer_id, "limit": limit, "most": MOST_WALKED}
    rows = _STATEMENTS.rows("moments", values)
    return [StatementRow(*row)._replace(why=json.loads(row[6])) for row in rows]


def posting(source: str, external_id: str) -> PostingRow | None:
    """Whose points a request moved and how; None if its key never happened."""
    of_key = models.Transfer.objects.filter(source=source, external_id=external_id, leg=1)
    fields = ("id", "kind", "points", "debit", "credit")
    row = of_key.values_list(*fields).first()
    if row is None:
        return None
    whose = models.Account.objects.filter(pk__in=row[3:], kind="member")
    transfer_id, kind, points = row[:3]
    customer_id = whose.values_list("customer_id", flat=True)[0] or 0
    return PostingRow(transfer_id, kind, points, customer_id)


def dated(source: str, external_id: str) -> DatedRow | None:
    """The days and rules a request was posted with; None if its key never happened."""
    rows = _STATEMENTS.rows("dated", {"source": source, "external_id": external_id})
    return DatedRow(*rows[0]) if rows else None


def totals(programme_id: int, since: datetime, until: datetime, unit: str = POINTS) -> TotalsRow:
    """What was issued, redeemed, expired within ``since <= occurred_at < until``, and what members
    hold now."""
    values = {"programme_id": programme_id, "unit": unit, "since": since, "until": until}
    return TotalsRow(*_STATEMENTS.rows("totals", values)[0])


def programmes() -> list[int]:
    """Every programme that has an account."""
    return [row[0] for row in _STATEMENTS.rows("programmes")]


def audit() -> Audit:
    """Every invariant of the ledger, and whether the past is what the newest seal says."""
    seals = models.Seal.objects.order_by("-upto_transfer_id")
    with transaction.atomic():
        _STATEMENTS.run("all_hands")
        newest: Any = seals.values("upto_transfer_id", "transfers", "fingerprint").first()
        sealed = newest or {}
        upto = sealed.get("upto_transfer_id")
        values = {name: sealed.get(name) for name in ("transfers", "fingerprint")}
        found = _STATEMENTS.rows("invariants", {"upto": upto, **values})
        breaches = [breach for row in found if (breach := _searched(*row)).times]
        passed_over, example = _STATEMENTS.rows("passed_over")[0]
        if passed_over:
            breaches.append(Breach("I6 soonest to expire is spent first", passed_over, example))
        transfers = _STATEMENTS.rows("how_many")[0][0]
    return Audit(transfers, breaches, upto)


def _searched(name: str, count: int, example: int | None) -> Breach:
    """The breach; where only sums told of it, the rows are looked for."""
    search = _SEARCHES.get(name) if example is None else None
    if search is None:
        return Breach(name, count, example)
    # One row, or one per invariant with its name before it.
    rows = [row for row in _STATEMENTS.rows(search) if len(row) == 2 or row[0] == name]
    times, example = rows[0][-2:]
    # A wrong version lets the sums of units differ, too; any other sum is wrong by itself.
    return Breach(name, times if name == _UNITS else max(times, 1), example)


def fingerprint(upto: int) -> tuple[int, int]:
    """A number made of all that the transfers up to one say, and how many they are."""
    found = _STATEMENTS.rows("fingerprint", {"upto": upto})[0]
    return found[0], found[1]


def _member(programme_id: int, customer_id: int, unit: str) -> Mapping[str, Any]:
    return {"programme_id": programme_id, "customer_id": customer_id, "unit": unit}
