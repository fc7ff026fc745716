"""The summary state: what is kept per customer from run to run, brought up to date by what changed.

A row is a customer with any order in the files: first and last purchase day, purchases, money of
the first day, money of all days, returns that found no sale. Only touched customers are computed
again: new days are added, a change to an old day rebuilds that customer from the files.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir

from huitou.insights import manifest as manifests
from huitou.insights.engine import Engine
from huitou.insights.frames import ORDERS
from huitou.insights.manifest import Manifest

STATE: Final = {
    "customer_id": "int64",
    "first_on": "date",
    "last_on": "date",
    "purchases": "int32",
    "first_minor": "int64",
    "day_net_minor": "int64",
    "unmatched_minor": "int64",
}
_ROWS: Final = (
    "order_id", "customer_id", "ordered_on", "net_minor", "unmatched_minor", "is_counted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the state is and what it was computed from."""

    folder: Path  # the analytics folder

    @property
    def table(self) -> Path:
        """The state itself."""
        return self.folder / "state" / "state.parquet"

    @property
    def record(self) -> Path:
        """The manifest and the day of the state."""
        return self.folder / "state" / "state.json"


def refresh(
    engine: Engine, kept: Kept, now: Manifest, *, as_of: date, sums: ir.Table | None = None
) -> ir.Table:
    """The state on ``as_of``: the kept one brought up to date, or computed from all files.

    ``sums`` are the purchase days of all files, if they are at hand anyway.
    """
    before = _read(kept)
    if before is None or before[1] > as_of:
        state = full(engine, orders_until(engine, kept.folder, now, as_of), sums)
    else:
        state = _updated(engine, kept, before, (now, as_of))
    _write(engine, kept, state, now, as_of)
    return state


def orders_until(engine: Engine, folder: Path, now: Manifest, as_of: date) -> ir.Table:
    """The orders of the files on or before ``as_of``."""
    paths = [folder / stored.path for stored in now.months.values()]
    orders = engine.files("order_files", sorted(paths), ORDERS)
    return orders.filter(orders.ordered_on <= as_of)


def full(engine: Engine, orders: ir.Table, sums: ir.Table | None = None) -> ir.Table:
    """The state of every customer of ``orders``; ``sums`` are its purchase days if at hand."""
    return engine.save("state", _summed(orders, sums).order_by("customer_id"))


def _summed(orders: ir.Table, sums: ir.Table | None = None) -> ir.Table:
    known = orders.filter(orders.customer_id.notnull())
    if sums is None:
        bought = known.filter(known.is_counted)
        sums = bought.group_by("customer_id", day=bought.ordered_on).agg(
            net_minor=bought.net_minor.sum().cast("int64")
        )
    own = sums.group_by("customer_id").agg(
        first_on=sums.day.min(),
        last_on=sums.day.max(),
        purchases=sums.count().cast("int32"),
        first_minor=_first_money(sums),
        day_net_minor=sums.net_minor.sum().cast("int64"),
    )
    open_returns = known.filter(known.unmatched_minor != 0)
    returned = open_returns.group_by("customer_id").agg(
        unmatched_minor=open_returns.unmatched_minor.sum().cast("int64")
    )
    joined = own.outer_join(returned, "customer_id")
    return joined.select(
        customer_id=ibis.coalesce(own.customer_id, returned.customer_id),
        first_on=own.first_on,
        last_on=own.last_on,
        purchases=ibis.coalesce(own.purchases, 0).cast("int32"),
        first_minor=ibis.coalesce(own.first_minor, 0).cast("int64"),
        day_net_minor=ibis.coalesce(own.day_net_minor, 0).cast("int64"),
        unmatched_minor=ibis.coalesce(returned.unmatched_minor, 0).cast("int64"),
    )


def _first_money(sums: ir.Table) -> ir.IntegerScalar:
    if "number" in sums.columns:
        return sums.net_minor.sum(where=sums.number == 1)
    return sums.net_minor.argmin(sums.day)


def _updated(
    engine: Engine, kept: Kept, before: tuple[Manifest, date], after: tuple[Manifest, date]
) -> ir.Table:
    old = engine.files("state_before", [kept.table], STATE)
    added, removed = _difference(engine, kept.folder, before, after)
    if added is None or removed is None:
        return engine.save("state", old.order_by("customer_id"))
    odd = _to_rebuild(engine, old, added, removed)
    grown = _grown(old, added.anti_join(odd, "customer_id"))
    grown = engine.save("state_grown", grown)
    orders = orders_until(engine, kept.folder, *after)
    rebuilt = engine.save("state_rebuilt", _summed(orders.semi_join(odd, "customer_id")))
    untouched = old.anti_join(grown, "customer_id").anti_join(odd, "customer_id")
    whole = untouched.union(grown.select(*STATE)).union(rebuilt.select(*STATE))
    return engine.save("state", whole.order_by("customer_id"))


