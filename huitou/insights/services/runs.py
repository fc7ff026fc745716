"""Measure: read the database, compute, put the scores in force, keep the record."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction

import huitou
from huitou.audiences import services as audiences
from huitou.insights import (
    errors,
    extract,
    facts,
    manifest,
    measuring,
    models,
    queries,
    score_table,
)
from huitou.insights.engine import Engine
from huitou.insights.inputs import FORMULA_VERSION, SEED, Inputs, from_json
from huitou.insights.manifest import Manifest
from huitou.insights.measuring import Outcome, Reporter
from huitou.insights.services import gathering, storing
from huitou.insights.types import Options, RunRow
from huitou.kit import ids
from huitou.kit.errors import HuitouError
from huitou.platform import database, files
from huitou.platform import facts as platform_facts

LOCK: Final = 0x4875_6974  # one measurement at a time
MOST_DAYS: Final = 3_660
MEMORY_MEGABYTES: Final = 2_048


def measure(*, options: Options, actor: str, now: datetime, reporter: Reporter) -> RunRow:
    """Measure everything and put it in force; returns the finished run.

    A measurement that fails leaves the one before in force and its own record with the error.

    Raises:
        Busy: another measurement is running.
        NoCompany: there is no company yet.
        OptionInvalid, DayAhead: an option cannot be used.
    """
    _check(options)
    with _only_one():
        _heal(now)
        run = models.Run.objects.create(
            public_id=ids.public_id("run", now),
            state="running",
            as_of=options.as_of or now.date(),
            as_of_reason="given" if options.as_of else "today",
            horizon_days=options.horizon_days or 0,
            value_days=options.value_days or 0,
            started_at=now,
            code_version=huitou.__version__,
            formula_version=FORMULA_VERSION,
            requested_by=actor,
        )
        try:
            _measure(run, options, now, reporter)
        except BaseException as error:
            _fail(run, error, now)
            raise
    finished = queries.run(run.public_id)
    if finished is None:
        raise errors.NoRun
    return finished


def recompute(*, public_id: str, reporter: Reporter) -> tuple[str, str]:
    """Compute a past run again from its kept files; returns (hash now, hash then) of its scores.

    Raises:
        NoRun: there is no such finished run.
        FilesGone: its files are older than they are kept.
    """
    run = models.Run.objects.filter(public_id=public_id, state="done").first()
    if run is None:
        raise errors.NoRun
    folder = analytics_folder()
    listed = manifest.read(folder / run.manifest_path)
    scores = folder / run.scores_path
    if listed is None or not scores.exists():
        raise errors.FilesGone(kept_days=manifest.KEPT_DAYS)
    inputs = from_json(run.parameters["inputs"])
    with engine() as duck:
        again = measuring.compute(
            duck, folder, (listed, inputs), reporter=reporter, keep_state=False
        )
    draft = folder / "scores" / f"again-{os.getpid()}.unfinished"
    try:
        storing.write_scores(draft, again.scores)
        return manifest.digest_of(draft), manifest.digest_of(scores)
    finally:
        draft.unlink(missing_ok=True)


def _measure(run: models.Run, options: Options, now: datetime, reporter: Reporter) -> None:
    folder = analytics_folder()
    zone = gathering.company_zone()
    with engine() as duck:
        reporter.stage("extract", None)
        source = extract.Source(database.uri(), folder, zone)
        listed = extract.refresh(source, duck, progress=reporter)
        newest = extract.newest_counted(duck, folder, listed, until=gathering.today(now))
        inputs = gathering.inputs(options, now=now, newest_order_on=newest)
        _note_inputs(run, listed, inputs, folder)
        with ThreadPoolExecutor(max_workers=2) as beside:
            writing = _Writing(beside, folder)
            outcome = measuring.compute(
                duck, folder, (listed, inputs), reporter=reporter, written=writing
            )
            reporter.stage("writing", None)
            scores_path, slot = writing.done()
    with transaction.atomic():
        changed = storing.write_changes(run, outcome, inputs)
        storing.write_reasons(run, outcome)
        audiences.stand(slot=slot, run_id=run.pk, now=now)
        _finish(run, outcome, scores_path, now)
        platform_facts.record(
            facts.Measured(
                run_id=run.pk,
                as_of=inputs.as_of.isoformat(),
                customers=outcome.scores.num_rows,
                buyers=outcome.report["population"]["buyers"],
                changes=changed,
            )
        )
    _forget_old(folder, now)


class _Writing:
    """Writes what a measurement has worked out while it goes on."""

    def __init__(self, beside: ThreadPoolExecutor, folder: Path) -> None:
        self._beside, self._folder = beside, folder
        self._slot: Future[int] | None = None
        self._path: Future[str] | None = None

    def standing(self, scores: pa.Table) -> None:
        """Fill the slot nobody reads."""
        self._slot = self._beside.submit(_put, scores)

    def scores(self, scores: pa.Table) -> None:
        """Write the score file."""
        self._path = self._beside.submit(storing.keep_scores, self._folder, scores)

    def done(self) -> tuple[str, int]:
        """Path of the score file and the slot, when both are written."""
        if self._path is None or self._slot is None:
            raise RuntimeError("a measurement that hands over its scores was expected")
        return self._path.result(), self._slot.result()


def _put(scores: pa.Table) -> int:
    """Fill the slot nobody reads, beside the report; returns it."""
    try:
        return audiences.put(standings=score_table.standings(scores))
    finally:
        connection.close()  # of this thread


def _check(options: Options) -> None:
    for name, value in (("horizon", options.horizon_days), ("value-days", options.value_days)):
        if value is not None and not 1 <= value <= MOST_DAYS:
            raise errors.OptionInvalid(option=name, value=value, most=MOST_DAYS)


def analytics_folder() -> Path:
    """Where manifests, Parquet files and score files lie."""
    folder = files.home() / queries.ANALYTICS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine of one measurement, with the threads of the settings."""
    spill = files.home() / queries.ANALYTICS / "spill"
    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    threads = int(settings.ENV.threads)
    started = Engine(threads=threads, memory_megabytes=MEMORY_MEGABYTES, spill=spill)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the lock of measurements on a connection of its own: it goes with the process."""
    with psycopg.connect(database.uri(), autocommit=True) as holder:
        row = holder.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if row is None or not row[0]:
            raise errors.Busy
        yield


def _heal(now: datetime) -> None:
    """Runs left "running" by a process that died: who holds the lock knows that none is."""
    models.Run.objects.filter(state="running").update(
        state="failed",
        finished_at=now,
        error={"code": "insights.interrupted", "message": "", "facts": {}},
    )


def _note_inputs(run: models.Run, listed: Manifest, inputs: Inputs, folder: Path) -> None:
    path = f"manifest-{run.public_id}.json"
    manifest.write_json(folder / path, listed.as_json())
    run.manifest_path = path
    run.data_hash = listed.data_hash
    run.as_of, run.as_of_reason = inputs.as_of, inputs.as_of_reason
    run.value_days = inputs.value_days
    run.parameters = {
        "inputs": inputs.as_json(),
        "order_rows": listed.order_rows,
        "seed": SEED,
        "threads": int(settings.ENV.threads),
    }
    run.save()


def _finish(run: models.Run, outcome: Outcome, scores_path: str, now: datetime) -> None:
    run.state = "done"
    run.finished_at = max(now, datetime.now(tz=now.tzinfo))
    run.scores_path = scores_path
    run.horizon_days = outcome.horizon_days
    run.model = outcome.model
    run.report = storing.plain(outcome.report)
    run.warnings = storing.plain(outcome.warnings)
    run.parameters = run.parameters | {"horizon_since": outcome.horizon_since}
    run.save()


def _fail(run: models.Run, error: BaseException, now: datetime) -> None:
    told: dict[str, Any] = {"code": "insights.unexpected", "message": "", "facts": {}}
    if isinstance(error, HuitouError):
        told = {
            "code": error.code,
            "message": str(error),
            "facts": {name: str(value) for name, value in error.facts.items()},
        }
    try:
        with transaction.atomic():
            models.Run.objects.filter(pk=run.pk).update(state="failed", finished_at=now, error=told)
            platform_facts.record(facts.MeasureFailed(run_id=run.pk, code=str(told["code"])))
    except Exception:
        connection.close()


def _forget_old(folder: Path, now: datetime) -> None:
    """Drop files no run of the last 400 days needs."""
    recent = (now - timedelta(manifest.KEPT_DAYS)).date()
    kept: set[str] = set()
    for path, scores_path in models.Run.objects.filter(
        started_at__date__gte=recent, state="done"
    ).values_list("manifest_path", "scores_path"):
        kept.add(scores_path)
        listed = manifest.read(folder / path)
        kept |= {stored.path for stored in listed.files()} if listed else set()
    extract.forget_old(folder, kept=kept, now=now)
