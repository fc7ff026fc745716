"""Jobs of the mailbox: one call each."""

from datetime import UTC, datetime

from huitou.flows import mailbox
from huitou.platform import jobs

READ_JOB = "messages.read_mailbox"


@jobs.every("*/3 * * * *", "flows.mailbox")
def look(due_at: datetime) -> None:
    """Every three minutes: what came back, and what customers wrote."""
    del due_at  # a look that comes late looks at what is there now
    read()


@jobs.task(READ_JOB)
def read() -> None:
    """Read the mailbox; what one reading does not finish, the next does at once."""
    if mailbox.read(datetime.now(UTC)):
        jobs.defer(READ_JOB, only_once=READ_JOB)
