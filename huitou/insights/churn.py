"""Who may leave, and how much of the coming year's money that puts at risk (A37, B8)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import reasons, shares
from huitou.insights.frames import Columns, Frames, Scores

LONG_LOST_DAYS: Final = 365  # in the layer ``lost`` for longer than this: no longer on the list
LISTED: Final = 100
LOYAL_LEVELS: Final = ("preference", "devoted")
LOYAL_INDEX: Final = 70.0


def is_listed(
    dormancy_days: NDArray[Any], lost_from_days: int, mark: NDArray[Any]
) -> NDArray[np.bool_]:
    """Who can be on the list: not lost for more than 365 days, no yearly buyer before the date."""
    is_yearly = np.array([word.startswith("yearly") for word in mark], dtype=bool)
    return np.asarray((dormancy_days <= lost_from_days + LONG_LOST_DAYS) & ~is_yearly)


def order(
    at_risk: NDArray[np.float64], risk: NDArray[np.float64], customer_id: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Rows by value at risk, ties by risk, then by customer id; unknown values last."""
    return np.lexsort((customer_id, -np.nan_to_num(risk), -np.nan_to_num(at_risk, nan=-1.0)))


def columns(frames: Frames, scores: Scores) -> Columns:
    """Whether each person is on the list."""
    lost_from = frames.context.windows[-1]
    return {"is_listed": is_listed(frames.column("dormancy_days"), lost_from, scores["mark"])}


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``churn_list``: totals with intervals, the first hundred, reasons, warnings.

    ``probably_lost_total`` stands beside the value at risk and is never added to it.
    """
    listed = np.nonzero(scores["is_listed"])[0]
    at_risk = scores["value_at_risk"][listed]
    seed = frames.context.seed
    facts: dict[str, Any] = {
        "customers": len(listed),
        "basis": frames.context.money.name,
        "at_risk_total": None,
        "lo": None,
        "hi": None,
        "few": shares.is_few(len(listed)),
        "probably_lost_total": None,
        "top": [],
        "by_store": [],
        "reasons": _reason_counts(scores["reasons"][listed]),
        "chance_rate": reasons.CHANCE_RATE,
        "early_warning": _early_warning(scores),
        "reason": _refusal(frames, at_risk),
    }
    if facts["reason"] is None:
        lo, hi = shares.total_interval(at_risk, seed=seed)
        ranked = listed[order(at_risk, scores["risk"][listed], scores["customer_id"][listed])]
        facts |= {
            "at_risk_total": float(at_risk.sum()),
            "lo": shares.number(lo),
            "hi": shares.number(hi),
            "probably_lost_total": float(np.nansum(scores["probably_lost"][listed])),
            "top": scores["customer_id"][ranked[:LISTED]].tolist(),
            "by_store": _by_store(frames.column("store_id")[listed], at_risk, seed),
        }
    return facts


def _refusal(frames: Frames, at_risk: NDArray[np.float64]) -> str | None:
    if frames.model is None or np.isnan(at_risk).any():
        return "no_model"
    return None if len(at_risk) else "no_customers"


def _reason_counts(bits: NDArray[Any]) -> dict[str, int]:
    return {code: int((bits >> place & 1).sum()) for place, code in enumerate(reasons.CODES)}


def _early_warning(scores: Scores) -> dict[str, Any]:
    """A37: the highly loyal who begin to depart from their own rhythm."""
    level = scores["loyalty_level"]
    loyal = np.isin(level, LOYAL_LEVELS) | (scores["loyalty_index"] >= LOYAL_INDEX)
    leaving = loyal & scores["is_listed"] & (scores["reasons"] != 0)
    at_risk = np.nan_to_num(scores["value_at_risk"])
    rows = np.nonzero(leaving)[0]
    ranked = rows[order(at_risk[rows], scores["risk"][rows], scores["customer_id"][rows])]
    return {
        "customers": int(leaving.sum()),
        "loyal": int(loyal.sum()),
        "top": scores["customer_id"][ranked[:LISTED]].tolist(),
    }


def _by_store(store: NDArray[Any], at_risk: NDArray[np.float64], seed: int) -> list[dict[str, Any]]:
    # In a large base many bootstraps of 20,000 customers would cost minutes.
    many = len(at_risk) > shares.BOOTSTRAP_UP_TO
    by_store = np.argsort(store, kind="stable")
    ids, starts = np.unique(store[by_store], return_index=True)
    found = []
    for store_id, piece in zip(ids, np.split(at_risk[by_store], starts[1:]), strict=True):
        lo, hi = shares.total_interval(piece, seed=seed, by_influence=many)
        found.append(
            {
                "store_id": int(store_id),
                "customers": len(piece),
                "total": float(piece.sum()),
                "lo": shares.number(lo),
                "hi": shares.number(hi),
                "few": shares.is_few(len(piece)),
            }
        )
    return found
