"""What a measurement needs from the rooms below: the company, its settings, the run before."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from huitou.insights import errors, layers, models
from huitou.insights.inputs import Inputs, Previous
from huitou.insights.money import Dated
from huitou.insights.types import Options
from huitou.kit.clock import civil_day, zone
from huitou.staff import queries as staff
from huitou.staff.types import CompanyRow, SettingRow

NEWEST_ORDER_DAYS: Final = 7  # older than this, the day of the newest order is D


def company() -> CompanyRow:
    """The company.

    Raises:
        NoCompany: it is not set up.
    """
    found = staff.company()
    if found is None:
        raise errors.NoCompany
    return found


def company_zone() -> str:
    """The zone whose days count."""
    return company().zone


def today(now: datetime) -> date:
    """The civil day of the company."""
    return civil_day(now, zone(company().zone))


def inputs(options: Options, *, now: datetime, newest_order_on: date | None) -> Inputs:
    """Everything but the files: options first, then settings, then defaults.

    Raises:
        DayAhead: the day asked for has not come yet.
    """
    firm = company()
    today_on = today(now)
    as_of, reason = _day(options, today_on, newest_order_on)
    # A run for an old day uses today's knowledge, settings included.
    in_force = {(row.name, row.scope): row for row in staff.settings_on(max(as_of, today_on))}
    whole = {name: row.value for (name, scope), row in in_force.items() if not scope}
    own_windows = in_force[("windows", "")]
    preset = layers.checked(staff.setting("windows", on=date.min))
    horizon = options.horizon_days or whole.get("horizon_days")
    return Inputs(
        as_of=as_of,
        as_of_reason=reason,
        zone=firm.zone,
        currency=firm.currency,
        industry=firm.industry,
        is_one_off=firm.is_one_off,
        windows=layers.checked(own_windows.value),
        windows_origin="setting" if own_windows.valid_from else "industry",
        preset=preset,
        horizon_days=int(horizon) if horizon else None,
        horizon_reason="given" if options.horizon_days else ("setting" if horizon else ""),
        value_days=options.value_days or int(whole["value_days"]),
        calibrate=options.calibrate,
        settings={name: value for name, value in sorted(whole.items())},
        margin_percent=_dated("margin_percent", in_force.values()),
        cost_to_serve_minor=_dated("cost_to_serve_minor", in_force.values()),
        closed_days=_closed_days(),
        previous=_previous(as_of),
    )


def _day(options: Options, today_on: date, newest: date | None) -> tuple[date, str]:
    if options.as_of is not None:
        if options.as_of > today_on:
            raise errors.DayAhead(as_of=options.as_of.isoformat(), today=today_on.isoformat())
        return options.as_of, "given"
    if newest is not None and today_on - newest > timedelta(NEWEST_ORDER_DAYS):
        return newest, "newest_order"
    return today_on, "today"


def _dated(name: str, in_force: Iterable[SettingRow]) -> tuple[Dated, ...]:
    """Every value the setting ever had, by scope and day; a scope without a value is left out.

    The first value of a scope also holds for the days before it: it is the only knowledge of them.
    None after a value = it was taken back on that day.
    """
    scopes = sorted({row.scope for row in in_force if row.name == name})
    rows = [
        Dated(row.scope, row.valid_from, None if row.value is None else float(row.value))
        for scope in scopes
        for row in staff.setting_history(name, scope=scope)
        if row.valid_from is not None
    ]
    rows.sort(key=lambda row: (row.scope, row.valid_from))
    seen: set[str] = set()
    dated = []
    for row in rows:
        if row.scope in seen:
            dated.append(row)
        elif row.value is not None:
            seen.add(row.scope)
            dated.append(Dated(row.scope, date.min, row.value))
    return tuple(dated)


def _closed_days() -> dict[int, tuple[date, ...]]:
    days: dict[int, set[date]] = {store.id: set() for store in staff.stores()}
    for row in staff.store_calendar():
        shut = days if row.store_id is None else [row.store_id]
        for store_id in shut:
            days.setdefault(store_id, set()).add(row.day_on)
    return {store_id: tuple(sorted(found)) for store_id, found in sorted(days.items()) if found}


def _previous(as_of: date) -> Previous | None:
    """The last finished run of an earlier day.

    Not of the same day: measured twice a day, everybody would seem to have stayed where they were.
    """
    run = (
        models.Run.objects.filter(state="done", as_of__lt=as_of)
        .order_by("-as_of", "-finished_at", "-id")
        .first()
    )
    if run is None:
        return None
    since = run.parameters.get("horizon_since") or run.as_of.isoformat()
    # Only a horizon that came from the shop's own gaps is held; one asked for once is not.
    reason = run.report.get("repeat", {}).get("horizon_reason")
    is_own = reason in {"gaps", "rare_purchase", "held"}
    return Previous(
        public_id=run.public_id,
        as_of=run.as_of,
        scores_path=run.scores_path,
        model=run.model,
        horizon_days=run.horizon_days if is_own else 0,
        horizon_since=date.fromisoformat(since),
        calibration=run.report.get("calibration", {}),
    )
