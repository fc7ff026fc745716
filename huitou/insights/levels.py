"""Four loyalty levels by gates (P16), and the square of attitude and behaviour behind them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, index, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVELS: Final = ("none", "habitual", "preference", "devoted")
SQUARE: Final = ("true", "latent", "spurious", "none")
# The gates in the order in which a reader asks them; a customer's row keeps one bit per gate.
GATES: Final = (
    "asked",  # a satisfaction or preference answer in 365 days
    "bought_twice",
    "positive_answer",
    "attitude_strong",
    "behaviour_strong",
    "index_70",
    "prefers_us",
    "positive_twice",  # two positive measurements at least 90 days apart
    "positive_and_lasting",  # one, and lasting behaviour
    "very_likely",
    "resists_or_referred",
)
STRONG_FROM: Final = 70.0
RETURNS_ABOVE: Final = 0.30
APART_DAYS: Final = 90
LASTING_PURCHASES: Final = 4
LASTING_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of each customer, shape (n,) each; NaN and NaT = not known.

    ``satisfaction``, ``recommendation`` and ``loyalty_index`` are 0..100, ``prefers`` and
    ``resists`` 0 or 1; ``content_since`` and ``content_until`` the first and last positive
    measurement (an answer in the top three with none below it since); ``referred`` whether a
    referral of theirs bought (False while none is recorded).
    """

    purchases: NDArray[np.int64]
    lasted_days: NDArray[np.int64]
    p_repeat: Floats
    satisfaction: Floats
    recommendation: Floats
    prefers: Floats
    resists: Floats
    loyalty_index: Floats
    content_since: NDArray[Any]
    content_until: NDArray[Any]
    referred: Flags


def attitude(evidence: Evidence) -> Floats:
    """Mean of the known of satisfaction, recommendation and preference; NaN under two known."""
    parts = np.column_stack(
        [evidence.satisfaction, evidence.recommendation, 100.0 * evidence.prefers]
    )
    return index.combined(parts)


def gates(evidence: Evidence, as_of: date, *, valid_days: int = attitudes.VALID_DAYS) -> Columns:
    """Which gates each customer passes; an unknown fact passes none.

    Args:
        evidence: of the customers.
        as_of: D; a positive measurement carries only while the last one is valid.
        valid_days: how long an answer is valid.
    """
    day = np.datetime64(as_of, "D")
    with np.errstate(invalid="ignore"):
        fresh = evidence.content_until >= day - np.timedelta64(valid_days, "D")
        apart = evidence.content_until - evidence.content_since >= np.timedelta64(APART_DAYS, "D")
    returns = evidence.p_repeat > RETURNS_ABOVE
    lasting = (evidence.purchases >= LASTING_PURCHASES) & (evidence.lasted_days >= LASTING_DAYS)
    return {
        "asked": ~np.isnan(evidence.satisfaction) | ~np.isnan(evidence.prefers),
        "bought_twice": evidence.purchases >= 2,
        "positive_answer": evidence.satisfaction >= attitudes.LOWEST_POSITIVE,
        "attitude_strong": attitude(evidence) >= STRONG_FROM,
        "behaviour_strong": (evidence.purchases >= 2) & returns,
        "index_70": evidence.loyalty_index >= STRONG_FROM,
        "prefers_us": evidence.prefers == 1,
        "positive_twice": fresh & apart,
        "positive_and_lasting": fresh & lasting & returns,
        "very_likely": evidence.recommendation == attitudes.RECOMMENDATION["very_likely"],
        "resists_or_referred": (evidence.resists == 1) | evidence.referred,
    }


def placed(passed: Columns) -> NDArray[Any]:
    """The level each customer's gates lead to; "" for those not asked.

    Source:
        Decision P16. What a cell of the square can reach: weak attitude at most ``habitual``,
        strong attitude with weak behaviour at most ``preference``.
    """
    strong = passed["attitude_strong"]
    habitual = passed["bought_twice"] | passed["positive_answer"] | strong
    long_term = passed["positive_twice"] | passed["positive_and_lasting"]
    preference = habitual & strong & passed["index_70"] & passed["prefers_us"] & long_term
    devoted = (
        preference
        & passed["behaviour_strong"]
        & passed["very_likely"]
        & passed["resists_or_referred"]
    )
    step = habitual.astype(np.int8) + preference + devoted
    words = np.array(LEVELS, dtype=object)[step]
    words[~passed["asked"]] = ""
    return words


