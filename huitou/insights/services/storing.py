"""Store what a measurement found: the score file, dated changes, reasons, the report as JSON."""

import math
import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection
from psycopg.types.json import Jsonb

from huitou.insights import manifest, models
from huitou.insights.inputs import Inputs
from huitou.insights.measuring import Outcome


def keep_scores(folder: Path, scores: pa.Table) -> str:
    """Store the scores under the digest of their bytes; returns the path in ``folder``."""
    (folder / "scores").mkdir(exist_ok=True)
    draft = folder / "scores" / f"{os.getpid()}.unfinished"
    write_scores(draft, scores)
    kept = f"scores/{manifest.digest_of(draft)[:32]}.parquet"
    draft.replace(folder / kept)
    return kept


def write_scores(path: Path, scores: pa.Table) -> None:
    """Write the score file: sorted rows in groups, so that one customer is found fast."""
    words = [field.name for field in scores.schema if pa.types.is_string(field.type)]
    pq.write_table(
        scores,
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=65_536,
        use_dictionary=words,  # type: ignore[arg-type]  # the stubs are behind: names of columns are taken too
        write_statistics=["customer_id"],
    )


def write_changes(run: models.Run, outcome: Outcome, inputs: Inputs) -> int:
    """Store the dated changes, unless a later day was already measured."""
    if outcome.changes is None or not outcome.changes.num_rows:
        return 0
    if models.Run.objects.filter(state="done", as_of__gt=inputs.as_of).exists():
        return 0
    rows = outcome.changes
    columns = [rows[name].to_pylist() for name in ("customer_id", "ladder", "left", "entered")]
    target = 'insights_change (run_id, customer_id, ladder, "left", entered, changed_on, evidence)'
    # The same day measured again says its changes again, from the same day before.
    models.Change.objects.filter(run__as_of=inputs.as_of).exclude(run_id=run.pk).delete()
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for customer_id, ladder, left, entered in zip(*columns, strict=True):
            copy.write_row((run.pk, customer_id, ladder, left, entered, inputs.as_of, ""))
    return int(rows.num_rows)


def write_reasons(run: models.Run, outcome: Outcome) -> None:
    """Reasons of the run in force only: those of earlier runs are in their score files."""
    models.Reason.objects.exclude(run_id=run.pk).delete()
    target = "insights_reason (run_id, customer_id, code, p_value, facts)"
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for customer_id, code, chance, told in outcome.reasons:
            facts_json = Jsonb(told)
            copy.write_row((run.pk, customer_id, code, chance, facts_json))


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it: numpy numbers become Python's, and no NaN is a number."""
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value
