"""What each customer says today: the latest valid answer to each question, beside the people."""

from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights.frames import Columns, Frames, Scores

# Decision P3: five levels without a neutral one, best first. 50 is the lowest *positive* answer.
SATISFACTION: Final = {
    "very_satisfied": 100.0,
    "fairly_satisfied": 75.0,
    "satisfied": 50.0,
    "dissatisfied": 25.0,
    "very_dissatisfied": 0.0,
}
# Decision P2.
RECOMMENDATION: Final = {"very_likely": 100.0, "possible": 50.0, "impossible": 0.0}
LOWEST_POSITIVE: Final = 50.0
TOP_TWO_FROM: Final = 75.0
VALID_DAYS: Final = 365
NEVER: Final = np.datetime64("NaT", "D")

QUESTIONS: Final = (
    "satisfaction",
    "recommendation",
    "repurchase_probability",
    "prefers_us",
    "resists_offers",
)


def coded(words: NDArray[Any], codes: dict[str, float]) -> NDArray[np.float64]:
    """Each answer as its number; NaN for an empty or unknown one."""
    numbers = np.full(len(words), np.nan)
    for word, value in codes.items():
        numbers[words == word] = value
    return numbers


def columns(frames: Frames, scores: Scores) -> Columns:
    """The latest valid answers of every person, in the row order of ``scores``."""
    table = frames.answers.order_by(["customer_id", "answered_on", "wave"])
    answers = frames.engine.columns(table)
    valid_days = int(frames.context.setting("answers_valid_days", VALID_DAYS))
    return latest(answers, scores["customer_id"], frames.context.as_of, valid_days=valid_days)


def latest(
    answers: Columns, customer_id: NDArray[np.int64], as_of: date, *, valid_days: int
) -> Columns:
    """Each person's latest valid answer to each question, and how long they have been content.

    Args:
        answers: rows in the order customer, day, wave; words or "" and null for not answered.
        customer_id: the people, ascending.
        as_of: D. An answer is valid at an age of 0 .. ``valid_days`` days.
        valid_days: older answers count as missing (P2), but stay in the history of contentment.

    Returns:
        One row per person: ``satisfaction`` and ``recommendation`` 0..100,
        ``asked_probability`` 0..1, ``prefers`` and ``resists`` 0 or 1 (NaN = not answered);
        ``satisfaction_on`` the day of the latest satisfaction answer, valid or not;
        ``satisfaction_before`` the one before it; ``content_since`` and ``content_until`` the days
        of the first and last positive answer with no answer below "satisfied" after it.
    """
    size = len(customer_id)
    place = np.searchsorted(customer_id, answers["customer_id"])
    known = place < size
    known[known] = customer_id[place[known]] == answers["customer_id"][known]
    rows = {name: column[known] for name, column in answers.items()}
    place = place[known]
    day = rows["answered_on"].astype("datetime64[D]")
    is_valid = day >= np.datetime64(as_of, "D") - np.timedelta64(valid_days, "D")
    values = {
        "satisfaction": coded(rows["satisfaction"], SATISFACTION),
        "recommendation": coded(rows["recommendation"], RECOMMENDATION),
        "asked_probability": _numbers(rows["repurchase_probability"]),
        "prefers": _numbers(rows["prefers_us"]),
        "resists": _numbers(rows["resists_offers"]),
    }
    found: Columns = {}
    for name, column in values.items():
        counts = is_valid & ~np.isnan(column)
        found[name] = _last(column[counts], place[counts], size, np.nan)
    return {**found, **_contentment(values["satisfaction"], day, place, size)}


def _numbers(column: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers or yes and no as floats; null is NaN."""
    if column.dtype == object:
        return np.array([np.nan if cell is None else float(cell) for cell in column], dtype=float)
    return column.astype(float)


def _last(values: NDArray[Any], place: NDArray[np.intp], size: int, nothing: Any) -> NDArray[Any]:
    """The last value of each person: of repeated places numpy keeps the last assignment."""
    found = np.full(size, nothing, dtype=values.dtype)
    found[place] = values
    return found


def _contentment(
    satisfaction: NDArray[np.float64], day: NDArray[Any], place: NDArray[np.intp], size: int
) -> Columns:
    answered = ~np.isnan(satisfaction)
    score, on, who = satisfaction[answered], day[answered], place[answered]
    is_latest = np.ones(len(who), dtype=bool)
    is_latest[:-1] = who[1:] != who[:-1]
    # A positive answer counts from the last answer below "satisfied" on (P16).
    order = np.arange(len(score))
    is_low = score < LOWEST_POSITIVE
    last_low = _last(order[is_low], who[is_low], size, -1)
    counts = ~is_low & (order > last_low[who])
    return {
        "satisfaction_on": _last(on, who, size, NEVER),
        "satisfaction_before": _last(score[~is_latest], who[~is_latest], size, np.nan),
        "content_since": _last(on[counts][::-1], who[counts][::-1], size, NEVER),
        "content_until": _last(on[counts], who[counts], size, NEVER),
    }
