"""Four manifestations (A8), four traits (A9) and continuity (A14), as far as the records go.

"Not known" is never "no": each flag is 1, 0 or NaN, and the report counts all three.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, habits, index, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]

MANIFESTATIONS: Final = ("recognises", "repeats", "spends_more", "promotes")
TRAITS: Final = ("buys_again", "recommends", "resists", "forgives")
RISING_DAYS: Final = 3 * habits.THIRD_DAYS


def known_flag(holds: NDArray[np.bool_], known: NDArray[np.bool_]) -> Floats:
    """1 where something holds, 0 where it does not, NaN where it is not known."""
    return np.where(known, holds.astype(float), np.nan)


def rising_spend(
    newest: NDArray[Any], middle: NDArray[Any], oldest: NDArray[Any], age_days: NDArray[Any]
) -> Floats:
    """Whether net spend rose from each third of the last 360 days to the next.

    Customers of less than 360 days are not known: their first third is not a whole one. Among
    customers whose spend only fluctuates about one in six rises twice by chance.
    """
    rises = (newest > middle) & (middle > oldest)
    return known_flag(rises, age_days >= RISING_DAYS)


def columns(frames: Frames, scores: Scores) -> Columns:
    """Flags of A8, how many hold, and the runs of A14 in periods."""
    recognises = scores["prefers"]
    repeats = (frames.column("x") > 0).astype(float)
    newest, middle, oldest = (scores[f"third_{place}_minor"] for place in (1, 2, 3))
    rises = rising_spend(newest, middle, oldest, frames.column("T_days"))
    said = scores["recommendation"]
    promotes = known_flag(said == attitudes.RECOMMENDATION["very_likely"], ~np.isnan(said))
    flags = np.column_stack([recognises, repeats, rises, promotes])
    current, longest = habits.unbroken_runs(scores["period_bits"])
    return {
        "recognises": recognises,
        "repeats": repeats,
        "spends_more": rises,
        "promotes": promotes,
        "manifestations": np.nansum(flags, axis=1).astype(np.int8),
        "manifestations_known": (~np.isnan(flags)).sum(axis=1).astype(np.int8),
        "run_periods": current,
        "longest_run_periods": longest,
    }


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``manifestations``: flags with shares of the known, traits, runs of periods."""
    evidence = {
        "recognises": "answer",
        "repeats": "orders",
        "spends_more": "orders",
        "promotes": "answer",
    }
    resists = scores["resists"]
    return {
        "flags": {
            name: {**_share(scores[name]), "evidence": evidence[name]} for name in MANIFESTATIONS
        },
        "holding": np.bincount(scores["manifestations"], minlength=5).tolist(),
        "traits": {
            "buys_again": {**_share(scores["repeats"]), "evidence": "orders"},
            "recommends": {"k": None, "n": 0, "share": None, "reason": "no_referrals"},
            "resists": {**_share(resists), "evidence": "answer"},
            "forgives": {"k": None, "n": 0, "share": None, "reason": "no_cases"},
        },
        "sub_scores": _sub_scores(frames, scores),
        "continuity": _continuity(frames, scores),
    }


def _sub_scores(frames: Frames, scores: Scores) -> dict[str, Any]:
    """A13, 0..100 over the buyers of 360 days: what they feel, do and intend, never mixed."""
    inside = frames.column("dormancy_days") < index.POPULATION_DAYS
    return {
        "emotional": shares.mean_facts(scores["attitude"][inside]),
        "behavioural": shares.mean_facts(scores["repeat_part"][inside]),
        "intended": shares.mean_facts(100.0 * scores["asked_probability"][inside]),
    }


def _share(flag: Floats) -> dict[str, Any]:
    return shares.share_facts(int(np.nansum(flag)), int((~np.isnan(flag)).sum()))


def _continuity(frames: Frames, scores: Scores) -> dict[str, Any]:
    """Customers by the unbroken run they are in; a run counts purchase periods up to today."""
    run = np.minimum(scores["run_periods"], 6)
    return {
        "period_days": habits.period_days(frames.context.median_gap_days),
        "runs": [
            {"periods": length, "or_more": length == 6, "customers": int((run == length).sum())}
            for length in range(7)
        ],
    }
