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
from huitou.programmes.types import RulesRow

SQL: Final = Statements(str(Path(__file__).parent))


def tell_tiers(*, today: date, now: datetime, customer_ids: Sequence[int] | None = None) -> int:
    """Tell these members (None = all) their tier as it is on ``today``; returns how many changed.

    A tier is never kept in two places: it follows from the points that count on the day, so a
    member falls when points grow too old, and every change keeps the points that made it.
    """
    found = queries.rules_on(today)
    return 0 if found is None else place(found, today=today, now=now, customer_ids=customer_ids)


def place(
    found: RulesRow, *, today: date, now: datetime, customer_ids: Sequence[int] | None = None
) -> int:
    """``tell_tiers`` for who knows the rules of ``today``."""
    tiers = found.rules.tiers
    values = {
        "today": today,
        "now": now,
        "customer_ids": None if customer_ids is None else list(customer_ids),
        "codes": [tier.code for tier in tiers],
        "thresholds": [tier.from_points for tier in tiers],
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
