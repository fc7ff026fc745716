"""Post a table of awards: an import's orders, set-based."""

from datetime import datetime
from itertools import count
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, connection, transaction

from huitou.platform import logs
from huitou.platform.copying import copy_in
from huitou.platform.statements import Statements
from huitou.points import errors, models
from huitou.points.types import BatchPosted, Refusal

ATTEMPTS: Final = 3
KEY: Final = ("source", "external_id", "leg")
_PAYLOAD: Final = (
    "customer_id", "unit", "points", "effective_on", "expires_on", "rule_version"
)  # fmt: skip
_TYPES: Final[dict[str, pa.DataType]] = {
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
    for attempt in count(1):
        try:
            posted, fact_id, before = _posted(programme_id, fresh, now)
        except IntegrityError:  # a key was posted by someone else meanwhile: now it is known
            if attempt == ATTEMPTS:
                raise
        else:
            break
    again += sum(is_same for _, is_same in before)
    refused += [_refusal(table, place) for place, is_same in before if not is_same]
    return BatchPosted(posted, again, sorted(refused), fact_id)


def _posted(
    programme_id: int, fresh: pa.Table, now: datetime
) -> tuple[int, int | None, list[tuple[int, bool]]]:
    """How many rows were new, their fact, and those whose key had happened: is it the same?"""
    before: list[tuple[int, bool]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        _STATEMENTS.run("open_stage")
        copy_in(fresh, relation="points_stage")
        cursor.execute("ANALYZE points_stage")
        cursor.execute(_AWARD, [programme_id, logs.actor(), now])
        posted, fact_id = cursor.fetchone() or (0, None)
        if posted < fresh.num_rows:
            cursor.execute(_BEFORE, [programme_id, fact_id])
            before = cursor.fetchall()
    return posted, fact_id, before


def _whole(awards: pa.Table) -> pa.Table:
    """The table with its optional columns and the place of each row."""
    rows = awards.num_rows
    table = awards.append_column("n", pa.array(range(rows), pa.int64()))
    for name, value in (("leg", 1), ("why", "{}")):
        if name not in awards.column_names:
            table = table.append_column(name, pa.repeat(pa.scalar(value), rows))
    return table.select(list(_TYPES)).cast(pa.schema(_TYPES))


def _parted(table: pa.Table) -> tuple[pa.Table, int, list[Refusal]]:
    """The first row of each key; how many others say the same, and which say something else."""
    codes = _key_codes(table)
    # Codes count keys as they appear: a row is its key's first where the count goes up.
    reached = np.maximum.accumulate(codes)
    is_first = np.ones(len(codes), bool)
    is_first[1:] = reached[1:] > reached[:-1]
    if is_first.all():
        return table, 0, []
    places = np.flatnonzero(~is_first)
    others, firsts = table.take(places), table.take(np.flatnonzero(is_first)[codes[places]])
    is_same = np.ones(len(places), bool)
    for name in _PAYLOAD:
        mine, theirs = others[name], firsts[name]
        is_equal: Any = pc.fill_null(pc.equal(mine, theirs), pa.scalar(False))
        are_null: Any = pc.and_(pc.is_null(mine), pc.is_null(theirs))
        is_same &= is_equal.to_numpy() | are_null.to_numpy()
    refused = [_refusal(table, int(place)) for place in places[~is_same]]
    return table.filter(pa.array(is_first)), int(is_same.sum()), refused


def _key_codes(table: pa.Table) -> npt.NDArray[np.int32]:
    """A number for the key of each row, counted from 0 in the order they appear."""
    key: Any = table["external_id"]
    if (
        pc.count_distinct(table["source"]).as_py() > 1
        or pc.count_distinct(table["leg"]).as_py() > 1
    ):
        legs: Any = pc.cast(table["leg"], pa.string())
        sources: Any = table["source"]
        key = pc.binary_join_element_wise(sources, key, legs, "\n")
    encoded: Any = pc.dictionary_encode(key.combine_chunks())
    codes: npt.NDArray[np.int32] = encoded.indices.to_numpy()
    return codes


def _refusal(table: pa.Table, place: int) -> Refusal:
    source, external_id, leg = (table[name][place].as_py() for name in KEY)
    facts = {"source": source, "external_id": external_id}
    return Refusal(place, source, external_id, leg, errors.KeyConflict.code, facts)
