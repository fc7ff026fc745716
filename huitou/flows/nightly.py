"""The nightly measurement: once per civil day of the company, at the time its settings say."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from huitou.flows import imports
from huitou.kit.clock import zone
from huitou.platform import jobs, progress
from huitou.staff import queries as staff

MEASURE = "insights.measure"


@jobs.every("*/15 * * * *", "flows.nightly")
def nightly(due_at: datetime) -> None:
    """Look every quarter of an hour whether tonight's measurement is due."""
    defer_if_due(due_at)


def defer_if_due(now: datetime) -> bool:
    """Ask for the measurement if its time has passed today and nobody has asked yet; whether it
    did.

    A machine that slept through the night measures when it wakes; asking twice asks once.
    """
    company = staff.company()
    if company is None:
        return False
    local = now.astimezone(zone(company.zone))
    today = local.date()
    hour, minute = map(int, str(staff.setting("measure_at", on=today)).split(":"))
    due = timedelta(hours=hour, minutes=minute)
    if timedelta(hours=local.hour, minutes=local.minute) < due:
        return False
    with transaction.atomic():
        if not progress.claim(f"nightly:{today.isoformat()}", now=now.astimezone(UTC)):
            return False
        jobs.defer(MEASURE, only_once=MEASURE, lane=jobs.LONG)
    imports.forget_files(now=now)
    return True
