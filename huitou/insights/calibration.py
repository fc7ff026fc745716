"""Forecasts of earlier days held against what happened since: published beside every band.

Rolling origins: the models are fitted to the data up to D - kH (k = 1 … 4) and score the H days
after, which are over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from huitou.insights import correction, horizons, model_choice, reliability
from huitou.insights.kernels.columns import Columns, Floats
from huitou.insights.kernels.models import MODELS
from huitou.insights.kernels.newton import Fit, NoModel
from huitou.insights.model_choice import Choice
from huitou.insights.shares import Z95

ORIGINS: Final = 4
# Its likelihood costs 33 times the others': it is fitted to every k-th customer.
_PARETO_CUSTOMERS: Final = 50_000
_SEASON: Final = 0.10  # observed total off by more, twice in one direction: the season moved


@dataclass(frozen=True, slots=True)
class OriginData:
    """Customers as they stood at the end of ``as_of``, and what they did after; one row per
    buyer."""

    as_of: date
    x: Columns
    t_x_days: Columns
    T_days: Columns  # T is the age of a customer in every paper and in the score file
    purchases: Columns  # purchase days in the H days after
    next_gap_days: Columns  # days from the origin to the next purchase day; 0 or less: none up to D
    observed_days: int  # from the origin to D
    store: Columns | None = None  # codes of home stores, for the totals per store

    @property
    def came_back(self) -> Columns:
        """Whether the customer bought in the H days after."""
        return self.purchases > 0

    @property
    def dormancy_days(self) -> Columns:
        """Days since the last purchase."""
        return self.T_days - self.t_x_days


@dataclass(frozen=True, slots=True)
class Policy:
    """What the company has set."""

    models: Sequence[str] = model_choice.CANDIDATES
    in_force: str | None = None
    forced: str | None = None
    flag_points: float = 3.0
    learn_correction: bool = False


NOTHING_SET: Final = Policy()


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The report, the model chosen and what the next fit may start from."""

    report: dict[str, Any]
    choice: Choice
    fits: Mapping[str, Fit]  # of the newest origin: a warm start for D
    learnt: correction.Correction | None = None


@dataclass(slots=True)
class _Forecasts:
    """One model's forecasts, newest origin first."""

    fits: list[Fit] = field(default_factory=list)
    p: list[Floats] = field(default_factory=list)


def origin_days(
    as_of: date, first_day: date, horizon_days: int, closed: Sequence[Sequence[date]] = ()
) -> list[date]:
    """The last day of each origin's data, newest first: as long as two horizons of history lie
    before it.

    ``closed`` holds the closed days of each store. A horizon is open days: an origin moves back
    until every store was open for all of its horizons by ``as_of``, else purchases would be missed.
    """
    days = []
    for k in range(1, ORIGINS + 1):
        day = as_of - timedelta(days=k * horizon_days)
        while (short := k * horizon_days - open_days_since(day, as_of, closed)) > 0:
            day -= timedelta(days=short)
        days.append(day)
    return [day for day in days if (day - first_day).days + 1 >= 2 * horizon_days]


def open_days_since(day: date, as_of: date, closed: Sequence[Sequence[date]]) -> int:
    """How many days after ``day``, up to ``as_of``, the store that was open least was open."""
    shut = max((sum(day < one <= as_of for one in days) for days in closed), default=0)
    return (as_of - day).days - shut


def calibrate(
    origins: Sequence[OriginData],
    *,
    horizon_days: int,
    median_gap_days: float | None,
    policy: Policy = NOTHING_SET,
) -> Calibrated:
    """Hold the models against what happened, and choose one.

    Args:
        origins: newest first, each complete for ``horizon_days``.
        horizon_days: H of the headline.
        median_gap_days: G of the base, for the customers' own horizons; None: no table of risk.
        policy: what the company has set.

    Returns:
        The report for key ``calibration``, the choice, the newest fits. Without an origin (or none
        that can be fitted) the state is ``not_yet`` and the model the default one.
    """
    held, forecasts = _forecast(origins, horizon_days, policy)
    scores = {
        name: [
            reliability.brier(p, origin.came_back) for p, origin in zip(found.p, held, strict=True)
        ]
        for name, found in forecasts.items()
    }
    choice = model_choice.choose(scores, in_force=policy.in_force, forced=policy.forced)
    newest = {name: found.fits[0] for name, found in forecasts.items() if found.fits}
    if choice.name not in forecasts or not held:
        return Calibrated(_nothing_yet(horizon_days), choice, newest)
    chosen = forecasts[choice.name]
    report = {
        "horizon_days": horizon_days,
        "model": choice.name,
        **_table(held, chosen.p, policy.flag_points),
        **_origin_rows(held, chosen, horizon_days, choice.name),
        "risk": _risk(held, chosen, choice.name, median_gap_days),
        "stores": _store_totals(held, chosen.p),
    }
    learnt, told = _correction(held, chosen.p) if policy.learn_correction else (None, None)
    return Calibrated(report | {"correction": told}, choice, newest, learnt)


