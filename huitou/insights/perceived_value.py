"""Perceived customer value: what a customer gets less what it costs them (A19, A20)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import attitudes, shares
from huitou.insights.frames import Columns, Frames, Scores

Floats = NDArray[np.float64]

BENEFITS: Final = ("benefit_product", "benefit_service", "benefit_staff", "benefit_image")
COSTS: Final = ("cost_money", "cost_time", "cost_effort", "cost_psychological")
LOWEST: Final = 1.0
HIGHEST: Final = 5.0


def side(items: Floats, weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)) -> Floats:
    """The sum of four items 1..5; one missing item makes the rest count 4/3, more give NaN.

    Args:
        items: shape (n, 4), NaN = not answered.
        weights: of the items, mean 1.
    """
    known = ~np.isnan(items)
    count = known.sum(axis=1)
    total = (np.where(known, items, 0.0) * np.asarray(weights)).sum(axis=1)
    stretched: Floats = np.where(count == 4, total, total * 4 / 3)
    return np.where(count >= 3, stretched, np.nan)


def perceived(benefits: Floats, costs: Floats) -> Floats:
    """Sum of benefits - sum of costs, -16..+16; NaN where a side cannot be summed.

    Source:
        Zeithaml (1988); Kotler: total customer value less total customer cost.
    """
    return side(benefits) - side(costs)


def what_if(benefits: Floats, costs: Floats) -> list[dict[str, Any]]:
    """Each item's effect of one step better, for those who have room, greatest first.

    A benefit already at 5 and a cost already at 1 cannot improve, so an item everyone praises
    raises nothing.
    """
    rows = []
    for names, items, best in ((BENEFITS, benefits, HIGHEST), (COSTS, costs, LOWEST)):
        for place, name in enumerate(names):
            known = items[:, place][~np.isnan(items[:, place])]
            if len(known) >= shares.NONE_BELOW:
                raised = float((known != best).mean())
                rows.append({"item": name, "raises": raised, "mean": float(known.mean())})
    return sorted(rows, key=lambda row: (-row["raises"], row["item"]))


def _matrix(rows: Columns, names: tuple[str, ...]) -> Floats:
    return np.column_stack([rows[name].astype(float) for name in names])


def _newest(rows: Columns) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of each customer's newest form; of these, the ones whose row above is theirs too."""
    who = rows["customer_id"]
    is_last = np.ones(len(who), dtype=bool)
    is_last[:-1] = who[1:] != who[:-1]
    has_older = np.zeros(len(who), dtype=bool)
    has_older[1:] = who[1:] == who[:-1]
    return np.nonzero(is_last)[0], np.nonzero(is_last & has_older)[0]


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``perceived_value``: each customer's newest form of the last 365 days."""
    answers = frames.engine.columns(frames.answers.order_by(["customer_id", "answered_on", "wave"]))
    some = ~np.isnan(_matrix(answers, BENEFITS + COSTS)).all(axis=1)
    forms = {name: column[some] for name, column in answers.items()}
    benefits, costs = _matrix(forms, BENEFITS), _matrix(forms, COSTS)
    value = perceived(benefits, costs)
    last, repeated = _newest(forms)
    valid_days = int(frames.context.setting("answers_valid_days", attitudes.VALID_DAYS))
    age = np.datetime64(frames.context.as_of, "D") - forms["answered_on"].astype("datetime64[D]")
    fresh: NDArray[np.bool_] = np.asarray(age <= np.timedelta64(valid_days, "D"))
    current, again = last[fresh[last]], repeated[fresh[repeated]]
    known = value[current][~np.isnan(value[current])]
    incomplete = np.isnan(np.hstack([benefits, costs])[current]).any(axis=1)
    return {
        **shares.mean_facts(value[current]),
        "gain_covers_cost": shares.share_facts(int((known >= 0).sum()), len(known)),
        "stretched": int((incomplete & ~np.isnan(value[current])).sum()),
        "items": {
            name: shares.mean_facts(forms[name][current].astype(float)) for name in BENEFITS + COSTS
        },
        "what_if": what_if(benefits[current], costs[current]),
        "change": shares.mean_facts(value[again] - value[again - 1]),
    }
