"""Cases attacked: one key in eight threads, kinds that change after the answer, a second round."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from huitou.kit.errors import HuitouError
from huitou.voice import models, queries
from huitou.voice import services as voice
from tests.services.case_desk import HOUR, TEN, answered, facts_of, new_agent, opened, worked_out

pytestmark = pytest.mark.django_db


def in_threads(count, call):
    """What ``count`` threads got, called at once: an answer or the code of a refusal."""

    def one(n):
        try:
            return call(n)
        except HuitouError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


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
