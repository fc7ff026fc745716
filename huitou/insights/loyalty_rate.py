"""Loyalty rate (A11, P6): of the buyers whose window is over, those who bought again in it."""

from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares
from huitou.insights.benchmarks import BENCHMARKS
from huitou.insights.frames import Frames, Scores

WINDOW_DAYS: Final = 365


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``loyalty_rate``, with the benchmark drawn beside it and never computed with."""
    window = int(frames.context.setting("loyalty_window_days", WINDOW_DAYS))
    (benchmark,) = (asdict(b) for b in BENCHMARKS if b.code == "loyalty_rate")
    return rate(frames.column("T_days"), frames.column("first_gap_days"), window) | {
        "benchmark": {"value": benchmark.pop("figure"), **benchmark},
        # Without a second purchase to wait for, only referrals would count; none are recorded yet.
        "is_one_off": frames.context.is_one_off,
    }


def rate(age_days: NDArray[Any], first_gap_days: NDArray[Any], window_days: int) -> dict[str, Any]:
    """The rate with Wilson's interval.

    Args:
        age_days: days from the first purchase to D, shape (n,).
        first_gap_days: days from the first to the second purchase day, NaN = none yet.
        window_days: W; the second day must lie in (f, f + W].

    Returns:
        k of n buyers with f + W <= D; the younger ones are counted apart, not as lost.
    """
    complete = age_days >= window_days
    with np.errstate(invalid="ignore"):
        came = complete & (first_gap_days <= window_days)
    n = int(complete.sum())
    found = shares.share_facts(int(came.sum()), n)
    found["rate"] = found.pop("share")
    if n == 0:
        found["reason"] = "no_complete_window"
    return found | {"window_days": window_days, "not_yet_observable": len(age_days) - n}
