"""Jobs of the flows: an id in, one call."""

from datetime import UTC, datetime

from huitou.flows import following, imports
from huitou.flows import tick as every_minute
from huitou.kit.errors import HuitouError
from huitou.platform import facts, jobs


@jobs.task("imports.plan")
def plan_import(public_id: str) -> None:
    """Read and check a file that was uploaded. What is wrong with it is on its record."""
    try:
        imports.plan_submitted(public_id, now=datetime.now(UTC))
    except HuitouError:
        return


@jobs.task("imports.apply", attempts=1)
def apply_import(public_id: str, skip_rejected: bool) -> None:
    """Write a planned import. Why it could not be is on its record."""
    try:
        imports.apply_confirmed(public_id, skip_rejected=skip_rejected, now=datetime.now(UTC))
    except HuitouError:
        return


@jobs.task(facts.FOLLOW)
def follow() -> None:
    """Hand on the facts that wait."""
    following.follow(datetime.now(UTC))


@jobs.every("* * * * *", "flows.tick")
def tick(due_at: datetime) -> None:
    """Look after everything that has a clock."""
    del due_at  # a worker that was away looks at the time it is now
    every_minute.tick(datetime.now(UTC))
