"""Post a table of awards: an import's orders, set-based."""

from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from huitou.platform import logs
from huitou.platform.copying import copy_in
from huitou.platform.statements import Statements
from huitou.points import errors, models
from huitou.points.types import BatchPosted, Refusal

KEY: Final = ("source", "external_id", "leg")
_PAYLOAD: Final = (
    "customer_id", "unit", "points", "effective_on", "expires_on", "rule_version"
)  # fmt: skip
_SCHEMA: Final = pa.schema(
    {
        "source": pa.string(),
        "external_id": pa.string(),
        "leg": pa.int16(),
        "customer_id": pa.int64(),
        "unit": pa.string(),
        "points": pa.int64(),
        "occurred_at": pa.timestamp("us", "UTC"),
        "effective_on": pa.date32(),
        "expires_on": pa.date32(),
        "rule_version": pa.int64(),
        "why": pa.string(),
        "n": pa.int64(),
    }
)
_STATEMENTS: Final = Statements(models.__file__)
_AWARD: Final = "SELECT * FROM points_award_staged('award', %s, %s, %s)"
_BEFORE: Final = "SELECT * FROM points_staged_before('award', %s, %s)"


def post_awards(programme_id: int, awards: pa.Table, *, now: datetime) -> BatchPosted:
    """Post every row of ``awards`` in order; the same rows as posting them one by one.

    Columns: source, external_id (text), leg (int, optional: 1), customer_id (int), unit (text),
    points (int > 0), occurred_at (timestamp with zone), effective_on, expires_on (date; null =
    never), rule_version (int), why (text holding a JSON object, optional).

    One fact covers all. A row whose key happened with another request is refused; the others stay.
    """
    table = _whole(awards)
    fresh, again, refused = _parted(table)
    with transaction.atomic(), connection.cursor() as cursor:
        _STATEMENTS.run("open_stage")
        copy_in(fresh, relation="points_stage")
        cursor.execute("ANALYZE points_stage")
        cursor.execute(_AWARD, [programme_id, logs.actor(), now])
        posted, fact_id = cursor.fetchone() or (0, None)
        if posted < fresh.num_rows:
            cursor.execute(_BEFORE, [programme_id, fact_id])
            for place, is_same in cursor.fetchall():
                if is_same:
                    again += 1
                else:
                    refused.append(_refusal(table, place))
    return BatchPosted(posted, again, sorted(refused), fact_id)


def _whole(awards: pa.Table) -> pa.Table:
    """The table with its optional columns and the place of each row."""
    rows = awards.num_rows
    table = awards.append_column("n", pa.array(range(rows), pa.int64()))
    for name, value in (("leg", 1), ("why", "{}")):
        if name not in awards.column_names:
            table = table.append_column(name, pa.repeat(pa.scalar(value), rows))
    return table.select(_SCHEMA.names).cast(_SCHEMA)


def _parted(table: pa.Table) -> tuple[pa.Table, int, list[Refusal]]:
    """The first row of each key; how many others say the same, and which say something else."""
    first = table.group_by(list(KEY), use_threads=False).aggregate([("n", "min")])
    if first.num_rows == table.num_rows:
        return table, 0, []
    kept = pc.is_in(table["n"], value_set=first["n_min"])
    others = table.filter(pc.invert(kept)).join(
        table.filter(kept).select([*KEY, *_PAYLOAD]), list(KEY), right_suffix="_first"
    )
    is_same: Any = None
    for name in _PAYLOAD:
        mine, theirs = others[name], others[f"{name}_first"]
        equal = pc.or_kleene(
            pc.fill_null(pc.equal(mine, theirs), False),
            pc.and_(pc.is_null(mine), pc.is_null(theirs)),
        )
        is_same = equal if is_same is None else pc.and_(is_same, equal)
    places = others.filter(pc.invert(is_same))["n"].to_pylist()
    refused = [_refusal(table, place) for place in places]
    return table.filter(kept), others.num_rows - len(refused), refused


def _refusal(table: pa.Table, place: int) -> Refusal:
    source, external_id, leg = (table[name][place].as_py() for name in KEY)
    facts = {"source": source, "external_id": external_id}
    return Refusal(place, source, external_id, leg, errors.KeyConflict.code, facts)
