"""Customers as they stood on earlier days, and what they did after."""

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from huitou.insights import calibration
from huitou.insights.calibration import OriginData
from huitou.insights.frames import Frames
from huitou.insights.summary import EPOCH

CODES: Final = ("x", "t_x_days", "T_days", "purchases", "next_gap_days", "store_id")


def of(frames: Frames, calendar: ir.Table | None) -> list[OriginData]:
    """The complete origins of a run, newest first: D less one to four horizons."""
    first = frames.column("first_on")
    if not len(first):
        return []
    as_of, horizon = frames.context.as_of, frames.context.horizon_days
    earliest: date = first.min().astype("datetime64[D]").item()
    days = calibration.origin_days(as_of, earliest, horizon, _closed(frames))
    return [_stood_on(frames, day, calendar) for day in days]


def _stood_on(frames: Frames, origin: date, calendar: ir.Table | None) -> OriginData:
    horizon = frames.context.horizon_days
    days = frames.days
    today = _number_on(frames, origin, calendar)
    dated = days.join(today, "customer_id").select(
        "customer_id", "open_day", home_id=today.store_id, at=today.at, day=days.day
    )
    before = dated.day <= ibis.literal(origin)
    ahead = dated.open_day - dated.at
    sums = dated.group_by("customer_id").agg(
        n=before.sum().cast("int32"),
        first=dated.open_day.min(where=before),
        last=dated.open_day.max(where=before),
        at=dated["at"].max(),
        purchases=(~before & (ahead <= horizon)).sum().cast("int32"),
        next_gap_days=ahead.min(where=~before),
        store_id=dated.home_id.max(),
    )
    bought = sums.filter(sums.n > 0)
    x = bought.n - 1
    t_x = bought["last"] - bought["first"]
    t_x = ibis.ifelse((x > 0) & (t_x < 1), 1, t_x)
    age = bought["at"] - bought["first"]
    found = bought.select(
        "customer_id",
        "purchases",
        "store_id",
        x=x,
        t_x_days=t_x.cast("int32"),
        T_days=ibis.ifelse(age < t_x, t_x, age).cast("int32"),
        next_gap_days=ibis.coalesce(bought.next_gap_days, 0).cast("int32"),
    )
    columns = frames.engine.columns(found.order_by("customer_id"))
    return OriginData(
        as_of=origin,
        x=columns["x"],
        t_x_days=columns["t_x_days"],
        T_days=columns["T_days"],
        purchases=columns["purchases"],
        next_gap_days=columns["next_gap_days"],
        observed_days=calibration.open_days_since(origin, frames.context.as_of, _closed(frames)),
        store=columns["store_id"],
    )


def _closed(frames: Frames) -> list[tuple[date, ...]]:
    return list(frames.context.closed_days.values())


def _number_on(frames: Frames, origin: date, calendar: ir.Table | None) -> ir.Table:
    """One row per person: home store and the number of the origin in its open days."""
    people = frames.people.select("customer_id", "store_id")
    civil = ibis.literal((origin - EPOCH).days, "int32")
    if calendar is None:
        return people.mutate(at=civil)
    then = calendar.filter(calendar.day == ibis.literal(origin))
    joined = people.left_join(then, people.store_id == then.store_id)
    return joined.select(
        customer_id=people.customer_id,
        store_id=people.store_id,
        at=ibis.coalesce(then.open_day, civil).cast("int32"),
    )
