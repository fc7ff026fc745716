"""Parts of a measurement's report as values a template can lay out: rows, bars and the data of charts.

Shares are 0..1 until a chart asks for percent. Missing is never zero: a row without a figure carries ``None``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, gettext

from huitou.console.ladders import LAYERS, STAGES, Chip, layer_chip, stage_chip
from huitou.console.measured import Measured
from huitou.ui import figures

Json = Mapping[str, Any]
MOVES_SHOWN: Final = 8
COHORTS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer: how many people, what they spent, what is expected of them."""

    chip: Chip
    customers: int
    share: float
    net_360_minor: int
    expected_minor: float | None


def layer_rows(measured: Measured) -> list[LayerRow]:
    """The eight layers in the order of the ladder, empty ones too."""
    layers = measured.section("layers")
    total = sum(entry.get("customers", 0) for entry in layers.values()) or 1
    rows = []
    for code in LAYERS:
        entry = layers.get(code, {})
        count = entry.get("customers", 0)
        expected = measured.minor(entry.get("expected_margin_365"))
        chip = layer_chip(code, measured.windows)
        rows.append(LayerRow(chip, count, count / total, entry.get("net_360_minor", 0), expected))
    return rows if layers else []


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage of the board, with the step to the next one where its window is complete."""

    chip: Chip
    customers: int
    quiet: int
    bar: float
    next_word: str
    step: Json | None


def stage_cards(measured: Measured) -> list[StageCard]:
    """The five stages in order; empty without a measurement of stages."""
    stages = measured.section("stages")
    counts = stages.get("counts", {})
    if not counts:
        return []
    largest = max([*counts.values(), 1])
    steps = {step["from"]: step for step in stages.get("steps", [])}
    cards = []
    for code in STAGES:
        step = steps.get(code)
        following = stage_chip(step["to"]).word if step else ""
        count = counts.get(code, 0)
        quiet = stages.get("quiet", {}).get(code, 0)
        cards.append(
            StageCard(stage_chip(code), count, quiet, 100 * count / largest, following, step)
        )
    return cards


@dataclass(frozen=True, slots=True)
class Move:
    """So many people went from one layer to another since the last measurement."""

    left: Chip
    entered: Chip
    customers: int


def moves(measured: Measured) -> list[Move]:
    """The largest movements between layers since the last measurement; staying put is none."""
    cells = measured.section("movements").get("cells", [])
    real = [cell for cell in cells if cell["left"] != cell["entered"] and cell["customers"]]
    real.sort(key=lambda cell: (-cell["customers"], cell["left"], cell["entered"]))
    return [
        Move(_place(cell["left"]), _place(cell["entered"]), cell["customers"])
        for cell in real[:MOVES_SHOWN]
    ]


def _place(code: str) -> Chip:
    if code in LAYERS:
        return layer_chip(code)
    return Chip(
        code,
        gettext("newly known") if code in ("", "new_customer", "arrived") else gettext("erased"),
    )


def lorenz_chart(pareto: Json) -> dict[str, Any] | None:
    """The concentration curve, best customers first, in percent; ``None`` where there is no curve to draw."""
    points = pareto.get("lorenz") or []
    if len(points) < 2:
        return None
    curve = [
        [round(100 * (1 - p), 2), round(100 * (1 - share), 2)] for p, share in reversed(points)
    ]
    top, turn = _height(curve, 20), _height(curve, 70)
    notes = {
        "top": gettext("First 20%: {share}%\nthe rule says 80% (hollow)").format(
            share=figures.number(top)
        ),
        "turn": _turn_note(turn),
    }
    return {
        "points": curve,
        "top": [20, round(top, 1)],
        "turn": [70, round(turn, 1)],
        "notes": notes,
    }


def _turn_note(turn: float) -> str:
    if turn > 100:
        return gettext("Last 30%\nlose {share}%").format(share=figures.number(turn - 100))
    return gettext("Last 30%\nbring {share}%").format(share=figures.number(100 - turn))


def _height(curve: Sequence[Sequence[float]], at: float) -> float:
    """The curve's height at ``at`` percent of the customers, between its points in a straight line."""
    before = curve[0]
    for point in curve:
        if point[0] >= at:
            span = point[0] - before[0]
            return (
                point[1]
                if span == 0
                else before[1] + (point[1] - before[1]) * (at - before[0]) / span
            )
        before = point
    return curve[-1][1]


def cohort_chart(
    cohorts: Json, *, shown: int = COHORTS_SHOWN, rising: bool = False
) -> dict[str, Any] | None:
    """The heatmap of one definition by month: rows of percent, the incomplete cells last. ``None`` = nothing yet.

    ``rising`` cells (still growing with every new month) are treated like incomplete ones: hatched, out of the scale.
    """
    language = get_language() or "zh-hans"
    names, rows = [], []
    for row in cohorts.get("rows", [])[-shown:]:
        cells = [cell for cell in row["cells"] if cell["k"] >= 1]
        if row["size"] < 5 or not cells:
            continue
        month = date.fromisoformat(f"{row['month'][:7]}-01")
        done = sum(
            1 for cell in cells if cell["complete"] and not (rising and cell.get("will_rise"))
        )
        name = {"name": figures.month(month, language), "short": f"{month:%y}.{month.month}"}
        names.append({**name, "size": row["size"], "done": done})
        rows.append([round(100 * cell["count"] / row["size"], 1) for cell in cells])
    if not any(name["done"] for name in names):
        return None
    return {"cohorts": names, "rows": rows}


def cohort_table(chart: Json | None) -> list[dict[str, Any]]:
    """The same figures as a table for those who do not see the chart."""
    if chart is None:
        return []
    return [
        {
            **cohort,
            "cells": [
                {"share": pct / 100, "open": i >= cohort["done"]} for i, pct in enumerate(row)
            ],
        }
        for cohort, row in zip(chart["cohorts"], chart["rows"], strict=True)
    ]


def scale(values: Iterable[float | None]) -> float:
    """The largest of ``values``, at least a little above zero: what bars of one column are measured against."""
    return max([value for value in values if value is not None] + [1e-9])
