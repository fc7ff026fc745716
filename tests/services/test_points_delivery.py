"""R6 and R12: however requests arrive — twice, late, in other batches, by another way — the ledger
ends the same."""

import dataclasses
import itertools
import json
import random
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection

from huitou.points import queries, rules, services
from huitou.points.types import Award, ClawBack, Entry, GiveBack, Redeem
from tests.services import ledger
from tests.services.ledger import MONDAY

pytestmark = pytest.mark.django_db
PROGRAMMES = itertools.count(5_000)
# All that a row says but its ids, its fact and which programme it is in.
_COLUMNS = """
SELECT m.customer_id, m.unit, t.kind, t.leg, t.points, t.balance_after, t.occurred_at,
       t.recorded_at, t.effective_on, nullif(t.expires_on, 'infinity'), t.rule_version,
       t.external_id, t.why, t.debit = m.id, s.name,
       (SELECT p.external_id FROM points_transfer p WHERE p.id = t.previous_id)
  FROM points_transfer t
  JOIN points_account m ON m.id IN (t.debit, t.credit) AND m.kind = 'member'
  JOIN points_account s ON s.id IN (t.debit, t.credit) AND s.kind = 'system'
 WHERE m.programme_id = %s ORDER BY t.id
"""
_ACCOUNTS = """
SELECT a.customer_id, a.unit, a.balance, a.owed, a.version,
       (SELECT external_id FROM points_transfer WHERE id = a.last_transfer_id)
  FROM points_account a WHERE a.programme_id = %s AND a.kind = 'member' ORDER BY 1, 2
"""


def rows(statement: str, programme_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [programme_id])
        return list(cursor.fetchall())


