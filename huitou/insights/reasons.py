"""Dated facts that depart from what the model expects of a customer; none claims a cause."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from huitou.insights import attitudes, habits, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TESTED: Final = ("silence", "buying_less_often", "spending_less")
UNTESTED: Final = ("satisfaction_fell",)
CODES: Final = TESTED + UNTESTED
CHANCE_RATE: Final = 0.10  # at most about this part of the tested marks is chance
FELL_BY: Final = 50.0  # two levels of five
_WEEK: Final = 7.0


def silence(
    parameters: Mapping[str, float],
    x: NDArray[Any],
    t_x_days: NDArray[Any],
    age_days: NDArray[Any],
) -> Floats:
    """The chance that a living customer with this past is silent for so long.

    Source:
        ((alpha + t_x) / (alpha + T))^(r + x): the gamma-mixed exponential gap after x purchases
        (Fader, Hardie & Lee 2005), parameters in weeks.
    """
    r, alpha = parameters["r"], parameters["alpha"]
    ratio = np.log(alpha + t_x_days / _WEEK) - np.log(alpha + age_days / _WEEK)
    chance: Floats = np.exp((r + x) * ratio)
    return chance


def buying_less_often(
    parameters: Mapping[str, float],
    purchases: NDArray[Any],
    recent: NDArray[Any],
    age_days: NDArray[Any],
) -> Floats:
    """The chance of so few purchases in 180 days, by the forecast made 180 days ago.

    Args:
        parameters: ``r`` and ``alpha``, in weeks.
        purchases: purchase days in all.
        recent: of these, in the last 180 days.
        age_days: T, the age of the customer; younger than 180 days gives NaN.

    Source:
        Negative binomial with size r + x' and mean (r + x') 180 / (alpha + T'), x' and T' as they
        stood 180 days ago.
    """
    size = parameters["r"] + purchases - recent - 1
    known = parameters["alpha"] + (age_days - habits.RECENT_DAYS) / _WEEK
    ahead = habits.RECENT_DAYS / _WEEK
    old = (age_days > habits.RECENT_DAYS) & (purchases > recent)
    chance = np.full(len(purchases), np.nan)
    odds = known[old] / (known[old] + ahead)
    chance[old] = stats.nbinom.cdf(recent[old], size[old], odds)
    return chance


def spending_less(
    gamma_gamma: Mapping[str, float], last: Floats, before: Floats, days_before: NDArray[Any]
) -> Floats:
    """The chance that the last three repeat days bring so little, given those before them.

    Args:
        gamma_gamma: ``p``, ``q``, ``v``.
        last: money of the last three repeat days, major units; NaN = fewer than four.
        before: money of the repeat days before them.
        days_before: how many those are.

    Returns:
        0..1; NaN where there is nothing before or a sum is not positive.

    Source:
        Under Gamma-Gamma u = S_k / (S_k + S' + v) is Beta(p k, p x' + q); the chance is the
        regularised incomplete beta function I_u.
    """
    p, q, v = gamma_gamma["p"], gamma_gamma["q"], gamma_gamma["v"]
    fits = (last > 0) & (before > 0) & (days_before > 0)
    chance = np.full(len(last), np.nan)
    share = last[fits] / (last[fits] + before[fits] + v)
    size = p * habits.LAST_DAYS, p * days_before[fits] + q
    chance[fits] = special.betainc(size[0], size[1], share)
    return chance


def satisfaction_fell(now: Floats, before: Floats) -> Flags:
    """Whether the latest valid answer is in the bottom two, or two levels below the one before."""
    return np.asarray((now < attitudes.LOWEST_POSITIVE) | (before - now >= FELL_BY))


def columns(frames: Frames, scores: Scores) -> Columns:
    """Chances (``p_silence`` ...), NaN = not tested, and ``reasons``, one bit per code in order."""
    size = frames.size
    nothing = np.full(size, np.nan)
    chances = dict.fromkeys(TESTED, nothing)
    if frames.model is not None:
        parameters = frames.model.parameters
        x, age, t_x = (frames.column(name) for name in ("x", "T_days", "t_x_days"))
        purchases, recent = frames.column("purchases"), scores["purchases_180"]
        chances["silence"] = silence(parameters, x, t_x, age)
        chances["buying_less_often"] = buying_less_often(parameters, purchases, recent, age)
        if frames.model.gamma_gamma is not None:
            last, before = _money(frames, scores)
            days_before = x - habits.LAST_DAYS
            chances["spending_less"] = spending_less(
                frames.model.gamma_gamma, last, before, days_before
            )
    fell = satisfaction_fell(scores["satisfaction"], scores["satisfaction_before"])
    marks = [shares.benjamini_hochberg(chances[code], rate=CHANCE_RATE) for code in TESTED]
    bits = np.zeros(size, dtype=np.int8)
    for place, mark in enumerate([*marks, fell]):
        bits |= mark.astype(np.int8) << place
    return {**{f"p_{code}": chances[code] for code in TESTED}, "reasons": bits}


def _money(frames: Frames, scores: Scores) -> tuple[Floats, Floats]:
    """Money of the last three repeat days and of those before them, major units."""
    last = scores["last_minor"].astype(float) / frames.context.major
    repeat = (frames.column("day_net_minor") - frames.column("first_minor")).astype(float)
    return last, repeat / frames.context.major - last


def named(bits: int) -> list[str]:
    """The codes of one customer's reasons."""
    return [code for place, code in enumerate(CODES) if bits >> place & 1]


def rows(frames: Frames, scores: Scores, wanted: Flags) -> list[tuple[int, str, float | None, Any]]:
    """(customer id, code, chance, facts) of every reason of the ``wanted`` customers, by customer.

    Facts are what a sentence about the person needs: days, counts and the day of an answer.
    """
    found: list[tuple[int, str, float | None, Any]] = []
    customer = scores["customer_id"]
    for place, code in enumerate(CODES):
        mine = np.nonzero(wanted & (scores["reasons"] >> place & 1 == 1))[0]
        chance = scores[f"p_{code}"][mine].tolist() if code in TESTED else [None] * len(mine)
        details = _facts(code, frames, scores, mine)
        found += zip(customer[mine].tolist(), [code] * len(mine), chance, details, strict=True)
    return sorted(found, key=lambda row: (row[0], CODES.index(row[1])))


def _facts(
    code: str, frames: Frames, scores: Scores, mine: NDArray[np.intp]
) -> list[dict[str, Any]]:
    if code == "silence":
        dormancy = frames.column("dormancy_days")[mine]
        x, t_x = frames.column("x")[mine], frames.column("t_x_days")[mine]
        usual = np.where(x > 0, t_x / np.maximum(x, 1), 0).round().astype(int)
        return [
            {"days": days, "usual_days": gap or None}
            for days, gap in zip(dormancy.tolist(), usual.tolist(), strict=True)
        ]
    if code == "buying_less_often":
        recent = scores["purchases_180"][mine]
        earlier = frames.column("purchases")[mine] - recent
        return [
            {"purchases": now, "days": habits.RECENT_DAYS, "before": then}
            for now, then in zip(recent.tolist(), earlier.tolist(), strict=True)
        ]
    if code == "spending_less":
        last, before = _money(frames, scores)
        typical = before[mine] / (frames.column("x")[mine] - habits.LAST_DAYS)
        return [
            {"days": habits.LAST_DAYS, "expected_mean": now, "expected_mean_before": then}
            for now, then in zip(
                (last[mine] / habits.LAST_DAYS).tolist(), typical.tolist(), strict=True
            )
        ]
    answered = scores["satisfaction_on"][mine].astype(str).tolist()
    levels = scores["satisfaction"][mine].tolist()
    earlier_level = scores["satisfaction_before"][mine].tolist()
    return [
        {"on": day, "satisfaction": now, "before": shares.number(then)}
        for day, now, then in zip(answered, levels, earlier_level, strict=True)
    ]
