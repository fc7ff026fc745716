"""Why a customer has their scores: ordered facts, each a code with numbers; doors find the words.

Nothing is computed anew but the split of the repeat probability: a reason is what the stored scores
were made of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from huitou.insights import contributions as split
from huitou.insights import grid, levels, reasons
from huitou.insights.reliability import cell_for

Row = Mapping[str, Any]

ORDER: Final = (
    "layer",
    "repeat_probability",
    "risk",
    "value_at_risk",
    "lifetime_value",
    "loyalty_index",
    "loyalty_level",
    "grid_cell",
    "manifestations",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: a stable code and the numbers and words a sentence about it needs."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece a score is made of. ``kind``: ``adds`` (to the sum), ``times`` (a factor) or
    ``mean`` (one of the averaged)."""

    code: str
    amount: float | None  # None = not known
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "why" for one score of one customer."""

    score: str
    value: Any  # the score; None = there is none, the first line says why
    lines: tuple[Line, ...]
    parts: tuple[Part, ...] = ()

    def json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "score": self.score,
            "value": self.value,
            "lines": [{"code": line.code, **line.facts} for line in self.lines],
            "parts": [
                {"code": part.code, "amount": part.amount, "kind": part.kind, **part.facts}
                for part in self.parts
            ],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """What of a run the reasons need."""

    as_of: date
    horizon_days: int
    value_days: int
    model: str
    report: Mapping[str, Any]

    def part(self, *path: str) -> Any:
        """A part of the report; None where it is missing."""
        found: Any = self.report
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of the model in force; empty without one."""
        return self.part("models", self.model, "parameters") or {}


def explained(row: Row, run: Measured) -> list[Why]:
    """Every score of a customer with its reasons, in the order of ``ORDER``.

    Args:
        row: one line of the score file.
        run: the measurement it comes from.
    """
    makers = {
        "layer": _layer,
        "repeat_probability": _repeat,
        "risk": _risk,
        "value_at_risk": _at_risk,
        "lifetime_value": _lifetime,
        "loyalty_index": _index,
        "loyalty_level": _level,
        "grid_cell": _grid,
        "manifestations": _manifestations,
    }
    return [makers[name](row, run) for name in ORDER]


def _known(row: Row, name: str) -> Any:
    """A value of the row; NaN, "" and a missing column are None."""
    value = row.get(name)
    if isinstance(value, np.generic):
        value = value.item()
    if value == "" or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value


def _layer(row: Row, run: Measured) -> Why:
    layer = _known(row, "layer") or "no_purchase"
    windows = run.part("windows", "in_force") or [45, 90, 180, 360]
    if layer == "no_purchase":
        return Why("layer", layer, (Line("layer.no_purchase"),))
    dormancy = int(row["dormancy_days"])
    facts = {
        "days": dormancy,
        "last_on": _known(row, "last_on"),
        "window": windows[0],
        "recent": _known(row, "recent"),
        "earlier": _known(row, "earlier"),
    }
    lines = [Line("layer.last_purchase", facts)]
    if dormancy < windows[0]:
        lines.append(Line(f"layer.{layer}", facts))
    else:
        above = [each for each in windows if each <= dormancy]
        upper = windows[len(above)] if len(above) < len(windows) else None
        code = "layer.at_least" if upper is None else "layer.between"
        lines.append(Line(code, {"from": above[-1], "to": upper, "days": dormancy}))
    closed = _closed_days(row, run, dormancy)
    if closed:
        lines.append(Line("layer.closed_days", {"days": closed}))
    ahead = [each for each in windows if each > dormancy]
    if ahead:
        lines.append(Line("layer.next_in", {"days": ahead[0] - dormancy, "window": ahead[0]}))
    if _known(row, "mark"):
        lines.append(Line("layer.yearly", {"mark": row["mark"]}))
    return Why("layer", layer, tuple(lines))


def _closed_days(row: Row, run: Measured, dormancy: int) -> int:
    last_on = _known(row, "last_on")
    if isinstance(last_on, str):
        last_on = date.fromisoformat(last_on)
    return max((run.as_of - last_on).days - dormancy, 0) if isinstance(last_on, date) else 0


