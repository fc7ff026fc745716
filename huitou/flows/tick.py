"""What is looked after every minute: clocks that ran out, what waits to be sent, what expires."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from huitou.flows.naming import function_named

log = logging.getLogger("huitou.tick")
Waker = Callable[[datetime], object]

# (name, module:function), called in this order each minute as ``waker(now)``. A waker takes a
# bounded batch, claims its rows with SKIP LOCKED and commits by itself; one that fails is logged
# and does not stop the others. Append yours.
WAKERS: Final[tuple[tuple[str, str], ...]] = (
    ("facts", "huitou.flows.following:follow"),
    ("day", "huitou.flows.daybreak:turn_day"),
    ("cases", "huitou.flows.case_alarms:ring"),
    ("promises", "huitou.flows.case_alarms:remind"),
    ("campaigns", "huitou.flows.campaigns:wake"),
    ("messages", "huitou.flows.sending:wake"),
    ("words", "huitou.flows.message_words:forget_old"),
)


def tick(now: datetime) -> list[str]:
    """Call every waker once; the names of those that failed."""
    failed = []
    for name, waker in WAKERS:
        try:
            wake: Waker = function_named(waker)
            wake(now)
        except Exception:
            log.exception("tick.waker_failed", extra={"fields": {"waker": name}})
            failed.append(name)
    return failed
