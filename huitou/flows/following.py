"""Handing facts on to their followers: after the commit, at least once, in the order they
happened."""

import logging
from datetime import datetime

from django.db import transaction

from huitou.flows.naming import function_named
from huitou.flows.registry import Follower
from huitou.kit.errors import HuitouError, Kind
from huitou.platform import followups

log = logging.getLogger("huitou.facts")


def follow(now: datetime, *, limit: int = 1000) -> int:
    """Call the followers of every fact that waits; returns how many calls went well.

    Call it in a test to let everything happen that should. Rows are claimed one by one with SKIP
    LOCKED, so any number of workers may follow at once. A follower that fails is tried again later
    (1, 2, 4 … minutes, at most 6 hours); ``huitou facts`` and /healthz show it.
    """
    well = 0
    for _ in range(limit):
        with transaction.atomic():
            due = followups.claim(now)
            if due is None:
                break
            well += _call(due, now)
    return well


def _call(due: followups.Due, now: datetime) -> bool:
    """Call one follower in a transaction of its own; whether it went well."""
    try:
        with transaction.atomic():
            follower: Follower = function_named(due.follower)
            follower(due.fact_id, due.payload, now)
            followups.tick_off(due)
    except Exception as error:
        known = error.code if isinstance(error, HuitouError) else type(error).__name__
        is_later = isinstance(error, HuitouError) and error.kind is Kind.UNAVAILABLE
        fields = {"fact_id": due.fact_id, "follower": due.follower, "attempts": due.attempts + 1}
        said = {"fields": {**fields, "error": known}}
        if is_later:
            log.info("facts.follower_waits", extra=said)
        else:
            log.exception("facts.follower_failed", extra=said)
        followups.put_off(due, error=known, now=now)
        return False
    return True