def _repeat(row: Row, run: Measured) -> Why:
    p = _known(row, "p_repeat")
    if p is None:
        return Why("repeat_probability", None, (Line("model.none"),))
    lines = [_frequency("repeat", run.part("calibration", "deciles"), p, run.horizon_days)]
    purchases, dormancy = int(row["purchases"]), int(row["dormancy_days"])
    if purchases == 1:
        lines.append(Line("repeat.bought_once", {"days": dormancy}))
    else:
        gap = row["t_x_days"] / (purchases - 1)
        facts = {"purchases": purchases, "gap_days": round(gap), "days": dormancy}
        lines.append(Line("repeat.habit", facts))
        if gap > 0 and dormancy > gap:
            lines.append(Line("repeat.times_usual", {"times": dormancy / gap, "days": dormancy}))
    parts: tuple[Part, ...] = ()
    typical = run.part("typical", "all")
    if typical and run.parameters and typical["usual_gap_days"] is not None:
        found = _split(row, run, typical)
        lines.append(
            Line("repeat.adds_up", {"typical": found.typical, "own": found.own, "n": typical["n"]})
        )
        parts = (
            Part("typical", found.typical, "adds", {**typical}),
            *(Part(name, amount, "adds") for name, amount in found.parts.items()),
        )
    return Why("repeat_probability", p, tuple(lines), parts)


def _split(row: Row, run: Measured, typical: Mapping[str, float]) -> split.Contributions:
    x = row["purchases"] - 1
    usual = typical["usual_gap_days"]
    own = split.Habit(
        row["purchases"], row["t_x_days"] / x if x > 0 else usual, row["T_days"] - row["t_x_days"]
    )
    base = split.Habit(typical["purchases"], usual, typical["dormancy_days"])
    return split.contributions(run.model, run.parameters, own, base, horizon_days=run.horizon_days)


def _frequency(kind: str, deciles: Any, p: float, days: int) -> Line:
    """A person's chance as a natural frequency: the observed share of its calibration cell."""
    cell = cell_for(deciles or [], p)
    if cell is None:
        return Line(f"{kind}.not_checked", {"p": p, "days": days})
    facts = {"of_100": 100 * cell["observed"], "lo": 100 * cell["lo"], "hi": 100 * cell["hi"]}
    return Line(f"{kind}.frequency", {"p": p, "days": days, "n": cell["n"], **facts})


def _risk(row: Row, run: Measured) -> Why:
    risk = _known(row, "risk")
    if risk is None:
        return Why("risk", None, (Line("model.none"),))
    days = int(row["risk_days"])
    lines = [
        _frequency("risk", run.part("calibration", "risk", "deciles"), risk, days),
        Line("risk.own_horizon", {"days": days}),
    ]
    marks = reasons.named(int(_known(row, "reasons") or 0))
    lines += [Line(f"reason.{code}", {"chance": _known(row, f"p_{code}")}) for code in marks]
    if any(code in reasons.TESTED for code in marks):
        lines.append(Line("reason.chance_rate", {"rate": reasons.CHANCE_RATE}))
    lines.append(Line("risk.cases_never_count"))
    return Why("risk", risk, tuple(lines))


def _basis(run: Measured) -> str:
    return str(run.part("money", "name") or "sales")


def _at_risk(row: Row, run: Measured) -> Why:
    value = _known(row, "value_at_risk")
    if value is None:
        return Why("value_at_risk", None, (Line("model.none"),))
    margin, risk = _known(row, "expected_margin_365"), _known(row, "risk")
    facts = {"basis": _basis(run), "risk_days": _known(row, "risk_days")}
    lines = [Line("at_risk.product", facts)]
    if margin is not None and margin < 0:
        lines.append(Line("at_risk.negative", facts))
    lost = _known(row, "probably_lost")
    if lost is not None:
        lines.append(Line("at_risk.probably_lost", {"expected": lost, **facts}))
    parts = (Part("risk", risk, "times"), Part("expected_margin_365", margin, "times", facts))
    return Why("value_at_risk", value, tuple(lines), parts)


def _lifetime(row: Row, run: Measured) -> Why:
    value = _known(row, "lifetime_value")
    if value is None:
        return Why("lifetime_value", None, (Line("model.none"),))
    spend, share = _known(row, "expected_spend"), _known(row, "margin_share")
    whole = _known(row, "lifetime_undiscounted")
    facts = {"basis": _basis(run), "days": run.value_days}
    is_sales = facts["basis"] == "sales"
    lines = [Line("lifetime.product_sales" if is_sales else "lifetime.product", facts)]
    parts: list[Part] = []
    if whole is not None and spend and share:
        parts.append(Part("purchases", whole / (spend * share), "times", {"days": run.value_days}))
        parts.append(Part("expected_spend", spend, "times"))
        if not is_sales:
            parts.append(Part("margin_share", share, "times", facts))
        if whole:
            parts.append(Part("discount", value / whole, "times"))
        lines.append(Line("lifetime.undiscounted", {"expected": whole, **facts}))
    return Why("lifetime_value", value, tuple(lines), tuple(parts))


