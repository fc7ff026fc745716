"""Purchase days and the summary of each customer: first and last day, x, t_x, T, money.

Source: Fader & Hardie, note 022 (RFM summary of a transaction log). Durations are in days the home
store was open; without closed days they are civil days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huitou.insights.engine import Engine
from huitou.insights.frames import DAYS, PEOPLE

EPOCH: Final = date(1970, 1, 1)
RETURNED_AFTER_DAYS: Final = 180  # a silence this long ended: won back
RETURNED_WITHIN_DAYS: Final = 90  # … and is remembered this long
_STORE_KEY: Final = 1 << 31


def day_sums(engine: Engine, orders: ir.Table) -> ir.Table:
    """One row per customer and purchase day: orders of one day are one purchase.

    ``orders`` are those on or before D; without a ``margin_minor`` profit is not known.
    """
    bought = orders.filter(orders.is_counted, orders.customer_id.notnull())
    if "margin_minor" not in bought.columns:
        bought = bought.mutate(margin_minor=ibis.null("int64"))
    sums = bought.group_by("customer_id", day=bought.ordered_on).agg(
        store_id=bought.store_id.min(),
        orders=bought.count().cast("int32"),
        net_minor=bought.net_minor.sum().cast("int64"),
        margin_minor=bought.margin_minor.sum().cast("int64"),
    )
    return engine.save("day_sums", sums)


def home_stores(engine: Engine, sums: ir.Table, everyone: ir.Table) -> ir.Table:
    """One row per buyer: the home store, else the store of most purchase days (ties: lowest id)."""
    per_store = sums.group_by("customer_id", "store_id").agg(n=sums.count())
    # The largest of n·2³¹ − id names the most frequent store and, among equals, the lowest id.
    key = per_store.n * _STORE_KEY + (_STORE_KEY - 1 - per_store.store_id)
    best = per_store.group_by("customer_id").agg(key=key.max())
    most = best.select("customer_id", most_store_id=_STORE_KEY - 1 - best.key % _STORE_KEY)
    joined = most.left_join(everyone, most.customer_id == everyone.customer_id)
    return engine.save(
        "home_stores",
        joined.select(
            customer_id=most.customer_id,
            store_id=ibis.coalesce(everyone.home_store_id, most.most_store_id).cast("int64"),
        ),
    )


def calendars(
    engine: Engine, sums: ir.Table, closed: Mapping[int, Sequence[date]], as_of: date
) -> ir.Table | None:
    """One row per store with closed days and civil day: the number of the open day.

    A day on which the store sold something was not closed, whatever the calendar says. None = no
    store was ever closed.
    """
    sold = {
        (row["store_id"], row["day"])
        for row in engine.rows(
            sums.filter(sums.store_id.isin(list(closed))).select("store_id", "day").distinct()
        )
    } if closed else set()  # fmt: skip
    kept = {
        store_id: sorted(day for day in set(days) if day <= as_of and (store_id, day) not in sold)
        for store_id, days in closed.items()
    }
    kept = {store_id: days for store_id, days in kept.items() if days}
    if not kept:
        return None
    first = min(days[0] for days in kept.values())
    first = min([first, *(day for _, day in sold)])
    rows: list[tuple[int, date, int]] = []
    for store_id, days in sorted(kept.items()):
        shut, number = set(days), (first - EPOCH).days - 1
        for step in range((as_of - first).days + 1):
            day = first + timedelta(step)
            number += day not in shut
            rows.append((store_id, day, number))
    stores, days_of, numbers = zip(*rows, strict=True)
    table = pa.table(
        {
            "store_id": pa.array(stores, pa.int64()),
            "day": pa.array(days_of, pa.date32()),
            "open_day": pa.array(numbers, pa.int32()),
        }
    )
    return engine.put("calendar", table)


def days(engine: Engine, sums: ir.Table, homes: ir.Table, calendar: ir.Table | None) -> ir.Table:
    """The table ``frames.DAYS``: purchase days numbered, with the open days between them."""
    if calendar is None:
        numbered = sums.mutate(open_day=_civil_number(sums.day))
    else:
        placed = sums.join(homes, "customer_id").select(
            *(sums[name] for name in sums.columns), home_id=homes.store_id
        )
        joined = placed.left_join(
            calendar, (placed.home_id == calendar.store_id) & (placed.day == calendar.day)
        )
        numbered = joined.select(
            *(placed[name] for name in sums.columns),
            open_day=ibis.coalesce(calendar.open_day, _civil_number(placed.day)).cast("int32"),
        )
    order = ibis.window(group_by=numbered.customer_id, order_by=numbered.day)
    gap = numbered.open_day - numbered.open_day.lag().over(order)
    whole = numbered.mutate(
        number=(ibis.row_number().over(order) + 1).cast("int32"),
        # Two purchases are never on one day, even if the home store was closed between them.
        gap_days=ibis.ifelse(gap < 1, 1, gap).cast("int32"),
    )
    return engine.save("days", whole.select(*DAYS))


def _civil_number(day: ir.DateValue) -> ir.IntegerValue:
    return day.delta(ibis.date(EPOCH.year, EPOCH.month, EPOCH.day), unit="day").cast("int32")


@dataclass(frozen=True, slots=True)
class Today:
    """One row per buyer: home store and the number of D in its open days."""

    table: ir.Table
    number: int | None  # the same for everyone, where no store was ever closed


def todays(engine: Engine, homes: ir.Table, calendar: ir.Table | None, as_of: date) -> Today:
    """Where D is in the open days of each buyer's home store."""
    today = (as_of - EPOCH).days
    if calendar is None:
        same = homes.mutate(today_day=ibis.literal(today, "int32"))
        return Today(engine.save("todays", same), today)
    last = calendar.filter(calendar.day == as_of)
    joined = homes.left_join(last, homes.store_id == last.store_id)
    own = joined.select(
        customer_id=homes.customer_id,
        store_id=homes.store_id,
        today_day=ibis.coalesce(last.open_day, ibis.literal(today, "int32")).cast("int32"),
    )
    return Today(engine.save("todays", own), None)


