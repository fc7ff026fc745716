"""Posting: answers, refusals that leave no trace, races, reads, the guards of the past."""

import dataclasses
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from huitou.points import errors, queries, services
from huitou.points.types import Award, Entry, State
from tests.services import ledger

PROGRAMMES = itertools.count(20_000)


def post(programme_id: int, *entries: Entry) -> Any:
    return services.post(programme_id, entries, now=ledger.NOW, zone=ledger.ZONE)


@pytest.fixture
def programme_id(db) -> int:
    return next(PROGRAMMES)


def test_the_same_request_gives_the_same_answer_whatever_happened_since(programme_id):
    first = post(programme_id, ledger.award("a", 40))[0]
    post(programme_id, ledger.redeem("b", 15))
    later = dataclasses.replace(
        ledger.award("a", 40), occurred_at=ledger.NOW, why={"note": "sent again"}
    )
    again = post(programme_id, later)[0]
    assert (first.state, again.state) == (State.ACCEPTED, State.REPEATED)
    assert again._replace(state=State.ACCEPTED) == first
    assert queries.account(programme_id, 1).balance == 25


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ledger.award("a", 41), id="other points"),
        pytest.param(ledger.award("a", 40, customer_id=2), id="another member"),
        pytest.param(ledger.award("a", 40, rule_version=2), id="other rules"),
        pytest.param(ledger.award("a", 40, expires_on=ledger.later(9)), id="another expiry"),
        pytest.param(ledger.redeem("a", 40), id="another kind"),
        pytest.param(ledger.adjust("a", 40), id="an adjustment"),
    ],
)
def test_the_same_key_with_another_request_is_a_conflict_without_effect(programme_id, other):
    post(programme_id, ledger.award("a", 40))
    before = ledger.stored(programme_id)
    with pytest.raises(errors.KeyConflict) as refused:
        post(programme_id, other)
    assert refused.value.facts == {"source": "till", "external_id": "a"}
    assert ledger.stored(programme_id) == before


def test_one_refusal_of_several_undoes_them_all(programme_id):
    post(programme_id, ledger.award("a", 40))
    before = ledger.stored(programme_id)
    with pytest.raises(errors.PointsShort) as refused:
        post(programme_id, ledger.award("b", 5), ledger.redeem("c", 46), ledger.award("d", 5))
    assert refused.value.facts == {"needed": 46, "available": 45}
    assert ledger.stored(programme_id) == before
    post(programme_id, ledger.redeem("c", 40))  # a refused key may succeed later


def test_of_many_what_is_refused_is_listed_and_the_rest_is_posted(programme_id):
    answers = services.post_all(
        programme_id,
        [ledger.award("a", 5), ledger.redeem("b", 9), ledger.redeem("c", 5)],
        now=ledger.NOW,
        zone=ledger.ZONE,
    )
    assert [posted.external_id for posted in answers.posted] == ["a", "c"]
    assert [(r.place, r.code, r.facts) for r in answers.refused] == [
        (1, "points.short", {"needed": 9, "available": 5})
    ]


def test_the_last_day_is_usable_and_the_next_is_not_swept_or_not(programme_id):
    last = ledger.later(3)
    post(programme_id, ledger.award("a", 10, expires_on=last), ledger.redeem("b", 4, day=last))
    with pytest.raises(errors.PointsShort) as refused:
        post(programme_id, ledger.redeem("c", 1, day=ledger.later(4)))
    assert refused.value.facts["available"] == 0
    assert queries.account(programme_id, 1, today=last).usable == 6
    assert queries.account(programme_id, 1, today=ledger.later(4)).usable == 0


def test_the_day_of_a_redemption_is_the_programmes_not_the_servers(programme_id):
    """Ten in the evening in UTC is already the next day in Shanghai."""
    entry = ledger.award("a", 10, expires_on=ledger.MONDAY)
    post(programme_id, entry)
    late = datetime(2026, 6, 1, 22, 0, tzinfo=UTC)
    with pytest.raises(errors.PointsShort):
        post(programme_id, dataclasses.replace(ledger.redeem("b", 1), occurred_at=late))


