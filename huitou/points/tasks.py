"""Jobs of the ledger: what is past expires; at night every invariant is asked."""

from datetime import UTC, datetime

from huitou.kit.clock import civil_day, zone
from huitou.platform import jobs
from huitou.points import services
from huitou.staff import queries as staff


@jobs.every("3 * * * *", "points.expire")
def expire(due_at: datetime) -> None:
    """Just after every full hour, one of which is midnight in the company's zone, sweep what is
    past. Nothing past is ever spent before that; a sweep that finds nothing changes nothing."""
    del due_at
    company, now = staff.company(), datetime.now(UTC)
    if company is not None:
        services.expire_due(civil_day(now, zone(company.zone)), now=now)


@jobs.every("23 19 * * *", "points.verify")
def verify(due_at: datetime) -> None:
    """Once a day, at night in China: a ledger that does not add up makes this job fail, loudly."""
    del due_at
    services.verify_or_raise(now=datetime.now(UTC))
