"""Reads of the measurements."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_postgresql import dbapi
from django.db.models import Count
from pyarrow import parquet

from huitou.insights import errors, models
from huitou.insights.proof.pooling import NEEDED, Pooled, apart, pool
from huitou.insights.types import ChangeRow, ProofRow, ReasonRow, RunRow
from huitou.kit.money import Currency
from huitou.platform import database, files
from huitou.platform.statements import Statements
from huitou.staff import queries as staff

_RUN: Final = tuple(RunRow.__dataclass_fields__)
_PROOF: Final = tuple(ProofRow.__dataclass_fields__)
_WITHOUT_REPORT: Final = tuple(name for name in _RUN if name != "report")
ANALYTICS: Final = "analytics"  # in the data folder
SQL: Final = Path(__file__).parent / "sql"
_STATEMENTS: Final = Statements(__file__)
# Ids of the house and bits: not for people.
HIDDEN: Final = ("customer_id", "store_id", "period_bits", "level_gates", "reasons")
FIRST: Final[tuple[str, ...]] = (
    "x", "t_x_days", "T_days", "money", "layer", "stage", "p_alive", "p_repeat",
    "expected_purchases", "expected_spend", "lifetime_value", "loyalty_index", "loyalty_level",
)  # fmt: skip


def latest_run() -> RunRow | None:
    """The measurement in force: the latest that finished."""
    done = models.Run.objects.filter(state="done").order_by("-finished_at", "-id")
    row = done.values_list(*_RUN).first()
    return RunRow(*row) if row else None


def run(public_id: str) -> RunRow | None:
    """The measurement with this id."""
    row = models.Run.objects.filter(public_id=public_id).values_list(*_RUN).first()
    return RunRow(*row) if row else None


def runs(*, limit: int = 50) -> list[RunRow]:
    """The latest measurements, newest first, without their reports (which are empty here)."""
    rows = models.Run.objects.order_by("-started_at", "-id").values(*_WITHOUT_REPORT)[:limit]
    return [RunRow(**row, report={}) for row in rows]


def score_of(customer_id: int, *, scores_path: str | None = None) -> dict[str, Any] | None:
    """Every score of one customer in the measurement in force, or in the file ``scores_path``.

    None if nothing was measured, the file is gone or the customer is not in it.
    """
    if scores_path is None:
        latest = models.Run.objects.filter(state="done").order_by("-finished_at", "-id")
        scores_path = latest.values_list("scores_path", flat=True).first()
    if not scores_path:
        return None
    path = files.path(f"{ANALYTICS}/{scores_path}")
    if not path.exists():
        return None
    return _row_of(path, customer_id)


def _row_of(path: Path, customer_id: int) -> dict[str, Any] | None:
    """The customer's row of a score file, which is sorted by customer: one group is read."""
    scores = parquet.ParquetFile(path)
    place = scores.schema_arrow.get_field_index("customer_id")
    for group in range(scores.num_row_groups):
        limits: Any = scores.metadata.row_group(group).column(place).statistics
        if limits is None or limits.min <= customer_id <= limits.max:
            rows = scores.read_row_group(group, use_threads=False)
            found = pc.index(rows.column("customer_id"), customer_id).as_py()
            if found >= 0:
                row: dict[str, Any] = rows.slice(found, 1).to_pylist()[0]
                return row
    return None


def scores_table() -> pa.Table:
    """The scores in force, one row per customer by code; the columns of the export.

    Money is in major units: a file for people. What readers ask for first stands first.

    Raises:
        NoRun: nothing was measured yet, or the file is gone.
    """
    latest = models.Run.objects.filter(state="done").order_by("-finished_at", "-id")
    found = latest.values_list("scores_path", "report__money__currency").first()
    path = files.path(f"{ANALYTICS}/{found[0]}") if found else None
    if found is None or path is None or not path.exists():
        raise errors.NoRun
    decimals = Currency(found[1]).decimals
    with dbapi.connect(database.uri(), autocommit=False) as reading, reading.cursor() as cursor:
        cursor.execute((SQL / "customer_codes.sql").read_text(encoding="utf-8"))
        codes = cursor.fetch_arrow_table()
    stores = [(store.id, store.code) for store in staff.stores()]
    with duckdb.connect() as duck:
        duck.register("codes", codes)
        duck.register(
            "stores",
            pa.table(
                {
                    "id": pa.array([s[0] for s in stores], pa.int64()),
                    "store": pa.array([s[1] for s in stores], pa.string()),
                }
            ),
        )
        # Customers erased since the run are in its file and no longer here: they are left out.
        scores = duck.read_parquet(str(path))
        exported: pa.Table = duck.sql(
            f"SELECT c.customer, {_exported(scores.columns, decimals)}, stores.store"
            " FROM scores s JOIN codes c USING (customer_id) LEFT JOIN stores ON id = s.store_id"
            " ORDER BY c.customer"
        ).to_arrow_table()
        return exported


