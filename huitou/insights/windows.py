"""The shop's own gaps between purchases, and the windows they suggest."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from huitou.insights.engine import Columns, Engine
from huitou.insights.layers import Windows, checked, layer

STEPS: Final = (7, 14, 21, 30, 45, 60, 90, 120, 180, 240, 360, 400)
SHARES: Final = (0.75, 0.90, 0.95, 0.98)
NEEDS_CUSTOMERS: Final = 200
LONGEST_DAYS: Final = 400
BASE_GAP_DAYS: Final = 720


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Windows fitted to the gaps between purchases, or why there are none."""

    windows: Windows | None
    reason: str  # gaps, few_gaps, short_history, not_rising
    quantiles: tuple[float, ...]
    customers: int  # with a gap
    follow_up_days: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """Closed gaps between purchase days as a weighted histogram; a customer weighs 1 in all."""

    lengths: NDArray[np.int64]  # days, ascending
    weights: NDArray[np.float64]
    customers: int

    def quantile(self, share: float) -> float | None:
        """The shortest length that at least ``share`` of the weight does not exceed."""
        if not self.customers:
            return None
        reached = np.cumsum(self.weights) >= share * self.weights.sum() - 1e-9
        return float(self.lengths[int(np.argmax(reached))])


def gaps(engine: Engine, days: ir.Table, *, as_of: date, history_days: int) -> tuple[Gaps, Gaps]:
    """The base's closed gaps (for the horizon) and the fully followed ones (for the windows).

    Base: gaps that closed in the last 720 days. Followed: gaps that began at least F days before D
    and closed within F, F = min(400, half the history), so that long gaps had their chance.
    """
    follow = follow_up_days(history_days)
    ended = days.filter(days.gap_days.notnull())
    age = ibis.date(as_of.year, as_of.month, as_of.day).delta(ended.day, unit="day")
    flagged = ended.select(
        "customer_id",
        "gap_days",
        in_base=age < BASE_GAP_DAYS,
        is_followed=(age + ended.gap_days >= follow) & (ended.gap_days <= follow),
    )
    own = flagged.group_by("customer_id").agg(
        base=flagged.in_base.sum().cast("int32"), followed=flagged.is_followed.sum().cast("int32")
    )
    joined = flagged.join(own, "customer_id")
    # Whole counts by length and number of own gaps: their weighted sum is the same every time.
    found = joined.group_by("gap_days", "base", "followed").agg(
        n_base=joined.in_base.sum().cast("int64"),
        n_followed=joined.is_followed.sum().cast("int64"),
    )
    counts = engine.columns(found.order_by("gap_days", "base", "followed"))
    return _weighted(counts, "base", "n_base"), _weighted(counts, "followed", "n_followed")


def _weighted(counts: Columns, own: str, number: str) -> Gaps:
    kept = counts[number] > 0
    lengths, position = np.unique(counts["gap_days"][kept], return_inverse=True)
    weights = np.zeros(len(lengths))
    np.add.at(weights, position, counts[number][kept] / counts[own][kept])
    return Gaps(lengths.astype(np.int64), weights, round(float(weights.sum())))


def follow_up_days(history_days: int) -> int:
    """F: how long a gap is followed, at most half the history."""
    return min(LONGEST_DAYS, history_days // 2)


def suggestion(followed: Gaps, *, history_days: int, preset: Windows) -> Suggestion:
    """Windows from the quantiles .75, .90, .95, .98, each rounded up to a usual number of days."""
    follow = follow_up_days(history_days)
    if followed.customers < NEEDS_CUSTOMERS:
        return Suggestion(None, "few_gaps", (), followed.customers, follow)
    quantiles = tuple(followed.quantile(share) or 0.0 for share in SHARES)
    chosen: list[int] = []
    for value in quantiles:
        above = [step for step in STEPS if step >= value and (not chosen or step > chosen[-1])]
        if not above:
            return Suggestion(None, "not_rising", quantiles, followed.customers, follow)
        chosen.append(above[0])
    if chosen[3] >= follow:
        chosen[3] = preset[3]
    try:
        windows = checked(chosen)
    except ValueError:
        return Suggestion(None, "short_history", quantiles, followed.customers, follow)
    return Suggestion(windows, "gaps", quantiles, followed.customers, follow)


def recounted(days: ir.Table, people: ir.Table, windows: Windows) -> ir.Table:
    """One row per person: the layer under other ``windows``."""
    today = people.select("customer_id", "today_day")
    first = windows[0]
    dated = days.join(today, "customer_id")
    near = dated.filter(dated.today_day - dated.open_day < first)
    recent = near.group_by("customer_id").agg(n=near.count().cast("int32"))
    joined = people.left_join(recent, "customer_id").select(
        customer_id=people.customer_id,
        dormancy_days=people.dormancy_days,
        purchases=people.purchases,
        n=ibis.coalesce(recent.n, 0),
    )
    return joined.select(
        "customer_id",
        layer=layer(joined.dormancy_days, joined.n, joined.purchases - joined.n, windows),
    )
