"""Tables of awards beside other writers, and what the server is told of them in binary form."""

import itertools
import threading
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from django.db import IntegrityError, connection, transaction

from huitou.platform import binary
from huitou.points import models, queries, services
from tests.services import ledger

PROGRAMMES = itertools.count(30_000)


def table(keys: list[str], *, members: int = 20, points: int = 3) -> pa.Table:
    rows = len(keys)
    return pa.table(
        {
            "source": ["file"] * rows,
            "external_id": keys,
            "customer_id": [1 + n % members for n in range(rows)],
            "unit": ["points"] * rows,
            "points": [points] * rows,
            "occurred_at": [ledger.NOW] * rows,
            "effective_on": [ledger.MONDAY] * rows,
            "expires_on": [ledger.later(30 + n % 3) for n in range(rows)],
            "rule_version": [1] * rows,
        }
    )


@pytest.mark.django_db(transaction=True)
def test_tables_and_tills_at_once_wait_for_one_another_and_never_in_a_circle():
    """Two tables in opposite order, half their keys the same, while tills award the same members:
    every key counts once, and every member's transfers follow one another."""
    shared = [f"both-{n:03}" for n in range(40)]
    gate = threading.Barrier(4)
    failed: list[Exception] = []

    def run(number: int) -> None:
        try:
            gate.wait()
            if number < 2:
                keys = [*shared, *(f"{number}-{n:03}" for n in range(40))]
                given = table(keys if number else keys[::-1], members=20)
                services.post_awards(1, given, now=ledger.NOW)
            else:
                for n in range(40):
                    entry = ledger.award(f"till-{number}-{n}", 2, customer_id=1 + n % 20)
                    services.post(1, [entry], now=ledger.NOW)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert models.Transfer.objects.count() == 40 + 2 * 40 + 2 * 40
    assert queries.audit().breaches == []


@pytest.mark.django_db
def test_ids_that_others_drew_meanwhile_are_drawn_anew(monkeypatch):
    """A posting between the drawing of the ids and the lock has later ids than ours had."""
    from huitou.points.services import tables

    programme_id = next(PROGRAMMES)
    drawn: list[int] = []
    draw = tables._ids

    def late(rows: int) -> Any:
        ids = draw(rows)
        if not drawn:
            for customer_id in (1, 2):
                entry = ledger.award(f"between-{customer_id}", 5, customer_id=customer_id)
                services.post(programme_id, [entry], now=ledger.NOW)
        drawn.append(len(ids))
        return ids

    monkeypatch.setattr(tables, "_ids", late)
    services.post_awards(programme_id, table(["a", "b", "c"], members=2), now=ledger.NOW)
    assert drawn == [3, 3]
    assert queries.account(programme_id, 1).balance == 11
    assert queries.audit().breaches == []


@pytest.mark.django_db
def test_keys_out_of_order_and_a_table_without_rows():
    programme_id = next(PROGRAMMES)
    assert services.post_awards(programme_id, table([]), now=ledger.NOW).fact_id is None
    done = services.post_awards(programme_id, table(["z", "a", "z", "m"]), now=ledger.NOW)
    assert (done.posted, done.repeated, len(done.refused)) == (3, 0, 1)  # another member's z
    again = services.post_awards(programme_id, table(["b", "a2", "z", "zz"]), now=ledger.NOW)
    assert (again.posted, len(again.refused)) == (3, 1)
    assert queries.audit().breaches == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["balance = balance - 60", "owed = 1", "held = 51", "kind = 'system'", "name = 'x'"],
)
def test_an_account_that_does_not_add_up_cannot_be_stored(change):
    programme_id = next(PROGRAMMES)
    services.post(programme_id, [ledger.award(change, 50)], now=ledger.NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE points_account SET {change} WHERE customer_id = 1")


@pytest.mark.django_db
def test_binary_rows_arrive_as_the_values_they_were():
    """Every type, with nulls in it, over more than one piece; dates before 2000; the last of all
    days is infinity; text that would have to be quoted anywhere else."""
    rows: list[tuple[Any, ...]] = [
        (
            1,
            -2,
            2**62,
            date(1970, 1, 1),
            datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
            'a"\\,\n',
            "{}",
        ),
        (None, None, None, None, None, None, None),
        (3, 4, -5, date(2024, 2, 29), datetime(2026, 6, 1, 1, 2, 3, 4, UTC), "回头", '{"n": [1]}'),
    ]
    kinds = [
        *(pa.int16(), pa.int32(), pa.int64(), pa.date32()),
        *(pa.timestamp("us", "UTC"), pa.string(), pa.string()),
    ]
    columns = [
        pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)
    ]
    columns[-1] = columns[-1].cast(pa.json_())
    batch = pa.record_batch(columns, names=list("abcdefg"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE typed (a int2, b int4, c int8, d date, e timestamptz, f text,"
            " g jsonb) ON COMMIT DROP"
        )
        binary.copy_in(iter([batch.slice(0, 1), batch.slice(1)]), relation="typed")
        cursor.execute("SELECT a, b, c, d, e, f, g::text FROM typed")
        assert cursor.fetchall() == rows
        last = pa.array([2**31 - 1], pa.int32()).cast(pa.date32())
        binary.copy_in([pa.record_batch([last], names=["d"])], relation="typed")
        cursor.execute("SELECT count(*) FROM typed WHERE d = 'infinity'")
        assert cursor.fetchone() == (1,)
        texts = ['x"y', "\\", "a,b", "NULL", "", "{}", None]
        cursor.execute("SELECT %s::text[]", [binary.array(pa.array(texts))])
        assert cursor.fetchone() == (texts,)
