"""The three-indicator index: satisfaction, repeat probability, recommendation (P1-P3, P8)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huitou.insights import attitudes, benchmarks, rollup, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]

PARTS: Final = ("satisfaction", "repeat", "recommendation")
HIGH_FROM: Final = 70.0  # P1: both bounds belong to the outer band, values unrounded
LOW_TO: Final = 30.0
NEEDED: Final = 2  # of three
POPULATION_DAYS: Final = 360
ONE_OFF_DAYS: Final = 360
MISREAD_FROM: Final = 200  # answers before the order of the levels is checked
THIN_COVERAGE: Final = 0.10
SENSITIVITY_POINTS: Final = 10.0


def bands(values: Floats) -> NDArray[Any]:
    """``high`` from 70, ``low`` to 30, ``middle`` between, "" for unknown; on unrounded values."""
    words = np.full(len(values), "middle", dtype=object)
    words[values >= HIGH_FROM] = "high"
    words[values <= LOW_TO] = "low"
    words[np.isnan(values)] = ""
    return words


def combined(parts: Floats, weights: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Floats:
    """The index: the weighted mean of the known parts, where at least two of three are known.

    Args:
        parts: satisfaction, repeat, recommendation, each 0..100 or NaN, shape (n, 3).
        weights: of the parts, > 0; rescaled over the known ones.

    Returns:
        0..100, shape (n,); NaN for fewer than two known parts, never 0.

    Source:
        The source texts name the three indicators; weights and scales are decisions P2 and P3.
    """
    known = ~np.isnan(parts)
    weight = np.where(known, np.asarray(weights), 0.0)
    total = weight.sum(axis=1)
    enough = known.sum(axis=1) >= NEEDED
    summed = np.where(known, parts, 0.0) * weight
    index: Floats = np.full(len(parts), np.nan)
    np.divide(summed.sum(axis=1), total, out=index, where=enough)
    return index


def repeat_part(p_repeat: Floats, asked: Floats) -> tuple[Floats, NDArray[Any]]:
    """100 x the computed probability; the asked one only where there is no model.

    Returns:
        (0..100 or NaN, origin ``model``, ``asked`` or "").
    """
    origin = np.full(len(p_repeat), "model", dtype=object)
    no_model = np.isnan(p_repeat)
    origin[no_model] = "asked"
    part = np.where(no_model, asked, p_repeat) * 100.0
    origin[np.isnan(part)] = ""
    return part, origin


def referral_part(
    bought: NDArray[np.bool_], registered: NDArray[np.bool_], days_since_purchase: Floats
) -> Floats:
    """What stands in for repeat probability where things are bought once (P8).

    Returns:
        100 if a referred person bought, 50 if one only registered, 0 if nobody did within 360
        days of the purchase, NaN before that.
    """
    waiting = np.where(days_since_purchase >= ONE_OFF_DAYS, 0.0, np.nan)
    return np.where(bought, 100.0, np.where(registered, 50.0, waiting))


def columns(frames: Frames, scores: Scores) -> Columns:
    """Index, its repeat part with its origin and how many parts were known, per person.

    In a one-off business the repeat part is missing while no referral is recorded: a referral
    nobody wrote down is not a referral that did not happen.
    """
    size = len(scores["customer_id"])
    if frames.context.is_one_off:
        part, origin = np.full(size, np.nan), np.full(size, "", dtype=object)
    else:
        part, origin = repeat_part(scores["p_repeat"], scores["asked_probability"])
    parts = np.column_stack([scores["satisfaction"], part, scores["recommendation"]])
    return {
        "repeat_part": part,
        "repeat_origin": origin,
        "loyalty_index": combined(parts),
        "index_known": (~np.isnan(parts)).sum(axis=1).astype(np.int8),
    }


def cronbach_alpha(parts: Floats) -> float | None:
    """Agreement of the three parts over customers with all three; None under 5 or no spread.

    Source:
        Cronbach (1951), Psychometrika 16, equation 2: k/(k-1) (1 - sum of variances / variance
        of the sum).
    """
    complete = parts[~np.isnan(parts).any(axis=1)]
    if len(complete) < shares.NONE_BELOW:
        return None
    whole = float(complete.sum(axis=1).var(ddof=1))
    if whole == 0:
        return None
    k = float(complete.shape[1])
    return k / (k - 1) * (1 - float(complete.var(axis=0, ddof=1).sum()) / whole)


def misread(satisfaction: Floats, recommendation: Floats) -> dict[str, Any] | None:
    """Whether readers took "satisfied" for better than "fairly satisfied".

    Returns:
        Nothing under 200 answers or without both answers; else the difference in mean
        recommendation (satisfied - fairly satisfied) with Welch's 95 % interval, and ``suspected``
        when the interval lies above 0.
    """
    both = ~np.isnan(satisfaction) & ~np.isnan(recommendation)
    lower = recommendation[both & (satisfaction == attitudes.SATISFACTION["satisfied"])]
    upper = recommendation[both & (satisfaction == attitudes.SATISFACTION["fairly_satisfied"])]
    if both.sum() < MISREAD_FROM or min(len(lower), len(upper)) < shares.NONE_BELOW:
        return None
    difference = float(lower.mean() - upper.mean())
    spread = lower.var(ddof=1) / len(lower), upper.var(ddof=1) / len(upper)
    error = float(np.sqrt(sum(spread)))
    if error == 0:
        return None
    freedom = sum(spread) ** 2 / (
        spread[0] ** 2 / (len(lower) - 1) + spread[1] ** 2 / (len(upper) - 1)
    )
    half = float(stats.t.ppf(0.975, freedom)) * error
    return {
        "difference": difference,
        "lo": difference - half,
        "hi": difference + half,
        "n": int(both.sum()),
        "suspected": difference - half > 0,
    }


def paired_change(before: Floats, now: Floats) -> dict[str, Any] | None:
    """The mean change of the same customers; ``proven`` only if its interval is clear of 0."""
    facts = shares.mean_facts(now - before)
    if facts["mean"] is None or facts["lo"] is None:
        return None
    return {**facts, "proven": facts["lo"] > 0 or facts["hi"] < 0}


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``index``: the roll-up over buyers of 360 days, with all that belongs to it."""
    inside = frames.column("dormancy_days") < POPULATION_DAYS
    store = frames.column("store_id")[inside]
    layer = rollup.layer_codes(scores["layer"][inside])
    parts = np.column_stack(
        [scores["satisfaction"], scores["repeat_part"], scores["recommendation"]]
    )[inside]
    index = scores["loyalty_index"][inside]
    known = scores["index_known"][inside]
    whole = rollup.rolled_up(index, layer, store)
    facts = whole.facts()
    checked = misread(parts[:, 0], parts[:, 2])
    previous = scores.get("previous_loyalty_index")
    complete = rollup.rolled_up(np.where(known == 3, index, np.nan), layer, store).facts()
    return {
        "value": facts.pop("mean"),
        **facts,
        "population": whole.population,
        "coverage": whole.coverage,
        "reason": _reason(whole),
        "parts": {
            name: rollup.rolled_up(parts[:, place], layer, store).facts()
            for place, name in enumerate(PARTS)
        },
        "complete": {"value": complete.pop("mean"), **complete},
        "two_of_three": int((known == 2).sum()),
        "three_of_three": int((known == 3).sum()),
        "bands": _band_shares(index),
        "alpha": cronbach_alpha(parts),
        "not_represented": [{"layer": name, "n": n} for name, n in whole.not_represented],
        "sensitivity": sensitivity(whole),
        "misread": checked,
        **_satisfied(parts[:, 0], withhold_top_two=bool(checked and checked["suspected"])),
        "by_layer": _by_layer(index, layer),
        "by_store": _by_store(index, layer, store),
        "change": None if previous is None else paired_change(previous[inside], index),
        "benchmarks": benchmarks.facts("satisfied_market"),
    }


