"""From the files of a manifest to the frames of a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir

from huitou.insights import horizons, money, state, summary, windows
from huitou.insights.engine import Engine
from huitou.insights.frames import ANSWERS, EVERYONE, Frames, MoneyBasis
from huitou.insights.inputs import Inputs
from huitou.insights.manifest import Manifest

HORIZON_HELD_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Built:
    """Frames and what was learnt while making them."""

    frames: Frames
    followed: windows.Gaps
    history_days: int
    horizon_since: date
    calendar: ir.Table | None


def frames_of(
    engine: Engine, folder: Path, listed: Manifest, inputs: Inputs, *, keep_state: bool = True
) -> Built:
    """The frames of the files; with ``keep_state`` the summary state is brought up to date too."""
    orders = state.orders_until(engine, folder, listed, inputs.as_of)
    everyone, answers = _people_files(engine, folder, listed, inputs.as_of)
    margin = money.margin(engine, orders, inputs.costs, as_of=inputs.as_of)
    sums = summary.day_sums(engine, margin.orders if margin.orders is not None else orders)
    homes = summary.home_stores(engine, sums, everyone)
    calendar = summary.calendars(engine, sums, inputs.closed_days, inputs.as_of)
    days = summary.days(engine, sums, homes, calendar)
    engine.drop("day_sums")
    if keep_state:
        kept = state.Kept(folder)
        states = state.refresh(engine, kept, listed, as_of=inputs.as_of, sums=days)
    else:
        states = state.full(engine, orders, days)
    today = summary.todays(engine, homes, calendar, inputs.as_of)
    people = summary.people(
        engine, days, states, today, as_of=inputs.as_of, first_window_days=inputs.windows[0]
    )
    people = summary.with_unmatched(engine, people, orders, inputs.as_of)
    people = summary.with_first_category(engine, people, orders)
    engine.drop("people_summed", "people_net", "state")
    frames = Frames(
        engine=engine,
        context=inputs.context(),
        orders=orders,
        everyone=_known_by(engine, folder, listed, everyone, people, inputs.as_of),
        answers=answers,
        days=days,
        people=people,
    )
    return _with_context(frames, inputs, margin.basis, calendar)


def _people_files(
    engine: Engine, folder: Path, listed: Manifest, as_of: date
) -> tuple[ir.Table, ir.Table]:
    everyone = engine.files("everyone_files", _paths(folder, listed.customers), EVERYONE)
    answers = engine.files("answer_files", _paths(folder, listed.answers), ANSWERS)
    known = answers.filter(answers.answered_on <= as_of)
    for name in ("satisfaction", "recommendation", "wave", "touchpoint", "reason_to_stay"):
        known = known.mutate(**{name: ibis.coalesce(known[name], "")})
    return everyone, engine.save("answers", known)


def _paths(folder: Path, stored: object) -> Sequence[Path]:
    path = getattr(stored, "path", None)
    return [folder / path] if path is not None else []


def _known_by(
    engine: Engine,
    folder: Path,
    listed: Manifest,
    everyone: ir.Table,
    people: ir.Table,
    as_of: date,
) -> ir.Table:
    """Everyone but those who first appear with an order after D: they were not known on D."""
    later = [stored for stored in listed.months.values() if stored.last_on > as_of.isoformat()]
    if not later:
        return engine.save("everyone", everyone)
    paths = sorted(folder / stored.path for stored in later)
    ahead = engine.files("orders_ahead", paths, {"customer_id": "int64", "ordered_on": "date"})
    newcomers = ahead.filter(ahead.ordered_on > as_of).select("customer_id").distinct()
    newcomers = newcomers.anti_join(people, "customer_id")
    unknown = everyone.filter(everyone.created_on > as_of).semi_join(newcomers, "customer_id")
    return engine.save("everyone", everyone.anti_join(unknown, "customer_id"))


def _with_context(
    frames: Frames, inputs: Inputs, basis: MoneyBasis, calendar: ir.Table | None
) -> Built:
    engine, context = frames.engine, frames.context
    span = engine.one(
        frames.people.agg(first=frames.people.first_on.min(), last=frames.people.last_on.max())
    )
    history_days = (inputs.as_of - span["first"]).days if span["first"] else 0
    base, followed = windows.gaps(
        engine, frames.days, as_of=inputs.as_of, history_days=history_days
    )
    gap = base.quantile(0.5)
    days, reason, since = _horizon(inputs, gap, base.customers)
    basis = money.with_base_margin(
        basis, frames.column("net_365_minor"), frames.column("margin_365_minor")
    )
    frames.context = replace(
        context,
        horizon_days=days,
        horizon_reason=reason,
        median_gap_days=gap,
        gap_customers=base.customers,
        money=basis,
    )
    return Built(frames, followed, history_days, since, calendar)


def _horizon(inputs: Inputs, gap: float | None, customers: int) -> tuple[int, str, date]:
    """The horizon, its reason and since when it holds: a year long, unless changed by hand."""
    if inputs.horizon_days is not None:
        return inputs.horizon_days, inputs.horizon_reason, inputs.as_of
    before = inputs.previous
    if before is not None and before.horizon_days:
        held = (inputs.as_of - before.horizon_since).days
        if 0 <= held < HORIZON_HELD_DAYS:
            return before.horizon_days, "held", before.horizon_since
    found = horizons.headline(gap, customers)
    return found.days, found.reason, inputs.as_of