def _difference(
    engine: Engine, folder: Path, before: tuple[Manifest, date], after: tuple[Manifest, date]
) -> tuple[ir.Table | None, ir.Table | None]:
    """Rows that are new and rows that are gone, from the files that differ."""
    (old, old_on), (new, new_on) = before, after
    months = set(old.months) | set(new.months)
    changed = {month for month in months if old.months.get(month) != new.months.get(month)}
    later = {
        month
        for month in set(new.months) - changed
        if f"{old_on:%Y-%m}" <= month <= f"{new_on:%Y-%m}" and old_on < new_on
    }
    if not changed and not later:
        return None, None
    was = _rows(engine, "rows_before", _paths(folder, old, changed | later), old_on)
    now = _rows(engine, "rows_after", _paths(folder, new, changed | later), new_on)
    added = engine.save("rows_added", now.difference(was, distinct=False))
    removed = engine.save("rows_removed", was.difference(now, distinct=False))
    return added, removed


def _paths(folder: Path, listed: Manifest, months: Iterable[str]) -> list[Path]:
    return [
        folder / listed.months[month].path for month in sorted(months) if month in listed.months
    ]


def _rows(engine: Engine, name: str, paths: list[Path], until: date) -> ir.Table:
    rows = engine.files(name, paths, {column: ORDERS[column] for column in _ROWS})
    return rows.filter(rows.customer_id.notnull(), rows.ordered_on <= until)


def _to_rebuild(engine: Engine, old: ir.Table, added: ir.Table, removed: ir.Table) -> ir.Table:
    """Customers whose past changed: a row is gone, or a new one is not after what is known."""
    placed = added.left_join(old, "customer_id").select(
        customer_id=added.customer_id,
        is_odd=(added.unmatched_minor != 0)
        | ~added.is_counted
        | ((added.ordered_on < old.last_on).fill_null(False))
        | (old.customer_id.notnull() & old.last_on.isnull()),
    )
    late = placed.filter(placed.is_odd).select("customer_id")
    return engine.save("to_rebuild", late.union(removed.select("customer_id")).distinct())


def _grown(old: ir.Table, added: ir.Table) -> ir.Table:
    """The states of customers who only bought again, on their last known day or after it."""
    daily = added.group_by("customer_id", day=added.ordered_on).agg(
        net_minor=added.net_minor.sum().cast("int64")
    )
    placed = daily.left_join(old, "customer_id").select(
        *(daily[name] for name in ("customer_id", "day", "net_minor")),
        **{f"old_{name}": old[name] for name in STATE if name != "customer_id"},
    )
    is_same = (placed.day == placed.old_last_on).fill_null(False)
    is_first = is_same & (placed.day == placed.old_first_on).fill_null(False)
    placed = placed.mutate(
        fresh=ibis.ifelse(is_same, 0, 1), to_first=ibis.ifelse(is_first, placed.net_minor, 0)
    )
    sums = placed.group_by("customer_id").agg(
        first_day=placed.day.min(),
        last_day=placed.day.max(),
        earliest_minor=placed.net_minor.argmin(placed.day),
        fresh=placed.fresh.sum(),
        to_first=placed.to_first.sum(),
        net_minor=placed.net_minor.sum(),
        **{
            name: placed[f"old_{name}"].max()
            for name in STATE
            if name not in {"customer_id", "last_on"}
        },
    )
    known = sums.first_on.notnull()
    return sums.select(
        customer_id=sums.customer_id,
        first_on=ibis.coalesce(sums.first_on, sums.first_day),
        last_on=sums.last_day,
        purchases=(ibis.coalesce(sums.purchases, 0) + sums.fresh).cast("int32"),
        first_minor=ibis.ifelse(known, sums.first_minor + sums.to_first, sums.earliest_minor).cast(
            "int64"
        ),
        day_net_minor=(ibis.coalesce(sums.day_net_minor, 0) + sums.net_minor).cast("int64"),
        unmatched_minor=ibis.coalesce(sums.unmatched_minor, 0).cast("int64"),
    )


def _read(kept: Kept) -> tuple[Manifest, date] | None:
    if not (kept.record.exists() and kept.table.exists()):
        return None
    try:
        values = json.loads(kept.record.read_text(encoding="utf-8"))
        stored = manifests.from_json(values["manifest"])
        as_of = date.fromisoformat(values["as_of"])
    except (ValueError, KeyError, TypeError):
        return None
    whole = all((kept.folder / file.path).exists() for file in stored.months.values())
    is_ours = values.get("state_sha256") == manifests.digest_of(kept.table)
    return (stored, as_of) if whole and is_ours else None


def _write(engine: Engine, kept: Kept, state: ir.Table, now: Manifest, as_of: date) -> None:
    kept.table.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.table.with_suffix(".unfinished")
    target = str(unfinished).replace("'", "''")
    engine.duck.execute(
        f"COPY ({engine.sql(state.order_by('customer_id'))}) TO '{target}' (FORMAT parquet)"
    )
    kept.record.unlink(missing_ok=True)  # between the two renames there is no state
    unfinished.replace(kept.table)
    manifests.write_json(
        kept.record,
        {
            "manifest": now.as_json(),
            "as_of": as_of.isoformat(),
            "state_sha256": manifests.digest_of(kept.table),
        },
    )
