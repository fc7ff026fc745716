"""Retention and churn by period and segment (A35), and who leaves without a word (A36).

Kept = of those who bought in the H days before a day, the share that bought again in the H days
from it on (definition 3 of the cohorts, with the headline horizon H). Churn = 1 - kept.
"""

from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from huitou.insights import shares
from huitou.insights.engine import Columns, Engine
from huitou.insights.frames import Frames, Scores

MONTHS: Final = 24
VALUE_DAYS: Final = 365
LISTED: Final = 100
EPOCH: Final = date(1970, 1, 1)


def section(frames: Frames, scores: Scores) -> dict[str, Any]:
    """The report's ``retention``."""
    horizon, as_of = frames.context.horizon_days, frames.context.as_of
    return {
        "window_days": horizon,
        "months": months(
            frames.engine,
            _civil(frames) if any(frames.context.closed_days.values()) else frames.days,
            frames.people,
            as_of,
            horizon,
        ),
        "churn": churn(frames, horizon),
        "silent": silent(frames, scores),
    }


def _civil(frames: Frames) -> ir.Table:
    """The purchase days with gaps in civil days: open days tell nothing of the day before."""
    days = frames.days
    before = days.day.lag().over(group_by=days.customer_id, order_by=days.day)
    gap = _numbered(days.day) - _numbered(before)
    return days.mutate(gap_days=gap.cast("int32"))


def months(
    engine: Engine, days: ir.Table, people: ir.Table, as_of: date, horizon: int
) -> list[dict[str, Any]]:
    """One row per month: active before its first day, and kept within the horizon from then on."""
    active, kept, first = _by_day(engine, days, people, as_of, horizon)
    rows = []
    for start in _month_starts(as_of):
        if start - timedelta(days=horizon) < first:
            continue  # the days before are not all in the data: the base would be too small
        n, k = int(active[(start - EPOCH).days]), int(kept[(start - EPOCH).days])
        facts = shares.share_facts(k, n)
        rows.append(
            {
                "month": start.isoformat(),
                "active_before": n,
                "kept": facts["k"],
                "share": facts["share"],
                "lo": facts["lo"],
                "hi": facts["hi"],
                "churn": None if facts["share"] is None else 1 - facts["share"],
                "few": facts["few"],
                "complete": start + timedelta(days=horizon - 1) <= as_of,
            }
        )
    return rows


def _by_day(
    engine: Engine, days: ir.Table, people: ir.Table, as_of: date, horizon: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], date]:
    """Active and kept customers for every day as a start, and the first day of the data.

    A purchase p followed by one on day n is the last before every start s with p < s <= n. It makes
    its customer active while s - p <= H, and kept while n < s + H: two runs of days, counted by
    where they begin and end.
    """
    again = days.filter(days.number > 1)
    number = _numbered(again.day)
    pairs = again.select(p=(number - again.gap_days).cast("int32"), n=number)
    lasts = people.select(
        p=_numbered(people.last_on),
        n=ibis.literal((as_of - EPOCH).days + 10 * horizon, "int32"),
    )
    spans = pairs.union(lasts)
    ends = ibis.least(spans.n, spans.p + horizon)
    begins = ibis.greatest(spans.p, spans.n - horizon)
    runs = spans.select(p=spans.p, end=ends, begin=begins)
    size = (as_of - EPOCH).days + 11 * horizon
    active = _covered(engine, runs, "p", "end", size)
    kept = _covered(engine, runs.filter(runs.begin < runs.end), "begin", "end", size)
    first = engine.one(people.agg(first=people.first_on.min()))["first"]
    return active, kept, first if first is not None else as_of


def _covered(engine: Engine, runs: ir.Table, begin: str, end: str, size: int) -> NDArray[np.int64]:
    """For each day s the number of runs with begin < s <= end."""
    change = np.zeros(size + 2, dtype=np.int64)
    for column, sign in ((begin, 1), (end, -1)):
        rows = engine.columns(runs.group_by(at=runs[column]).agg(n=runs.count()))
        at = np.clip(rows["at"].astype(np.int64), -1, size)
        np.add.at(change, at + 1, sign * rows["n"].astype(np.int64))
    return np.cumsum(change)


def churn(frames: Frames, horizon: int) -> list[dict[str, Any]]:
    """Churn of the last complete horizon per segment, beside that of the horizon before.

    ``rises`` is said only where the change is clear of zero and both bases have 30 customers.
    """
    start = frames.context.as_of - timedelta(days=horizon - 1)
    now = _base(frames, start, horizon)
    before = _base(frames, start - timedelta(days=horizon), horizon)
    if not len(now["came"]):
        return []
    earlier, current = _segments(before), _segments(now)
    withheld = _withheld(current) | _withheld(earlier)
    found = []
    for (kind, name), chosen in current.items():
        if (kind, name) in withheld:
            found.append({"segment": kind, "name": name} | _nothing(int(chosen.sum())))
            continue
        row = {"segment": kind, "name": name, **_lost(now["came"][chosen])}
        past = earlier.get((kind, name))
        past_came = before["came"][past] if past is not None else np.empty(0, dtype=bool)
        row["before"] = _lost(past_came)
        found.append(row | _change(now["came"][chosen], past_came))
    return found