def _exported(columns: Sequence[str], decimals: int) -> str:
    """The select list of the export: ``net_minor`` becomes ``net`` in major units."""
    shown = [name for name in columns if name not in HIDDEN]
    ordered = [name for name in FIRST if name in shown]
    ordered += [name for name in shown if name not in FIRST]
    return ", ".join(
        f"round(s.{name} / {10**decimals}, {decimals}) AS {name.removesuffix('_minor')}"
        if name.endswith("_minor")
        else f's."{name}"'
        for name in ordered
    )


def changes_of(customer_id: int, *, limit: int = 100) -> list[ChangeRow]:
    """The dated changes of one customer on every ladder, newest first."""
    rows = models.Change.objects.filter(customer_id=customer_id).order_by("-changed_on", "-id")
    fields = ("ladder", "left", "entered", "changed_on", "evidence")
    return [ChangeRow(*row) for row in rows.values_list(*fields)[:limit]]


def reasons_of(customer_ids: Sequence[int]) -> list[ReasonRow]:
    """The dated facts about these customers in the measurement in force, by customer."""
    latest = models.Run.objects.filter(state="done").order_by("-finished_at", "-id")
    rows = models.Reason.objects.filter(
        run_id__in=latest.values("id")[:1], customer_id__in=list(customer_ids)
    ).order_by("customer_id", "id")
    return [ReasonRow(*row) for row in rows.values_list("customer_id", "code", "p_value", "facts")]


def proof(proof_id: int) -> ProofRow:
    """One judgement by its id."""
    return ProofRow(*models.Proof.objects.values_list(*_PROOF).get(pk=proof_id))


def proof_of(campaign_id: int) -> ProofRow | None:
    """The judgement of a campaign in force: the final one, else the last look that stopped it."""
    return proofs_of([campaign_id]).get(campaign_id)


def proofs_of(campaign_ids: Sequence[int]) -> dict[int, ProofRow]:
    """The judgements in force of these campaigns; one that nothing may be said of yet is left out.

    A look that did not stop says nothing, and is not shown.
    """
    rows = (
        models.Proof.objects.filter(campaign_id__in=list(campaign_ids))
        .exclude(verdict="waiting")
        .order_by("campaign_id", "kind", "-id")  # final before look
        .distinct("campaign_id")
    )
    return {row[1]: ProofRow(*row) for row in rows.values_list(*_PROOF)}


def looks_taken(campaign_id: int) -> int:
    """How many looks were taken, those that said nothing included."""
    return models.Proof.objects.filter(campaign_id=campaign_id, kind="look").count()


def proof_of_year(year: int) -> ProofRow | None:
    """The effect of all marketing in a year, as of the last night."""
    row = models.Proof.objects.filter(year=year, kind="global").values_list(*_PROOF).first()
    return ProofRow(*row) if row else None


def verdicts() -> dict[str, int]:
    """How many campaigns were judged, by verdict: the final ones only."""
    rows = models.Proof.objects.filter(kind="final").values_list("verdict")
    return {row[0]: row[1] for row in rows.annotate(count=Count("id")).order_by("verdict")}


def pooled(goal: str, outcome: str, window_days: int) -> tuple[Pooled, list[int]] | None:
    """The finished campaigns of one kind together, and which they are; None for fewer than four.

    The earlier ones come first; a later one that shares too many people with one of them is left
    out.
    """
    values = {"goal": goal, "outcome": outcome, "window_days": window_days, "needed": NEEDED}
    rows = _STATEMENTS.rows("proof_kind", values)
    shared = [(one, other, part) for one, _value, _se, others, parts in rows
              for other, part in zip(others, parts, strict=True)]  # fmt: skip
    kept, _left_out = apart([row[0] for row in rows], shared)
    if len(kept) < NEEDED:
        return None
    effects = {row[0]: (row[1], row[2]) for row in rows}
    found = pool([effects[one][0] for one in kept], [effects[one][1] for one in kept])
    return (found, kept) if found else None


def buyers_between(customer_ids: Sequence[int], *, since: datetime, until_on: date) -> set[int]:
    """Those of these customers who bought between an instant and the end of a day."""
    values = {"customer_ids": list(customer_ids), "since": since, "until_on": until_on}
    return {row[0] for row in _STATEMENTS.rows("buyers_between", values)}
