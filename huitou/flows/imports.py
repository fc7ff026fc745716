"""Bring files in: a plan before a change, one transaction, and a way back.

A door makes a ``RowSource`` (``connectors.files.source``) and calls one of these. ``preview``
writes nothing; ``run`` plans and applies; ``submit`` and ``confirm`` do the same through the
worker for a screen; ``roll_back`` undoes."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from huitou.flows import errors, running
from huitou.flows.answer_files import AnswerFile
from huitou.flows.customer_files import CustomerFile
from huitou.flows.order_files import OrderFile
from huitou.flows.quoting import TILL
from huitou.flows.types import REJECTIONS_SHOWN, Counts, Result, RowSource, Wishes
from huitou.platform import faults, files, jobs
from huitou.platform.imports import queries as records
from huitou.platform.imports import services as record
from huitou.platform.progress import Reporter, stored
from huitou.platform.types import ImportOutcome, ImportRow, NewImport

IncomingFile = OrderFile | CustomerFile | AnswerFile
KIND_OF_FILE: Final[dict[str, Callable[..., IncomingFile]]] = {
    "orders": OrderFile,
    "customers": CustomerFile,
    "answers": AnswerFile,
}
FILES_KEPT_DAYS: Final = 30  # uploaded files and rejects: long enough to mend and confirm


def preview(source: RowSource, wishes: Wishes, *, now: datetime, reporter: Reporter) -> Result:
    """What ``run`` would do; nothing is written.

    Raises:
        SourceReserved: the orders would stand where those of the till do.
    """
    _check_source(source, wishes)
    with _opened(source, wishes, now) as incoming:
        incoming.read(reporter)
        return _planned(incoming, source, reporter)


def run(
    source: RowSource, wishes: Wishes, *, actor: str, now: datetime, reporter: Reporter
) -> Result:
    """Plan and, if nothing is rejected or ``skip_rejected``, apply.

    A refusal because of rejected rows is a result with ``applied`` false and ``error``; it is on
    record. Errors of the file as a whole, of the database and of the disk are raised, and on
    record if that is still possible.

    Raises:
        SourceReserved: the orders would stand where those of the till do.
        RejectsOverSource, RejectsUnwritable: the rejects cannot go where they were wished."""
    _check_source(source, wishes)
    _check_rejects_path(source, wishes)
    heal(now=now)
    public_id = record.open(_new_record(source, wishes, state="applying"), actor=actor, now=now)
    return _bring_in(public_id, source, wishes, now=now, reporter=reporter)


def submit(source: RowSource, wishes: Wishes, *, actor: str, now: datetime) -> str:
    """Keep the file, put it on record as planned and let the worker plan it; returns the import's
    public id.

    Progress is ``platform.queries.progress("import:" + public_id)``; afterwards counts, rejections
    and error are on the record (``platform.imports.queries.one``), still ``planned`` if it can be
    applied, else ``refused``.

    Raises:
        SourceReserved: the orders would stand where those of the till do."""
    _check_source(source, wishes)
    kept = files.keep(source.path, kind="imports")
    new = dataclasses.replace(_new_record(source, wishes, state="planned"), kept_path=kept.path)
    with transaction.atomic():
        public_id = record.open(new, actor=actor, now=now)
        jobs.defer("imports.plan", lane=jobs.LONG, public_id=public_id)
    return public_id


def plan_submitted(public_id: str, *, now: datetime) -> None:
    """The worker's half of ``submit``: read and check the kept file, and put the plan on record."""
    row = records.one(public_id)
    if row.state != "planned":
        return
    with stored(f"import:{public_id}") as reporter:
        try:
            result = preview(_reopened(row), _wishes(row), now=now, reporter=reporter)
        except BaseException as error:
            _put_failure_on_record(public_id, error, now)
            raise
        # Rejected rows alone do not refuse it: the screen asks whether to leave them out.
        outcome = ImportOutcome(state="planned", **_on_record(result))
        record.finish(public_id, outcome, now=now)


def confirm(public_id: str, *, skip_rejected: bool, actor: str, now: datetime) -> None:
    """Let the worker apply a planned import. It is planned again first: the orders may have
    changed meanwhile.

    Raises:
        ImportBusy: the import is not waiting for this.
    """
    with transaction.atomic():
        record.set_state(public_id, state="applying", was="planned")
        jobs.defer(
            "imports.apply", lane=jobs.LONG, public_id=public_id, skip_rejected=skip_rejected
        )


