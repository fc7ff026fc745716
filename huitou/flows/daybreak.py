"""A new day of the programme: points whose last day has passed expire, tiers are told anew."""

from datetime import datetime

from huitou.kit.clock import civil_day, zone
from huitou.platform import progress
from huitou.platform import queries as platform
from huitou.points import services as points
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.staff import queries as staff


def turn_day(now: datetime) -> bool:
    """Expire points and tell tiers once per civil day; whether it was done now.

    A machine that slept over midnight does it when it wakes. Both change nothing when done twice,
    so the day is ticked off after them, not before.
    """
    company = staff.company()
    if company is None or programme_queries.programme() is None:
        return False
    today = civil_day(now, zone(company.zone))
    key = f"day:{today.isoformat()}"
    if platform.progress(key) is not None:
        return False
    points.expire_due(today, now=now)
    programmes.tell_tiers(today=today, now=now)
    progress.claim(key, now=now)
    return True