def _index(row: Row, run: Measured) -> Why:
    value = _known(row, "loyalty_index")
    names = {
        "satisfaction": _known(row, "satisfaction"),
        "repeat": _known(row, "repeat_part"),
        "recommendation": _known(row, "recommendation"),
    }
    known = [name for name, amount in names.items() if amount is not None]
    lines = [Line("index.mean" if value is not None else "index.none", {"known": len(known)})]
    lines += [Line("index.missing", {"part": name}) for name in names if name not in known]
    if _known(row, "repeat_origin") == "asked":
        lines.append(Line("index.asked_probability"))
    weight = 1 / len(known) if known else 0.0
    parts = tuple(
        Part(name, amount, "mean", {"weight": weight if amount is not None else 0.0})
        for name, amount in names.items()
    )
    return Why("loyalty_index", value, tuple(lines), parts)


# What each level asks for beyond the one before; inside a pair either will do.
_STEPS: Final = {
    "habitual": (("bought_twice", "positive_answer"),),
    "preference": (
        ("attitude_strong",),
        ("index_70",),
        ("prefers_us",),
        ("positive_twice", "positive_and_lasting"),
    ),
    "devoted": (("behaviour_strong",), ("very_likely",), ("resists_or_referred",)),
}


def _level(row: Row, run: Measured) -> Why:
    level = _known(row, "loyalty_level")
    gates = levels.unpacked(int(_known(row, "level_gates") or 0))
    if level is None:
        return Why("loyalty_level", None, (Line("level.not_asked"),))
    cell = _known(row, "square")
    lines = [Line("level.placed", {"level": level})]
    lines.append(Line("level.square", {"cell": cell}) if cell else Line("level.attitude_unknown"))
    lines += [Line(f"gate.{name}", {"passed": passed}) for name, passed in gates.items()]
    place = levels.LEVELS.index(level)
    if place + 1 < len(levels.LEVELS):
        upper = levels.LEVELS[place + 1]
        missing = [pair for pair in _STEPS[upper] if not any(gates[name] for name in pair)]
        lines += [Line("level.missing", {"level": upper, "gates": list(pair)}) for pair in missing]
    lines.append(Line("level.no_referrals"))
    return Why("loyalty_level", level, tuple(lines))


def _grid(row: Row, run: Measured) -> Why:
    cell = _known(row, "grid_cell")
    if cell is None:
        reason = run.part("grid", "reason") or "outside"
        return Why("grid_cell", None, (Line("grid.none", {"reason": reason}),))
    cuts = run.part("grid", "cuts") or {}
    current, room = _known(row, "current_minor"), _known(row, "headroom_minor")
    facts = {"basis": _basis(run)}
    lines = [
        Line("grid.current", {"minor": current, "line": cuts.get("current_minor"), **facts}),
        Line("grid.headroom", {"minor": room, "line": cuts.get("headroom_minor"), **facts}),
    ]
    if cuts and current is not None and room is not None:
        cut = grid.Lines(cuts["current_minor"], cuts["headroom_minor"])
        plain = grid.cells(np.array([current]), np.array([room]), cut)[0]
        if plain != cell:
            lines.append(Line("grid.kept", {"cell": cell, "percent": 100 * grid.CLEARANCE}))
    if current is not None and current < 0:
        lines.append(Line("grid.negative", facts))
    return Why("grid_cell", cell, tuple(lines))


def _manifestations(row: Row, run: Measured) -> Why:
    names = ("recognises", "repeats", "spends_more", "promotes")
    flags = {name: _known(row, name) for name in names}
    lines = [
        Line(f"manifestation.{name}", {"holds": None if flag is None else flag == 1})
        for name, flag in flags.items()
    ]
    run_periods = _known(row, "run_periods")
    if run_periods is not None:
        period = run.part("manifestations", "continuity", "period_days")
        facts = {"periods": run_periods, "period_days": period}
        lines.append(Line("continuity.run", {**facts, "longest": row["longest_run_periods"]}))
    return Why("manifestations", _known(row, "manifestations"), tuple(lines))
