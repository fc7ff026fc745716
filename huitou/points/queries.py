"""Reads of the ledger."""

from collections.abc import Sequence
from datetime import date, datetime

from huitou.points.types import POINTS, AccountRow, LotRow, StatementRow, TotalsRow


def account(
    programme_id: int, customer_id: int, unit: str = POINTS, *, today: date | None = None
) -> AccountRow:
    """What a member has; zeros for someone who never had any. ``usable`` is what can be spent on
    ``today`` (None: whatever is not swept yet)."""
    raise NotImplementedError


def balances(
    programme_id: int, customer_ids: Sequence[int], unit: str = POINTS
) -> dict[int, AccountRow]:
    """The accounts of many members; who has none is not in it."""
    raise NotImplementedError


def lots(
    programme_id: int, customer_id: int, unit: str = POINTS, *, today: date | None = None
) -> list[LotRow]:
    """The member's open lots, soonest to expire first; with ``today`` without those past."""
    raise NotImplementedError


def statement(
    programme_id: int,
    customer_id: int,
    unit: str = POINTS,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[StatementRow]:
    """The member's latest transfers, newest first; ``before`` is the id of the last one seen."""
    raise NotImplementedError


def totals(programme_id: int, since: datetime, until: datetime, unit: str = POINTS) -> TotalsRow:
    """What was issued, redeemed, expired within ``since <= occurred_at < until``, and what members
    hold now."""
    raise NotImplementedError
