"""The pure twin of the SQL functions: the same requests, the same lots, in memory.

A backtest posts to it; the tests keep it and the database equal. One book is one programme and
unit. Ids count from 1 in the order of posting."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from huitou.points.types import Adjust, Award, ClawBack, Entry, GiveBack, Policy, Redeem


@dataclass(slots=True)
class Lot:
    """Points of one transfer that are still there, or were."""

    id: int
    customer_id: int
    remaining: int
    effective_on: date
    expires_on: date  # date.max = never
    expired: int = 0

    @property
    def order(self) -> tuple[date, int]:
        """The order of spending: soonest to expire, then oldest."""
        return self.expires_on, self.id


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer as its member sees it; ``draws`` are (lot, kind, points)."""

    id: int
    kind: str
    customer_id: int
    points: int  # signed
    balance_after: int
    draws: tuple[tuple[int, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """``state`` as the database says it; ``left`` explains a refusal."""

    state: str  # accepted, repeated, conflict, short, missing, beyond
    moves: tuple[int, ...] = ()
    balance: int = 0
    left: int | None = None


@dataclass(slots=True)
class _Done:
    """What is remembered of an accepted key: the request, its answer, what was reversed of it."""

    payload: tuple[object, ...]
    answer: Answer
    points: int
    lot_id: int | None = None
    customer_id: int = 0
    spent: tuple[tuple[int, str, int], ...] = ()
    reversed: int = 0
    forgiven: int = 0


Key = tuple[str, str, int]


@dataclass(slots=True)
class Book:
    """The ledger of one programme and unit."""

    zone: ZoneInfo
    balances: dict[int, int] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    _done: dict[Key, _Done] = field(default_factory=dict)

    def open_lots(self, customer_id: int) -> list[Lot]:
        """The member's lots with points in them, in the order of spending."""
        mine = (lot for lot in self.lots.values() if lot.customer_id == customer_id)
        return sorted((lot for lot in mine if lot.remaining), key=lambda lot: lot.order)

    def post(self, entry: Entry) -> Answer:
        """Post one request; a refusal changes nothing."""
        day = entry.occurred_at.astimezone(self.zone).date()
        payload = _payload(entry)
        key = (entry.source, entry.external_id, entry.leg)
        of = self._done.get(_of(entry)) if isinstance(entry, ClawBack | GiveBack) else None
        if isinstance(entry, ClawBack | GiveBack) and not _fits(entry, of):
            return Answer("missing")
        if (known := self._done.get(key)) is not None:
            state = "repeated" if known.payload == payload else "conflict"
            return Answer(state, known.answer.moves, known.answer.balance)
        if of is not None and of.reversed + entry.points > of.points:
            return Answer("beyond", left=of.points - of.reversed)
        if isinstance(entry, ClawBack) and of is not None:
            done = self._claw_back(entry, of, day)
        elif isinstance(entry, GiveBack) and of is not None:
            done = self._give_back(entry, of, day)
        elif isinstance(entry, Award) or (isinstance(entry, Adjust) and entry.points > 0):
            done = self._award(entry, day)
        elif isinstance(entry, Redeem | Adjust):
            usable = self._usable(entry.customer_id, day)
            if usable < abs(entry.points):
                return Answer("short", left=usable)
            done = self._redeem(entry, day)
        done.payload = payload
        self._done[key] = done
        return done.answer

    def expire(self, today: date, customer_ids: Iterable[int] | None = None) -> int:
        """Expire what is past on ``today``: one move a member and last usable day; how many
        lots."""
        count = 0
        for customer_id in sorted(self.balances if customer_ids is None else customer_ids):
            past = [lot for lot in self.open_lots(customer_id) if lot.expires_on < today]
            for day in sorted({lot.expires_on for lot in past}):
                gone = [lot for lot in past if lot.expires_on == day]
                draws = tuple((lot.id, "expire", lot.remaining) for lot in gone)
                for lot in gone:
                    lot.expired, lot.remaining = lot.expired + lot.remaining, 0
                self._move("expire", customer_id, -sum(points for *_, points in draws), draws)
                count += len(gone)
        return count

    def _move(
        self, kind: str, customer_id: int, points: int, draws: Iterable[tuple[int, str, int]] = ()
    ) -> Move:
        balance = self.balances.get(customer_id, 0) + points
        self.balances[customer_id] = balance
        self.moves.append(
            Move(len(self.moves) + 1, kind, customer_id, points, balance, tuple(draws))
        )
        return self.moves[-1]

    def _award(self, entry: Award | Adjust, day: date) -> _Done:
        owed = max(0, -self.balances.get(entry.customer_id, 0))
        repaid = min(owed, entry.points)
        number = len(self.moves) + 1
        draws = [(number, "repay", repaid)] if repaid else []
        kind = "award" if isinstance(entry, Award) else "adjust"
        move = self._move(kind, entry.customer_id, entry.points, draws)
        starts = entry.effective_on if isinstance(entry, Award) else day
        ends = entry.expires_on or date.max
        left = entry.points - repaid
        self.lots[number] = Lot(number, entry.customer_id, left, starts, ends)
        answer = Answer("accepted", (move.id,), move.balance_after)
        lot_id = number if isinstance(entry, Award) else None
        return _Done((), answer, entry.points, lot_id=lot_id, customer_id=entry.customer_id)

    def _live(self, customer_id: int, day: date) -> list[Lot]:
        lots = self.open_lots(customer_id)
        return [lot for lot in lots if lot.effective_on <= day <= lot.expires_on]

    def _usable(self, customer_id: int, day: date) -> int:
        return sum(lot.remaining for lot in self._live(customer_id, day))

    def _redeem(self, entry: Redeem | Adjust, day: date) -> _Done:
        kind = "redeem" if isinstance(entry, Redeem) else "adjust"
        points = abs(entry.points)
        draws = _drawn(self._live(entry.customer_id, day), points, kind)
        move = self._move(kind, entry.customer_id, -points, draws)
        answer = Answer("accepted", (move.id,), move.balance_after)
        spent = move.draws if kind == "redeem" else ()
        return _Done((), answer, points, customer_id=entry.customer_id, spent=spent)

    def _claw_back(self, entry: ClawBack, of: _Done, day: date) -> _Done:
        customer_id, own = of.customer_id, self.lots[of.lot_id or 0]
        self.expire(day, [customer_id])
        expired = min(entry.points, max(0, own.expired - of.forgiven))
        open_lots = sorted(self.open_lots(customer_id), key=lambda lot: lot is not own)
        draws = _drawn(open_lots, entry.points - expired, "claw_back")
        taken = sum(points for *_, points in draws)
        left = entry.points - expired - taken
        owed = 0 if entry.policy is Policy.WITHIN_BALANCE else left
        moves = []
        if taken:
            moves.append(self._move("reverse", customer_id, -taken, draws).id)
        if owed:
            moves.append(self._move("reverse", customer_id, -owed).id)
        of.reversed, of.forgiven = of.reversed + entry.points, of.forgiven + expired
        answer = Answer("accepted", tuple(moves), self.balances[customer_id])
        return _Done((), answer, entry.points)

    def _give_back(self, entry: GiveBack, of: _Done, day: date) -> _Done:
        skip, left, grace, number = of.reversed, entry.points, 0, len(self.moves) + 1
        owed = max(0, -self.balances[of.customer_id])
        draws: list[tuple[int, str, int]] = []
        for lot_id, _, drawn in sorted(of.spent, key=lambda d: self.lots[d[0]].order, reverse=True):
            piece = min(max(0, drawn - skip), left)
            skip, left = max(0, skip - drawn), left - piece
            lot = self.lots[lot_id]
            if lot.expires_on < day and entry.grace_until is not None:
                grace += piece
            elif piece:
                draws.append((lot_id, "give_back", piece))
                owed = _repay(lot, piece, owed, draws)
        if grace and entry.grace_until is not None:
            lot = Lot(number, of.customer_id, 0, day, entry.grace_until)
            self.lots[number] = lot
            _repay(lot, grace, owed, draws)
        move = self._move("reverse", of.customer_id, entry.points, draws)
        of.reversed += entry.points
        return _Done((), Answer("accepted", (move.id,), move.balance_after), entry.points)


def _drawn(lots: Iterable[Lot], points: int, kind: str) -> list[tuple[int, str, int]]:
    """Take up to ``points`` from ``lots`` in their order."""
    draws = []
    for lot in lots:
        if take := min(lot.remaining, points):
            lot.remaining, points = lot.remaining - take, points - take
            draws.append((lot.id, kind, take))
    return draws


def _repay(lot: Lot, piece: int, owed: int, draws: list[tuple[int, str, int]]) -> int:
    """Put ``piece`` into ``lot``, what is owed first out of it; returns what is still owed."""
    repaid = min(owed, piece)
    if repaid:
        draws.append((lot.id, "repay", repaid))
    lot.remaining += piece - repaid
    return owed - repaid


def _of(entry: ClawBack | GiveBack) -> Key:
    return entry.of_source, entry.of_external_id, entry.of_leg


def _fits(entry: ClawBack | GiveBack, of: _Done | None) -> bool:
    """Claw-backs reverse awards, give-backs reverse redemptions."""
    return of is not None and bool(of.lot_id if isinstance(entry, ClawBack) else of.spent)


def _payload(entry: Entry) -> tuple[object, ...]:
    """What makes another request of the same key: neither when it happened nor why."""
    match entry:
        case Award():
            dates = (entry.effective_on, entry.expires_on)
            given = (entry.customer_id, entry.unit, entry.points)
            return ("award", *given, *dates, entry.rule_version)
        case Adjust():
            given = (entry.customer_id, entry.unit, entry.points)
            return ("adjust", *given, entry.expires_on if entry.points > 0 else None)
        case Redeem():
            return ("redeem", entry.customer_id, entry.unit, entry.points)
        case ClawBack():
            return ("claw_back", *_of(entry), entry.points, entry.policy)
        case GiveBack():
            return ("give_back", *_of(entry), entry.points, entry.grace_until)
