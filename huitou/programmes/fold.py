"""A member's orders, one after the other, become requests to the ledger: the second stage. Pure.

Order of the arithmetic: base → points → rounded → times the tier's multiplier → rounded. An event
is an order as it stands now, so a return is the same event with less money: what an order keeps is
what its remaining money would have earned, whatever the order or the number of its returns.
"""

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final

from huitou.points.types import (
    LONGEST_KEY,
    POINTS,
    QUALIFYING,
    Award,
    ClawBack,
    Entry,
    Policy,
)
from huitou.programmes import rules as rule
from huitou.programmes.types import (
    AwardLeg,
    Earning,
    MemberState,
    OrderEvent,
    Outcome,
    RulesRow,
)

POINTS_LEG: Final = 1
QUALIFYING_LEG: Final = 2
Key = tuple[str, str]


def fold(
    state: MemberState,
    events: Iterable[OrderEvent],
    *,
    versions: Sequence[RulesRow],
    factor: int,
    now: datetime,
) -> tuple[MemberState, list[Outcome]]:
    """What the events change, in business time; an event that changes nothing has no outcome.

    Args:
        state: of the member; ``earnings`` hold at least those of the events and those that count
            for a tier on the day of the first event.
        events: orders of this member as they stand now.
        versions: of the rules, in any order; the day an order was earned on chooses.
        factor: minor units of one major unit.
        now: when points are taken back.

    Returns:
        The state after them and one outcome per order that changed. A late event is credited on
        its own day with the tier of that day; orders after it keep the tier they had.
    """
    earnings = dict(state.earnings)
    window = _Window(earnings)
    outcomes = []
    for event in sorted(events, key=lambda one: (one.earned_on, one.occurred_at, one.number)):
        key = (event.source, event.number)
        known = earnings.get(key)
        reached = window.at(event.earned_on)
        if known is None:
            row = rule.in_force(versions, event.earned_on)
            if row is None or not _belongs(state, event):
                continue
            known = _unearned(event, row, reached)
            outcome = _changed(state, event, known, (row, reached), factor=factor, now=now)
        elif known.base_minor == event.base_minor:
            continue
        else:
            row = _version(versions, known.rule_version_id)
            outcome = _changed(state, event, known, (row, None), factor=factor, now=now)
        earnings[key] = outcome.earning
        window.put(key, outcome.earning)
        outcomes.append(outcome)
    return replace(state, earnings=earnings), outcomes


def ledger_key(prefix: str, text: str) -> str:
    """``prefix`` and ``text`` as a key of the ledger; what is too long is told by its digest."""
    key = f"{prefix}:{text}" if prefix else text
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{prefix}:{digest}" if prefix else digest


def award_source(order_source: str, customer_id: int, revision: int) -> str:
    """Under which source the points of an order are posted: an order that turns out to be somebody
    else's, or is corrected upwards, is posted under another."""
    return ledger_key(f"order/{customer_id}/{revision}", order_source)


class _Window:
    """The qualifying points that count on a day; days are asked in rising order."""

    def __init__(self, earnings: dict[Key, Earning]) -> None:
        self._waiting = sorted(earnings.items(), key=lambda item: item[1].earned_on, reverse=True)
        self._counted: dict[Key, int] = {}
        self._ends: list[tuple[date, Key]] = []
        self._sum = 0
        self._day = date.min

    def at(self, day: date) -> int:
        self._day = day
        while self._waiting and self._waiting[-1][1].earned_on <= day:
            self._count(*self._waiting.pop())
        while self._ends and self._ends[0][0] < day:
            self._sum -= self._counted.pop(heapq.heappop(self._ends)[1])
        return self._sum

    def put(self, key: Key, earning: Earning) -> None:
        """An earning was made or changed on a day that has been reached."""
        if key in self._counted:
            self._sum += earning.qualifying - self._counted[key]
            self._counted[key] = earning.qualifying
        elif earning.earned_on <= self._day <= earning.qualifies_until:
            self._count(key, earning)

    def _count(self, key: Key, earning: Earning) -> None:
        self._counted[key] = earning.qualifying
        self._sum += earning.qualifying
        heapq.heappush(self._ends, (earning.qualifies_until, key))


def _belongs(state: MemberState, event: OrderEvent) -> bool:
    """Orders earn from the day of joining through the day of leaving, and only with money."""
    is_in = state.joined_on <= event.earned_on and (
        state.left_on is None or event.earned_on <= state.left_on
    )
    return is_in and event.base_minor > 0


def _unearned(event: OrderEvent, row: RulesRow, reached: int) -> Earning:
    """The earning of an order before it has earned: the tier of its day is fixed here."""
    tier = rule.tier_of(reached, row.rules.tiers)
    return Earning(
        source=event.source,
        number=event.number,
        earned_on=event.earned_on,
        qualifies_until=rule.months_later(event.earned_on, row.rules.tier_months),
        base_minor=0,
        rule_version_id=row.id,
        multiplier_percent=tier.multiplier_percent if tier else 100,
        points=0,
        qualifying=0,
        revision=0,
        awards=(),
    )


