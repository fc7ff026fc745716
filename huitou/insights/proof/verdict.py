"""The judgement of one campaign: columns of its units in, one verdict with all its figures out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights.proof import adjust, difference, guards, looks, redraw
from huitou.insights.proof.difference import LEVEL, Difference
from huitou.insights.shares import FEW_BELOW, NONE_BELOW, wilson

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The words of a verdict; screens translate these and nothing else.
EFFECTIVE: Final = "effective"
HARMFUL: Final = "harmful"
NO_EVIDENCE: Final = "no_evidence"  # the interval holds 0
NO_CONTROL: Final = "no_control"  # nobody was held out: cannot be judged
TOO_FEW: Final = "too_few"
BROKEN: Final = "broken"  # the arms are not those that were planned
WAITING: Final = "waiting"  # the window is not over and no look is due
VERDICTS: Final = (EFFECTIVE, HARMFUL, NO_EVIDENCE, NO_CONTROL, TOO_FEW, BROKEN, WAITING)
CAME_BACK: Final = "came_back"
MONEY: Final = "money"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was fixed before the draw. ``holdout_percent`` 0 = nobody is held out."""

    holdout_percent: float
    primary: str = CAME_BACK
    looks_planned: int = 0
    adjusted: bool = False  # the adjusted figure of money is the verdict
    seed: int = 20
    was_too_small: bool = False  # the plan said: too small to prove alone


@dataclass(frozen=True, slots=True)
class Units:
    """What became of every unit drawn, one entry each; money in minor units.

    ``before`` are covariates known at the draw, shape (n, c), ``money_before`` and
    ``came_before`` the outcome itself in the W days before.
    """

    is_treated: Flags
    came_back: Flags
    money: Floats
    purchases: Floats
    money_before: Floats
    came_before: Flags
    before: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __len__(self) -> int:
        return len(self.is_treated)


def judge(units: Units, terms: Terms) -> dict[str, Any]:
    """The final analysis: the verdict, the primary effect, and everything that stands beside it.

    Returns:
        ``verdict`` (one of VERDICTS), ``arms``, ``primary`` and ``secondary`` effects, each
        ``{outcome, value, se, lo, hi, p, level}`` per unit, ``adjusted``, ``cut``. Where no
        verdict is possible the effects are None: no figure is shown that nobody may trust.
    """
    arms = _arms(units)
    facts: dict[str, Any] = {
        "verdict": NO_CONTROL, "arms": arms, "primary": None, "secondary": [], "adjusted": None,
        "cut": None, "sample_ratio_p": None, "level": looks.final_level(terms.looks_planned),
    }  # fmt: skip
    treated, held_out = arms["treated"]["units"], arms["held_out"]["units"]
    if terms.holdout_percent <= 0 or held_out == 0:
        return facts
    ratio_p = guards.sample_ratio_p(treated, held_out, holdout_percent=terms.holdout_percent)
    facts["sample_ratio_p"] = ratio_p
    if ratio_p < guards.BROKEN_BELOW:
        return facts | {"verdict": BROKEN}
    if min(treated, held_out) < NONE_BELOW:
        return facts | {"verdict": TOO_FEW}
    level = float(facts["level"])
    cut = guards.winsorised(units.money, most=guards.ceiling(units.money_before))
    effects = {
        CAME_BACK: _came_back(units, level),
        MONEY: _money(units, cut.values, terms, level),
        "purchases": redraw.mean_difference(
            units.purchases[units.is_treated], units.purchases[~units.is_treated],
            seed=terms.seed + 1, level=LEVEL,
        ),
    }  # fmt: skip
    primary = effects.pop(terms.primary)
    return facts | {
        "verdict": _verdict(primary, terms, min(treated, held_out)),
        "primary": _as_json(terms.primary, primary, level),
        "secondary": _secondary(effects),
        "adjusted": _adjusted(units, cut.values, terms),
        "cut": {"values": cut.cut, "uncut_mean": _uncut(units)},
    }


def look(units: Units, terms: Terms) -> dict[str, Any]:
    """One early look at the primary outcome: a verdict only at p < .001, else still waiting."""
    arms = _arms(units)
    level = looks.final_level(terms.looks_planned)
    cut = guards.winsorised(units.money, most=guards.ceiling(units.money_before))
    effect = (
        _came_back(units, level) if terms.primary == CAME_BACK
        else _money(units, cut.values, terms, level)
    )  # fmt: skip
    stopped = looks.stops(effect)
    verdict = (EFFECTIVE if effect.value > 0 else HARMFUL) if stopped else WAITING
    # A look that does not stop shows nothing: what is seen early is believed too early.
    return {
        "verdict": verdict,
        "arms": arms if stopped else None,
        "primary": _as_json(terms.primary, effect, level) if stopped else None,
        "secondary": [], "adjusted": None, "cut": None, "sample_ratio_p": None, "level": level,
    }  # fmt: skip


