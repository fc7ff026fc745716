"""The secure share: customers with all three indicators at the top, beside the vulnerable."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, index, shares
from huitou.insights.frames import Frames, Scores

Floats = NDArray[np.float64]


def secure(
    satisfaction: Floats, repeat: Floats, recommendation: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Who is secure, who is vulnerable, and who can be judged at all.

    Args:
        satisfaction, repeat, recommendation: 0..100, NaN = not known, shape (n,).

    Returns:
        (secure, vulnerable, known): secure = very satisfied, very likely to recommend, repeat
        part >= 70; vulnerable = dissatisfied or worse, impossible, or repeat part <= 30; known =
        all three known. Both are parts of the known; they do not sum to it.

    Source:
        The secure customer index of Burke and D. R. Brandt (1990s).
    """
    known = ~np.isnan(satisfaction) & ~np.isnan(repeat) & ~np.isnan(recommendation)
    top = attitudes.SATISFACTION["very_satisfied"], attitudes.RECOMMENDATION["very_likely"]
    is_secure = (satisfaction == top[0]) & (recommendation == top[1]) & (repeat >= index.HIGH_FROM)
    is_vulnerable = (
        (satisfaction < attitudes.LOWEST_POSITIVE)
        | (recommendation == attitudes.RECOMMENDATION["impossible"])
        | (repeat <= index.LOW_TO)
    )
    return known & is_secure, known & is_vulnerable, known


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``secure``: both shares of the buyers of 360 days with all three known."""
    inside = frames.column("dormancy_days") < index.POPULATION_DAYS
    is_secure, is_vulnerable, known = secure(
        *(scores[name][inside] for name in ("satisfaction", "repeat_part", "recommendation"))
    )
    n = int(known.sum())
    return {
        **shares.share_facts(int(is_secure.sum()), n),
        "vulnerable": shares.share_facts(int(is_vulnerable.sum()), n),
        "population": int(inside.sum()),
    }
