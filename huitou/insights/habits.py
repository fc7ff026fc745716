"""How each customer buys, beyond the summary: recent periods, unbroken runs, the last days' money.

One pass over the purchase days; the measures that need it (reasons, manifestations, new against
existing) read its columns.
"""

from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from huitou.insights.frames import Columns, Frames, Scores

RECENT_DAYS: Final = 180
THIRD_DAYS: Final = 120  # three of them are the last 360 days
LAST_DAYS: Final = 3  # repeat purchase days whose money is compared with those before
PERIODS: Final = (30, 90, 180, 365)
MOST_PERIODS: Final = 62  # bits of a signed 64-bit number, less one
YEAR_DAYS: Final = 365


def period_days(median_gap_days: float | None) -> int:
    """The length of a purchase period: the shortest of 30, 90, 180, 365 that holds a usual gap."""
    if median_gap_days is None:
        return 90
    return next((days for days in PERIODS if days >= median_gap_days), PERIODS[-1])


def columns(frames: Frames, scores: Scores) -> Columns:
    """Per person: ``purchases_180``; net of the last three times 120 days, newest first; a bit per
    period bought in; net of the last three repeat days (NaN under four); orders of 365 days."""
    found = frames.engine.columns(_sums(frames).order_by("customer_id"))
    found.pop("customer_id")
    return found


def _sums(frames: Frames) -> ir.Table:
    people, days = frames.people, frames.days
    dated = days.join(people, "customer_id").select(
        "customer_id",
        "net_minor",
        "orders",
        is_first=days.number == 1,
        is_last=(people.x > LAST_DAYS) & (days.number > people.purchases - LAST_DAYS),
        age=people.today_day - days.open_day,
        civil_age=ibis.literal(frames.context.as_of).delta(days.day, unit="day"),
    )
    period = dated.age // period_days(frames.context.median_gap_days)
    bit = ibis.literal(1, "int64") << period.cast("int64")

    def net_between(start: int, end: int) -> ir.Value:
        within = (dated.age >= start) & (dated.age < end)
        return ibis.coalesce(dated.net_minor.sum(where=within), 0).cast("int64")

    return dated.group_by("customer_id").agg(
        purchases_180=(dated.age < RECENT_DAYS).sum().cast("int32"),
        third_1_minor=net_between(0, THIRD_DAYS),
        third_2_minor=net_between(THIRD_DAYS, 2 * THIRD_DAYS),
        third_3_minor=net_between(2 * THIRD_DAYS, 3 * THIRD_DAYS),
        period_bits=ibis.coalesce(bit.bit_or(where=period < MOST_PERIODS), 0).cast("int64"),
        last_minor=dated.net_minor.sum(where=dated.is_last).cast("int64"),
        orders_365=_count(dated.orders.sum(where=dated.civil_age < YEAR_DAYS)),
        first_orders=_count(dated.orders.sum(where=dated.is_first)),
    )


def _count(total: ir.Value) -> ir.Value:
    return ibis.coalesce(total, 0).cast("int32")


def unbroken_runs(period_bits: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The current and the longest run of periods with a purchase, from one bit per period.

    Args:
        period_bits: bit 0 is the period that ends on D, bit 1 the one before it, ...

    Returns:
        (current, longest): the current run starts at bit 0, or at bit 1 where the period that
        ends on D holds no purchase yet; whole periods, shape of the input.
    """
    bits = period_bits.astype(np.int64)
    longest = np.zeros(len(bits), dtype=np.int16)
    rest = bits.copy()
    while rest.any():
        # Shifting a run onto itself shortens it by one: count until nothing is left.
        longest += rest != 0
        rest &= rest >> 1
    running = np.where(bits & 1 == 1, bits, bits >> 1)
    current = np.zeros(len(bits), dtype=np.int16)
    while (running & 1).any():
        current += (running & 1).astype(np.int16)
        running = np.where(running & 1 == 1, running >> 1, 0)
    return current, longest
