"""Orders earn points: one way for the till's single order and an import's hundred thousand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from huitou.kit.clock import civil_day, zone
from huitou.platform import facts
from huitou.points import services as points
from huitou.programmes import models, queries
from huitou.programmes.eventing import events_of
from huitou.programmes.facts import OrdersEarned
from huitou.programmes.fold import fold
from huitou.programmes.services.joining import lock_members
from huitou.programmes.services.placing import tell_tiers
from huitou.programmes.types import OrderEvent, Outcome
from huitou.staff import queries as staff

MEMBERS_AT_ONCE: Final = 5_000
_FIELDS: Final = (
    "earned_on", "qualifies_until", "base_minor", "rule_version_id", "multiplier_percent",
    "points", "qualifying", "revision", "awards",
)  # fmt: skip


def settle_import(*, import_id: int, now: datetime) -> int:
    """Let the members whose orders an import wrote earn, or give back, what they should; returns
    how many orders changed. Twice changes nothing."""
    return settle_members(customer_ids=queries.touched_by_import(import_id), now=now)


def settle_members(*, customer_ids: Sequence[int] | None, now: datetime) -> int:
    """Bring what the orders of these members (None = of all) have earned to what they should have;
    returns how many orders changed.

    An order is compared with what it earned before: a new one earns, a returned one gives back.
    """
    programme, company = queries.programme(), staff.company()
    if programme is None or company is None:
        return 0
    ids = list(_everybody() if customer_ids is None else customer_ids)
    changed = 0
    for start in range(0, len(ids), MEMBERS_AT_ONCE):
        some = sorted(ids[start : start + MEMBERS_AT_ONCE])
        with transaction.atomic():
            lock_members(some)
            rows = queries.unsettled(some, zone=company.zone)
            changed += len(_settle(events_of(rows, queries.versions()), now=now))
    return changed


def earn(*, customer_id: int, event: OrderEvent, now: datetime) -> Outcome | None:
    """Let one order of a member earn what its money earns; None if nothing changes.

    In the caller's transaction, which holds the member (``lock_members``).
    """
    outcomes = _settle({customer_id: [event]}, now=now)
    return outcomes[0] if outcomes else None


def _settle(events: dict[int, list[OrderEvent]], *, now: datetime) -> list[Outcome]:
    """Fold the events of each member and write what comes out, in the caller's transaction."""
    programme, company = queries.programme(), staff.company()
    if programme is None or company is None or not events:
        return []
    today = civil_day(now, zone(company.zone))
    every = [event for some in events.values() for event in some]
    states = queries.states(
        list(events),
        since=min(event.earned_on for event in every),
        orders=[(event.source, event.number) for event in every],
    )
    versions, factor = queries.versions(), queries.factor()
    outcomes: list[tuple[int, Outcome]] = []
    for customer_id, state in sorted(states.items()):
        _, found = fold(state, events[customer_id], versions=versions, factor=factor, now=now)
        outcomes += [(customer_id, outcome) for outcome in found]
    if not outcomes:
        return []
    entries = [entry for _, outcome in outcomes for entry in outcome.entries]
    if entries:
        points.post(programme.id, entries, now=now, zone=zone(company.zone))
    _write(outcomes)
    members = sorted({customer_id for customer_id, _ in outcomes})
    tell_tiers(today=today, customer_ids=members, now=now)
    given = sum(outcome.points for _, outcome in outcomes)
    only = members[0] if len(members) == 1 else None
    facts.record(OrdersEarned(len(outcomes), len(members), given, only))
    return [outcome for _, outcome in outcomes]


def _write(outcomes: Sequence[tuple[int, Outcome]]) -> None:
    rows = [
        models.Earning(
            customer_id=customer_id,
            source=outcome.earning.source,
            number=outcome.earning.number,
            **{field: _stored(outcome, field) for field in _FIELDS},
        )
        for customer_id, outcome in outcomes
    ]
    models.Earning.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "number", "customer_id"],
        update_fields=list(_FIELDS),
        batch_size=2_000,
    )


def _stored(outcome: Outcome, field: str) -> Any:
    value = getattr(outcome.earning, field)
    return [list(leg) for leg in value] if field == "awards" else value


def _everybody() -> list[int]:
    return list(models.Membership.objects.values_list("customer_id", flat=True))
