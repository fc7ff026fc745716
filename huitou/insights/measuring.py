"""A whole measurement: from files to scores and a report. No database, no clock."""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from huitou.insights import (
    building,
    calibration,
    layers,
    model_choice,
    movements,
    origins,
    reasons,
    report,
    rfm,
    score_table,
    scoring,
    sections,
    stages,
    yearly,
)
from huitou.insights.building import Built
from huitou.insights.engine import Engine
from huitou.insights.frames import Columns, Frames, Scores
from huitou.insights.inputs import Inputs
from huitou.insights.manifest import Manifest

# Up to so many buyers the origins are looked at in every run; above, with --calibrate.
CALIBRATED_EVERY_RUN: Final = 100_000
PREVIOUS: Final = ("layer", "stage", "band", "grid_cell", "loyalty_index", "loyalty_level")
LEVEL: Final = "loyalty_level"
REASONS_STORED: Final = 50_000  # customers


class Reporter(Protocol):
    """Hears how far a measurement is."""

    def stage(self, name: str, total: int | None) -> None:
        """A new stage begins."""
        ...

    def advance(self, count: int) -> None:
        """``count`` more steps are done."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a measurement found."""

    scores: pa.Table  # one row per known customer, by id
    report: dict[str, Any]
    changes: pa.Table | None  # customer_id, ladder, left, entered; None without a run before
    reasons: Sequence[tuple[int, str, float | None, Any]]
    model: str  # "" = none
    warnings: list[dict[str, Any]]
    horizon_days: int
    horizon_since: str


class Written(Protocol):
    """Hears the columns of a run while the rest is worked out, to write them meanwhile."""

    def standing(self, scores: pa.Table) -> None:
        """The columns of the score file that lists and audiences read."""

    def scores(self, scores: pa.Table) -> None:
        """All columns of the score file."""


def compute(
    engine: Engine,
    folder: Path,
    files: tuple[Manifest, Inputs],
    *,
    reporter: Reporter,
    keep_state: bool = True,
    written: Written | None = None,
) -> Outcome:
    """Measure the files of a manifest. The same files and inputs give the same bits."""
    listed, inputs = files
    reporter.stage("summary", None)
    built = building.frames_of(engine, folder, listed, inputs, keep_state=keep_state)
    frames = built.frames
    before = _before(engine, folder, inputs)
    everyone = _everyone(frames)
    reporter.stage("models", None)
    checked, models = _models(built, inputs)
    reporter.stage("scores", len(sections.STANDING) + len(sections.COLUMNS))
    scores = _scores(built, everyone, before)
    frames.column("first_category")  # read before two threads share the columns
    with ThreadPoolExecutor(1) as beside:
        early = beside.submit(_computed, sections.EARLY, frames, dict(scores))
        _add(sections.STANDING, frames, scores, reporter)
        standing = score_table.standing(frames, scores, everyone)
        if written is not None:
            written.standing(standing)
        _add(sections.COLUMNS, frames, scores, reporter)
        reporter.stage("report", len(sections.SECTIONS))
        whole = score_table.table(frames, scores, everyone, standing)
        if written is not None:
            written.scores(whole)
        found = _report(built, inputs, scores, everyone)
        found["models"], found["calibration"] = models, checked.report
        found["model_in_force"] = checked.choice.report() | _why_none(frames)
        found.update(_sections(frames, scores, early, reporter))
    moved, changes = _movements(engine, whole, before, inputs)
    found["movements"] = moved
    found["warnings"] = _warnings(found)
    return Outcome(
        scores=whole,
        report=found,
        changes=changes,
        reasons=reasons.rows(frames, scores, _first_listed(scores)),
        model=frames.model.name if frames.model else "",
        warnings=found["warnings"],
        horizon_days=frames.context.horizon_days,
        horizon_since=built.horizon_since.isoformat(),
    )


def _add(
    measures: Iterable[Callable[[Frames, Scores], Columns]],
    frames: Frames,
    scores: Scores,
    reporter: Reporter,
) -> None:
    for columns in measures:
        scores.update(columns(frames, scores))
        reporter.advance(1)


def _first_listed(scores: Scores) -> Any:
    """Whose reasons are stored as sentences need them: the front of the churn list.

    The score file has the reasons of everyone, as bits and chances.
    """
    wanted = scores["is_listed"] & (scores["reasons"] != 0)
    rows = np.flatnonzero(wanted)
    at_risk = np.nan_to_num(scores["value_at_risk"][rows])
    ranked = rows[np.lexsort((scores["customer_id"][rows], -at_risk))]
    wanted[ranked[REASONS_STORED:]] = False
    return wanted


