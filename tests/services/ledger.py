"""What the tests of the ledger share: entries in few words, and the rows of the database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from huitou.points import rules
from huitou.points.types import Adjust, Award, ClawBack, GiveBack, Policy, Redeem

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
SOURCE = "till"


def on(day: date, hour: int = 12) -> datetime:
    """An instant of a business day of the programme."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def later(days: int) -> date:
    """So many days after the first one."""
    return MONDAY + timedelta(days=days)


def award(key: str, points: int, **given: Any) -> Award:
    """Points of the first day that never expire, unless told otherwise."""
    day = given.pop("day", MONDAY)
    values = {
        "customer_id": 1,
        "unit": "points",
        "occurred_at": on(day),
        "effective_on": day,
        "expires_on": None,
        "rule_version": 1,
        **given,
    }
    return Award(SOURCE, key, points=points, **values)


def redeem(key: str, points: int, *, day: date = MONDAY, customer_id: int = 1) -> Redeem:
    """Points spent at noon of a day."""
    return Redeem(SOURCE, key, customer_id, "points", points, on(day))


def claw_back(key: str, of: str, points: int, **given: Any) -> ClawBack:
    """Points of an award taken back; what is spent is owed, unless told otherwise."""
    day, policy = given.pop("day", MONDAY), given.pop("policy", Policy.DEBT)
    return ClawBack(SOURCE, key, SOURCE, of, points, on(day), policy, **given)


def give_back(key: str, of: str, points: int, *, day: date = MONDAY, **given: Any) -> GiveBack:
    """Points of a redemption returned."""
    return GiveBack(SOURCE, key, SOURCE, of, points, on(day), **given)


def adjust(key: str, points: int, *, day: date = MONDAY, **given: Any) -> Adjust:
    """Points given or taken by staff."""
    customer_id = given.pop("customer_id", 1)
    return Adjust(SOURCE, key, customer_id, "points", points, "sorry", "user:1", on(day), **given)


class MoveRow(NamedTuple):
    """One transfer, in the terms of the pure twin; lots are named by their place."""

    kind: str
    points: int
    balance_after: int
    draws: tuple[tuple[int, str, int], ...]


class LotState(NamedTuple):
    """One open lot; ``lot`` is the place of its transfer among the programme's."""

    lot: int
    remaining: int
    effective_on: date
    expires_on: date | None


class State(NamedTuple):
    """All that a programme's ledger says of its members."""

    balances: dict[int, int]
    moves: dict[int, list[MoveRow]]
    lots: dict[int, list[LotState]]


_MOVES = """
SELECT m.customer_id, t.id, t.kind, CASE WHEN t.credit = m.id THEN t.points ELSE -t.points END,
       t.balance_after
  FROM points_transfer t JOIN points_account m ON m.id IN (t.debit, t.credit) AND m.kind = 'member'
 WHERE m.programme_id = %s ORDER BY t.id
"""
_DRAWS = """
SELECT d.transfer_id, d.lot_id, d.kind, d.points FROM points_draw d
  JOIN points_transfer t ON t.id = d.transfer_id
  JOIN points_account m ON m.id IN (t.debit, t.credit) AND m.kind = 'member'
 WHERE m.programme_id = %s
"""
_LOTS = """
SELECT m.customer_id, l.transfer_id, l.remaining, l.effective_on, nullif(l.expires_on, 'infinity')
  FROM points_openlot l JOIN points_account m ON m.id = l.account_id
 WHERE m.programme_id = %s ORDER BY l.expires_on, l.transfer_id
"""
_BALANCES = """
SELECT customer_id, balance FROM points_account
 WHERE programme_id = %s AND kind = 'member' AND version > 0
"""


def _rows(statement: str, programme_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [programme_id])
        return list(cursor.fetchall())


def stored(programme_id: int) -> State:
    """What the database says."""
    found = _rows(_MOVES, programme_id)
    place = {row[1]: number for number, row in enumerate(found, start=1)}
    draws: dict[int, list[tuple[int, str, int]]] = {}
    for transfer_id, lot_id, kind, points in _rows(_DRAWS, programme_id):
        draws.setdefault(transfer_id, []).append((place[lot_id], kind, points))
    moves: dict[int, list[MoveRow]] = {}
    for customer_id, transfer_id, kind, points, balance in found:
        mine = tuple(sorted(draws.get(transfer_id, [])))
        moves.setdefault(customer_id, []).append(MoveRow(kind, points, balance, mine))
    lots: dict[int, list[LotState]] = {}
    for customer_id, lot_id, *rest in _rows(_LOTS, programme_id):
        lots.setdefault(customer_id, []).append(LotState(place[lot_id], *rest))
    return State(dict(_rows(_BALANCES, programme_id)), moves, lots)


def expected(book: rules.Book) -> State:
    """What the pure twin says."""
    moves: dict[int, list[MoveRow]] = {}
    for move in book.moves:
        row = MoveRow(move.kind, move.points, move.balance_after, tuple(sorted(move.draws)))
        moves.setdefault(move.customer_id, []).append(row)
    lots = {}
    for customer_id in book.balances:
        if mine := book.open_lots(customer_id):
            lots[customer_id] = [
                LotState(
                    lot.id,
                    lot.remaining,
                    lot.effective_on,
                    None if lot.expires_on == date.max else lot.expires_on,
                )
                for lot in mine
            ]
    return State(dict(book.balances), moves, lots)
