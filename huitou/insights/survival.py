"""How many have come back by a day, when some have been watched longer than others."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from huitou.insights.shares import Z95


def returned_by(
    waited_days: ArrayLike, came_back: ArrayLike, days: ArrayLike
) -> list[dict[str, Any]]:
    """The share that returned by each day, from everyone's waiting so far.

    Args:
        waited_days: days to the return, or watched without one; shape (n,).
        came_back: whether the wait ended with a return, shape (n,).
        days: days asked for.

    Returns:
        Per day share = 1 - S, its standard error (Greenwood) and 95 % interval (log-log); None
        where nobody was watched so long.

    Source:
        Kaplan & Meier (1958); Kalbfleisch & Prentice (2002) for the interval.
    """
    waited = np.asarray(waited_days, dtype=float)
    came = np.asarray(came_back, dtype=bool)
    times, at = np.unique(waited, return_inverse=True)
    ended = np.bincount(at, weights=came, minlength=len(times))
    left = np.bincount(at, minlength=len(times))
    watched = len(waited) - np.concatenate(([0], np.cumsum(left)[:-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        still = np.cumprod(1 - ended / watched)
        spread = np.cumsum(np.where(ended > 0, ended / (watched * (watched - ended)), 0.0))
    found = []
    for day in np.asarray(days, dtype=float):
        row: dict[str, Any] = {"days": int(day), "share": None, "se": None, "lo": None, "hi": None}
        place = int(np.searchsorted(times, day, side="right")) - 1
        if len(times) and times[-1] >= day:
            stays = float(still[place]) if place >= 0 else 1.0
            row |= _at(stays, float(spread[place]) if place >= 0 else 0.0)
        found.append(row)
    return found


def _at(stays: float, spread: float) -> dict[str, float | None]:
    if not 0 < stays < 1 or not np.isfinite(spread):
        return {"share": 1 - stays, "se": None, "lo": None, "hi": None}
    error = stays * float(np.sqrt(spread))
    width = Z95 * float(np.sqrt(spread)) / float(np.log(stays))
    # On the log-log scale the interval never leaves 0..1; width is negative, hence the order.
    high, low = stays ** np.exp(width), stays ** np.exp(-width)
    return {"share": 1 - stays, "se": error, "lo": 1 - float(high), "hi": 1 - float(low)}
