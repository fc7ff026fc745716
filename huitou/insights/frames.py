"""What every measure is computed from: the frames of one run.

How a measure plugs into a run (``sections.py`` names the measures and their order,
``services.measure`` calls them):

* ``columns(frames, scores) -> Mapping[str, np.ndarray]`` - optional; values per person, in the row
  order of ``scores``; they are added to the scores, so that the next measure and the score file
  have them.
* ``section(frames, scores) -> dict`` - the JSON-able part of the run's report.

``Scores`` are numpy columns, one row per person of ``frames.people`` in ascending ``customer_id``;
``frames.column("x")`` gives a column of the people in the same order. Set work is an ibis
expression on the tables below, run by ``frames.engine`` (``arrow``, ``columns``, ``rows``, ``one``,
``save``); ``frames.hand_over(name, columns)`` makes columns of this process joinable.

Scores that every measure finds (NaN where there is no model, "" where there is no word):
``customer_id, layer, stage, health, quiet, mark, rfm, p_alive, p_repeat, band, expected_purchases,
expected_spend, risk, risk_days, p_repeat_365, expected_purchases_365, margin_share (own g, 1 for
sales), expected_margin_365, lifetime_value, lifetime_undiscounted, value_at_risk, probably_lost``.
Money among them is in major units. From the run before, where there is one (None or "" for
arrivals):
``previous_layer, previous_stage, previous_band, previous_grid_cell, previous_loyalty_index,
previous_loyalty_level``; these are not stored again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import numpy as np

from huitou.insights.engine import Columns, Engine, numpy_columns
from huitou.insights.kernels.newton import Fit
from huitou.kit.money import Currency

Scores = Columns

# One row per order of a known or unknown customer, on or before D (customer_id null = anonymous).
ORDERS = {
    "order_id": "int64",
    "customer_id": "int64",
    "store_id": "int64",
    "ordered_on": "date",
    "net_minor": "int64",
    "unmatched_minor": "int64",
    "cost_minor": "int64",
    "costed_minor": "int64",
    "tax_minor": "int64",
    "delivery_minor": "int64",
    "main_category": "string",
    "is_counted": "boolean",
}
# One row per known customer, buyer or not.
EVERYONE = {
    "customer_id": "int64",
    "home_store_id": "int64",
    "created_on": "date",
    "acquired_from": "string",
}
# One row per answer on or before D; columns as in contracts ("answers"); null or "" = not answered.
ANSWERS = {
    "customer_id": "int64",
    "answered_on": "date",
    "wave": "string",
    "satisfaction": "string",
    "recommendation": "string",
    "repurchase_probability": "float64",
    "prefers_us": "boolean",
    "resists_offers": "boolean",
    "reason_to_stay": "string",
    "expectation": "float64",
    "perception": "float64",
    "touchpoint": "string",
    "benefit_product": "int64",
    "benefit_service": "int64",
    "benefit_staff": "int64",
    "benefit_image": "int64",
    "cost_money": "int64",
    "cost_time": "int64",
    "cost_effort": "int64",
    "cost_psychological": "int64",
}
# One row per customer and purchase day on or before D. ``open_day`` numbers the days the home store
# was open, so a difference of two is a duration in open days. ``margin_minor`` is null where profit
# is not known.
DAYS = {
    "customer_id": "int64",
    "day": "date",
    "open_day": "int32",
    "number": "int32",  # 1 = first purchase day of the customer
    "gap_days": "int32",  # since the purchase day before; null on the first
    "store_id": "int64",
    "orders": "int32",
    "net_minor": "int64",
    "margin_minor": "int64",
}
# One row per customer with at least one purchase day, in ascending customer_id.
PEOPLE = {
    "customer_id": "int64",
    "store_id": "int64",  # home store, else that of most purchase days (ties: lowest id)
    "first_on": "date",
    "last_on": "date",
    "first_day": "int32",  # open-day number of first_on
    "last_day": "int32",
    "today_day": "int32",  # open-day number of D at the home store
    "purchases": "int32",
    "x": "int32",  # repeat purchases
    "t_x_days": "int32",
    "T_days": "int32",
    "dormancy_days": "int32",
    "first_minor": "int64",  # net of the first day
    "day_net_minor": "int64",  # net of all purchase days
    "net_total_minor": "int64",  # the same and unmatched returns
    "money_minor": "float64",  # mean net per repeat day; null for x = 0
    "recent": "int32",  # purchases of age 0 … w1-1
    "earlier": "int32",  # purchases of age >= w1
    "days_365": "int32",
    "net_360_minor": "int64",
    "net_365_minor": "int64",
    "margin_365_minor": "int64",  # null = profit not known
    "margin_total_minor": "int64",
    "second_on": "date",  # null for x = 0
    "first_gap_days": "int32",  # from the first to the second purchase day; null for x = 0
    "returned_after_days": "int32",  # silence >= 180 that ended in the last 90 days; else null
    "first_category": "string",
}


@dataclass(frozen=True, slots=True)
class MoneyBasis:
    """Whether profit is known in this run, and the margin share used for expected money."""

    name: str  # "profit" or "sales"
    cost_coverage: float  # net sales of 365 days with a known cost / net sales
    estimated_share: float  # part of the sales filled with the category's mean share
    margin: float | None  # g of the base: margin / net of 365 days; None for sales

    @property
    def is_profit(self) -> bool:
        """Whether the words profit, margin and value may be used."""
        return self.name == "profit"


@dataclass(frozen=True, slots=True)
class RunContext:
    """What is fixed for a whole run."""

    as_of: date  # D, included in the data
    as_of_reason: str  # today, newest_order, given
    zone: ZoneInfo
    currency: Currency
    windows: tuple[int, int, int, int]
    horizon_days: int
    horizon_reason: str  # gaps, few_gaps, given, held, setting
    value_days: int
    median_gap_days: float | None  # G of the base; None under one gap
    gap_customers: int
    industry: str
    is_one_off: bool
    money: MoneyBasis
    settings: Mapping[str, Any] = field(
        default_factory=dict
    )  # dated settings in force on D, scope ""
    closed_days: Mapping[int, tuple[date, ...]] = field(default_factory=dict)  # per store
    seed: int = 20260630
    formula_version: str = "1"

    def setting(self, name: str, default: Any = None) -> Any:
        """The dated company-wide setting in force on D."""
        value = self.settings.get(name)
        return default if value is None else value

    @property
    def major(self) -> float:
        """Minor units in a major unit: 100.0 for CNY."""
        return float(10**self.currency.decimals)


@dataclass(frozen=True, slots=True)
class ModelInForce:
    """The one model every column of a run comes from."""

    name: str  # a key of kernels.MODELS
    purchases: Fit  # parameters in weeks
    money: Fit | None  # Gamma-Gamma; None: no mean of money can be given
    reason: str  # why this one

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of the purchase model."""
        return self.purchases.parameters

    @property
    def gamma_gamma(self) -> Mapping[str, float] | None:
        """Parameters of the money model."""
        return self.money.parameters if self.money is not None else None