def people(
    engine: Engine,
    purchase_days: ir.Table,
    state: ir.Table,
    today: Today,
    *,
    as_of: date,
    first_window_days: int,
) -> ir.Table:
    """The table ``frames.PEOPLE``: one row per customer with a purchase day, by customer id."""
    dated = _with_today(purchase_days, today)
    sums = _per_customer(dated, as_of, first_window_days)
    buyers = state.filter(state.purchases > 0)
    joined = buyers.join(sums, "customer_id").join(today.table, "customer_id")
    x = buyers.purchases - 1
    repeat_minor = (buyers.day_net_minor - buyers.first_minor).cast("float64")
    t_x = sums.last_day - sums.first_day
    t_x_days = ibis.ifelse((x > 0) & (t_x < 1), 1, t_x)
    age = sums.today_day - sums.first_day
    own = {
        "first_on": buyers.first_on,
        "last_on": buyers.last_on,
        "purchases": buyers.purchases,
        "x": x,
        "t_x_days": t_x_days,
        "T_days": ibis.ifelse(age < t_x_days, t_x_days, age),
        "store_id": today.table.store_id,
        "dormancy_days": sums.today_day - sums.last_day,
        "first_minor": buyers.first_minor,
        "day_net_minor": buyers.day_net_minor,
        "net_total_minor": buyers.day_net_minor - buyers.unmatched_minor,
        "money_minor": ibis.ifelse(x > 0, repeat_minor / x.cast("float64"), ibis.null("float64")),
    }
    shape = ibis.schema(PEOPLE)
    picked = {
        name: own[name] if name in own else (buyers if name == "customer_id" else sums)[name]
        for name in PEOPLE
        if name != "first_category"
    }
    whole = joined.select(**{name: value.cast(shape[name]) for name, value in picked.items()})
    return engine.save("people_summed", whole)