def test_points_that_are_not_usable_yet_wait(programme_id):
    waiting = ledger.award("a", 10, effective_on=ledger.later(14))
    post(programme_id, waiting)
    before = ledger.stored(programme_id)
    with pytest.raises(errors.PointsShort) as refused:
        post(programme_id, ledger.redeem("b", 1, day=ledger.later(13)))
    assert refused.value.facts == {"needed": 1, "available": 0}
    listed = services.post_all(
        programme_id, [ledger.redeem("b", 1, day=ledger.later(13))], now=ledger.NOW
    )
    assert [refusal.facts for refusal in listed.refused] == [{"needed": 1, "available": 0}]
    assert ledger.stored(programme_id) == before
    assert queries.audit().breaches == []
    post(programme_id, ledger.redeem("b", 1, day=ledger.later(14)))


def test_a_sweep_runs_in_chunks_and_twice_changes_nothing(programme_id, monkeypatch):
    from huitou.points.services import expiring

    monkeypatch.setattr(expiring, "ACCOUNTS_AT_ONCE", 3)
    entries = [
        ledger.award(f"{n}", 10, customer_id=n // 2, expires_on=ledger.later(n % 3))
        for n in range(20)
    ]
    post(programme_id, *entries)
    swept = services.expire_due(ledger.later(2), now=ledger.NOW, programme_id=programme_id)
    assert (swept.lots, swept.points) == (14, 140)
    assert services.expire_due(ledger.later(2), now=ledger.NOW, programme_id=programme_id).lots == 0
    assert queries.audit().breaches == []


def test_a_statement_is_read_backwards_page_by_page_in_one_query(
    programme_id, django_assert_num_queries
):
    for number in range(7):
        post(programme_id, ledger.award(f"{number}", number + 1, why={"n": number}))
    post(programme_id, ledger.redeem("spent", 5), ledger.award("q", 9, unit="qualifying"))
    with django_assert_num_queries(1):
        page = queries.statement(programme_id, 1, limit=3)
    assert [(row.kind, row.points, row.balance_after) for row in page] == [
        ("redeem", -5, 23),
        ("award", 7, 28),
        ("award", 6, 21),
    ]
    assert page[1].why == {"n": 6}
    rest = queries.statement(programme_id, 1, before=page[-1].transfer_id, limit=50)
    assert [row.points for row in rest] == [5, 4, 3, 2, 1]
    # Someone else's transfer is no place to go on from.
    post(programme_id, ledger.award("x", 1, customer_id=2))
    stranger = queries.statement(programme_id, 2)[0].transfer_id
    assert queries.statement(programme_id, 1, before=stranger) == []


def test_staff_give_and_take_with_a_reason_and_never_into_debt(programme_id):
    post(programme_id, ledger.adjust("up", 30), ledger.adjust("down", -10))
    line = queries.statement(programme_id, 1)[0]
    assert (line.kind, line.points, line.why) == (
        "adjust",
        -10,
        {"reason": "sorry", "actor": "user:1"},
    )
    with pytest.raises(errors.PointsShort):
        post(programme_id, ledger.adjust("more", -21))


@pytest.mark.parametrize("table", ["points_transfer", "points_draw", "points_clawback"])
def test_the_past_cannot_be_changed_by_the_application(programme_id, table):
    post(
        programme_id,
        ledger.award("a", 5),
        ledger.redeem("b", 2),
        ledger.claw_back("c", "a", 1),
    )
    column = "asked = asked + 1" if table == "points_clawback" else "points = points + 1"
    for statement in (f"UPDATE {table} SET {column}", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """What ``count`` threads got, each on its own connection, started together."""
    found: list[object] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = work(number)
        except errors.PointsShort:
            found[number] = "refused"
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_eight_redemptions_at_once_cannot_spend_the_same_points():
    post(1, ledger.award("a", 100))
    found = at_once(8, lambda n: post(1, ledger.redeem(f"r{n}", 80))[0].state.value)
    assert sorted(map(str, found)) == ["accepted"] + ["refused"] * 7
    assert queries.account(1, 1).balance == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "entry",
    [
        ledger.award("same", 7),
        ledger.redeem("same", 7),
        ledger.redeem("same", 100),  # leaves nothing: who comes second has too few, and has it
        ledger.adjust("same", 7),
        ledger.claw_back("same", "a", 7),
    ],
    ids=["award", "redeem", "redeem all", "adjust", "claw back"],
)
def test_one_key_from_eight_tills_at_once_counts_once(entry):
    post(1, ledger.award("a", 100))
    found = at_once(8, lambda _: post(1, entry)[0])
    states = sorted(answer.state.value for answer in found)
    assert states == ["accepted"] + ["repeated"] * 7
    assert len({answer.transfers for answer in found}) == 1
    assert queries.audit().breaches == []


@pytest.mark.django_db(transaction=True)
def test_awards_to_one_member_at_once_follow_one_another():
    found = at_once(8, lambda n: [post(1, ledger.award(f"{n}-{m}", 1)) for m in range(20)])
    assert not [error for error in found if isinstance(error, Exception)]
    assert queries.account(1, 1).balance == 160
    assert queries.audit().breaches == []


@pytest.mark.django_db(transaction=True)
def test_batches_that_cross_wait_for_one_another_and_never_in_a_circle():
    def batch(number: int) -> object:
        members = list(range(1, 30)) if number % 2 else list(range(29, 0, -1))
        given: list[Award] = [
            ledger.award(f"{number}-{member}", 5, customer_id=member) for member in members
        ]
        taken = [
            ledger.redeem(f"r{number}-{member}", 2, customer_id=member) for member in members[:9]
        ]
        return post(1, *given, *taken)

    found = at_once(6, batch)
    assert not [error for error in found if isinstance(error, Exception)]
    assert queries.audit().breaches == []


@pytest.mark.django_db(transaction=True)
def test_awards_by_the_array_to_the_same_members_at_once_follow_one_another():
    """Nobody has an account yet, half the keys of each pair are the same, and every array begins
    with another member."""

    def give(number: int) -> object:
        for turn in range(8):
            pair = number // 2 if turn % 2 else number
            members = [1 + (number + n) % 12 for n in range(12)]
            given = [ledger.award(f"{pair}-{turn}-{m}", 3, customer_id=m) for m in members]
            post(1, *given, ledger.award(f"{number}-{turn}-again", 1, customer_id=5))
        return None

    found = at_once(8, give)
    assert [error for error in found if error is not None] == []
    balances = [queries.account(1, member).balance for member in range(1, 13)]
    each = 3 * (4 * 8 + 4 * 4)
    assert balances == [each + 64 * (member == 5) for member in range(1, 13)]
    assert queries.audit().breaches == []


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
def test_answers_to_an_array_are_those_of_its_requests_in_their_order(programme_id, plan):
    """Whatever plan the server has come to for the statement; members may come twice in it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE points_transfer")
        cursor.execute(f"SET LOCAL plan_cache_mode = {plan}")
    for turn in range(3):
        members = [1 + n * 37 % 150 for n in range(200)]
        given = [
            ledger.award(f"{turn}-{n}", 1 + n, customer_id=member)
            for n, member in enumerate(members)
        ]
        post(programme_id, *given[3::7])
        balances = {m: queries.account(programme_id, m).balance for m in set(members)}
        answers = post(programme_id, *given)
        fresh = [n for n in range(200) if n % 7 != 3]
        for n in fresh:
            balances[members[n]] += given[n].points
            assert (answers[n].state, answers[n].external_id) == (State.ACCEPTED, f"{turn}-{n}")
            assert answers[n].balance == balances[members[n]]
        ids = [answers[n].transfers[0] for n in fresh]
        assert ids == sorted(ids)
        assert {answers[n].state for n in range(3, 200, 7)} == {State.REPEATED}
    assert queries.audit().breaches == []