def _nothing_yet(horizon_days: int) -> dict[str, Any]:
    empty: dict[str, Any] = {"state": "not_yet", "horizon_days": horizon_days, "model": None}
    lists: dict[str, Any] = {"origins": [], "deciles": [], "bands": [], "risk": {"deciles": []}}
    rest = ("deviation_points", "deviation_half_points", "skill", "season", "stores", "correction")
    return empty | lists | dict.fromkeys(rest)


def _forecast(
    origins: Sequence[OriginData], horizon_days: int, policy: Policy
) -> tuple[list[OriginData], dict[str, _Forecasts]]:
    """Fits and forecasts of every model; models that fail at an origin where another works are left
    out."""
    # The model in force stays a candidate: only a better one may replace it.
    held_over = [name for name in (policy.forced, policy.in_force) if name and name in MODELS]
    names = dict.fromkeys([*policy.models, *held_over])
    found = {name: _Forecasts() for name in names}
    held: list[OriginData] = []
    for origin in origins:
        fitted = dict(_fits(origin, found))
        if not fitted:
            continue
        held.append(origin)
        for name in [name for name in found if name not in fitted]:
            del found[name]
        for name, fit in fitted.items():
            customers = (origin.x, origin.t_x_days, origin.T_days)
            found[name].fits.append(fit)
            found[name].p.append(MODELS[name].p_repeat(fit.parameters, *customers, horizon_days))
    return held, found


