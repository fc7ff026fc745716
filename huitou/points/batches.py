"""A table of awards worked out column by column: who it is for, what stays of it, what follows.

The arithmetic of one award is that of ``points_award_one``; a test keeps the rows of both equal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

ROWS_AT_ONCE: Final = 20_000
# The last of all days: no calendar reaches it, PostgreSQL calls it infinity.
FOREVER: Final = pa.scalar(np.iinfo(np.int32).max, pa.int32()).cast(pa.date32())
Column = Any  # of Arrow: its own types know no column of just any type
pc: Any = pyarrow.compute
Places = npt.NDArray[np.intp]
Whole = npt.NDArray[np.int64]

TYPES: Final[dict[str, pa.DataType]] = {
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
}
KEY: Final = ("source", "external_id", "leg")
REQUEST: Final = (
    "customer_id", "unit", "points", "effective_on", "expires_on", "rule_version"
)  # fmt: skip
_OPTIONAL: Final[dict[str, Any]] = {"leg": 1, "why": "{}"}


class Happened(NamedTuple):
    """Rows whose key had happened: with the same request, and with another."""

    same: Places
    others: Places


def whole(awards: pa.Table) -> pa.Table:
    """The table with its optional columns, in the types of the ledger."""
    for name, value in _OPTIONAL.items():
        if name not in awards.column_names:
            awards = awards.append_column(name, pa.repeat(pa.scalar(value), awards.num_rows))
    return awards.select(list(TYPES)).cast(pa.schema(TYPES)).combine_chunks()


def repeats(table: pa.Table) -> Happened:
    """The rows whose key an earlier row of the table has."""
    codes = _key_codes(table)
    # Codes count keys as they appear: a row is its key's first where the count goes up.
    reached = np.maximum.accumulate(codes)
    is_first = np.ones(len(codes), bool)
    is_first[1:] = reached[1:] > reached[:-1]
    places = np.flatnonzero(~is_first)
    others, firsts = table.take(places), table.take(np.flatnonzero(is_first)[codes[places]])
    is_same = np.ones(len(places), bool)
    for name in REQUEST:
        mine, theirs = others[name], firsts[name]
        is_equal: Any = pc.fill_null(pc.equal(mine, theirs), pa.scalar(False))
        are_null: Any = pc.and_(pc.is_null(mine), pc.is_null(theirs))
        is_same &= is_equal.to_numpy() | are_null.to_numpy()
    return Happened(places[is_same], places[~is_same])


def _key_codes(table: pa.Table) -> npt.NDArray[np.int32]:
    """A number for the key of each row, counted from 0 in the order they appear."""
    key: Any = table["external_id"]
    if not all(_is_one(table[name]) for name in ("source", "leg")):
        key = pc.binary_join_element_wise(table["source"], keys(key, table["leg"]), "\n")
    elif _is_sorted(key):
        return np.append(0, pc.not_equal(key[1:], key[:-1]).to_numpy().cumsum())
    return _encoded(key)[0]


def _is_one(column: Column) -> bool:
    """Whether all values are the same."""
    found: Any = pc.min_max(column)
    return bool(found["min"] == found["max"])


def _is_sorted(column: Column) -> bool:
    return bool(pc.all(pc.less_equal(column[:-1], column[1:])).as_py())


def keys(external_id: Any, leg: Any) -> Any:
    """The keys within a source, each as one text."""
    return pc.binary_join_element_wise(external_id, pc.cast(leg, pa.string()), "\n")


def within(table: pa.Table, source: str, least: str, most: str) -> Places:
    """The rows of a source whose external id is not before ``least`` and not after ``most``, byte
    by byte."""
    key: Any = table["external_id"]
    is_within = pc.and_(pc.greater_equal(key, least), pc.less_equal(key, most))
    return np.flatnonzero(pc.and_(pc.equal(table["source"], source), is_within).to_numpy())


class Members(NamedTuple):
    """Whose awards a table has, by customer and unit; each row names its member by place."""

    customer_id: Whole
    unit: Column
    of_row: Places


def members(table: pa.Table, rows: Places) -> Members:
    """Who these awards of the table are for, in the order in which accounts are locked."""
    customers, customer_ids = _encoded(table["customer_id"].take(rows))
    units, names = _encoded(table["unit"].take(rows))
    in_order = pc.sort_indices(names)
    names, place_of_name = names.take(in_order), np.argsort(in_order)
    codes = customers.astype(np.int64) * len(names) + place_of_name[units]
    is_there = np.zeros(len(customer_ids) * len(names), bool)
    is_there[codes] = True
    found = np.flatnonzero(is_there)
    who, unit = customer_ids.to_numpy()[found // len(names)], found % len(names)
    order = np.lexsort((unit, who))
    place = np.empty(len(is_there), np.intp)
    place[found[order]] = np.arange(len(found))
    return Members(who[order], names.take(unit[order]), place[codes])


def _encoded(column: Column) -> tuple[npt.NDArray[np.int32], Column]:
    encoded: Any = pc.dictionary_encode(column.combine_chunks())
    return encoded.indices.to_numpy(), encoded.dictionary


@dataclass(frozen=True, slots=True)
class Rises:
    """What a table's awards come to for each of its members.

    ``order`` are the rows, member by member, each member's as they came; ``ends`` is where each
    member's end in it; ``sums`` runs through all of them."""

    order: Places
    ends: Places
    sums: Whole

    @property
    def counts(self) -> Places:
        """How many awards each member gets."""
        return np.diff(self.ends, prepend=0)

    @property
    def points(self) -> Whole:
        """How many points each member gets."""
        return np.diff(self.sums[self.ends - 1], prepend=0)

    def latest(self, ids: Whole) -> Whole:
        """Each member's last award."""
        return ids[self.order[self.ends - 1]]