def apply_confirmed(public_id: str, *, skip_rejected: bool, now: datetime) -> None:
    """The worker's half of ``confirm``."""
    row = records.one(public_id)
    if row.state != "applying":
        return
    wishes = dataclasses.replace(_wishes(row), skip_rejected=skip_rejected)
    with stored(f"import:{public_id}") as reporter:
        _bring_in(public_id, _reopened(row), wishes, now=now, reporter=reporter)


def roll_back(public_id: str, *, actor: str, now: datetime, reporter: Reporter) -> Result:
    """Put everything back as it was before the import; customers, products and stores nobody else
    uses go too.

    Raises:
        NothingToRollBack: the import is not in force.
        RollbackBlockedByImport: a later import changed the same orders.
        RollbackBlockedByRefund: a refund names one of them.
    """
    row = records.one(public_id)
    if row.state != "applied":
        raise errors.NothingToRollBack(import_id=public_id, state=row.state)
    reporter.stage("rolling_back", None)
    try:
        with transaction.atomic():
            counts = running.undo(row, now=now, reporter=reporter)
            record.set_state(public_id, state="rolled_back", was="applied")
            record.finish(public_id, ImportOutcome(state="rolled_back"), now=now)
    except Exception as error:
        raise _as_known(error) from error
    return Result(kind=row.kind, import_id=public_id, applied=True, things=counts)


def forget_files(*, now: datetime) -> int:
    """Delete uploaded files and rejects that nobody needs any more: they hold people's data.

    A roll-back needs none of them: it has the before-images.
    """
    kept = ("kept/imports", "rejects")
    return sum(files.forget(folder, kept_days=FILES_KEPT_DAYS, now=now) for folder in kept)


def heal(*, now: datetime) -> int:
    """Put imports whose process died on record as failed; returns how many. Nothing of them was
    kept."""
    healed = 0
    for row in records.latest(limit=100, state="applying"):
        with running.claimed(row.public_id) as is_mine:
            # A confirmed import that still waits for its worker has no process yet.
            if is_mine and not running.waits_for_worker(row.public_id):
                _put_failure_on_record(row.public_id, errors.ImportStopped(), now)
                healed += 1
    return healed


def _bring_in(
    public_id: str, source: RowSource, wishes: Wishes, *, now: datetime, reporter: Reporter
) -> Result:
    """Plan and apply one import on record; whatever happens, the record says how it ended."""
    rejects: Path | None = None
    try:
        with running.claimed(public_id), _opened(source, wishes, now) as incoming:
            incoming.read(reporter)
            if incoming.rejected_count() and not wishes.skip_rejected:
                return _refused(public_id, incoming, source, reporter, now)
            rejects = _write_rejects(public_id, incoming, source, wishes)
            with transaction.atomic():
                result = _written(public_id, incoming, source, reporter)
                result = dataclasses.replace(
                    result, rejections_file=str(rejects) if rejects else None
                )
                outcome = ImportOutcome(state="applied", **_on_record(result))
                record.finish(public_id, outcome, now=now)
            return result
    except BaseException as error:
        if rejects is not None:
            rejects.unlink(missing_ok=True)
        _put_failure_on_record(public_id, error, now)
        raise _as_known(error) from error


def _opened(source: RowSource, wishes: Wishes, now: datetime) -> IncomingFile:
    return KIND_OF_FILE[source.kind](source, wishes, now=now, spill=files.home() / "tmp")


def _planned(incoming: IncomingFile, source: RowSource, reporter: Reporter) -> Result:
    reporter.stage("comparing", None)
    with transaction.atomic():
        rows, things = incoming.compare()
        transaction.set_rollback(True)  # the comparison leaves nothing, not even temporary tables
    return _result(incoming, source, rows, things)


def _result(incoming: IncomingFile, source: RowSource, rows: Counts, things: Counts) -> Result:
    return Result(
        kind=source.kind,
        rows=rows,
        things=things,
        rejections=incoming.rejections(REJECTIONS_SHOWN),
        notes=tuple(incoming.notes),
    )


def _refused(
    public_id: str, incoming: IncomingFile, source: RowSource, reporter: Reporter, now: datetime
) -> Result:
    refusal = errors.RowsRejected(count=incoming.rejected_count())
    result = dataclasses.replace(
        _planned(incoming, source, reporter), import_id=public_id, error=running.error_json(refusal)
    )
    outcome = ImportOutcome(state="refused", error=result.error, **_on_record(result))
    record.finish(public_id, outcome, now=now)
    return result