def square(attitude_0_100: Floats, passed: Columns) -> NDArray[Any]:
    """The cell of attitude and behaviour; "" where fewer than two attitudes are known.

    Source:
        Dick & Basu (1994), Journal of the Academy of Marketing Science 22(2), figure 1.
    """
    strong, behaves = passed["attitude_strong"], passed["behaviour_strong"]
    cell = np.where(strong, np.where(behaves, 0, 1), np.where(behaves, 2, 3))
    words = np.array(SQUARE, dtype=object)[cell]
    words[np.isnan(attitude_0_100)] = ""
    return words


def packed(passed: Columns) -> NDArray[np.int16]:
    """One bit per gate, lowest first in the order of ``GATES``."""
    size = len(passed["asked"])
    bits = np.zeros(size, dtype=np.int16)
    for place, name in enumerate(GATES):
        bits |= passed[name].astype(np.int16) << place
    return bits


def unpacked(bits: int) -> dict[str, bool]:
    """The gates one customer passed, from their stored bits."""
    return {name: bool(bits >> place & 1) for place, name in enumerate(GATES)}


def evidence_of(frames: Frames, scores: Scores) -> Evidence:
    """The evidence of every person of a run. Referrals are not recorded in this version."""
    asked = ("satisfaction", "recommendation", "prefers", "resists")
    return Evidence(
        purchases=frames.column("purchases"),
        lasted_days=frames.column("t_x_days"),
        p_repeat=scores["p_repeat"],
        loyalty_index=scores["loyalty_index"],
        content_since=scores["content_since"],
        content_until=scores["content_until"],
        referred=np.zeros(frames.size, dtype=bool),
        **{name: scores[name] for name in asked},
    )


def columns(frames: Frames, scores: Scores) -> Columns:
    """Level, square, attitude and the gates of every person."""
    evidence = evidence_of(frames, scores)
    valid_days = int(frames.context.setting("answers_valid_days", attitudes.VALID_DAYS))
    passed = gates(evidence, frames.context.as_of, valid_days=valid_days)
    feeling = attitude(evidence)
    return {
        "loyalty_level": placed(passed),
        "square": square(feeling, passed),
        "attitude": feeling,
        "level_gates": packed(passed),
    }


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``levels``: the pyramid over the asked among the buyers of 360 days."""
    inside = frames.column("dormancy_days") < index.POPULATION_DAYS
    level, cell = scores["loyalty_level"][inside], scores["square"][inside]
    population, asked = int(inside.sum()), int((level != "").sum())
    judged = int((cell != "").sum())
    return {
        "counts": _counts(level, LEVELS, asked),
        "shares": {name: shares.share_facts(int((level == name).sum()), asked) for name in LEVELS},
        "asked": asked,
        "not_asked": population - asked,
        "population": population,
        "coverage": asked / population if population else None,
        "square": _counts(cell, SQUARE, judged),
        "square_n": judged,
        "movements": _movements(scores.get("previous_loyalty_level"), scores["loyalty_level"]),
        "reason": _reason(asked),
    }


def _counts(words: NDArray[Any], names: tuple[str, ...], n: int) -> dict[str, int | None]:
    if n < shares.NONE_BELOW:
        return dict.fromkeys(names)
    return {name: int((words == name).sum()) for name in names}


def _reason(asked: int) -> str | None:
    if not asked:
        return "not_asked"
    return "too_few" if asked < shares.NONE_BELOW else None


def _movements(before: NDArray[Any] | None, now: NDArray[Any]) -> list[dict[str, Any]]:
    """Customers who changed level since the last run, those asked at both ends only."""
    if before is None:
        return []
    moved: list[tuple[str, str, int]] = []
    for left in LEVELS:
        for entered in LEVELS:
            customers = int(((before == left) & (now == entered)).sum())
            if left != entered and customers:
                moved.append((left, entered, customers))
    if sum(customers for _, _, customers in moved) < shares.NONE_BELOW:
        return []
    return [{"left": a, "entered": b, "customers": n} for a, b, n in moved]


def satisfied_not_returning(frames: Frames, scores: Scores) -> dict[str, Any]:
    """A27: satisfied in the latest valid answer, bought once, and past the usual first gap.

    Beside it A2: of all who say they are satisfied, how many are unlikely to buy again.
    """
    satisfied = scores["satisfaction"] >= attitudes.LOWEST_POSITIVE
    once = satisfied & (frames.column("x") == 0)
    settling = scores["health"] == "settling_in"
    listed = once & ~settling
    n = int(satisfied.sum())
    unlikely = satisfied & (scores["p_repeat"] <= RETURNS_ABOVE)
    return {
        "customers": int(listed.sum()),
        "settling_in": int((once & settling).sum()),
        "of_satisfied": shares.share_facts(int(listed.sum()), n),
        "unlikely_to_return": shares.share_facts(int(unlikely.sum()), n),
        "sample": scores["customer_id"][listed][:100].tolist(),
    }