def _everyone(frames: Frames) -> report.Everyone:
    engine, everyone = frames.engine, frames.everyone
    answers = frames.answers
    acts = answers.group_by("customer_id").agg(
        acted_on=answers.answered_on.min(), acted_last_on=answers.answered_on.max()
    )
    ids = everyone.select("customer_id").union(frames.people.select("customer_id"), distinct=True)
    joined = ids.left_join(acts, "customer_id").select(
        customer_id=ids.customer_id, acted_on=acts.acted_on, acted_last_on=acts.acted_last_on
    )
    columns = engine.columns(joined.order_by("customer_id"))
    rows = np.searchsorted(columns["customer_id"], frames.column("customer_id"))
    life = stages.Life(
        first_on=_spread(frames, "first_on", rows, len(columns["customer_id"])),
        second_on=_spread(frames, "second_on", rows, len(columns["customer_id"])),
        last_on=_spread(frames, "last_on", rows, len(columns["customer_id"])),
        acted_on=columns["acted_on"],
        acted_last_on=columns["acted_last_on"],
    )
    return report.Everyone(
        customer_id=columns["customer_id"],
        buyer_rows=rows,
        stage=stages.stage(life),
        quiet=stages.quiet(life, frames.context.as_of),
        life=life,
    )


def _spread(frames: Frames, name: str, rows: np.ndarray[Any, Any], size: int) -> Any:
    whole = np.full(size, stages.NEVER, dtype="datetime64[D]")
    whole[rows] = frames.column(name)
    return whole


def _models(built: Built, inputs: Inputs) -> tuple[calibration.Calibrated, dict[str, Any]]:
    """Check forecasts on earlier days, choose the model, fit it on all; sets ``frames.model``."""
    frames = built.frames
    context, before = frames.context, inputs.previous
    forced = context.setting("model", "auto")
    policy = calibration.Policy(
        models=(*model_choice.CANDIDATES, "paretonbd")
        if inputs.calibrate
        else model_choice.CANDIDATES,
        in_force=before.model if before and before.model else None,
        forced=None if forced == "auto" else forced,
        flag_points=float(context.setting("calibration_flag_points", 3)),
    )
    is_due = inputs.calibrate or frames.size <= CALIBRATED_EVERY_RUN
    checked = calibration.calibrate(
        origins.of(frames, built.calendar) if is_due else [],
        horizon_days=context.horizon_days,
        median_gap_days=context.median_gap_days,
        policy=policy,
    )
    if not is_due:
        checked = _carried(checked, policy, inputs, context.horizon_days)
    names = dict.fromkeys([*model_choice.CANDIDATES, checked.choice.name])
    fits = scoring.fitted(frames, tuple(names))
    frames.model = scoring.in_force(fits, checked.choice.name, checked.choice.reason)
    return checked, fits.report()


def _carried(
    checked: calibration.Calibrated, policy: calibration.Policy, inputs: Inputs, horizon_days: int
) -> calibration.Calibrated:
    """The last calibration while its horizon holds, said with the day it was made on."""
    before = inputs.previous
    if before is None or before.calibration.get("horizon_days") != horizon_days:
        return checked
    told = dict(before.calibration)
    told.setdefault("checked_on", before.as_of.isoformat())
    choice = checked.choice
    if policy.forced is None and policy.in_force is not None:
        choice = model_choice.Choice(policy.in_force, "kept_until_checked", {})
    if told.get("model") not in {None, choice.name}:
        return checked
    return calibration.Calibrated(told, choice, checked.fits)


def _why_none(frames: Frames) -> dict[str, Any]:
    return {} if frames.model is not None else {"name": "", "reason": "no_model"}