def _base(frames: Frames, start: date, horizon: int) -> Columns:
    """One row per customer who bought in the horizon before ``start``."""
    days = frames.days
    since = min(start - timedelta(days=VALUE_DAYS), start - timedelta(days=horizon))
    near = days.filter(days.day >= since, days.day < start + timedelta(days=horizon))
    is_before = near.day < start
    amount = near.margin_minor if frames.context.money.is_profit else near.net_minor
    per_customer = near.group_by("customer_id").agg(
        worth=amount.sum(where=is_before).cast("int64"),
        last=near.day.max(where=is_before),
        purchases=near.number.max(where=is_before),
        later=near.count(where=~is_before),
    )
    active = per_customer.filter(per_customer.last >= start - timedelta(days=horizon))
    people = frames.people
    joined = active.join(people.select("customer_id", "store_id"), "customer_id")
    rows = frames.engine.columns(joined.order_by("customer_id"))
    return rows | {"came": rows["later"] > 0}


def _segments(base: Columns) -> dict[tuple[str, Any], NDArray[np.bool_]]:
    """Everyone; the fifth worth most and the others; first-time and repeat buyers; home stores."""
    n = len(base["came"])
    best = np.zeros(n, dtype=bool)
    best[np.argsort(-np.nan_to_num(base["worth"].astype(float)), kind="stable")[: -(-n // 5)]] = (
        True
    )
    repeat = base["purchases"] > 1
    found: dict[tuple[str, Any], NDArray[np.bool_]] = {
        ("all", None): np.ones(n, dtype=bool),
        ("value", "high"): best,
        ("value", "other"): ~best,
        ("purchases", "first"): ~repeat,
        ("purchases", "repeat"): repeat,
    }
    stores = np.unique(base["store_id"])
    if len(stores) > 1:
        found |= {("store", int(store)): base["store_id"] == store for store in stores}
    return found


def _withheld(segments: dict[tuple[str, Any], NDArray[np.bool_]]) -> set[tuple[str, Any]]:
    """Segments without a figure: too small, or the one that would give a small one away."""
    hidden: set[tuple[str, Any]] = set()
    for kind in ("value", "purchases", "store"):
        parts = [key for key in segments if key[0] == kind]
        sizes = [int(segments[key].sum()) for key in parts]
        hides = shares.withheld(sizes)
        hidden |= {key for key, hide in zip(parts, hides, strict=True) if hide}
    return hidden


def _nothing(size: int) -> dict[str, Any]:
    """A segment that shows no figure; its number of customers is no secret to staff."""
    none = np.empty(0, dtype=bool)
    return _lost(none) | {"n": size, "before": _lost(none)} | _change(none, none)


def _lost(came: NDArray[np.bool_]) -> dict[str, Any]:
    facts = shares.share_facts(int((~came).sum()), len(came))
    return {name: facts[name] for name in ("k", "n", "share", "lo", "hi", "few")}


def _change(now: NDArray[np.bool_], before: NDArray[np.bool_]) -> dict[str, Any]:
    nothing: dict[str, Any] = {"change": None, "change_lo": None, "change_hi": None, "rises": False}
    if min(len(now), len(before)) < shares.NONE_BELOW:
        return nothing
    lost, gone = 1 - float(now.mean()), 1 - float(before.mean())
    lo, hi = newcombe((lost, len(now)), (gone, len(before)))
    enough = min(len(now), len(before)) >= shares.FEW_BELOW
    return {"change": lost - gone, "change_lo": lo, "change_hi": hi, "rises": enough and lo > 0}


def newcombe(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, float]:
    """The 95 % interval of the difference of two independent shares, each (share, n).

    Source:
        Newcombe (1998), Statistics in Medicine 17, method 10: Wilson's intervals joined.
    """
    (p, n), (q, m) = one, other
    p_lo, p_hi = shares.wilson(round(p * n), n)
    q_lo, q_hi = shares.wilson(round(q * m), m)
    below = float(np.hypot(p - p_lo, q_hi - q))
    above = float(np.hypot(p_hi - p, q - q_lo))
    return p - q - below, p - q + above


def silent(frames: Frames, scores: Scores) -> dict[str, Any]:
    """Repeat buyers past their own horizon, not yet lost, with no word since the last purchase.

    ``quiet`` counts them with those who did say something; few complain, most just stay away.
    """
    last_said = frames.answers.group_by("customer_id").agg(said=frames.answers.answered_on.max())
    said = frames.engine.columns(last_said.order_by("customer_id"))
    ids = frames.column("customer_id")
    dormancy = frames.column("dormancy_days")
    quiet = (frames.column("x") > 0) & (dormancy > scores["risk_days"])
    quiet &= (scores["risk_days"] > 0) & (dormancy < frames.context.windows[-1])
    spoke = np.zeros(len(ids), dtype=bool)
    if len(said["customer_id"]):
        place = np.clip(np.searchsorted(ids, said["customer_id"]), 0, max(len(ids) - 1, 0))
        known = ids[place] == said["customer_id"] if len(ids) else np.zeros(0, dtype=bool)
        at = place[known]
        spoke[at] = said["said"][known] >= frames.column("last_on")[at]
    chosen = np.flatnonzero(quiet & ~spoke)
    worth = np.nan_to_num(scores["value_at_risk"][chosen])
    ranked = chosen[np.lexsort((ids[chosen], -worth))]
    return {
        "customers": len(chosen),
        "quiet": int(quiet.sum()),
        "top": ids[ranked[:LISTED]].tolist(),
    }


def _numbered(day: ir.DateValue) -> ir.IntegerValue:
    return day.delta(ibis.date(EPOCH.year, EPOCH.month, EPOCH.day), unit="day").cast("int32")


def _month_starts(as_of: date) -> list[date]:
    number = as_of.year * 12 + as_of.month - 1
    return [date(i // 12, i % 12 + 1, 1) for i in range(number - MONTHS + 1, number + 1)]