def _came_back(units: Units, level: float) -> Difference:
    one, zero = units.came_back[units.is_treated], units.came_back[~units.is_treated]
    return difference.newcombe(int(one.sum()), len(one), int(zero.sum()), len(zero), level=level)


def _money(units: Units, cut: Floats, terms: Terms, level: float) -> Difference:
    covariates = adjust.independent(units.before) if terms.adjusted else np.empty((0, 0))
    n_smaller = min(int(units.is_treated.sum()), int((~units.is_treated).sum()))
    if terms.adjusted and covariates.size and adjust.fits(covariates.shape[1], n_smaller):
        return adjust.lin_redrawn(cut, units.is_treated, covariates, seed=terms.seed, level=level)
    return redraw.mean_difference(
        cut[units.is_treated], cut[~units.is_treated], seed=terms.seed, level=level
    )


def _verdict(effect: Difference, terms: Terms, n_smaller: int) -> str:
    if n_smaller < FEW_BELOW:
        return TOO_FEW
    if effect.is_gain:
        return EFFECTIVE
    if effect.is_harm:
        return HARMFUL
    return TOO_FEW if terms.was_too_small else NO_EVIDENCE


def _adjusted(units: Units, cut: Floats, terms: Terms) -> dict[str, Any] | None:
    """Money with what was known before the draw taken out; shown beside, without a verdict."""
    n_smaller = min(int(units.is_treated.sum()), int((~units.is_treated).sum()))
    covariates = adjust.independent(units.before)
    if not covariates.size or not adjust.fits(covariates.shape[1], n_smaller):
        if not adjust.fits(1, n_smaller) or not units.money_before.any():
            return None
        covariates = units.money_before[:, None]
    found = adjust.lin(cut, units.is_treated, covariates)
    half = 1.959964 * found.se
    return {
        "value": found.value, "se": found.se, "lo": found.value - half, "hi": found.value + half,
        "variance_cut": found.variance_cut, "covariates": int(covariates.shape[1]),
        "is_verdict": terms.adjusted and terms.primary == MONEY,
    }  # fmt: skip


def _secondary(effects: Mapping[str, Difference]) -> list[dict[str, Any]]:
    names = list(effects)
    raised = guards.holm([effects[name].p for name in names])
    return [
        _as_json(name, effects[name], LEVEL) | {"p_holm": p}
        for name, p in zip(names, raised, strict=True)
    ]


def _as_json(outcome: str, effect: Difference, level: float) -> dict[str, Any]:
    finite = np.isfinite([effect.lo, effect.hi]).all()
    return {
        "outcome": outcome, "value": effect.value, "se": effect.se,
        "lo": effect.lo if finite else None, "hi": effect.hi if finite else None,
        "p": effect.p, "level": level,
    }  # fmt: skip


def _arms(units: Units) -> dict[str, dict[str, Any]]:
    return {
        name: _arm(units, chosen)
        for name, chosen in (("treated", units.is_treated), ("held_out", ~units.is_treated))
    }


def _arm(units: Units, chosen: Flags) -> dict[str, Any]:
    n = int(chosen.sum())
    back = int(units.came_back[chosen].sum())
    lo, hi = wilson(back, n) if n >= NONE_BELOW else (None, None)
    return {
        "units": n, "came_back": back if n >= NONE_BELOW else None,
        "share": back / n if n >= NONE_BELOW else None, "lo": lo, "hi": hi,
        "money_mean": float(units.money[chosen].mean()) if n >= NONE_BELOW else None,
        "purchases": int(units.purchases[chosen].sum()) if n >= NONE_BELOW else None,
        "few": n < FEW_BELOW,
    }  # fmt: skip


def _uncut(units: Units) -> float | None:
    """The difference of the means nothing was cut from: printed, never judged."""
    arms: Sequence[Floats] = (units.money[units.is_treated], units.money[~units.is_treated])
    return float(arms[0].mean() - arms[1].mean()) if all(len(arm) for arm in arms) else None
