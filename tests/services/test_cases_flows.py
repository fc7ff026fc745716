"""What cases need of other rooms: alarms that somebody hears, making up for it, imports undone."""

import pytest
from django.utils import timezone

from huitou.flows import case_alarms, cases, following
from huitou.flows.compensation import Compensation
from huitou.platform.models import Message
from huitou.programmes import errors
from huitou.staff.models import User
from huitou.voice import queries
from huitou.voice import services as voice
from huitou.voice.errors import CaseMissing
from huitou.voice.models import CaseEvent
from huitou.voice.types import CaseIn
from tests.services.case_desk import HOUR, new_agent, opened, worked_out
from tests.services.programme_shop import NOW, balance, open_shop

pytestmark = pytest.mark.django_db


def told_at(now):
    """Who was written to, and about what."""
    case_alarms.ring(now)
    following.follow(timezone.now())
    return list(Message.objects.order_by("pk").values_list("address", "subject"))


def test_who_is_in_charge_is_warned_and_managers_hear_what_is_late():
    agent = new_agent()
    boss = User.objects.create(
        email="boss@example.com", name="林", role="manager", language="en", created_at=NOW
    )
    now = timezone.now()
    number = opened(at=now, owner_id=agent.pk)
    assert told_at(now + 21 * HOUR) == [("zhou@example.com", f"{number}：快到答复时限")]
    assert told_at(now + 25 * HOUR)[1:] == [
        ("zhou@example.com", f"{number}：答复已超时"),
        (boss.email, f"Case {number}: the answer is overdue"),
    ]
    link = Message.objects.first().text
    assert f"/cases/{number}" in link
    assert "外送" not in link, "what the customer wrote stays in the house"


def test_a_case_nobody_has_warns_the_managers():
    new_agent()
    User.objects.create(email="boss@example.com", name="林", role="owner", created_at=NOW)
    now = timezone.now()
    opened(at=now)
    assert [address for address, _ in told_at(now + 21 * HOUR)] == ["boss@example.com"]


def test_an_answer_that_came_meanwhile_makes_the_alarm_silent():
    agent = new_agent()
    now = timezone.now()
    number = opened(at=now, owner_id=agent.pk)
    case_alarms.ring(now + 21 * HOUR)
    worked_out(number, agent, at=now + 21 * HOUR)
    from huitou.voice.types import Reply

    said = Reply("补寄", is_answer=True)
    voice.reply(public_id=number, said=said, actor=f"user:{agent.pk}", now=now + 22 * HOUR)
    following.follow(timezone.now())
    assert not Message.objects.exists()


def mailed(agent, now):
    """A question answered by e-mail."""
    from huitou.voice.types import Letter, Reply

    number = opened("enquiry", at=now, owner_id=agent.pk)
    letter = Letter("chen@example.cn", "Your case", "十点")
    said = Reply("十点", channel="email", is_answer=True, letter=letter)
    voice.reply(public_id=number, said=said, actor=f"user:{agent.pk}", now=now + HOUR)
    return number


def test_an_answer_whose_mail_comes_back_was_none(agent_of_one):
    now = timezone.now()
    number = mailed(agent_of_one, now)
    for state in ("sending", "sent"):
        Message.objects.update(state=state)
    case_alarms.ring(now + 2 * HOUR)
    row = queries.case(number)
    assert row is not None
    assert row.answered_at is not None, "what was sent counts"
    Message.objects.update(state="bounced")
    assert told_at(now + 25 * HOUR)[1:] == [
        ("zhou@example.com", f"{number}：答复没有送到"),
        ("zhou@example.com", f"{number}：快到答复时限"),
        ("zhou@example.com", f"{number}：答复已超时"),
    ]
    row = queries.case(number)
    assert row is not None
    assert (row.answered_at, row.step) == (None, "answer")
    clock = queries.answer_clock(row, queries.story(row.case_id), now=now + 25 * HOUR)
    assert clock is not None
    assert clock.state == "overdue"
    found = queries.case_figures(since=now - HOUR, until=now + HOUR, now=now + 25 * HOUR)
    assert (found.judged, found.answered_in_time) == (1, 0)
    case_alarms.ring(now + 26 * HOUR)
    assert CaseEvent.objects.filter(what="answer_lost").count() == 1


