"""Draft rules tried on the orders of the last year, beside the rules in force.

The two stages that post points run here into memory. Behaviour is held fixed: the same orders, as
if today's members had been members all year.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from huitou.programmes.eventing import events_of
from huitou.programmes.fold import fold
from huitou.programmes.queries.earnings import SQL
from huitou.programmes.queries.rules import factor, rules_on
from huitou.programmes.rules import tier_of
from huitou.programmes.types import (
    MemberState,
    Preview,
    Rules,
    RulesRow,
    UnsettledRow,
)

YEAR: Final = timedelta(days=365)
MOST_ORDERS: Final = 20_000


def preview(draft: Rules, *, today: date, zone: str, now: datetime) -> Preview | None:
    """What ``draft`` would have given for the last year's orders; None before the programme has
    rules. Of more than 20,000 orders the first members' are taken, and ``is_whole`` says so."""
    found = rules_on(today)
    if found is None:
        return None
    since = today - YEAR
    values = {"zone": zone, "since": since, "most": MOST_ORDERS + 1}
    rows = [UnsettledRow(*row) for row in SQL.rows("orders_of_year", values)]
    is_whole = len(rows) <= MOST_ORDERS
    if not is_whole:
        last = rows[-1].customer_id
        rows = [row for row in rows if row.customer_id != last]
    current = found._replace(valid_from=date.min)
    other = current._replace(rules=draft)
    now_points, now_tiers = _folded(rows, current, since, today, now)
    then_points, then_tiers = _folded(rows, other, since, today, now)
    pairs = [(now_points[one], then_points[one]) for one in now_points]
    return Preview(
        orders=len(rows),
        members=len(now_points),
        points_now=sum(now_points.values()),
        points_draft=sum(then_points.values()),
        more=sum(then > before for before, then in pairs),
        fewer=sum(then < before for before, then in pairs),
        tiers_now=now_tiers,
        tiers_draft=then_tiers,
        since=since,
        is_whole=is_whole,
    )


def _folded(
    rows: list[UnsettledRow], version: RulesRow, since: date, today: date, now: datetime
) -> tuple[dict[int, int], dict[str, int]]:
    """Points of each member, and how many members end in each tier."""
    tiers: Counter[str] = Counter()
    given: dict[int, int] = {}
    unit = factor()
    for customer_id, of_member in events_of(rows, [version]).items():
        state = MemberState(customer_id, since - YEAR, None, {})
        after, outcomes = fold(state, of_member, versions=[version], factor=unit, now=now)
        given[customer_id] = sum(outcome.points for outcome in outcomes)
        counting = sum(
            one.qualifying for one in after.earnings.values() if one.qualifies_until >= today
        )
        tier = tier_of(counting, version.rules.tiers)
        tiers[tier.code if tier else ""] += 1
    return given, dict(tiers)
