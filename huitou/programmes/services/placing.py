"""Members are told their tier: the qualifying points that count today, on the ladder of today."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from huitou.platform import facts
from huitou.platform.statements import Statements
from huitou.programmes import queries
from huitou.programmes.facts import TiersChanged
from huitou.programmes.services.holding import lock_members
from huitou.programmes.types import RulesRow

SQL: Final = Statements(str(Path(__file__).parent))
AT_ONCE: Final = 5_000


def tell_tiers(*, today: date, now: datetime, customer_ids: Sequence[int] | None = None) -> int:
    """Tell these members (None = all) their tier as it is on ``today``; returns how many changed.

    A tier is never kept in two places: it follows from the points that count on the day, so a
    member falls when points grow too old, and every change keeps the points that made it.
    """
    found = queries.rules_on(today)
    if found is None:
        return 0
    if customer_ids is not None:
        return place(found, today=today, now=now, customer_ids=customer_ids)
    told_otherwise = [row[0] for row in SQL.rows("told_otherwise", _ladder(found, today))]
    changed = 0
    for start in range(0, len(told_otherwise), AT_ONCE):
        some = told_otherwise[start : start + AT_ONCE]
        with transaction.atomic():
            # Held before it is counted again: a sale that commits meanwhile must not be told away.
            lock_members(some)
            changed += place(found, today=today, now=now, customer_ids=some)
    return changed


def place(found: RulesRow, *, today: date, now: datetime, customer_ids: Sequence[int]) -> int:
    """``tell_tiers`` for who knows the rules of ``today`` and holds the members."""
    tiers = found.rules.tiers
    values = {
        **_ladder(found, today),
        "now": now,
        "customer_ids": list(customer_ids),
        "rule_version_id": found.id,
    }
    places = {tier.code: place for place, tier in enumerate(tiers)}
    with transaction.atomic():
        changed = SQL.rows("tell_tiers", values)
        if changed:
            up = sum(places.get(after, -1) > places.get(before, -1) for _, before, after in changed)
            only = int(changed[0][0]) if len(changed) == 1 else None
            facts.record(TiersChanged(up, len(changed) - up, only))
    return len(changed)


def _ladder(found: RulesRow, today: date) -> dict[str, object]:
    tiers = found.rules.tiers
    return {
        "today": today,
        "codes": [tier.code for tier in tiers],
        "thresholds": [tier.from_points for tier in tiers],
    }
