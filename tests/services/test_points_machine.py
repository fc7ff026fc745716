"""R1: random histories, posted to PostgreSQL and to the pure twin; after every step both hold the
same transfers, draws and lots, and every invariant holds."""

import dataclasses
import itertools

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huitou.points import queries, rules, services
from huitou.points.types import Adjust, Entry, Policy
from tests.services import ledger

PROGRAMMES = itertools.count(1_000)
POINTS = st.integers(1, 60)
CUSTOMERS = st.sampled_from([1, 2, 3])
LATE_DAYS = st.sampled_from([0, 0, 0, 1, 3])
EXPIRES_IN = st.sampled_from([None, 0, 1, 4, 9])
STATES = {
    "points.short": "short",
    "points.conflict": "conflict",
    "points.nothing_to_reverse": "missing",
    "points.reversed_beyond": "beyond",
}


class Machine(RuleBasedStateMachine):
    """Two ledgers side by side."""

    @initialize()
    def open(self) -> None:
        """A programme nobody used before."""
        self.programme_id = next(PROGRAMMES)
        self.book = rules.Book(ledger.ZONE)
        self.day = 0
        self.known: list[Entry] = []
        self.awards: list[str] = []
        self.spendings: list[str] = []
        self.keys = itertools.count(1)

    def key(self) -> str:
        """Never used before, whichever example runs."""
        return f"{self.programme_id}-{next(self.keys)}"

    def post(self, *entries: Entry) -> None:
        """Post to both; the answers say the same."""
        answers = services.post_all(self.programme_id, entries, now=ledger.NOW, zone=ledger.ZONE)
        theirs = [self.book.post(entry) for entry in entries]
        accepted = [answer for answer in theirs if answer.state in {"accepted", "repeated"}]
        refused = [answer for answer in theirs if answer.state not in {"accepted", "repeated"}]
        assert [(p.state.value, len(p.transfers), p.balance) for p in answers.posted] == [
            (answer.state, len(answer.moves), answer.balance) for answer in accepted
        ]
        assert [
            (STATES[r.code], r.facts.get("left", r.facts.get("available"))) for r in answers.refused
        ] == [(answer.state, answer.left) for answer in refused]
        self.known += entries

    @rule(customer_id=CUSTOMERS, points=POINTS, ends=EXPIRES_IN, waits=st.sampled_from([0, 0, 2]))
    def award(self, customer_id: int, points: int, ends: int | None, waits: int) -> None:
        key, today = self.key(), self.day
        day, until = ledger.later(today + waits), None if ends is None else today + waits + ends
        self.awards.append(key)
        self.post(
            ledger.award(
                key,
                points,
                customer_id=customer_id,
                day=ledger.later(today),
                effective_on=day,
                expires_on=None if until is None else ledger.later(until),
            )
        )

    @rule(given=st.lists(st.tuples(CUSTOMERS, POINTS, EXPIRES_IN), min_size=2, max_size=6))
    def award_many(self, given: list[tuple[int, int, int | None]]) -> None:
        day = ledger.later(self.day)
        entries = []
        for customer_id, points, ends in given:
            until = None if ends is None else ledger.later(self.day + ends)
            key = self.key()
            self.awards.append(key)
            entries.append(
                ledger.award(key, points, customer_id=customer_id, day=day, expires_on=until)
            )
        self.post(*entries)

    @rule(customer_id=CUSTOMERS, points=POINTS, late=LATE_DAYS)
    def redeem(self, customer_id: int, points: int, late: int) -> None:
        key, day = self.key(), ledger.later(max(0, self.day - late))
        self.spendings.append(key)
        self.post(ledger.redeem(key, points, day=day, customer_id=customer_id))

    @precondition(lambda self: self.awards)
    @rule(data=st.data(), points=POINTS, policy=st.sampled_from(Policy), late=LATE_DAYS)
    def claw_back(self, data: st.DataObject, points: int, policy: Policy, late: int) -> None:
        of = data.draw(st.sampled_from(self.awards))
        day = ledger.later(max(0, self.day - late))
        self.post(ledger.claw_back(self.key(), of, points, policy=policy, day=day))

    @precondition(lambda self: self.spendings)
    @rule(data=st.data(), points=POINTS, grace=st.sampled_from([None, 3]))
    def give_back(self, data: st.DataObject, points: int, grace: int | None) -> None:
        of = data.draw(st.sampled_from(self.spendings))
        until = None if grace is None else ledger.later(self.day + grace)
        day = ledger.later(self.day)
        self.post(ledger.give_back(self.key(), of, points, day=day, grace_until=until))

    @rule(customer_id=CUSTOMERS, points=POINTS, sign=st.sampled_from([1, -1]), ends=EXPIRES_IN)
    def adjust(self, customer_id: int, points: int, sign: int, ends: int | None) -> None:
        until = None if ends is None else ledger.later(self.day + ends)
        day = ledger.later(self.day)
        entry = ledger.adjust(
            self.key(), sign * points, day=day, customer_id=customer_id, expires_on=until
        )
        self.post(entry)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), other=st.booleans())
    def say_again(self, data: st.DataObject, other: bool) -> None:
        entry = data.draw(st.sampled_from(self.known))
        if other:
            more = -1 if isinstance(entry, Adjust) and entry.points < 0 else 1
            entry = dataclasses.replace(entry, points=entry.points + more)
        self.post(entry)

    @precondition(lambda self: len(self.known) > 1)
    @rule(data=st.data())
    def say_much_again(self, data: st.DataObject) -> None:
        self.post(*data.draw(st.lists(st.sampled_from(self.known), min_size=2, max_size=5)))

    @rule(days=st.integers(0, 4))
    def days_go_by(self, days: int) -> None:
        self.day += days

    @rule()
    def sweep(self) -> None:
        today = ledger.later(self.day)
        swept = services.expire_due(today, now=ledger.NOW, programme_id=self.programme_id)
        assert swept.lots == self.book.expire(today)
        again = services.expire_due(today, now=ledger.NOW, programme_id=self.programme_id)
        assert again.lots == 0

    @invariant()
    def both_say_the_same(self) -> None:
        if hasattr(self, "programme_id"):
            assert ledger.stored(self.programme_id) == ledger.expected(self.book)

    def teardown(self) -> None:
        """At the end every invariant holds."""
        assert queries.audit().breaches == []


@pytest.mark.django_db(transaction=True)
def test_postgresql_and_the_pure_twin_hold_the_same_ledger_after_every_step():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # crashes have a test of their own
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