def _with_today(purchase_days: ir.Table, today: Today) -> ir.Table:
    if today.number is not None:  # spares the join of every day
        return purchase_days.mutate(today_day=ibis.literal(today.number, "int32"))
    return purchase_days.join(today.table, "customer_id").select(
        *(purchase_days[name] for name in purchase_days.columns), today_day=today.table.today_day
    )


def _per_customer(dated: ir.Table, as_of: date, first_window_days: int) -> ir.Table:
    age = dated.today_day - dated.open_day
    civil_age = ibis.date(as_of.year, as_of.month, as_of.day).delta(dated.day, unit="day")
    is_return = (dated.gap_days >= RETURNED_AFTER_DAYS) & (age < RETURNED_WITHIN_DAYS)
    within_365 = civil_age < 365
    return dated.group_by("customer_id").agg(
        today_day=dated.today_day.max(),
        first_day=dated.open_day.min(),
        last_day=dated.open_day.max(),
        recent=(age < first_window_days).sum(),
        earlier=(age >= first_window_days).sum(),
        days_365=within_365.sum(),
        net_360_minor=_sum_where(dated.net_minor, civil_age < 360),
        net_365_minor=_sum_where(dated.net_minor, within_365),
        margin_365_minor=dated.margin_minor.sum(where=within_365),
        margin_total_minor=dated.margin_minor.sum(),
        second_on=dated.day.max(where=dated.number == 2),
        first_gap_days=dated.gap_days.max(where=dated.number == 2),
        returned_after_days=dated.gap_days.max(where=is_return),
    )


def _sum_where(value: ir.IntegerColumn, condition: ir.BooleanColumn) -> ir.IntegerScalar:
    return ibis.coalesce(value.sum(where=condition), 0)


def with_unmatched(engine: Engine, summed: ir.Table, orders: ir.Table, as_of: date) -> ir.Table:
    """People whose money of the last 360 and 365 days bears the returns that found no sale.

    Such a return is booked on its own day. What its goods cost is not known: the margin falls by
    the base's mean share of it, so that the share of the base stays as it was.
    """
    since = ibis.literal(as_of - timedelta(days=365))
    open_returns = orders.filter(
        orders.unmatched_minor != 0, orders.customer_id.notnull(), orders.ordered_on > since
    )
    is_360 = open_returns.ordered_on > ibis.literal(as_of - timedelta(days=360))
    taken = open_returns.group_by("customer_id").agg(
        back_365=open_returns.unmatched_minor.sum().cast("int64"),
        back_360=_sum_where(open_returns.unmatched_minor, is_360).cast("int64"),
    )
    totals = engine.one(
        summed.agg(net=summed.net_365_minor.sum(), margin=summed.margin_365_minor.sum())
    )
    net, margin = totals["net"] or 0, totals["margin"] or 0
    share = margin / net if net > 0 else 0.0
    joined = summed.left_join(taken, "customer_id")
    back_365, back_360 = (ibis.coalesce(taken[name], 0) for name in ("back_365", "back_360"))
    changed = {
        "net_360_minor": summed.net_360_minor - back_360,
        "net_365_minor": summed.net_365_minor - back_365,
        "margin_365_minor": summed.margin_365_minor - (back_365 * share).round().cast("int64"),
    }
    picked = {name: changed.get(name, summed[name]) for name in summed.columns}
    return engine.save("people_net", joined.select(**picked).cast(dict(summed.schema())))


def with_first_category(engine: Engine, summed: ir.Table, orders: ir.Table) -> ir.Table:
    """People with the main category of their first purchase day ("" = not known), sorted by id."""
    named = orders.filter(
        orders.is_counted, orders.customer_id.notnull(), orders.main_category != ""
    )
    first = named.join(
        summed,
        (named.customer_id == summed.customer_id) & (named.ordered_on == summed.first_on),
    ).select(customer_id=named.customer_id, main_category=named.main_category)
    category = first.group_by("customer_id").agg(first_category=first.main_category.min())
    joined = summed.left_join(category, "customer_id").select(
        *(summed[name] for name in summed.columns),
        first_category=ibis.coalesce(category.first_category, ""),
    )
    return engine.save("people", joined.select(*PEOPLE).order_by("customer_id"))
