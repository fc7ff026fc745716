"""Jobs of the flows: an id in, one call."""

from datetime import UTC, datetime

from huitou.flows import imports
from huitou.kit.errors import HuitouError
from huitou.platform import jobs


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
