"""What customers expected against what they found (A18, P20)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]

CLASSES: Final = ("disappointed", "met", "delighted")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of expectation and perception, one row each, and how many halves found no other."""

    customer_id: NDArray[np.int64]
    touchpoint: NDArray[Any]
    day: NDArray[Any]
    gap: Floats  # perception - expectation, on the declared scale
    is_remembered: NDArray[np.bool_]  # expectation asked together with the perception
    dropped: int


def classes(gap: Floats) -> NDArray[Any]:
    """``disappointed`` below 0, ``met`` at exactly 0, ``delighted`` above; "" for no pair."""
    words = np.full(len(gap), "met", dtype=object)
    words[gap < 0] = "disappointed"
    words[gap > 0] = "delighted"
    words[np.isnan(gap)] = ""
    return words


def paired(answers: Columns) -> Pairs:
    """Pair each perception with the expectation of the same customer at the same touchpoint.

    A perception takes the expectation of its own row (then it is "remembered": asked with
    hindsight) or else the latest unused one before it. Halves without another half are dropped
    and counted.

    Args:
        answers: rows in the order customer, day, wave.
    """
    touch = answers["touchpoint"].astype(str)
    touch_names, touch_code = np.unique(touch, return_inverse=True)
    has_half = ~np.isnan(answers["expectation"]) | ~np.isnan(answers["perception"])
    order = np.lexsort((np.arange(len(touch)), touch_code, answers["customer_id"]))
    order = order[has_half[order]]
    customer, place = answers["customer_id"][order], touch_code[order]
    expected, found = answers["expectation"][order], answers["perception"][order]
    row = np.arange(len(order))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (customer[1:] != customer[:-1]) | (place[1:] != place[:-1])
    has_expected, has_found = ~np.isnan(expected), ~np.isnan(found)
    last_expected = np.maximum.accumulate(np.where(has_expected, row, -1))
    start = np.maximum.accumulate(np.where(is_first, row, 0))
    found_before = np.concatenate([[-1], np.maximum.accumulate(np.where(has_found, row, -1))[:-1]])
    # An expectation serves one perception: it must be newer than the perception before this one.
    usable = (last_expected >= start) & (last_expected > found_before[: len(row)])
    is_pair = has_found & usable
    mate = last_expected[is_pair]
    remembered = mate == row[is_pair]
    used = 2 * int(is_pair.sum())
    return Pairs(
        customer_id=customer[is_pair],
        touchpoint=touch_names[place[is_pair]].astype(object) if len(row) else np.array([], object),
        day=answers["answered_on"][order][is_pair],
        gap=found[is_pair] - expected[mate],
        is_remembered=remembered,
        dropped=int(has_expected.sum() + has_found.sum()) - used,
    )


def latest_of_each(pairs: Pairs, as_of: date, *, valid_days: int) -> NDArray[np.intp]:
    """Rows of each customer's latest valid pair: rows of one customer are not independent."""
    age = np.datetime64(as_of, "D") - pairs.day.astype("datetime64[D]")
    valid = np.nonzero(age <= np.timedelta64(valid_days, "D"))[0]
    order = valid[np.lexsort((valid, pairs.day[valid], pairs.customer_id[valid]))]
    who = pairs.customer_id[order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = who[1:] != who[:-1]
    return order[is_last]


def gap_facts(gap: Floats) -> dict[str, Any]:
    """Mean gap with its paired t interval and the three shares with Wilson's."""
    facts = shares.mean_facts(gap)
    facts["mean_gap"] = facts.pop("mean")
    words = classes(gap)
    n = int((words != "").sum())
    facts["shares"] = {name: shares.share_facts(int((words == name).sum()), n) for name in CLASSES}
    return facts


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``expectation``: each customer's latest valid pair, whole and by touchpoint."""
    answers = frames.engine.columns(frames.answers.order_by(["customer_id", "answered_on", "wave"]))
    pairs = paired(answers)
    valid_days = int(frames.context.setting("answers_valid_days", attitudes.VALID_DAYS))
    rows = latest_of_each(pairs, frames.context.as_of, valid_days=valid_days)
    points = [str(name) for name in np.unique(pairs.touchpoint[rows].astype(str)) if name]
    groups = [rows[pairs.touchpoint[rows] == point] for point in points]
    hidden = shares.withheld([len(group) for group in groups])
    return {
        **gap_facts(pairs.gap[rows]),
        "dropped": pairs.dropped,
        "remembered": int(pairs.is_remembered[rows].sum()),
        "by_touchpoint": [
            {"touchpoint": point, **gap_facts(pairs.gap[group[:0] if hides else group])}
            for point, group, hides in zip(points, groups, hidden, strict=True)
        ],
        "reason": None
        if len(rows) >= shares.NONE_BELOW
        else "too_few"
        if len(rows)
        else "no_answers",
    }