def _fits(origin: OriginData, found: Mapping[str, _Forecasts]) -> Iterator[tuple[str, Fit]]:
    for name, earlier in found.items():
        start = earlier.fits[-1].parameters if earlier.fits else None
        step = max(1, len(origin.x) // _PARETO_CUSTOMERS) if name == "paretonbd" else 1
        every = slice(None, None, step)
        try:
            yield (
                name,
                MODELS[name].fit(
                    origin.x[every], origin.t_x_days[every], origin.T_days[every], start=start
                ),
            )
        except NoModel:
            continue


def _table(held: Sequence[OriginData], p: list[Floats], flag_points: float) -> dict[str, Any]:
    """Deciles, bands, and the verdict over all."""
    outcomes = [origin.came_back for origin in held]
    edges = reliability.decile_edges(p)
    cells = [reliability.cell_of(edges, forecast) for forecast in p]
    deciles = reliability.tally(cells, p, outcomes, len(edges) + 1)
    bands = reliability.tally([reliability.band_of(forecast) for forecast in p], p, outcomes, 3)
    off = reliability.deviation(*(side.sum(axis=1) for side in deciles))
    return {
        "state": reliability.verdict(off, flag_points=flag_points),
        "deviation_points": off.mean * 100,
        "deviation_half_points": None if off.half is None else off.half * 100,
        "between_points": off.between * 100,
        "calibration_error": [
            reliability.calibration_error(*(side[k] for side in deciles)) for k in range(len(held))
        ],
        "deciles": reliability.rows(deciles, edges),
        "bands": [
            {"band": name, **reliability.figures(bands, i)}
            for i, (name, _, _) in enumerate(reliability.BANDS)
        ],
    }


def _origin_rows(
    held: Sequence[OriginData], chosen: _Forecasts, horizon_days: int, name: str
) -> dict[str, Any]:
    """One row per origin, the skill over looking at the last purchase only, and the season."""
    rows: list[dict[str, Any]] = []
    own = naive = 0.0
    for k, (origin, p) in enumerate(zip(held, chosen.p, strict=True)):
        bought = origin.came_back
        customers = (origin.x, origin.t_x_days, origin.T_days)
        parameters = chosen.fits[k].parameters
        expected = MODELS[name].expected_purchases(parameters, *customers, horizon_days)
        score, simple = reliability.brier(p, bought), None
        if k + 1 < len(held):
            before = held[k + 1]
            forecast = reliability.last_purchase_forecast(
                (before.dormancy_days, before.came_back), origin.dormancy_days
            )
            simple = reliability.brier(forecast, bought)
            own, naive = own + score * len(p), naive + simple * len(p)
        rows.append(
            {
                "as_of": origin.as_of.isoformat(),
                "n": len(p),
                "predicted": float(p.mean()),
                "observed": float(bought.mean()),
                "brier": score,
                "brier_last_purchase": simple,
                "auc": reliability.area_under_curve(p, bought),
                "expected_total": float(expected.sum()),
                "observed_total": int(origin.purchases.sum()),
            }
        )
    return {
        "origins": rows,
        "skill": 1 - own / naive if naive > 0 else None,
        "season": _season(rows),
    }


def _season(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Whether totals moved with the season: off by over 10 % in the same direction at two
    origins."""
    off = [
        row["observed_total"] / row["expected_total"] - 1
        for row in rows
        if row["expected_total"] > 0
    ]
    for direction, sign in (("up", 1), ("down", -1)):
        moved = [ratio for ratio in off if ratio * sign > _SEASON]
        if len(moved) >= 2:
            return {"direction": direction, "origins": len(moved), "mean": sum(moved) / len(moved)}
    return None


def _risk(
    held: Sequence[OriginData], chosen: _Forecasts, name: str, median_gap_days: float | None
) -> dict[str, Any]:
    """Deciles of churn risk within the customers' own horizons, where these are over by D."""
    if median_gap_days is None:
        return {"deciles": []}
    risks: list[Floats] = []
    outcomes: list[Columns] = []
    for origin, fit in zip(held, chosen.fits, strict=True):
        own = horizons.own_days(origin.x, origin.t_x_days, median_gap_days)
        over = own <= origin.observed_days
        customers = (origin.x[over], origin.t_x_days[over], origin.T_days[over])
        risks.append(1 - MODELS[name].p_repeat(fit.parameters, *customers, own[over]))
        gap = origin.next_gap_days[over]
        outcomes.append(~((gap > 0) & (gap <= own[over])))
    edges = reliability.decile_edges(risks)
    cells = [reliability.cell_of(edges, risk) for risk in risks]
    counted = reliability.tally(cells, risks, outcomes, len(edges) + 1)
    return {"deciles": reliability.rows(counted, edges)}


def _store_totals(held: Sequence[OriginData], p: Sequence[Floats]) -> dict[str, Any] | None:
    """How many (store × origin) totals of returning customers lay inside their 95 % interval.

    The spread between origins that an interval allows for is learnt on the *other* origins.
    """
    if any(origin.store is None for origin in held) or len(held) < 2:
        return None
    off = np.array([float((o.came_back - f).mean()) for o, f in zip(held, p, strict=True)])
    inside = total = 0
    for k, (origin, forecast) in enumerate(zip(held, p, strict=True)):
        between = float(np.mean(np.delete(off, k) ** 2))
        _, store = np.unique(np.asarray(origin.store), return_inverse=True)
        size = np.bincount(store)
        expected = np.bincount(store, weights=forecast)
        chance = np.bincount(store, weights=forecast * (1 - forecast))
        half = Z95 * np.sqrt(chance + size.astype(float) ** 2 * between)
        seen = np.bincount(store, weights=origin.came_back)
        inside += int((np.abs(seen - expected) <= half).sum())
        total += len(size)
    return {"inside": inside, "n": total, "share": inside / total}


def _correction(
    held: Sequence[OriginData], p: Sequence[Floats]
) -> tuple[correction.Correction | None, dict[str, Any]]:
    """The correction learnt one origin back, if it was better at every later origin."""
    pairs = []
    for k in range(len(held) - 1):
        before, now = held[k + 1], held[k]
        how = correction.learn(p[k + 1], before.x, before.t_x_days, before.T_days, before.came_back)
        better = correction.corrected(how, p[k], now.x, now.t_x_days, now.T_days)
        bought = now.came_back
        pairs.append((reliability.brier(better, bought), reliability.brier(p[k], bought)))
    is_used = bool(pairs) and all(new < old for new, old in pairs)
    told = {
        "used": is_used,
        "brier": [new for new, _ in pairs],
        "brier_without": [old for _, old in pairs],
    }
    if not is_used:
        return None, told
    newest = held[0]
    learnt = correction.learn(p[0], newest.x, newest.t_x_days, newest.T_days, newest.came_back)
    return learnt, told
