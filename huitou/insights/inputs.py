"""Everything a measurement is computed from besides its files, as plain values that can be kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from huitou.insights import layers, money
from huitou.insights.frames import MoneyBasis, RunContext
from huitou.kit.money import Currency

FORMULA_VERSION: Final = "1"
SEED: Final = 20260630


@dataclass(frozen=True, slots=True)
class Previous:
    """The last finished measurement, for movements and for what is held from run to run."""

    public_id: str
    as_of: date
    scores_path: str  # relative to the analytics folder
    model: str
    horizon_days: int
    horizon_since: date  # the horizon is held for a year from this day
    calibration: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was asked, what staff had set, and the run before."""

    as_of: date
    as_of_reason: str
    zone: str
    currency: str
    industry: str
    is_one_off: bool
    windows: layers.Windows
    windows_origin: str  # setting, industry, preset
    preset: layers.Windows
    horizon_days: int | None  # asked for or set; None = by the gaps
    horizon_reason: str  # given, setting, ""
    value_days: int
    calibrate: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
    margin_percent: tuple[money.Dated, ...] = ()
    cost_to_serve_minor: tuple[money.Dated, ...] = ()
    closed_days: Mapping[int, tuple[date, ...]] = field(default_factory=dict)
    previous: Previous | None = None

    @property
    def costs(self) -> money.Costs:
        """What staff entered about margins and the cost of serving."""
        return money.Costs(self.margin_percent, self.cost_to_serve_minor)

    def context(self) -> RunContext:
        """The run's context before anything is known of the data."""
        return RunContext(
            as_of=self.as_of,
            as_of_reason=self.as_of_reason,
            zone=ZoneInfo(self.zone),
            currency=Currency(self.currency),
            windows=self.windows,
            horizon_days=self.horizon_days or 0,
            horizon_reason=self.horizon_reason,
            value_days=self.value_days,
            median_gap_days=None,
            gap_customers=0,
            industry=self.industry,
            is_one_off=self.is_one_off,
            money=MoneyBasis("sales", 0.0, 0.0, None),
            settings=self.settings,
            closed_days=self.closed_days,
            seed=SEED,
            formula_version=FORMULA_VERSION,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values for the run record."""
        values = asdict(self)
        values["closed_days"] = {
            str(store): [day.isoformat() for day in days]
            for store, days in self.closed_days.items()
        }
        for name in ("margin_percent", "cost_to_serve_minor"):
            values[name] = [_dated_json(row) for row in getattr(self, name)]
        values["as_of"] = self.as_of.isoformat()
        if self.previous is not None:
            values["previous"] |= {
                "as_of": self.previous.as_of.isoformat(),
                "horizon_since": self.previous.horizon_since.isoformat(),
            }
        return values


def from_json(values: Mapping[str, Any]) -> Inputs:
    """The inputs that ``as_json`` wrote."""
    plain = dict(values)
    plain["as_of"] = date.fromisoformat(plain["as_of"])
    plain["windows"] = layers.checked(plain["windows"])
    plain["preset"] = layers.checked(plain["preset"])
    plain["closed_days"] = {
        int(store): tuple(date.fromisoformat(day) for day in days)
        for store, days in plain["closed_days"].items()
    }
    for name in ("margin_percent", "cost_to_serve_minor"):
        plain[name] = tuple(
            money.Dated(row["scope"], date.fromisoformat(row["valid_from"]), row["value"])
            for row in plain[name]
        )
    if plain["previous"] is not None:
        previous = dict(plain["previous"])
        previous["as_of"] = date.fromisoformat(previous["as_of"])
        previous["horizon_since"] = date.fromisoformat(previous["horizon_since"])
        plain["previous"] = Previous(**previous)
    return Inputs(**plain)


def _dated_json(row: money.Dated) -> dict[str, Any]:
    return {"scope": row.scope, "valid_from": row.valid_from.isoformat(), "value": row.value}