def sensitivity(whole: rollup.RolledUp) -> dict[str, float] | None:
    """Under 10 % coverage: the index if those who did not answer were 10 points lower."""
    coverage = whole.coverage
    if not coverage or coverage >= THIN_COVERAGE or whole.mean.n < shares.NONE_BELOW:
        return None
    lower = whole.mean.mean - SENSITIVITY_POINTS * (1 - coverage)
    return {"points": -SENSITIVITY_POINTS, "value": lower}


def _reason(whole: rollup.RolledUp) -> str | None:
    if not whole.population:
        return "no_buyers"
    if not whole.mean.n:
        return "no_answers"
    return "too_few" if whole.mean.n < shares.NONE_BELOW else None


def _band_shares(index: Floats) -> dict[str, dict[str, Any]]:
    words = bands(index)
    n = int((words != "").sum())
    return {
        word: shares.share_facts(int((words == word).sum()), n)
        for word in ("high", "middle", "low")
    }


def _satisfied(satisfaction: Floats, *, withhold_top_two: bool) -> dict[str, Any]:
    """P25: top three / answers is *the* satisfied share; top two is a second figure."""
    n = int((~np.isnan(satisfaction)).sum())
    top_three = int((satisfaction >= attitudes.LOWEST_POSITIVE).sum())
    top_two = int((satisfaction >= attitudes.TOP_TWO_FROM).sum())
    second = shares.share_facts(top_two, n)
    if withhold_top_two:
        hidden = dict.fromkeys(("k", "share", "lo", "hi"))
        second = {**second, **hidden, "reason": "misread"}
    return {"satisfied_share": shares.share_facts(top_three, n), "top_two": second}


def _by_layer(index: Floats, layer: NDArray[np.int64]) -> list[dict[str, Any]]:
    found = [(name, index[layer == place]) for place, name in enumerate(rollup.LAYERS)]
    hidden = shares.withheld([int((~np.isnan(values)).sum()) for _, values in found])
    return [
        {
            "layer": name,
            "population": len(values),
            **shares.mean_facts(values[:0] if hides else values),
        }
        for (name, values), hides in zip(found, hidden, strict=True)
        if len(values)
    ]


def _by_store(index: Floats, layer: NDArray[np.int64], store: NDArray[Any]) -> list[dict[str, Any]]:
    order = np.argsort(store, kind="stable")
    ids, starts = np.unique(store[order], return_index=True)
    pieces = np.split(order, starts[1:]) if len(ids) else []
    hidden = shares.withheld([int((~np.isnan(index[piece])).sum()) for piece in pieces])
    rows = []
    for store_id, piece, hides in zip(ids, pieces, hidden, strict=True):
        values = np.full(len(piece), np.nan) if hides else index[piece]
        whole = rollup.rolled_up(values, layer[piece], store[piece])
        rows.append({"store_id": int(store_id), "population": len(piece), **whole.facts()})
    return rows
