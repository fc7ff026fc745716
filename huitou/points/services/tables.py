"""Post a table of awards: an import's orders, set-based.

One statement raises the accounts and locks them so; what each transfer and lot then is, is worked
out in columns and copied as it will lie: nothing is staged, joined or sorted on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, connection, transaction

from huitou.platform import binary, logs
from huitou.platform.statements import Statements
from huitou.points import batches, errors, models
from huitou.points.batches import Places, Whole
from huitou.points.types import BatchPosted, Refusal

ATTEMPTS: Final = 3
_STATEMENTS: Final = Statements(models.__file__)
_IDS: Final = (
    "SELECT min(id), max(id) FROM "
    "(SELECT nextval('points_transfer_id_seq') AS id, generate_series(1, %s)) drawn"
)
_IDS_APART: Final = (
    "SELECT string_agg(int8send(nextval('points_transfer_id_seq')), '') FROM generate_series(1, %s)"
)
_OPEN: Final = "SELECT points_open_accounts(%s, %s, %s)"
_RAISE: Final = "SELECT * FROM points_raise(%s, %s, %s, %s, %s, %s)"
_RENUMBER: Final = "SELECT points_renumber(%s, %s)"
_RECORD: Final = (
    "SELECT fact, platform_record_fact(fact, 'points.batch_posted', jsonb_build_object("
    "'programme_id', %s, 'first_transfer_id', %s, 'last_transfer_id', %s, 'transfers', %s), %s) "
    "FROM platform_next_fact() AS fact"
)


class _Accounts(NamedTuple):
    """What each member's account had before."""

    account_id: Whole
    balance: Whole
    last_id: Whole  # 0 = none


def post_awards(programme_id: int, awards: pa.Table, *, now: datetime) -> BatchPosted:
    """Post every row of ``awards`` in order; the same rows as posting them one by one.

    Columns: source, external_id (text), leg (int, optional: 1), customer_id (int), unit (text),
    points (int > 0), occurred_at (timestamp with zone), effective_on, expires_on (date; null =
    never), rule_version (int), why (text holding a JSON object, optional).

    One fact covers all. A row whose key happened with another request is refused; the others stay.
    """
    if not awards.num_rows:
        return BatchPosted(0, 0, [], None)
    table = batches.whole(awards)
    repeats = batches.repeats(table)
    for attempt in count(1):
        try:
            with transaction.atomic():
                known = _known(programme_id, table, repeats)
                fresh = np.delete(np.arange(table.num_rows), np.concatenate([*repeats, *known]))
                fact_id = _posted(programme_id, table, fresh, now) if len(fresh) else None
        except IntegrityError:  # a key was posted by someone else meanwhile: now it is known
            if attempt == ATTEMPTS:
                raise
        else:
            break
    refused = np.sort(np.concatenate([repeats.others, known.others]))
    again = len(repeats.same) + len(known.same)
    refusals = [_refusal(table, int(place)) for place in refused]
    return BatchPosted(len(fresh), again, refusals, fact_id)


def _known(programme_id: int, table: pa.Table, repeats: batches.Happened) -> batches.Happened:
    """The rows whose key had happened before."""
    places = [np.empty(0, np.intp)]
    sources = pc.unique(table["source"]).to_pylist()
    for source, least, most in _STATEMENTS.rows("spans", {"sources": sources}):
        asked = np.setdiff1d(batches.within(table, source, least, most), np.concatenate(repeats))
        external_ids = table["external_id"].take(asked)
        values = {"source": source, "external_ids": binary.array(external_ids)}
        found = _STATEMENTS.rows("known", values) if len(asked) else []
        if found:
            keys = batches.keys(external_ids, table["leg"].take(asked))
            known = batches.keys(*(pa.array(column) for column in zip(*found, strict=True)))
            places.append(asked[pc.is_in(keys, known).to_numpy(zero_copy_only=False)])
    all_known = np.concatenate(places)
    is_same = np.zeros(len(all_known), bool)
    if len(all_known):
        rows = table.take(all_known)
        values = {name: binary.array(rows[name]) for name in (*batches.KEY, *batches.REQUEST)}
        same = _STATEMENTS.rows("known_same", {"programme_id": programme_id, **values})
        is_same[[row[0] for row in same]] = True
    return batches.Happened(all_known[is_same], all_known[~is_same])


