"""Parts of a measurement's report as values a template can lay out: rows, bars and the data of
charts.

Shares are 0..1 until a chart asks for percent. Missing is never zero: a row without a figure
carries ``None``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language, gettext, ngettext

from huitou.console.ladders import LAYERS, STAGES, Chip, layer_chip, stage_chip
from huitou.console.measured import Measured
from huitou.kit.text import gettext_noop as _
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
        Move(layer_chip(cell["left"]), layer_chip(cell["entered"]), cell["customers"])
        for cell in real[:MOVES_SHOWN]
    ]


def lorenz_chart(pareto: Json) -> dict[str, Any] | None:
    """The concentration curve, best customers first, in percent; ``None`` where there is no curve
    to draw."""
    points = pareto.get("lorenz") or []
    if len(points) < 2:
        return None
    curve = [
        [round(100 * (1 - p), 2), round(100 * (1 - share), 2)] for p, share in reversed(points)
    ]
    top, turn = _height(curve, 20), _height(curve, 70)
    is_profit = pareto.get("basis") == "profit"
    tip = _("The first {x}% of customers bring {y}% of the profit")
    words = {
        "axis": gettext("Share of customers (most to least)"),
        "tip": gettext(
            tip if is_profit else _("The first {x}% of customers bring {y}% of the sales")
        ),
        "top": gettext("First 20%: {share}%\nthe rule says 80% (hollow)").format(
            share=figures.number(top)
        ),
        "turn": _turn_note(turn),
    }
    return {
        "points": curve,
        "top": [20, round(top, 1)],
        "turn": [70, round(turn, 1)],
        "words": words,
    }


def _turn_note(turn: float) -> str:
    if turn > 100:
        return gettext("Last 30%\nlose {share}%").format(share=figures.number(turn - 100))
    return gettext("Last 30%\nbring {share}%").format(share=figures.number(100 - turn))


def _height(curve: Sequence[Sequence[float]], at: float) -> float:
    """The curve's height at ``at`` percent of the customers, between its points in a straight
    line."""
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
    """The heatmap of one definition by month: rows of percent, the incomplete cells last. ``None``
    = nothing yet.

    ``rising`` cells (still growing with every new month) are treated like incomplete ones: hatched,
    out of the scale.
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


INDEX_PARTS: Final = {
    "satisfaction": _("Satisfaction"),
    "repeat": _("Chance of another purchase ({days} days)"),
    "recommendation": _("Would recommend us"),
}


def index_parts(measured: Measured) -> list[dict[str, Any]]:
    """The three indicators with their interval and source; without answers the one that is
    known."""
    index, repeat = measured.section("index"), measured.section("repeat")
    parts = index.get("parts") or {}
    days = repeat.get("horizon_days") or measured.horizon_days
    rows = []
    for code, words in INDEX_PARTS.items():
        facts = parts.get(code) or {}
        mean = facts.get("mean")
        if mean is None and code == "repeat" and repeat.get("mean") is not None:
            mean = 100 * repeat["mean"]
            source = gettext("all buyers, computed from their orders")
        elif mean is None:
            source = (
                gettext("no answers in 365 days") if code != "repeat" else gettext("no model yet")
            )
        else:
            source = ngettext("{n} customer", "{n} customers", facts["n"]).format(
                n=figures.number(facts["n"])
            )
        lo, hi = facts.get("lo"), facts.get("hi")
        word = gettext(words).format(days=days)
        rows.append(
            {
                "word": word,
                "mean": mean,
                "lo": lo,
                "hi": hi,
                "source": source,
                "label": _spoken(word, mean, lo, hi),
            }
        )
    return rows


def _spoken(word: str, mean: float | None, lo: float | None, hi: float | None) -> str:
    """An interval plot in a sentence, for those who do not see it."""
    if mean is None or lo is None or hi is None:
        return word
    return gettext("{word}: {mean}, 95% interval {lo} to {hi}").format(
        word=word, mean=figures.number(mean, 1), lo=figures.number(lo, 1), hi=figures.number(hi, 1)
    )


