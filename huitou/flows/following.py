"""Handing facts on to their followers: after the commit, at least once, in the order they
happened."""

from datetime import datetime


def follow(now: datetime, *, limit: int = 1000) -> int:
    """Call the followers of every fact that waits; returns how many calls went well.

    Call it in a test to let everything happen that should. Rows are claimed one by one with SKIP
    LOCKED, so any number of workers may follow at once. A follower that fails is tried again later
    (1, 2, 4 … minutes, at most 6 hours); ``huitou facts`` and /healthz show it.
    """
    raise NotImplementedError
