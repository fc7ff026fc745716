"""Post requests: one of them, or many in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from huitou.points.types import Answers, Entry, Posted


def post(
    programme_id: int, requests: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None = None
) -> list[Posted]:
    """Post ``requests`` in their order, all or nothing; one answer for each.

    Joins the caller's transaction if there is one. Asking again with the same keys and requests
    changes nothing and gives the same answers. ``zone`` is the programme's, in which the day of a
    redemption or reversal decides what has expired; None = the company's.

    Raises:
        PointsShort: a member has fewer usable points than asked for.
        KeyConflict: a key was posted before with another request.
        NothingToReverse, ReversedBeyond: a claw-back or give-back does not fit what it reverses.
    """
    raise NotImplementedError


def post_all(
    programme_id: int, requests: Sequence[Entry], *, now: datetime, zone: ZoneInfo | None = None
) -> Answers:
    """Post ``requests`` in their order; what is refused is listed and does not stop the others."""
    raise NotImplementedError
