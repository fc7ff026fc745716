"""Points that another system gives, takes and gives back; its keys are those of the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from huitou.flows.errors import PostingUnknown
from huitou.kit.clock import civil_day, zone
from huitou.points import queries as ledger
from huitou.points import services as points
from huitou.points.types import POINTS, Award, ClawBack, Entry, GiveBack, Policy, Posted, Redeem
from huitou.programmes import queries as programmes
from huitou.programmes import rules as rule
from huitou.programmes.errors import NotMember, NotStarted
from huitou.programmes.types import RulesRow
from huitou.staff import queries as staff

WHAT: Final = "api"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Points of one member, under a key that happens once; ``reason`` is a code of that system."""

    source: str
    key: str
    customer_id: int
    points: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Programme:
    id: int
    zone: str
    today: date
    rules: RulesRow
    is_member: bool


def earn(wanted: Wanted, *, now: datetime) -> Posted:
    """Give points, usable at once, as long as the rules in force say.

    Raises:
        NotStarted, NotMember, KeyConflict.
    """
    programme = _programme(wanted, now)
    if not programme.is_member:
        raise NotMember
    entry = award(wanted, programme.rules, today=programme.today, now=now)
    return points.post_today(programme.id, entry, now=now, zone=zone(programme.zone))


def redeem(wanted: Wanted, *, now: datetime) -> Posted:
    """Take points, soonest to expire first.

    Raises:
        NotStarted, NotMember, KeyConflict.
        PointsShort: the member has fewer.
    """
    programme = _programme(wanted, now)
    if not programme.is_member:
        raise NotMember
    return _post(programme, redemption(wanted, now=now), now)


def refund(wanted: Wanted, *, of_key: str, now: datetime) -> Posted:
    """Undo what this system posted for the customer under ``of_key``, or a part of it: points
    given are taken back, points taken go back to the lots they came from.

    Raises:
        NotStarted.
        PostingUnknown: nothing was posted for this customer under that key.
        ReversedBeyond: more than is left of it.
        KeyConflict.
    """
    programme = _programme(wanted, now)
    with transaction.atomic():
        first = ledger.posting(wanted.source, of_key)
        is_theirs = first is not None and first.customer_id == wanted.customer_id
        if first is None or not is_theirs or first.kind not in {"award", "redeem"}:
            raise PostingUnknown(key=of_key)
        entry: Entry
        if first.kind == "award":
            entry = ClawBack(
                source=wanted.source,
                external_id=wanted.key,
                of_source=wanted.source,
                of_external_id=of_key,
                points=wanted.points,
                occurred_at=now,
                policy=Policy(programme.rules.rules.claw_back.value),
                why={"what": WHAT, "reason": wanted.reason},
            )
        else:
            entry = GiveBack(
                source=wanted.source,
                external_id=wanted.key,
                of_source=wanted.source,
                of_external_id=of_key,
                points=wanted.points,
                occurred_at=now,
                why={"what": "paid_back", "reason": wanted.reason},
            )
        return _post(programme, entry, now)


def award(wanted: Wanted, rules: RulesRow, *, today: date, now: datetime) -> Award:
    """What the ledger is asked when points are given under ``rules``."""
    return Award(
        source=wanted.source,
        external_id=wanted.key,
        customer_id=wanted.customer_id,
        unit=POINTS,
        points=wanted.points,
        occurred_at=now,
        effective_on=today,
        expires_on=rule.last_day(today, rules.rules.expiry),
        rule_version=rules.id,
        why={"what": WHAT, "reason": wanted.reason},
    )


def redemption(wanted: Wanted, *, now: datetime) -> Redeem:
    """What the ledger is asked when points are taken."""
    return Redeem(
        source=wanted.source,
        external_id=wanted.key,
        customer_id=wanted.customer_id,
        unit=POINTS,
        points=wanted.points,
        occurred_at=now,
        why={"what": WHAT, "reason": wanted.reason},
    )


def _programme(wanted: Wanted, now: datetime) -> _Programme:
    where = staff.company_zone()
    if where is None:
        raise NotStarted
    today = civil_day(now, zone(where))
    found = programmes.standing(wanted.customer_id, today=today)
    if found is None or found.rules is None:
        raise NotStarted
    return _Programme(found.programme_id, where, today, found.rules, found.is_member)


def _post(programme: _Programme, entry: Entry, now: datetime) -> Posted:
    (posted,) = points.post(programme.id, [entry], now=now, zone=zone(programme.zone))
    return posted