def test_who_was_told_another_way_meanwhile_stays_answered(agent_of_one):
    from huitou.voice.types import Reply

    now = timezone.now()
    number = mailed(agent_of_one, now)
    Message.objects.update(state="refused")
    case_alarms.ring(now + 2 * HOUR)
    said = Reply("电话里说了", channel="phone", is_answer=True)
    actor = f"user:{agent_of_one.pk}"
    voice.reply(public_id=number, said=said, actor=actor, now=now + 3 * HOUR)
    case_alarms.ring(now + 4 * HOUR)
    row = queries.case(number)
    assert row is not None
    assert row.answered_at == now + 3 * HOUR


@pytest.fixture
def agent_of_one(db):
    """The only colleague of a shop."""
    return new_agent()


@pytest.fixture
def shop(db):
    """A shop with a programme, a member and an agent."""
    return open_shop()


def an_agent() -> str:
    agent = User.objects.create(
        email="zhou@example.com", name="周予安", role="service_agent", created_at=NOW
    )
    return f"user:{agent.pk}"


def a_case(customer) -> str:
    case = CaseIn("complaint", "phone", "洒了", customer_id=customer.pk)
    return voice.open_case(case=case, actor="system", now=NOW).public_id


def test_points_to_make_up_are_given_once_and_stand_on_the_case(shop):
    number, actor = a_case(shop.member), an_agent()
    wanted = Compensation(number, shop.member.pk, "points", 200)
    for _ in range(2):
        cases.make_up(wanted, key="form-1", actor=actor, now=NOW)
    assert balance(shop.member) == 200
    (event,) = CaseEvent.objects.filter(what="compensated")
    assert event.facts == {"points": 200, "amount_minor": 0}
    row = queries.case(number)
    assert row is not None
    told = queries.story(row.case_id, for_customer=True)
    assert "compensated" in [one.what for one in told]


def test_what_is_above_the_limit_leaves_no_trace_on_the_case(shop):
    number, actor = a_case(shop.member), an_agent()
    wanted = Compensation(number, shop.member.pk, "points", 501)
    with pytest.raises(errors.CompensationAboveLimit):
        cases.make_up(wanted, key="form-1", actor=actor, now=NOW)
    assert balance(shop.member) == 0
    assert not CaseEvent.objects.filter(what="compensated").exists()


def test_nothing_is_given_for_a_case_that_is_not_there(shop):
    wanted = Compensation("C-2026-9999", shop.member.pk, "points", 10)
    with pytest.raises(CaseMissing):
        cases.make_up(wanted, key="form-1", actor=an_agent(), now=NOW)
    assert balance(shop.member) == 0


def test_an_open_case_is_a_condition_on_people(shop):
    from huitou.audiences import queries as audiences
    from huitou.audiences.registry import registry
    from huitou.kit.conditions.parsing import parse

    a_case(shop.member)
    where = {"v": 1, "where": {"field": "open_case", "op": "eq", "value": True}}
    expression = parse(where, registry())
    found = audiences.members(expression, today=NOW.date(), now=NOW)
    assert list(found) == [shop.member.pk]


def test_the_demonstration_has_a_month_of_cases_at_every_stage(db):
    from huitou.flows import demo_cases
    from tests.doors import shop as measured

    measured.measured()
    measured.user("service_agent")
    now = timezone.now()
    assert demo_cases.fill(now=now, cases=40) == 40
    counts = queries.queue_counts(reader_id=0, stores=None, now=now)
    assert 0 < counts.open < 20
    figures = queries.case_figures(since=now - 31 * 24 * HOUR, until=now, now=now)
    assert figures.received == 40
    assert 0.8 < figures.answered_in_time / figures.judged <= 1
    assert figures.handled > 0
