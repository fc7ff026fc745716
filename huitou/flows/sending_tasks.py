"""Jobs of the outbox: one call each."""

from datetime import UTC, datetime

from huitou.flows import sending
from huitou.platform import jobs
from huitou.platform.messages.services import SEND_JOB


@jobs.task(SEND_JOB)
def send_due() -> None:
    """Send what is due, right after it was queued; what one run does not finish, the next does."""
    tally = sending.send_due(datetime.now(UTC))
    if tally.is_unfinished:
        jobs.defer(SEND_JOB, only_once=SEND_JOB)
