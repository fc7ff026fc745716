"""Cases attacked: one key in eight threads, kinds that change after the answer, a second round."""

from datetime import date

import pytest

from huitou.flows import case_alarms
from huitou.platform.models import Message
from huitou.voice import models, queries
from huitou.voice import services as voice
from huitou.voice.types import PromiseIn
from tests.services.case_desk import (
    HOUR,
    SHANGHAI,
    TEN,
    answered,
    facts_of,
    new_agent,
    opened,
    worked_out,
)
from tests.services.threads import in_threads

pytestmark = pytest.mark.django_db


def classified(number, agent, kind, *, at):
    as_ = voice.Classified(kind, "delivery", None, agent.pk)
    voice.classify(public_id=number, as_=as_, actor=f"user:{agent.pk}", now=at)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_eight_threads_opens_one_case():
    new_agent()
    found = in_threads(8, lambda _: opened(key="form-1"))
    assert len(set(found)) == 1
    assert models.Case.objects.count() == 1


def test_an_answered_case_that_is_called_praise_and_back_is_never_called_overdue(db):
    agent = new_agent()
    number = opened()
    worked_out(number, agent)
    answered(number, agent, at=TEN + HOUR)
    classified(number, agent, "praise", at=TEN + 2 * HOUR)
    classified(number, agent, "complaint", at=TEN + 3 * HOUR)
    voice.ring(now=TEN + 60 * HOUR)
    assert facts_of("voice.case_overdue") == facts_of("voice.case_due_soon") == []


@pytest.mark.parametrize("kind", ["praise", "suggestion"])
def test_what_a_case_is_called_in_a_later_round_does_not_change_how_late_the_first_answer_was(
    db, kind
):
    agent = new_agent()
    number = opened()
    worked_out(number, agent)
    answered(number, agent, at=TEN + 30 * HOUR)  # six hours late
    late = TEN + 50 * HOUR
    said = {"by_customer": True, "actor": "member:1", "now": late}
    voice.reopen_case(public_id=number, text="又洒了", **said)
    classified(number, agent, kind, at=late + HOUR)
    classified(number, agent, "complaint", at=late + 2 * HOUR)
    figures = queries.case_figures(since=TEN, until=TEN + HOUR, now=late + 3 * HOUR)
    assert (figures.judged, figures.answered_in_time) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_presses_eight_times_reopens_once_and_says_it_once():
    agent = new_agent()
    number = opened()
    worked_out(number, agent)
    answered(number, agent, at=TEN + HOUR)
    said = {"public_id": number, "text": "还是洒的", "key": "again-1", "actor": "member:1"}
    found = in_threads(8, lambda _: voice.say_more(**said, now=TEN + 2 * HOUR))
    assert sorted(found) == [False] * 7 + [True]
    assert models.Case.objects.get().round == 2
    assert models.CaseMessage.objects.filter(text="还是洒的").count() == 1


def test_a_promise_is_called_to_mind_the_day_before_and_on_its_day_by_daylight(db):
    agent = new_agent()
    number = opened(owner_id=agent.pk)
    said = PromiseIn("补寄一杯", date(2026, 3, 4), agent.pk)
    voice.promise(public_id=number, promise=said, actor=f"user:{agent.pk}", now=TEN)
    for hours in range(72):  # Monday, 10:00 in Shanghai, until Thursday
        case_alarms.remind(TEN + hours * HOUR)
    sent = list(Message.objects.order_by("pk").values_list("address", "subject", "queued_at"))
    assert [one[:2] for one in sent] == [
        ("zhou@example.com", f"{number}：有一条承诺明天到期"),
        ("zhou@example.com", f"{number}：有一条承诺今天到期"),
    ]
    assert [one[2] for one in sent] == [TEN + 22 * HOUR, TEN + 46 * HOUR]  # at eight


@pytest.mark.parametrize(
    ("withdrawn_after_hours", "due"),
    [pytest.param(37, 0, id="on its last evening"), pytest.param(39, 1, id="when it was broken")],
)
def test_a_broken_promise_is_not_unbroken_by_taking_it_back(db, withdrawn_after_hours, due):
    agent = new_agent()
    number = opened(owner_id=agent.pk)
    said = PromiseIn("补寄一杯", date(2026, 3, 3), agent.pk)
    made = voice.promise(public_id=number, promise=said, actor=f"user:{agent.pk}", now=TEN)
    later = TEN + withdrawn_after_hours * HOUR  # 23:00 of the third, 01:00 of the fourth
    voice.withdraw_promise(promise_id=made, why="没货", actor=f"user:{agent.pk}", now=later)
    figures = queries.promise_figures(since=date(2026, 3, 1), until=date(2026, 4, 1), zone=SHANGHAI)
    assert [(one.due, one.kept, one.kept_late) for one in figures] == [(1, 0, 0)] * due