def _scores(built: Built, everyone: report.Everyone, before: ir.Table | None) -> Scores:
    frames = built.frames
    engine, people, context = frames.engine, frames.people, frames.context
    placed = people.select(
        "customer_id",
        layer=layers.layer(people.dormancy_days, people.recent, people.earlier, context.windows),
    )
    window = context.setting("money_window", 360)
    codes = rfm.scores(people, _money_column(window))
    marks = yearly.marks(engine, frames.days, people, context.as_of)
    joined = (
        placed.join(codes, "customer_id")
        .left_join(marks, "customer_id")
        .select(
            "customer_id",
            "layer",
            "rfm",
            mark=ibis.coalesce(marks.mark, ""),
            mark_next_on=marks.next_on,
        )
    )
    scores: Columns = engine.columns(joined.order_by("customer_id"))
    waits = yearly.waits(scores["mark_next_on"], frames.column("last_on"), context.as_of)
    scores["mark"] = np.where(waits, scores["mark"], "").astype(object)
    scores.update(scoring.columns(frames))
    scores["stage"] = everyone.stage[everyone.buyer_rows]
    scores["quiet"] = everyone.quiet[everyone.buyer_rows]
    named = ("x", "T_days", "first_gap_days", "returned_after_days")
    scores["health"] = stages.health(
        {name: frames.column(name) for name in named}, scores["layer"], scores["p_repeat"]
    )
    if before is not None:
        wanted = before.select("customer_id", *PREVIOUS).order_by("customer_id")
        said = engine.columns(wanted)
        scores.update(score_table.previous_columns(said, scores["customer_id"]))
    return scores


def _money_column(window: Any) -> str:
    return {"all": "net_total_minor", 365: "net_365_minor"}.get(window, "net_360_minor")


def _before(engine: Engine, folder: Path, inputs: Inputs) -> ir.Table | None:
    """The scores of the run before, if its file is still kept."""
    if inputs.previous is None or not inputs.previous.scores_path:
        return None
    path = folder / inputs.previous.scores_path
    if not path.exists():
        return None
    kinds = {name: "string" for name in PREVIOUS} | {"loyalty_index": "float64"}
    return engine.files("scores_before", [path], {"customer_id": "int64", **kinds})


def _computed(names: Collection[str], frames: Frames, scores: Scores) -> dict[str, Any]:
    chosen = [name for name in sections.SECTIONS if name in names]
    return {name: sections.SECTIONS[name](frames, scores) for name in chosen}


def _sections(
    frames: Frames, scores: Scores, early: Future[dict[str, Any]], reporter: Reporter
) -> dict[str, Any]:
    """Every section by name, in the order of the report: those begun early, and the others."""
    late = sections.SECTIONS.keys() - sections.EARLY
    done = _computed(late, frames, scores)
    reporter.advance(len(late))
    done |= early.result()
    reporter.advance(len(sections.EARLY))
    return {name: done[name] for name in sections.SECTIONS}


def _report(
    built: Built, inputs: Inputs, scores: Scores, everyone: report.Everyone
) -> dict[str, Any]:
    frames = built.frames
    parts: dict[str, Callable[[], Any]] = {
        "population": lambda: report.population(frames, everyone),
        "money": lambda: report.money(frames),
        "windows": lambda: report.windows_in_force(built, inputs, scores),
        "layers": lambda: report.layer_table(frames, scores, everyone),
        "stages": lambda: report.stage_board(frames, scores, everyone),
        "repeat": lambda: report.repeat(frames, scores, built),
        "value": lambda: report.value(frames, scores, inputs),
    }
    return {name: part() for name, part in parts.items()}


def _movements(
    engine: Engine, whole: pa.Table, before: ir.Table | None, inputs: Inputs
) -> tuple[dict[str, Any], pa.Table | None]:
    names = ["customer_id", "layer", "stage", "band", LEVEL]
    now = engine.put("scores_now", whole.select(names))
    since = inputs.previous
    head = {
        "since": since.public_id if since and before is not None else None,
        "since_on": since.as_of.isoformat() if since and before is not None else None,
    }
    changed = movements.changes(engine, _renamed(before), _renamed(now))
    told = head | movements.table(engine, before, now)
    if changed is None:
        return told, None
    return told, engine.arrow(changed.order_by("customer_id", "ladder"))


def _renamed(scores: ir.Table | None) -> ir.Table | None:
    if scores is None:
        return None
    return scores.rename(level=LEVEL)


def _warnings(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything a reader must know before believing the figures."""
    told: list[dict[str, Any]] = []
    for name, model in found["models"].items():
        told += [{**warning, "model": name} for warning in model.get("warnings") or []]
        if "reason" in model:
            told.append({"code": model["reason"], "facts": model["facts"], "model": name})
    if found["money"]["name"] != "profit":
        facts = {"coverage": found["money"]["cost_coverage"]}
        told.append({"code": "profit_not_known", "facts": facts})
    if found["repeat"]["is_rare_purchase"]:
        told.append({"code": "rare_purchase", "facts": {}})
    return told
