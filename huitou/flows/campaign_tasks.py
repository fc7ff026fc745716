"""Jobs of campaigns: one call each."""

from datetime import UTC, datetime

from huitou.flows import campaigns
from huitou.platform import jobs


@jobs.task(campaigns.SEND_JOB)
def send() -> None:
    """Draw and fill the outbox right after a campaign was confirmed; then again, while there is
    more to do than one run does."""
    if campaigns.work(datetime.now(UTC)):
        jobs.defer(campaigns.SEND_JOB, only_once=campaigns.SEND_JOB)