def life(seed: int, customer_id: int, source: str) -> list[Entry]:
    """A member's accepted requests, in order: awards, spending, refunds of both."""
    chance, book = random.Random(f"{seed}-{customer_id}"), rules.Book(ledger.ZONE)
    entries: list[Entry] = []
    awards, spendings = [], []
    for number in range(60):
        key, points, day = (
            f"{customer_id}-{number}",
            chance.randint(1, 50),
            ledger.later(number // 4),
        )
        what = chance.random()
        if what < 0.5 or not awards:
            until = chance.choice([None, ledger.later(60), ledger.later(90)])
            entry: Entry = ledger.award(
                key, points, customer_id=customer_id, day=day, expires_on=until
            )
        elif what < 0.75:
            entry = ledger.redeem(key, points, day=day, customer_id=customer_id)
        elif what < 0.9 or not spendings:
            entry = ledger.claw_back(key, chance.choice(awards), points, day=day)
        else:
            entry = ledger.give_back(key, chance.choice(spendings), points, day=day)
        if book.post(entry).state == "accepted":
            {Award: awards, Redeem: spendings}.get(type(entry), []).append(key)
            entries.append(from_source(entry, source))
    return entries


def from_source(entry: Entry, source: str) -> Entry:
    """The same request from another source: keys happen once for ever, in every programme."""
    of = {"of_source": source} if isinstance(entry, ClawBack | GiveBack) else {}
    return dataclasses.replace(entry, source=source, **of)


def of_members(programme_id: int) -> dict[int, list[ledger.MoveRow]]:
    """Each member's transfers, with lots named by their place among the member's own transfers."""
    state = ledger.stored(programme_id)
    shaped = {}
    for customer_id, moves in state.moves.items():
        drawn = sorted({lot for move in moves for lot, *_ in move.draws})
        place = {lot: number for number, lot in enumerate(drawn)}
        shaped[customer_id] = [
            move._replace(draws=tuple((place[lot], kind, n) for lot, kind, n in move.draws))
            for move in moves
        ]
    return shaped


def delivered(lives: list[list[Entry]], seed: int) -> list[list[Entry]]:
    """The lives shuffled into one stream, each in its own order; much of it comes twice or three
    times; cut into batches anywhere."""
    chance = random.Random(seed)
    waiting = [list(life) for life in lives]
    stream: list[Entry] = []
    while any(waiting):
        stream.append(chance.choice([life for life in waiting if life]).pop(0))
        if chance.random() < 0.3:
            stream.append(chance.choice(stream))
    batches = []
    while stream:
        size = chance.choice([1, 1, 2, 7, 30])
        batches.append(stream[:size])
        stream = stream[size:]
    return batches


@pytest.mark.parametrize("seed", range(6))
def test_repeats_mixed_deliveries_and_other_batches_end_in_the_same_ledger(seed):
    plain, mixed = next(PROGRAMMES), next(PROGRAMMES)
    for entry in itertools.chain(*(life(seed, customer, "a") for customer in (1, 2, 3))):
        services.post(plain, [entry], now=ledger.NOW, zone=ledger.ZONE)
    for batch in delivered([life(seed, customer, "b") for customer in (1, 2, 3)], seed):
        services.post(mixed, batch, now=ledger.NOW, zone=ledger.ZONE)
    assert of_members(mixed) == of_members(plain)
    assert queries.audit().breaches == []


def test_awards_that_come_late_and_in_any_order_leave_the_same_lots():
    found = []
    for source in ("first", "second", "third"):
        programme_id = next(PROGRAMMES)
        entries = [
            from_source(
                ledger.award(
                    f"{n}", n + 1, day=ledger.later(n % 9), expires_on=ledger.later(20 + n % 5)
                ),
                source,
            )
            for n in range(50)
        ]
        random.Random(source).shuffle(entries)
        for start in range(0, 50, 8):
            services.post(programme_id, entries[start : start + 8], now=ledger.NOW)
        services.expire_due(ledger.later(23), now=ledger.NOW, programme_id=programme_id)
        lots = sorted((lot.expires_on, lot.points) for lot in queries.lots(programme_id, 1))
        found.append((queries.account(programme_id, 1), lots))
    assert found[0] == found[1] == found[2]


def in_debt(programme_id: int, source: str) -> None:
    """Customer 1 owes 25 points."""
    before = [
        ledger.award("before", 25, day=MONDAY),
        ledger.redeem("spent", 25),
        ledger.claw_back("back", "before", 25),
    ]
    entries = [from_source(entry, source) for entry in before]
    services.post(programme_id, entries, now=ledger.NOW, zone=ledger.ZONE)


def some_awards(source: str) -> list[Award]:
    """Awards in two units to three customers, with everything a row can have."""
    return [
        Award(
            source,
            f"order-{n // 2}",
            customer_id=1 + n % 3,
            unit="qualifying" if n % 2 else "points",
            points=7 + n,
            occurred_at=ledger.on(ledger.later(n % 4), hour=n % 24),
            effective_on=ledger.later(n % 4),
            expires_on=None if n % 5 == 0 else ledger.later(30 + n % 4),
            rule_version=3,
            why={"规则": "每元 1 分", "base_minor": 700 + n} if n % 3 else {},
            leg=1 + n % 2,
        )
        for n in range(40)
    ]


def as_table(awards: list[Award]) -> pa.Table:
    columns = {
        field.name: [getattr(award, field.name) for award in awards]
        for field in dataclasses.fields(Award)
    }
    columns["why"] = [json.dumps(award.why, ensure_ascii=False) for award in awards]
    return pa.table(columns)


def test_one_by_one_as_arrays_and_as_a_table_write_the_same_rows():
    found = []
    for way in ("single", "arrays", "table"):
        programme_id = next(PROGRAMMES)
        in_debt(programme_id, way)
        awards = some_awards(way)
        if way == "single":
            for award in awards:
                services.post(programme_id, [award], now=ledger.NOW)
        elif way == "arrays":
            services.post(programme_id, awards, now=ledger.NOW)
        else:
            done = services.post_awards(programme_id, as_table(awards), now=ledger.NOW)
            assert (done.posted, done.repeated, done.refused) == (40, 0, [])
        found.append(
            (rows(_COLUMNS, programme_id), rows(_ACCOUNTS, programme_id), of_members(programme_id))
        )
    assert found[0] == found[1] == found[2]
    assert queries.audit().breaches == []


def test_a_table_posts_each_key_once_and_refuses_another_request_with_it():
    programme_id = next(PROGRAMMES)
    services.post(programme_id, [ledger.award("old", 5), ledger.award("older", 6)], now=ledger.NOW)
    table = as_table(
        [
            ledger.award("old", 5),  # had happened
            ledger.award("older", 9),  # had happened, with other points
            ledger.award("new", 1),
            ledger.award("new", 1),  # twice in the table
            ledger.award("new", 2),  # and once more with other points
        ]
    )
    done = services.post_awards(programme_id, table, now=ledger.NOW)
    assert (done.posted, done.repeated) == (1, 2)
    assert [(refusal.place, refusal.code) for refusal in done.refused] == [
        (1, "points.conflict"),
        (4, "points.conflict"),
    ]
    assert queries.account(programme_id, 1).balance == 12
    again = services.post_awards(programme_id, table, now=ledger.NOW)
    assert (again.posted, again.repeated, len(again.refused), again.fact_id) == (0, 3, 2, None)
    assert queries.audit().breaches == []
