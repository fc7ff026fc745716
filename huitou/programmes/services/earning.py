"""Orders earn points: one way for the till's single order and an import's hundred thousand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from huitou.kit.clock import civil_day, zone
from huitou.kit.money import Currency
from huitou.platform import facts
from huitou.platform.statements import Statements
from huitou.points import services as points
from huitou.programmes import models, queries
from huitou.programmes.eventing import events_of
from huitou.programmes.facts import OrdersEarned
from huitou.programmes.fold import fold
from huitou.programmes.rules import in_force
from huitou.programmes.services.holding import lock_members
from huitou.programmes.services.placing import place
from huitou.programmes.types import OrderEvent, Outcome, RulesRow
from huitou.staff import queries as staff

MEMBERS_AT_ONCE: Final = 5_000
SQL: Final = Statements(str(Path(__file__).parent))
_FIELDS: Final = (
    "source", "number", "earned_on", "qualifies_until", "base_minor", "rule_version_id",
    "multiplier_percent", "points", "qualifying", "revision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Law:
    """What every order of a run is judged by, read once."""

    programme_id: int
    zone: str
    today: date
    factor: int  # minor units of one major unit
    versions: list[RulesRow]


def settle_import(*, import_id: int, now: datetime) -> int:
    """Let the members whose orders an import wrote earn, or give back, what they should; returns
    how many orders changed. Twice changes nothing."""
    return settle_members(customer_ids=queries.touched_by_import(import_id), now=now)


def settle_members(*, customer_ids: Sequence[int] | None, now: datetime) -> int:
    """Bring what the orders of these members (None = of all) have earned to what they should have;
    returns how many orders changed.

    An order is compared with what it earned before: a new one earns, a returned one gives back.
    """
    law = _law(now)
    if law is None:
        return 0
    ids = list(_everybody() if customer_ids is None else customer_ids)
    changed = 0
    for start in range(0, len(ids), MEMBERS_AT_ONCE):
        some = sorted(ids[start : start + MEMBERS_AT_ONCE])
        with transaction.atomic():
            lock_members(some)
            rows = queries.unsettled(some, zone=law.zone)
            changed += len(_settle(events_of(rows, law.versions), law, now=now))
    return changed


def earn(*, customer_id: int, event: OrderEvent, now: datetime) -> Outcome | None:
    """Let one order of a member earn what its money earns; None if nothing changes.

    In the caller's transaction, which holds the member (``lock_members``).
    """
    law = _law(now)
    outcomes = _settle({customer_id: [event]}, law, now=now) if law else []
    return outcomes[0] if outcomes else None


def _law(now: datetime) -> _Law | None:
    """None before there is a programme."""
    programme, company = queries.programme(), staff.company()
    if programme is None or company is None:
        return None
    return _Law(
        programme.id,
        company.zone,
        civil_day(now, zone(company.zone)),
        int(10 ** Currency(company.currency).decimals),
        queries.versions(),
    )


def _settle(events: dict[int, list[OrderEvent]], law: _Law, *, now: datetime) -> list[Outcome]:
    """Fold the events of each member and write what comes out, in the caller's transaction."""
    if not events:
        return []
    every = [event for some in events.values() for event in some]
    states = queries.states(
        list(events),
        since=min(event.earned_on for event in every),
        orders=[(event.source, event.number) for event in every],
    )
    outcomes: list[tuple[int, Outcome]] = []
    for customer_id, state in sorted(states.items()):
        _, found = fold(
            state, events[customer_id], versions=law.versions, factor=law.factor, now=now
        )
        outcomes += [(customer_id, outcome) for outcome in found]
    if outcomes:
        _post(outcomes, law, now=now)
    return [outcome for _, outcome in outcomes]


def _post(outcomes: Sequence[tuple[int, Outcome]], law: _Law, *, now: datetime) -> None:
    entries = [entry for _, outcome in outcomes for entry in outcome.entries]
    if entries:
        points.post(law.programme_id, entries, now=now, zone=zone(law.zone))
    _write(outcomes)
    members = sorted({customer_id for customer_id, _ in outcomes})
    found = in_force(law.versions, law.today)
    if found is not None:
        place(found, today=law.today, customer_ids=members, now=now)
    given = sum(outcome.points for _, outcome in outcomes)
    only = members[0] if len(members) == 1 else None
    facts.record(OrdersEarned(len(outcomes), len(members), given, only))


def _write(outcomes: Sequence[tuple[int, Outcome]]) -> None:
    """Keep what the orders have earned: a column each, one statement."""
    columns: dict[str, list[Any]] = {
        "customer_id": [customer_id for customer_id, _ in outcomes],
        "awards": [json.dumps(outcome.earning.awards) for _, outcome in outcomes],
    }
    for field in _FIELDS:
        columns[field] = [getattr(outcome.earning, field) for _, outcome in outcomes]
    SQL.run("keep_earnings", columns)


def _everybody() -> list[int]:
    return list(models.Membership.objects.values_list("customer_id", flat=True))
