"""Once a day: the words of old messages are deleted."""

from datetime import datetime
from typing import Final

from huitou.flows import contacting
from huitou.kit.clock import civil_day, zone
from huitou.platform import progress
from huitou.platform import queries as platform
from huitou.platform.messages import forgetting
from huitou.staff import queries as staff

BATCH: Final = 20_000  # of one look; a minute later the next


def forget_old(now: datetime) -> int:
    """Delete the words of messages older than ``message_words_days`` says, once per civil day of
    the company, batch by batch; how many this time.

    The day is ticked off when nothing is left: a machine that slept does it when it wakes.
    """
    company = staff.company()
    if company is None:
        return 0
    key = f"message_words:{civil_day(now, zone(company.zone)).isoformat()}"
    if platform.progress(key) is not None:
        return 0
    house = contacting.house_on(now, company=company)
    before = house.since(contacting.words_days(house) + 1, now)
    count = forgetting.forget_words(before=before, limit=BATCH)
    if count < BATCH:
        progress.claim(key, now=now)
    return count