@dataclass(slots=True)
class Frames:
    """The tables of one run on their engine."""

    engine: Engine
    context: RunContext
    orders: ir.Table
    everyone: ir.Table
    answers: ir.Table
    days: ir.Table
    people: ir.Table
    model: ModelInForce | None = None  # set after the fit; None = no model, the report says why
    _columns: Columns = field(default_factory=dict)

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """A column of the people in ascending customer_id. Cached; never change it in place."""
        if not self._columns:
            wanted = self.people.order_by("customer_id").drop("first_category")
            self._columns.update(self.engine.columns(wanted))
        if name not in self._columns:
            wanted = self.people.order_by("customer_id").select(name)
            self._columns.update(self.engine.columns(wanted))
        return self._columns[name]

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.column("customer_id"))

    def hand_over(self, name: str, columns: Mapping[str, Any]) -> ir.Table:
        """Columns of this process as a table the expressions can join."""
        return self.engine.put(name, columns)

    def money_major(self) -> np.ndarray[Any, Any]:
        """Mean net per repeat purchase day in major units; NaN for x = 0."""
        values: np.ndarray[Any, Any] = self.column("money_minor") / self.context.major
        return values


__all__ = [
    "ANSWERS",
    "DAYS",
    "EVERYONE",
    "ORDERS",
    "PEOPLE",
    "Columns",
    "Engine",
    "Frames",
    "ModelInForce",
    "MoneyBasis",
    "RunContext",
    "Scores",
    "numpy_columns",
]