def rises(points: Whole, of_row: Places) -> Rises:
    """Awards of so many ``points``, gathered by the member each is for."""
    order = np.argsort(of_row, kind="stable")
    return Rises(order, np.bincount(of_row).cumsum(), points[order].cumsum())


def gathered(table: pa.Table, rows: Places) -> tuple[Members, Rises]:
    """Who these awards of the table are for, and what they come to for each."""
    whose = members(table, rows)
    return whose, rises(table["points"].to_numpy()[rows], whose.of_row)


class Placed(NamedTuple):
    """What each row's award is in its member's account."""

    balance_after: Whole
    previous_id: Whole  # 0 = none


def placed(rises: Rises, ids: Whole, balance: Whole, last_id: Whole) -> Placed:
    """The awards ``ids`` after what each member had before: a ``balance``, and a last transfer (0 =
    none)."""
    starts = np.append(0, rises.ends[:-1])
    given_before = np.append(0, rises.sums[rises.ends[:-1] - 1])
    balance_after, previous_id = np.empty_like(ids), np.empty_like(ids)
    balance_after[rises.order] = rises.sums + np.repeat(balance - given_before, rises.counts)
    previous = np.append(0, ids[rises.order[:-1]])
    previous[starts] = last_id
    previous_id[rises.order] = previous
    return Placed(balance_after, previous_id)


@dataclass(frozen=True, slots=True)
class Posting:
    """Rows of a table to post, each with its account and its place in it."""

    table: pa.Table
    rows: Places  # those of the table
    ids: Whole
    account_id: Whole
    issued: Whole  # the account it comes from
    placed: Placed
    order: Places  # member by member

    def transfers(self, *, fact_id: int, now: datetime) -> Iterator[pa.RecordBatch]:
        """A transfer for each row; piece by piece, so that one is made while another is stored."""
        for start in range(0, len(self.rows), ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            given = self.table.take(self.rows[some]).combine_chunks().to_batches()[0]
            rows, previous = given.num_rows, self.placed.previous_id[some]
            yield pa.record_batch(
                {
                    "id": self.ids[some],
                    "fact_id": pa.repeat(pa.scalar(fact_id, pa.int64()), rows),
                    "debit": self.issued[some],
                    "credit": self.account_id[some],
                    "points": given["points"],
                    "balance_after": self.placed.balance_after[some],
                    "occurred_at": given["occurred_at"],
                    "recorded_at": pa.array([now], TYPES["occurred_at"]).take(np.zeros(rows, int)),
                    "effective_on": given["effective_on"],
                    "expires_on": _until(given["expires_on"]),
                    "leg": given["leg"],
                    "previous_id": pa.array(previous, mask=previous == 0),
                    "rule_version": given["rule_version"],
                    "kind": pa.repeat(pa.scalar("award"), rows),
                    "source": given["source"],
                    "external_id": given["external_id"],
                    "why": given["why"].cast(pa.json_()),
                }
            )

    def lots(self) -> Iterator[pa.RecordBatch]:
        """A lot for what each row leaves to its member, member by member."""
        balance_after = self.placed.balance_after[self.order]
        every = self.order[balance_after > 0]
        remaining = np.minimum(self._points, self.placed.balance_after)
        for start in range(0, len(every), ROWS_AT_ONCE):
            some = every[start : start + ROWS_AT_ONCE]
            days = self.table.select(["expires_on", "effective_on"]).take(self.rows[some])
            yield pa.record_batch(
                {
                    "account_id": self.account_id[some],
                    "transfer_id": self.ids[some],
                    "remaining": remaining[some],
                    "expires_on": _until(days["expires_on"].combine_chunks()),
                    "effective_on": days["effective_on"].combine_chunks(),
                }
            )

    def draws(self) -> Iterator[pa.RecordBatch]:
        """What of each row pays at once what its member owed."""
        some = np.flatnonzero(self.placed.balance_after < self._points)
        if len(some):
            repaid = self._points[some] - np.maximum(self.placed.balance_after[some], 0)
            yield pa.record_batch(
                {
                    "transfer_id": self.ids[some],
                    "lot_id": self.ids[some],
                    "points": repaid,
                    "kind": pa.repeat(pa.scalar("repay"), len(some)),
                }
            )

    @property
    def _points(self) -> Whole:
        points: Whole = self.table["points"].to_numpy()[self.rows]
        return points


def _until(last_day: Any) -> Any:
    return pc.fill_null(last_day, FOREVER)
