"""Decisions about messages: the way through the states, and when to try again. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

# From each state, where a message may go. Held by a trigger too.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "queued": frozenset({"sending", "refused", "cancelled", "failed"}),
    "sending": frozenset({"sent", "failed", "bounced", "in_doubt", "refused", "queued"}),
    "in_doubt": frozenset({"sent", "failed", "bounced", "refused", "queued"}),
    "sent": frozenset({"bounced", "failed", "refused"}),
    "failed": frozenset({"queued"}),
    "bounced": frozenset(),
    "refused": frozenset(),
    "cancelled": frozenset(),
}
MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=6)


def may_move(state: str, to: str) -> bool:
    """Whether a message in ``state`` may go to ``to``."""
    return to in MOVES[state]


def next_try(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after so many attempts: 1, 4, 16, 64 … minutes; None = give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    wait: timedelta = _FIRST_WAIT * 4 ** max(attempts - 1, 0)
    return now + min(wait, _LONGEST_WAIT)
