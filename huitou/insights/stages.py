"""Five lifecycle stages (forward only) and health, a second column that may move either way.

Evidence of an advocate is a referral that bought, an ambassador role, or a published review beside
"very likely": while no room records any of these, nobody is called an advocate.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares
from huitou.insights.engine import Columns

STAGES: Final = ("suspect", "prospect", "first_purchase", "repeat_purchase", "advocate")
HEALTH: Final = ("settling_in", "active", "cooling", "at_risk", "lapsed", "won_back")
QUIET_AFTER_DAYS: Final = 365
STEP_WINDOW_DAYS: Final = 180
HIGH: Final = 0.70
LOW: Final = 0.30
THIRD_QUARTILE: Final = 0.75
NEVER: Final = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of everyone, buyer or not; days are datetime64[D], NaT = never."""

    first_on: NDArray[Any]
    second_on: NDArray[Any]
    last_on: NDArray[Any]
    acted_on: NDArray[Any]  # the first own act that is no purchase
    acted_last_on: NDArray[Any]


def stage(life: Life) -> NDArray[Any]:
    """The stage code of everyone."""
    words = np.full(len(life.first_on), "suspect", dtype=object)
    words[~np.isnat(life.acted_on)] = "prospect"
    words[~np.isnat(life.first_on)] = "first_purchase"
    words[~np.isnat(life.second_on)] = "repeat_purchase"
    return words


def evidence_on(life: Life) -> NDArray[Any]:
    """The day of the latest evidence for the stage: the last purchase, else the last own act."""
    return np.where(np.isnat(life.last_on), life.acted_last_on, life.last_on)


def quiet(life: Life, as_of: date) -> NDArray[np.bool_]:
    """Whether the stage has had no evidence in 365 days; it does not fall back for that."""
    latest = evidence_on(life)
    age = (np.datetime64(as_of, "D") - latest).astype("timedelta64[D]").astype(np.int64)
    return np.asarray(~np.isnat(latest) & (age > QUIET_AFTER_DAYS))


def first_gap_quartile(first_gap_days: NDArray[np.float64]) -> float:
    """Third quartile of the gaps from first to second purchase; 0 where nobody came back."""
    gaps = np.sort(first_gap_days[~np.isnan(first_gap_days)])
    if not len(gaps):
        return 0.0
    return float(gaps[min(len(gaps) - 1, int(np.ceil(THIRD_QUARTILE * len(gaps))) - 1)])


def health(people: Columns, layer: NDArray[Any], p_repeat: NDArray[np.float64]) -> NDArray[Any]:
    """Health of every buyer; the first that fits: lapsed, won back, settling in, then the bands.

    "" = there is no model to say it.
    """
    settled = first_gap_quartile(people["first_gap_days"])
    words = np.full(len(layer), "", dtype=object)
    with np.errstate(invalid="ignore"):
        words[~np.isnan(p_repeat)] = "cooling"
        words[p_repeat >= HIGH] = "active"
        words[p_repeat <= LOW] = "at_risk"
    words[(people["x"] == 0) & (people["T_days"] < settled)] = "settling_in"
    words[~np.isnan(people["returned_after_days"])] = "won_back"
    words[layer == "lost"] = "lapsed"
    return words


def steps(life: Life, as_of: date, window_days: int = STEP_WINDOW_DAYS) -> list[dict[str, Any]]:
    """Conversion of each step over those whose window is complete, with Wilson's interval."""
    acted_first = ~np.isnat(life.acted_on) & (
        np.isnat(life.first_on) | (life.acted_on < life.first_on)
    )
    started = np.where(acted_first, life.acted_on, NEVER)
    return [
        _step("prospect", "first_purchase", (started, life.first_on), as_of, window_days),
        _step(
            "first_purchase", "repeat_purchase", (life.first_on, life.second_on), as_of, window_days
        ),
    ]


def _step(
    left: str, entered: str, days: tuple[NDArray[Any], NDArray[Any]], as_of: date, window_days: int
) -> dict[str, Any]:
    start, reached = days
    window = np.timedelta64(window_days, "D")
    complete = ~np.isnat(start) & (start + window <= np.datetime64(as_of, "D"))
    came = complete & ~np.isnat(reached) & (reached > start) & (reached <= start + window)
    k, n = int(came.sum()), int(complete.sum())
    step: dict[str, Any] = {"from": left, "to": entered, "k": k, "n": n, "window_days": window_days}
    if n < shares.NONE_BELOW:
        return step | {"share": None, "lo": None, "hi": None, "reason": "too_few"}
    low, high = shares.wilson(k, n)
    return step | {"share": k / n, "lo": low, "hi": high, "few": n < shares.FEW_BELOW}
