"""One model for every column of a run: the fit, and what it says of every buyer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights import horizons, money
from huitou.insights.frames import Columns, Frames, ModelInForce, RunContext
from huitou.insights.kernels import gamma_gamma
from huitou.insights.kernels.lifetime import Term, lifetime_value
from huitou.insights.kernels.models import MODELS
from huitou.insights.kernels.newton import Fit, NoModel

YEAR_DAYS: Final = 365
HIGH: Final = 0.70
LOW: Final = 0.30
MODEL_COLUMNS: Final = (
    "p_alive",
    "p_repeat",
    "expected_purchases",
    "expected_spend",
    "risk",
    "risk_days",
    "p_repeat_365",
    "expected_purchases_365",
    "expected_margin_365",
    "lifetime_value",
    "lifetime_undiscounted",
    "value_at_risk",
    "probably_lost",
)


@dataclass(frozen=True, slots=True)
class Fits:
    """Every model that was tried on the whole data, and why the others were not."""

    purchases: Mapping[str, Fit]
    money: Fit | None
    refused: Mapping[str, dict[str, Any]]  # name -> {reason, facts}

    def report(self) -> dict[str, Any]:
        """``models`` of the run's report."""
        found = {name: fit.report() for name, fit in self.purchases.items()}
        if self.money is not None:
            found[gamma_gamma.NAME] = self.money.report()
        return found | {name: dict(why) for name, why in self.refused.items()}


def fitted(frames: Frames, names: Sequence[str]) -> Fits:
    """The named purchase models and the money model, fitted on all people."""
    x, t_x, age = (frames.column(name) for name in ("x", "t_x_days", "T_days"))
    purchases: dict[str, Fit] = {}
    refused: dict[str, dict[str, Any]] = {}
    for name in names:
        try:
            purchases[name] = MODELS[name].fit(x, t_x, age)
        except NoModel as error:
            refused[name] = {"reason": error.reason, "facts": error.facts}
    spend: Fit | None = None
    try:
        spend = gamma_gamma.fit(x, frames.money_major())
    except NoModel as error:
        refused[gamma_gamma.NAME] = {"reason": error.reason, "facts": error.facts}
    return Fits(purchases, spend, refused)


def in_force(fits: Fits, chosen: str, reason: str) -> ModelInForce | None:
    """The chosen model with its fit; None if it could not be fitted."""
    fit = fits.purchases.get(chosen)
    return ModelInForce(chosen, fit, fits.money, reason) if fit is not None else None


def bands(p_repeat: NDArray[np.float64]) -> NDArray[Any]:
    """``high`` from .70, ``low`` up to .30, else ``middle``; "" where there is no probability."""
    words = np.full(len(p_repeat), "", dtype=object)
    with np.errstate(invalid="ignore"):
        words[~np.isnan(p_repeat)] = "middle"
        words[p_repeat >= HIGH] = "high"
        words[p_repeat <= LOW] = "low"
    return words


def columns(frames: Frames) -> Columns:
    """Every column the model gives, NaN where there is none."""
    context, model = frames.context, frames.model
    shares = money.margin_shares(
        context.money,
        frames.column("days_365"),
        frames.column("net_365_minor"),
        frames.column("margin_365_minor"),
    )
    nothing = {name: np.full(frames.size, np.nan) for name in MODEL_COLUMNS}
    if model is None:
        empty = nothing | {"band": bands(nothing["p_repeat"]), "margin_share": shares}
        return empty | {"risk_days": np.zeros(frames.size, dtype=np.int32)}
    found = _purchases(frames, model, context)
    found["margin_share"] = shares
    spend = expected_spend(model, frames)
    return nothing | found | _money(frames, model, found, spend)


def _purchases(frames: Frames, model: ModelInForce, context: RunContext) -> Columns:
    x, t_x, age = (frames.column(name) for name in ("x", "t_x_days", "T_days"))
    kernel, parameters = MODELS[model.name], dict(model.parameters)
    customers = (x, t_x, age)
    horizon = context.horizon_days
    gap = context.median_gap_days
    own = horizons.own_days(x, t_x, gap if gap is not None else float(horizon))
    p_repeat = kernel.p_repeat(parameters, *customers, horizon)
    return {
        "p_alive": kernel.p_alive(parameters, *customers),
        "p_repeat": p_repeat,
        "band": bands(p_repeat),
        "expected_purchases": kernel.expected_purchases(parameters, *customers, horizon),
        "risk": 1.0 - kernel.p_repeat(parameters, *customers, own),
        "risk_days": own.astype(np.int32),
        "p_repeat_365": kernel.p_repeat(parameters, *customers, YEAR_DAYS),
        "expected_purchases_365": kernel.expected_purchases(parameters, *customers, YEAR_DAYS),
    }


def expected_spend(model: ModelInForce, frames: Frames) -> NDArray[np.float64]:
    """Expected money per purchase day in major units.

    Where the mean does not exist, the median of the repeaters' own money stands in.
    """
    own = frames.money_major()
    repeaters = own[(frames.column("x") > 0) & (own > 0)]
    typical = float(np.median(repeaters)) if len(repeaters) else np.nan
    if model.gamma_gamma is None:
        return np.full(frames.size, typical)
    spend = gamma_gamma.expected_spend(dict(model.gamma_gamma), frames.column("x"), own)
    found: NDArray[np.float64] = np.where(np.isnan(spend), typical, spend)
    return found


def _money(
    frames: Frames, model: ModelInForce, found: Columns, spend: NDArray[np.float64]
) -> Columns:
    context = frames.context
    customers = (frames.column("x"), frames.column("t_x_days"), frames.column("T_days"))
    rate = float(context.setting("discount_percent_per_year", 10))
    value, undiscounted = lifetime_value(
        MODELS[model.name],
        dict(model.parameters),
        spend,
        customers,
        term=Term(context.value_days, rate),
    )
    share = found["margin_share"]
    margin = found["expected_purchases_365"] * spend * share
    with np.errstate(divide="ignore", invalid="ignore"):
        # P(alive) can underflow to 0 for the long gone; their path is then 0, not 0/0.
        if_alive = np.where(found["p_alive"] > 0, margin / found["p_alive"], 0.0)
    return {
        "expected_spend": spend,
        "expected_margin_365": margin,
        "lifetime_value": value * share,
        "lifetime_undiscounted": undiscounted * share,
        "value_at_risk": np.maximum(found["risk"] * margin, 0.0),
        "probably_lost": np.maximum((1.0 - found["p_alive"]) * if_alive, 0.0),
    }
