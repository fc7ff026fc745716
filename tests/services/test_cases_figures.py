"""Queues, figures and promises of cases on real PostgreSQL."""

from datetime import date, timedelta

import pytest

from huitou.customers.models import Customer
from huitou.staff.models import Store, User
from huitou.voice import errors, queries
from huitou.voice import services as voice
from huitou.voice.types import PromiseIn
from tests.services.case_desk import (
    HOUR,
    SHANGHAI,
    TEN,
    answered,
    facts_of,
    new_agent,
    new_customer,
    opened,
    worked_out,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    """A service agent of a shop in Shanghai."""
    return new_agent()


@pytest.fixture
def customer() -> Customer:
    """A customer with an e-mail address."""
    return new_customer()


def test_queues_hold_what_their_names_say(agent, customer):
    mine, nobodys = opened(owner_id=agent.pk), opened(at=TEN - 21 * HOUR)
    late = opened(at=TEN - 30 * HOUR)
    done = opened("enquiry")
    answered(done, agent, at=TEN)
    voice.close_case(public_id=done, lesson="", actor="system", now=TEN)

    def numbers(queue: str) -> list[str]:
        rows = queries.inbox(queue, reader_id=agent.pk, stores=None, now=TEN)
        return [row.public_id for row in rows]

    assert numbers("mine") == [mine]
    assert numbers("unassigned") == [late, nobodys]
    assert numbers("due_soon") == [nobodys]
    assert numbers("overdue") == [late]
    assert numbers("all") == [late, nobodys, mine]
    assert numbers("closed") == [done]
    counts = queries.queue_counts(reader_id=agent.pk, stores=None, now=TEN)
    assert tuple(counts) == (1, 2, 1, 1, 3)


def test_a_reader_of_one_store_sees_its_cases_those_of_no_store_and_their_own(agent):
    here = Store.objects.get()
    elsewhere = Store.objects.create(code="S2", name="外滩店", zone="Asia/Shanghai", created_at=TEN)
    seen = {opened(store_id=here.pk), opened(), opened(store_id=elsewhere.pk, owner_id=agent.pk)}
    other = opened(store_id=elsewhere.pk)
    rows = queries.inbox("all", reader_id=agent.pk, stores=[here.pk], now=TEN)
    assert {row.public_id for row in rows} == seen
    assert queries.case(other, reader_id=agent.pk, stores=[here.pk]) is None


def test_figures_count_answers_within_24_hours_and_complaints_handled_properly(agent):
    prompt, slow, again, open_ = (opened() for _ in range(4))
    opened("praise")
    for number, hours in ((prompt, 1), (slow, 30), (again, 2)):
        worked_out(number, agent)
        answered(number, agent, at=TEN + hours * HOUR)
        voice.close_case(public_id=number, lesson="", actor="system", now=TEN + 31 * HOUR)
    voice.reopen_case(
        public_id=again, text="没好", by_customer=True, actor="member:1", now=TEN + 32 * HOUR
    )
    now = TEN + 48 * HOUR
    found = queries.case_figures(since=TEN - HOUR, until=now, now=now)
    assert (found.received, found.judged, found.answered_in_time) == (5, 4, 2)
    assert (found.settled, found.handled, found.reopened) == (2, 2, 1)
    assert (found.waiting, found.overdue) == (3, 1)
    assert found.median_answer_minutes == 120
    later = TEN + timedelta(days=15)
    found = queries.case_figures(since=TEN - HOUR, until=later, now=later)
    assert (found.settled, found.handled) == (4, 2), (
        "what is still open after 14 days is not handled"
    )
    assert open_


@pytest.mark.parametrize(
    ("kept_after_days", "late", "kept_in_time"),
    [
        pytest.param(1, 0, 1, id="the day before"),
        pytest.param(2, 0, 1, id="on the day itself"),
        pytest.param(4, 2, 0, id="two days late"),
    ],
)
def test_a_promise_is_kept_in_time_while_its_day_lasts(agent, kept_after_days, late, kept_in_time):
    number = opened(owner_id=agent.pk)
    promise_id = voice.promise(
        public_id=number,
        promise=PromiseIn("补寄一杯", date(2026, 3, 4)),
        actor=f"user:{agent.pk}",
        now=TEN,
    )
    kept_at = TEN + timedelta(days=kept_after_days)
    voice.keep_promise(promise_id=promise_id, actor=f"user:{agent.pk}", now=kept_at)
    assert facts_of("voice.promise_kept")[0]["days_late"] == late
    figures = queries.promise_figures(
        since=date(2026, 3, 1), until=date(2026, 3, 10), zone=SHANGHAI
    )
    assert [(row.owner_name, row.due, row.kept) for row in figures] == [("周予安", 1, kept_in_time)]
    with pytest.raises(errors.PromiseSettled):
        voice.withdraw_promise(promise_id=promise_id, why="改主意", actor="system", now=kept_at)


def test_a_promise_for_yesterday_is_none(agent):
    number = opened()
    with pytest.raises(errors.PromiseInPast):
        voice.promise(
            public_id=number,
            promise=PromiseIn("补寄", date(2026, 3, 1)),
            actor="system",
            now=TEN,
        )


def test_a_promise_withdrawn_with_a_reason_no_longer_holds_the_case(agent):
    number = opened("enquiry")
    answered(number, agent, at=TEN, promise=PromiseIn("回电", date(2026, 3, 3)))
    promise_id = queries.open_promises()[0].promise_id
    with pytest.raises(errors.WordsMissing):
        voice.withdraw_promise(promise_id=promise_id, why=" ", actor="system", now=TEN)
    voice.withdraw_promise(promise_id=promise_id, why="顾客已满意", actor="system", now=TEN)
    voice.close_case(public_id=number, lesson="", actor="system", now=TEN)
    assert queries.promise_counts(today=date(2026, 3, 9)) == (0, 0)