def _posted(programme_id: int, table: pa.Table, rows: Places, now: datetime) -> int:
    """Post these rows, whose keys are new; returns their fact."""
    with ThreadPoolExecutor(1) as beside:  # the ids of a million rows take a while to draw
        gathered = beside.submit(batches.gathered, table, rows)
        ids = _ids(len(rows))
        members, rises = gathered.result()
    accounts = _raised(programme_id, members, rises, ids)
    if accounts.last_id.max() > ids[0]:
        # Somebody posted after our ids were drawn, and nobody can now: later ones are drawn.
        ids = _ids(len(rows))
        _row(_RENUMBER, [binary.array(accounts.account_id), binary.array(rises.latest(ids))])
    posting = batches.Posting(
        table,
        rows,
        ids,
        account_id=accounts.account_id[members.of_row],
        issued=_issued(programme_id, members)[members.of_row],
        placed=batches.placed(rises, ids, accounts.balance, accounts.last_id),
        order=rises.order,
    )
    fact_id = _recorded(programme_id, ids)
    binary.copy_in(posting.transfers(fact_id=fact_id, now=now), relation="points_transfer")
    binary.copy_in(posting.lots(), relation="points_openlot")
    binary.copy_in(posting.draws(), relation="points_draw")
    return fact_id


def _ids(rows: int) -> Whole:
    """The ids of so many transfers, in order."""
    least, most = _row(_IDS, [rows])
    if most - least < rows:
        return np.arange(least, most + 1)
    return binary.numbers(_row(_IDS_APART, [rows])[0])  # others drew some between


def _raised(
    programme_id: int, members: batches.Members, rises: batches.Rises, ids: Whole
) -> _Accounts:
    """Raise every member's account, opened if need be."""
    whose = [binary.array(members.unit), binary.array(members.customer_id)]
    given = [binary.array(each) for each in (rises.points, rises.counts, rises.latest(ids))]
    programmes = binary.array(np.full(len(members.unit), programme_id))
    point = transaction.savepoint()
    found, told = _row(_RAISE, [programmes, *whose, *given])
    if found < len(members.customer_id):
        # Accounts are locked all in one order or not at all.
        transaction.savepoint_rollback(point)
        _row(_OPEN, [programme_id, *whose])
        found, told = _row(_RAISE, [programmes, *whose, *given])
    else:
        transaction.savepoint_commit(point)
    place, *columns = binary.numbers(told).reshape(found, 4).T
    order = np.argsort(place)
    return _Accounts(*(column[order] for column in columns))


def _issued(programme_id: int, members: batches.Members) -> Whole:
    """The account that each member's points come from."""
    units = members.unit.dictionary_encode()
    values = {"programme_id": programme_id, "units": units.dictionary.to_pylist()}
    found = dict(_STATEMENTS.rows("issued", values))
    accounts = np.array([found[unit] for unit in units.dictionary.to_pylist()], np.int64)
    issued: Whole = accounts[units.indices.to_numpy()]
    return issued


def _recorded(programme_id: int, ids: Whole) -> int:
    values = [programme_id, int(ids[0]), int(ids[-1]), len(ids), logs.actor()]
    return int(_row(_RECORD, values)[0])


def _row(statement: str, values: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row


def _refusal(table: pa.Table, place: int) -> Refusal:
    source, external_id, leg = (table[name][place].as_py() for name in batches.KEY)
    facts = {"source": source, "external_id": external_id}
    return Refusal(place, source, external_id, leg, errors.KeyConflict.code, facts)