def _written(
    public_id: str, incoming: IncomingFile, source: RowSource, reporter: Reporter
) -> Result:
    """Compare under the lock, and write what is new and changed."""
    reporter.stage("comparing", None)
    incoming.lock()
    rows, things = incoming.compare()
    if things.new or things.changed:
        incoming.write(import_id=records.one(public_id).id, reporter=reporter)
    reporter.stage("figures", None)
    result = _result(incoming, source, rows, things)
    return dataclasses.replace(
        result, import_id=public_id, applied=True, figures=incoming.figures()
    )


def _check_source(source: RowSource, wishes: Wishes) -> None:
    """An order is known by source and number, and one brought in replaces the one before: what was
    sold, paid and earned at the till is changed there alone."""
    name = wishes.source or source.preset
    if source.kind == "orders" and name.strip() == TILL:
        raise errors.SourceReserved(source=name)


def _check_rejects_path(source: RowSource, wishes: Wishes) -> None:
    """Refuse before anything is read what would fail, or destroy the file, after it is."""
    if not wishes.rejects_path:
        return
    out = Path(wishes.rejects_path)
    if out.exists() and source.path.exists() and out.samefile(source.path):
        raise errors.RejectsOverSource(name=out.name)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise errors.RejectsUnwritable(name=wishes.rejects_path)


def _write_rejects(
    public_id: str, incoming: IncomingFile, source: RowSource, wishes: Wishes
) -> Path | None:
    if not incoming.rejected_count():
        return None
    if wishes.rejects_path:
        out = Path(wishes.rejects_path).absolute()
    else:
        folder = files.home() / "rejects"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        out = folder / f"{public_id}{_rejects_ending(source.file_name)}"
    source.write_rejects(incoming.rejected_lines(), out)
    return out


def _rejects_ending(file_name: str) -> str:
    """Packed text comes out unpacked, an old workbook as a new one."""
    ending = Path(file_name.lower().removesuffix(".gz")).suffix
    return {".xls": ".xlsx", "": ".csv"}.get(ending, ending)


def _new_record(source: RowSource, wishes: Wishes, *, state: str) -> NewImport:
    return NewImport(
        kind=source.kind,
        source=wishes.source or source.preset,
        preset=source.preset,
        file_name=source.file_name,
        file_sha256=files.digest_of(source.path),
        dialect=dict(source.dialect),
        mapping=dict(source.mapping),
        options={**dataclasses.asdict(wishes), "of_file": dict(source.options)},
        state=state,
    )


def _on_record(result: Result) -> dict[str, Any]:
    """A result in the fields of the record."""
    shown = result.as_json()
    counts = {
        name: shown[name]
        for name in ("new", "changed", "unchanged", "rejected", "ignored", "orders", result.kind)
    }
    return {
        "counts": counts,
        "rejections": [rejection.on_record() for rejection in result.rejections],
        "rejections_path": _relative(result.rejections_file),
        "figures": {**result.figures, "notes": [dict(note) for note in result.notes]},
    }


def _relative(path: str | None) -> str | None:
    """The path inside the data folder, from which a screen may serve it; a file elsewhere is the
    caller's own."""
    inside = path is not None and Path(path).is_relative_to(files.home())
    return str(Path(path).relative_to(files.home())) if path is not None and inside else None


def _wishes(row: ImportRow) -> Wishes:
    names = {field.name for field in dataclasses.fields(Wishes)}
    return Wishes(**{name: value for name, value in row.options.items() if name in names})


def _reopened(row: ImportRow) -> RowSource:
    path = files.path(row.kept_path) if row.kept_path else None
    if path is None or not path.exists():
        raise errors.FileGone(import_id=row.public_id)
    source: RowSource = import_string(settings.ROW_SOURCE)(
        kind=row.kind,
        preset=row.preset,
        path=path,
        file_name=row.file_name,
        dialect=row.dialect,
        mapping=row.mapping,
        options=row.options.get("of_file", {}),
    )
    return source


def _put_failure_on_record(public_id: str, error: BaseException, now: datetime) -> None:
    """Say how the import ended. If even that cannot be written, ``heal`` says it later."""
    known = faults.known(error)
    stopped = known or errors.ImportStopped()
    state = "refused" if known is not None and known.kind.value == "invalid" else "failed"
    running.try_to_record(public_id, state=state, error=running.error_json(stopped), now=now)


def _as_known(error: BaseException) -> BaseException:
    """The anticipated error that this is, if it is one."""
    return faults.known(error) or error