def _changed(
    state: MemberState,
    event: OrderEvent,
    known: Earning,
    by: tuple[RulesRow, int | None],
    *,
    factor: int,
    now: datetime,
) -> Outcome:
    """Bring an order's earning to what its money earns."""
    row, reached = by
    rules = row.rules
    qualifying = rule.points_of(
        event.base_minor, rate=rules.points_per_major, factor=factor, rounding=rules.rounding
    )
    points = rule.rounded(Fraction(qualifying * known.multiplier_percent, 100), rules.rounding)
    why = _why(event, known, row, reached=reached, points=points, qualifying=qualifying)
    revision = known.revision + 1
    after = replace(
        known,
        base_minor=event.base_minor,
        points=points,
        qualifying=qualifying,
        revision=revision,
    )
    more = (points - known.points, qualifying - known.qualifying)
    if max(more) > 0:
        entries, awards = _award(state, event, after, row, more=more, why=why)
    else:
        taken = (state.customer_id, -more[0], -more[1])
        entries, awards = _claw_back(event, after, row, taken=taken, why=why, now=now)
    return Outcome(replace(after, awards=awards), entries, more[0], more[1], why)


def _award(
    state: MemberState,
    event: OrderEvent,
    after: Earning,
    row: RulesRow,
    *,
    more: tuple[int, int],
    why: dict[str, Any],
) -> tuple[tuple[Entry, ...], tuple[AwardLeg, ...]]:
    source = award_source(event.source, state.customer_id, after.revision)
    ends = (rule.last_day(event.earned_on, row.rules.expiry), after.qualifies_until)
    entries = tuple(
        Award(
            source=source,
            external_id=ledger_key("", event.number),
            customer_id=state.customer_id,
            unit=unit,
            points=count,
            occurred_at=event.occurred_at,
            effective_on=event.earned_on,
            expires_on=until,
            rule_version=row.id,
            why=why,
            leg=leg,
        )
        for unit, count, until, leg in (
            (POINTS, more[0], ends[0], POINTS_LEG),
            (QUALIFYING, more[1], ends[1], QUALIFYING_LEG),
        )
        if count > 0
    )
    leg = AwardLeg(source, max(more[0], 0), 0, max(more[1], 0), 0)
    return entries, (*after.awards, leg)


def _claw_back(
    event: OrderEvent,
    after: Earning,
    row: RulesRow,
    *,
    taken: tuple[int, int, int],
    why: dict[str, Any],
    now: datetime,
) -> tuple[tuple[Entry, ...], tuple[AwardLeg, ...]]:
    """Take points back from the postings of the order, the last first. ``taken``: of which
    customer, how many points and qualifying points."""
    customer_id, *left = taken
    entries: list[Entry] = []
    awards = []
    source = ledger_key(f"back/{customer_id}/{after.revision}", event.source)
    for award in reversed(after.awards):
        points = min(left[0], award.points - award.points_back)
        qualifying = min(left[1], award.qualifying - award.qualifying_back)
        left = [left[0] - points, left[1] - qualifying]
        for count, of_leg in ((points, POINTS_LEG), (qualifying, QUALIFYING_LEG)):
            if count > 0:
                entries.append(
                    ClawBack(
                        source=source,
                        external_id=ledger_key("", event.number),
                        of_source=award.source,
                        of_external_id=ledger_key("", event.number),
                        points=count,
                        occurred_at=now,
                        policy=_policy(row, of_leg),
                        why=why,
                        of_leg=of_leg,
                        leg=len(entries) + 1,
                    )
                )
        awards.append(
            award._replace(
                points_back=award.points_back + points,
                qualifying_back=award.qualifying_back + qualifying,
            )
        )
    return tuple(entries), tuple(reversed(awards))


def _policy(row: RulesRow, leg: int) -> Policy:
    """Qualifying points are never spent: nothing of them can be owed."""
    if leg == QUALIFYING_LEG:
        return Policy.WITHIN_BALANCE
    return Policy(row.rules.claw_back.value)


def _why(
    event: OrderEvent,
    known: Earning,
    row: RulesRow,
    *,
    reached: int | None,
    points: int,
    qualifying: int,
) -> dict[str, Any]:
    """What made the posting: enough to compute it again by hand."""
    why: dict[str, Any] = {
        "what": "order" if known.revision == 0 else "order_changed",
        "order_source": event.source,
        "order_number": event.number,
        "earned_on": event.earned_on.isoformat(),
        "version": row.version,
        "basis": row.rules.basis.value,
        "base_minor": event.base_minor,
        "points_per_major": str(row.rules.points_per_major),
        "rounding": row.rules.rounding.value,
        "multiplier_percent": known.multiplier_percent,
        "points": points,
        "qualifying": qualifying,
    }
    if reached is not None:
        tier = rule.tier_of(reached, row.rules.tiers)
        why |= {"tier": tier.code if tier else "", "tier_points": reached}
    if known.revision:
        why |= {"base_before_minor": known.base_minor, "points_before": known.points}
    return why


def _version(versions: Sequence[RulesRow], version_id: int) -> RulesRow:
    return next(row for row in versions if row.id == version_id)
