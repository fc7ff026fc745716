"""Is what orders earned what they should have earned, and does the ledger say the same?"""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from huitou.programmes import models
from huitou.programmes import rules as rule
from huitou.programmes.queries.earnings import SQL, unsettled
from huitou.programmes.queries.rules import factor, versions
from huitou.programmes.types import RulesRow


class Check(NamedTuple):
    """What a recount found: how many orders were counted, and what does not agree."""

    orders: int
    miscounted: list[str]  # order numbers whose points are not what their money earns
    unposted: list[int]  # customers whose ledger was awarded something else
    mistold: list[int]  # customers whose tier rests on other points than count today
    unsettled: list[str]  # order numbers that changed and were not settled yet

    @property
    def is_sound(self) -> bool:
        """Whether everything agrees."""
        return not (self.miscounted or self.unposted or self.mistold or self.unsettled)


def check(*, today: date, zone: str) -> Check:
    """Count everything that was ever earned again, by the rules it was earned by, and compare it
    with the ledger, the tiers and the orders of today."""
    rules = {row.id: row for row in versions()}
    unit = factor()
    rows = SQL.rows("recount")
    miscounted = [row[1] for row in rows if not _agrees(row, rules, unit)]
    members = list(models.Membership.objects.values_list("customer_id", flat=True))
    waiting = [
        row.number
        for row in unsettled(members, zone=zone)
        if row.rule_version_id is None and _has_rules(rules, row.earned_on)
    ]
    return Check(
        orders=len(rows),
        miscounted=miscounted,
        unposted=sorted({row[0] for row in SQL.rows("unposted", {})}),
        mistold=[row[0] for row in SQL.rows("mistold", {"today": today})],
        unsettled=waiting,
    )


def _agrees(row: tuple[object, ...], rules: dict[int, RulesRow], unit: int) -> bool:
    """Whether an earning is what its money earns by its rules, and what was posted for it."""
    base_minor, version_id, percent, points, qualifying, posted, posted_qualifying = (
        int(str(value)) for value in row[3:]
    )
    found = rules[version_id].rules
    counted = rule.points_of(
        base_minor, rate=found.points_per_major, factor=unit, rounding=found.rounding
    )
    expected = rule.rounded(Fraction(counted * percent, 100), found.rounding)
    return (expected, counted) == (points, qualifying) == (posted, posted_qualifying)


def _has_rules(rules: dict[int, RulesRow], day: date) -> bool:
    return rule.in_force(list(rules.values()), day) is not None
