"""The judgement of one campaign: columns of its units in, one verdict with all its figures out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huitou.insights.proof import adjust, guards, looks, redraw, response, sizes
from huitou.insights.proof.difference import LEVEL, LEVEL_OF_A_LOOK, Difference
from huitou.insights.shares import FEW_BELOW, NONE_BELOW, Z95, wilson

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
    adjusted: bool = False  # the adjusted figure of the primary outcome is the verdict
    seed: int = 20
    was_too_small: bool = False  # the plan said: too small to prove alone


@dataclass(frozen=True, slots=True)
class Units:
    """What became of every unit drawn, one entry each; money in minor units.

    ``before`` are covariates of money known at the draw, shape (n, c), ``came_by`` those of coming
    back; ``money_before`` and ``came_before`` the outcome itself in the W days before. ``known``
    are the columns a reader is shown of those who respond, by name.
    """

    is_treated: Flags
    came_back: Flags
    money: Floats
    purchases: Floats
    money_before: Floats
    came_before: Flags
    before: Floats = field(default_factory=lambda: np.empty((0, 0)))
    came_by: Floats = field(default_factory=lambda: np.empty((0, 0)))
    known: Mapping[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.is_treated)


def judge(units: Units, terms: Terms) -> dict[str, Any]:
    """The final analysis: the verdict, the primary effect, and everything that stands beside it.

    Returns:
        ``verdict`` (one of VERDICTS), ``arms``, ``primary`` and ``secondary`` effects, each
        ``{outcome, value, se, lo, hi, p, level}`` per unit, ``adjusted`` (one an outcome), ``cut``,
        ``response``. Where no verdict is possible the effects are None: no figure is shown that
        nobody may trust.
    """
    level = looks.final_level(terms.looks_planned)
    facts: dict[str, Any] = {
        "verdict": NO_CONTROL, "arms": _arms(units), "primary": None, "secondary": [],
        "adjusted": [], "cut": None, "sample_ratio_p": _ratio(units, terms), "level": level,
        "response": None,
    }  # fmt: skip
    refused = _refusal(units, terms)
    if refused:
        return facts | {"verdict": refused}
    cut = guards.winsorised(units.money, most=guards.ceiling(units.money_before))
    others: dict[str, Callable[[], Difference]] = {
        CAME_BACK: lambda: _came_back(units, LEVEL),
        MONEY: lambda: _money(units, cut.values, terms.seed, LEVEL),
        "purchases": lambda: redraw.mean_difference(
            units.purchases[units.is_treated], units.purchases[~units.is_treated],
            seed=terms.seed + 1, level=LEVEL,
        ),
    }  # fmt: skip
    primary = _primary(units, cut.values, terms, level)
    beside = {name: of() for name, of in others.items() if name != terms.primary}
    return facts | {
        "verdict": _verdict(primary, units, terms),
        "primary": _as_json(terms.primary, primary, level),
        "secondary": _secondary(beside),
        "adjusted": _adjusted(units, cut.values, terms),
        "cut": {"values": cut.cut, "uncut_mean": _uncut(units)},
        "response": _response(units, terms),
    }


def word(units: Units, terms: Terms) -> str:
    """The word ``judge`` gives, and nothing of what stands beside it: for those who ask often."""
    refused = _refusal(units, terms)
    if refused:
        return refused
    cut = guards.winsorised(units.money, most=guards.ceiling(units.money_before))
    level = looks.final_level(terms.looks_planned)
    return _verdict(_primary(units, cut.values, terms, level), units, terms)


def look(units: Units, terms: Terms) -> dict[str, Any]:
    """One early look at the primary outcome: a verdict only at p < .001, else still waiting."""
    level = looks.final_level(terms.looks_planned)
    cut = guards.winsorised(units.money, most=guards.ceiling(units.money_before))
    tested = _at_a_look(units, cut.values, terms, level)
    stopped = looks.stops(tested)
    verdict = (EFFECTIVE if tested.value > 0 else HARMFUL) if stopped else WAITING
    effect = _primary(units, cut.values, terms, level) if stopped else tested
    # A look that does not stop shows nothing: what is seen early is believed too early.
    return {
        "verdict": verdict,
        "arms": _arms(units) if stopped else None,
        "primary": _as_json(terms.primary, effect, level) if stopped else None,
        "secondary": [], "adjusted": [], "cut": None, "sample_ratio_p": None, "level": level,
        "response": None,
    }  # fmt: skip


def _refusal(units: Units, terms: Terms) -> str:
    """Why there is no effect to show at all; "" = there is one."""
    treated = int(units.is_treated.sum())
    smaller = min(treated, len(units) - treated)
    if terms.holdout_percent <= 0 or treated == len(units):
        return NO_CONTROL
    ratio_p = _ratio(units, terms)
    if ratio_p is not None and ratio_p < guards.BROKEN_BELOW:
        return BROKEN
    return TOO_FEW if smaller < NONE_BELOW else ""


def _ratio(units: Units, terms: Terms) -> float | None:
    treated = int(units.is_treated.sum())
    if terms.holdout_percent <= 0 or treated == len(units):
        return None
    return guards.sample_ratio_p(
        treated, len(units) - treated, holdout_percent=terms.holdout_percent
    )


def _primary(units: Units, cut: Floats, terms: Terms, level: float) -> Difference:
    """The effect the verdict is read from, with earlier purchases taken out where that was said
    before the draw."""
    if terms.adjusted:
        covariates, outcome = _covariates(units, terms.primary), _outcome(units, cut, terms.primary)
        if covariates.size:
            return adjust.lin_redrawn(
                outcome, units.is_treated, covariates, seed=terms.seed, level=level
            )
    if terms.primary == CAME_BACK:
        return _came_back(units, level)
    return _money(units, cut, terms.seed, level)


def _at_a_look(units: Units, cut: Floats, terms: Terms, level: float) -> Difference:
    """The effect whose p a look goes by, held to the level of a look where its test depends on
    it."""
    if terms.primary == CAME_BACK and not terms.adjusted:
        return _came_back(units, LEVEL_OF_A_LOOK)
    return _primary(units, cut, terms, level)


def _came_back(units: Units, level: float) -> Difference:
    one, zero = units.came_back[units.is_treated], units.came_back[~units.is_treated]
    return sizes.checked(int(one.sum()), len(one), int(zero.sum()), len(zero), level=level)


def _money(units: Units, cut: Floats, seed: int, level: float) -> Difference:
    return redraw.mean_difference(
        cut[units.is_treated], cut[~units.is_treated], seed=seed, level=level
    )


def _outcome(units: Units, cut: Floats, name: str) -> Floats:
    return units.came_back.astype(float) if name == CAME_BACK else cut


def _covariates(units: Units, outcome: str) -> Floats:
    """What was known of each unit before the draw and says something; shape (n, 0) = nothing.

    The whole list where the smaller arm is large enough for it, else the outcome of the W days
    before alone.
    """
    treated = int(units.is_treated.sum())
    n_smaller = min(treated, len(units) - treated)
    is_share = outcome == CAME_BACK
    every = adjust.independent(units.came_by if is_share else units.before)
    if every.size and adjust.fits(every.shape[1], n_smaller):
        return every
    alone = (units.came_before.astype(float) if is_share else units.money_before)[:, None]
    one = adjust.independent(alone)
    return one if one.size and adjust.fits(1, n_smaller) else np.empty((len(units), 0))


def _verdict(effect: Difference, units: Units, terms: Terms) -> str:
    """Too few comes before no evidence: who was told beforehand that nothing of usual size can be
    seen must not read that an effect was looked for and not found."""
    treated = int(units.is_treated.sum())
    if min(treated, len(units) - treated) < FEW_BELOW:
        return TOO_FEW
    if effect.is_gain:
        return EFFECTIVE
    if effect.is_harm:
        return HARMFUL
    return TOO_FEW if terms.was_too_small else NO_EVIDENCE


def _adjusted(units: Units, cut: Floats, terms: Terms) -> list[dict[str, Any]]:
    """Both outcomes with what was known before the draw taken out; shown beside, unless chosen."""
    found = []
    for outcome in (CAME_BACK, MONEY):
        covariates = _covariates(units, outcome)
        if not covariates.size:
            continue
        effect = adjust.lin(_outcome(units, cut, outcome), units.is_treated, covariates)
        half = Z95 * effect.se
        found.append(
            {
                "outcome": outcome, "value": effect.value, "se": effect.se,
                "lo": effect.value - half, "hi": effect.value + half,
                "variance_cut": effect.variance_cut, "covariates": int(covariates.shape[1]),
                "is_verdict": terms.adjusted and terms.primary == outcome,
            }
        )  # fmt: skip
    return found


def _response(units: Units, terms: Terms) -> dict[str, Any] | None:
    """Who responds better, where so many were drawn and bought that it could be seen at all."""
    return response.who(
        response.Seen(units.came_back, units.is_treated, units.came_by, units.known),
        seed=terms.seed + 2,
    )


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