def layer_chart(rows: Sequence[LayerRow], measured: Measured) -> list[dict[str, Any]]:
    """The treemap of layers: area is people, darkness is what is expected of each; empty ones are
    left out."""
    language = get_language() or "zh-hans"
    drawn = []
    for row in rows:
        if not row.customers:
            continue
        each = (row.expected_minor or 0) / row.customers
        people = ngettext("{n} customer", "{n} customers", row.customers).format(
            n=figures.number(row.customers)
        )
        lines = [people]
        if row.expected_minor is not None:
            lines.append(
                gettext("{sum} each").format(
                    sum=figures.money(round(each), measured.currency, language)
                )
            )
        tip = f"{people} · {measured.words['next_year']}: {lines[-1]}" if len(lines) > 1 else people
        drawn.append(
            {
                "name": row.chip.word,
                "people": row.customers,
                "worth": round(each, 2),
                "lines": lines,
                "tip": tip,
            }
        )
    return drawn


def risk_totals(measured: Measured) -> dict[str, Any]:
    """What is likely to be lost in 12 months, with its interval, in minor units."""
    listed = measured.section("churn_list")
    ends = {"total": "at_risk_total", "lo": "lo", "hi": "hi"}
    sums = {end: measured.minor(listed.get(name)) for end, name in ends.items()}
    return {**sums, "customers": listed.get("customers", 0)}


def pareto_facts(pareto: Json) -> dict[str, Any]:
    """The two ends of 20/80/30 as shares of what was earned; ``None`` where a denominator gives
    none."""
    actual = pareto.get("actual_minor") or 0
    bottom = (pareto.get("bottom30") or {}).get("sum_minor")
    share = bottom / actual if bottom is not None and actual > 0 else None
    return {
        "top": pareto.get("top_over_actual"),
        "bottom": share if share is None or share >= 0 else None,
        "loss": -share if share is not None and share < 0 else None,
        "for_80": (pareto.get("customers_for_80") or {}).get("share"),
    }


def pareto_sentence(pareto: Json) -> str:
    """How far the shop is from the rule, and the second denominators always beside it."""
    top = pareto.get("top_over_actual")
    if top is None:
        return gettext("No share: what was earned is not above zero.")
    gap = round(100 * top) - 80
    size = figures.number(abs(gap))
    if gap == 0:
        said = gettext("Exactly the rule's 80%")
    elif gap < 0:
        said = gettext("{size} points below the rule's 80%").format(size=size)
    else:
        said = gettext("{size} points above the rule's 80%").format(size=size)
    if pareto.get("basis") != "profit":
        return said
    potential = pareto.get("top_over_potential")
    if potential is not None:
        said += gettext("; of potential profit it is {share}").format(
            share=figures.percent(potential)
        )
    return said


def lorenz_label(pareto: Json) -> str:
    """The concentration curve in a sentence."""
    facts = pareto_facts(pareto)
    if facts["top"] is None:
        return gettext("Concentration curve")
    top = figures.percent(facts["top"])
    if facts["loss"] is not None:
        return gettext(
            "Concentration curve: the first 20% of customers bring {top} of the profit, "
            "the last 30% lose {loss}"
        ).format(top=top, loss=figures.percent(facts["loss"]))
    return gettext("Concentration curve: the first 20% of customers bring {top}").format(top=top)


def since_words(measured: Measured) -> str:
    """The day of the last measurement, and who came and went."""
    movements = measured.section("movements")
    if not movements.get("since_on"):
        return ""
    language = get_language() or "zh-hans"
    day = figures.day(date.fromisoformat(str(movements["since_on"])[:10]), language, with_year=True)
    return gettext("since {day}: {arrived} newly known, {erased} erased").format(
        day=day,
        arrived=figures.number(movements.get("arrived", 0)),
        erased=figures.number(movements.get("erased", 0)),
    )
