"""Staff give or take points, with a reason that is one of a list: the ledger keeps it for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from huitou.points import services as points
from huitou.points.types import POINTS, Adjust
from huitou.programmes import errors, queries
from huitou.programmes import rules as rule
from huitou.programmes.services.couponing import today_of
from huitou.programmes.services.holding import lock_members

SOURCE: Final = "staff"
REASONS: Final = ("missed", "mistaken", "goodwill")  # codes; no free text about people is kept
MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class AdjustmentIn:
    """Points to give (above 0) or to take (below 0)."""

    key: str
    customer_id: int
    points: int
    reason: str  # of REASONS


def adjust(*, adjustment: AdjustmentIn, actor: str, now: datetime) -> int:
    """Give or take points; the same key does it once. Returns the balance after it.

    Raises:
        AdjustmentInvalid: no points, too many, or a reason nobody knows.
        NotStarted, NotMember: there is nobody to give them to.
        PointsShort: more would be taken than there is.
    """
    if not 0 < abs(adjustment.points) <= MOST or adjustment.reason not in REASONS:
        raise errors.AdjustmentInvalid(most=MOST)
    today = today_of(now)
    programme, found = queries.programme(), queries.rules_on(today)
    if programme is None or found is None:
        raise errors.NotStarted
    with transaction.atomic():
        lock_members([adjustment.customer_id])
        member = queries.member(adjustment.customer_id)
        if member is None or member.left_at is not None:
            raise errors.NotMember
        entry = Adjust(
            source=SOURCE,
            external_id=adjustment.key,
            customer_id=adjustment.customer_id,
            unit=POINTS,
            points=adjustment.points,
            reason=adjustment.reason,
            actor=actor,
            occurred_at=now,
            expires_on=rule.last_day(today, found.rules.expiry) if adjustment.points > 0 else None,
            why={"what": "adjustment"},
        )
        return points.post_today(programme.id, entry, now=now).balance
