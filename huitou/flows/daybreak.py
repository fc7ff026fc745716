"""A new day of the programme: points whose last day has passed expire, tiers are told anew."""

from datetime import datetime

from django.db import transaction

from huitou.kit.clock import civil_day, zone
from huitou.platform import progress
from huitou.points import services as points
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.staff import queries as staff


def turn_day(now: datetime) -> bool:
    """Expire and tell tiers once per civil day; whether it was done now.

    A machine that slept over midnight does it when it wakes; two workers do it once.
    """
    company = staff.company()
    if company is None or programme_queries.programme() is None:
        return False
    today = civil_day(now, zone(company.zone))
    with transaction.atomic():
        if not progress.claim(f"day:{today.isoformat()}", now=now):
            return False
        points.expire_due(today, now=now)
        programmes.tell_tiers(today=today, now=now)
    return True
