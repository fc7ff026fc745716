"""Cases on real PostgreSQL: heard, worked through, answered, closed; nothing of it is edited."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huitou.customers.models import Customer
from huitou.platform.models import Fact, Message
from huitou.staff.models import Setting, User
from huitou.voice import errors, queries
from huitou.voice import services as voice
from huitou.voice.models import Case, CaseEvent, CaseStep
from huitou.voice.types import CaseIn, Contact, Letter, PromiseIn, Reply
from tests.services.case_desk import (
    HOUR,
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


def steps_of(number: str) -> list[tuple[str, int | None]]:
    rows = CaseStep.objects.filter(case__public_id=number).order_by("begun_at", "id")
    return list(rows.values_list("step", "responsible_id"))


def test_a_complaint_goes_through_six_steps_each_with_a_person_and_a_limit(agent, customer):
    number = opened(customer_id=customer.pk)
    worked_out(number, agent, at=TEN + HOUR)
    answered(number, agent, at=TEN + 2 * HOUR)
    voice.close_case(public_id=number, lesson="每天查隔板", actor="system", now=TEN + 3 * HOUR)
    names = [step for step, _ in steps_of(number)]
    assert names == ["collect", "classify", "classify", "summarise", "handle", "answer", "close"]
    assert [person for _, person in steps_of(number)][2:] == [agent.pk] * 5
    assert not CaseStep.objects.filter(due_at__isnull=True).exists()
    assert facts_of("voice.case_answered") == [
        {
            "case_id": Case.objects.get().pk,
            "customer_id": customer.pk,
            "minutes": 120,
            "in_time": True,
        }
    ]


def test_a_case_has_a_number_to_read_aloud_and_a_link_nobody_guesses(agent):
    first = voice.open_case(case=CaseIn("enquiry", "portal", "几点关门"), actor="visitor", now=TEN)
    assert first.public_id.startswith("C-2026-")
    assert len(first.token) >= 24
    followed = queries.followed(first.token)
    assert followed is not None
    assert followed.public_id == first.public_id


def test_pressing_twice_opens_one_case(agent):
    assert opened(key="once") == opened(key="once")
    assert Case.objects.count() == 1
    assert len(facts_of("voice.case_opened")) == 1


def test_the_clock_is_due_24_hours_after_receipt_and_the_answer_stops_it(agent):
    number = opened()
    case = Case.objects.get(public_id=number)
    assert case.due_at == TEN + 24 * HOUR
    assert case.wake_at == TEN + 20 * HOUR
    worked_out(number, agent)
    said = Reply("我去查一下。")
    voice.reply(public_id=number, said=said, actor=f"user:{agent.pk}", now=TEN + HOUR)
    case.refresh_from_db()
    assert case.replied_at is not None
    assert case.answered_at is None, "a first word is not the answer"
    answered(number, agent, at=TEN + 24 * HOUR)
    case.refresh_from_db()
    assert (case.answered_at, case.wake_at) == (TEN + 24 * HOUR, None)


def test_a_setting_can_promise_more_but_never_more_time_than_24_hours(agent):
    Setting.objects.create(
        name="case_step_hours",
        valid_from=date(2026, 1, 1),
        value=[1, 2, 3, 4, 6],
        set_by="cli",
        set_at=TEN,
    )
    number = opened()
    assert Case.objects.get(public_id=number).due_at == TEN + 6 * HOUR


def test_a_public_post_is_due_from_when_it_was_posted(agent):
    posted = TEN - 30 * HOUR
    number = opened(received_at=posted)
    assert Case.objects.get(public_id=number).due_at == posted + 24 * HOUR
    assert voice.ring(now=TEN) == 1
    assert facts_of("voice.case_overdue")


def test_a_case_rings_once_before_it_is_due_and_once_after(agent):
    opened()
    assert voice.ring(now=TEN + 19 * HOUR) == 0
    assert voice.ring(now=TEN + 20 * HOUR) == 1
    assert voice.ring(now=TEN + 21 * HOUR) == 0
    assert voice.ring(now=TEN + 24 * HOUR) == 0, "due this very instant is not late"
    assert voice.ring(now=TEN + 24 * HOUR + timedelta(seconds=1)) == 1
    assert voice.ring(now=TEN + 40 * HOUR) == 0
    assert len(facts_of("voice.case_due_soon")) == len(facts_of("voice.case_overdue")) == 1


def test_what_was_answered_does_not_ring(agent):
    number = opened()
    worked_out(number, agent)
    answered(number, agent, at=TEN + HOUR)
    assert voice.ring(now=TEN + 48 * HOUR) == 0


def test_a_complaint_is_not_answered_before_its_remedy_is_known(agent):
    number = opened()
    with pytest.raises(errors.AnswerNotReady) as refused:
        answered(number, agent, at=TEN + HOUR)
    assert refused.value.facts["missing"] == ["topic", "remedy"]
    assert queries.story(Case.objects.get().pk)[-1].what != "message", "nothing of it was kept"


def test_a_question_is_answered_at_once_and_the_steps_between_are_on_record(agent):
    number = opened("enquiry")
    answered(number, agent, at=TEN + HOUR)
    assert [step for step, _ in steps_of(number)][-4:] == ["summarise", "handle", "answer", "close"]
    assert Case.objects.get().owner_id == agent.pk, "who answers takes charge"


def test_closing_needs_the_answer_and_every_promise_kept(agent, customer):
    number = opened(customer_id=customer.pk)
    worked_out(number, agent)
    with pytest.raises(errors.CloseNotReady):
        voice.close_case(public_id=number, lesson="", actor="system", now=TEN)
    answered(number, agent, at=TEN + HOUR, promise=PromiseIn("补寄一杯", date(2026, 3, 4)))
    with pytest.raises(errors.CloseNotReady) as refused:
        voice.close_case(public_id=number, lesson="", actor="system", now=TEN + 2 * HOUR)
    assert refused.value.facts["missing"] == ["promises"]
    promise = queries.open_promises()[0]
    assert promise.customer_name == "陈一诺"
    voice.keep_promise(promise_id=promise.promise_id, actor="system", now=TEN + 3 * HOUR)
    voice.close_case(public_id=number, lesson="", actor="system", now=TEN + 4 * HOUR)
    with pytest.raises(errors.CaseClosed):
        answered(number, agent, at=TEN + 5 * HOUR)


def test_the_database_itself_refuses_a_closed_case_without_an_answer(agent):
    opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(closed_at=TEN)


@pytest.mark.parametrize("table", ["voice_caseevent", "voice_casestep"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET actor = 'me'", "DELETE FROM {}"])
def test_what_happened_cannot_be_edited(agent, table, verb):
    opened()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


def test_reopening_starts_a_new_clock_and_keeps_the_old_one(agent, customer):
    number = opened(customer_id=customer.pk)
    worked_out(number, agent)
    answered(number, agent, at=TEN + 26 * HOUR)
    voice.reopen_case(
        public_id=number,
        text="还是没有收到",
        by_customer=True,
        actor=f"member:{customer.pk}",
        now=TEN + 50 * HOUR,
    )
    row = queries.case(number)
    assert row is not None
    assert (row.round, row.step, row.due_at) == (2, "handle", TEN + 74 * HOUR)
    clock = queries.answer_clock(row, queries.story(row.case_id), now=TEN + 51 * HOUR)
    assert clock is not None
    assert [one.elapsed for one in clock.rounds] == [26 * HOUR, HOUR]
    assert Case.objects.get().first_due_at == TEN + 24 * HOUR, "the figures judge the first round"


def test_the_customer_confirms_once_there_is_an_answer(agent, customer):
    number = opened("enquiry", customer_id=customer.pk)
    with pytest.raises(errors.NotYetAnswered):
        voice.confirm(public_id=number, actor="member:1", now=TEN)
    answered(number, agent, at=TEN + HOUR)
    voice.confirm(public_id=number, actor="member:1", now=TEN + 2 * HOUR)
    voice.confirm(public_id=number, actor="member:1", now=TEN + 3 * HOUR)
    assert CaseEvent.objects.filter(what="confirmed").count() == 1


def test_a_reply_by_mail_waits_in_the_outbox_as_a_service_message_once(agent, customer):
    number = opened("enquiry", customer_id=customer.pk)
    said = Reply(
        "晚上十点。",
        channel="email",
        is_answer=True,
        letter=Letter("chen@example.cn", "Your case", "晚上十点。"),
        key="form-1",
    )
    for _ in range(2):
        voice.reply(public_id=number, said=said, actor=f"user:{agent.pk}", now=TEN + HOUR)
    message = Message.objects.get()
    assert (message.purpose, message.channel) == ("service", "email")
    assert message.customer_id == customer.pk
    talk = [row for row in queries.story(Case.objects.get().pk) if row.what == "message"]
    assert talk[-1].outbox_id == message.pk
    assert len(talk) == 2


def test_what_staff_say_among_themselves_is_not_told_to_the_customer(agent):
    number = opened()
    voice.remark(public_id=number, text="第三起了", actor=f"user:{agent.pk}", now=TEN)
    case_id = Case.objects.get().pk
    assert "第三起了" in [row.text for row in queries.story(case_id)]
    told = queries.story(case_id, for_customer=True)
    assert "第三起了" not in [row.text for row in told]
    assert "step" not in [row.what for row in told]


def test_praise_that_is_thanked_for_is_done(agent):
    answered(opened("praise"), agent, at=TEN + HOUR)
    assert Case.objects.get().closed_at == TEN + HOUR


def test_praise_has_no_clock_until_it_turns_out_to_be_a_complaint(agent):
    number = opened("praise")
    assert Case.objects.get().due_at is None
    voice.classify(
        public_id=number,
        as_=voice.Classified("complaint", "service", None, agent.pk),
        actor="system",
        now=TEN + 5 * HOUR,
    )
    case = Case.objects.get()
    assert case.due_at == case.first_due_at == TEN + 24 * HOUR, "it was received then, not now"


@pytest.mark.parametrize(
    ("case", "error"),
    [
        pytest.param(CaseIn("rant", "phone", "x"), errors.CaseInvalid, id="an unknown kind"),
        pytest.param(CaseIn("praise", "phone", "  "), errors.WordsMissing, id="no words"),
        pytest.param(
            CaseIn("praise", "phone", "x", received_at=TEN + HOUR),
            errors.ReceivedAhead,
            id="from the future",
        ),
        pytest.param(
            CaseIn("praise", "phone", "x", contact=Contact(phone="12")),
            errors.ContactUnreadable,
            id="a phone of two digits",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(agent, case, error):
    with pytest.raises(error):
        voice.open_case(case=case, actor="system", now=TEN)
    assert not Case.objects.exists()
    assert not Fact.objects.filter(name__startswith="voice.").exists()


def test_the_open_pages_take_no_more_than_people_would_write(agent):
    for _ in range(60):
        voice.open_case(case=CaseIn("praise", "portal", "好"), actor="visitor", now=TEN)
    with pytest.raises(errors.TooManyCases):
        voice.open_case(case=CaseIn("praise", "portal", "好"), actor="visitor", now=TEN)
    voice.open_case(case=CaseIn("praise", "phone", "好"), actor="visitor", now=TEN)
    later = TEN + HOUR + timedelta(seconds=1)
    voice.open_case(case=CaseIn("praise", "portal", "好"), actor="visitor", now=later)


def test_facts_of_cases_carry_no_words(agent, customer):
    number = opened(
        customer_id=customer.pk, contact=Contact("陈", "canary@example.com", "13800001234")
    )
    worked_out(number, agent)
    answered(number, agent, at=TEN, promise=PromiseIn("补寄一杯", date(2026, 3, 4)))
    said = str(
        list(Fact.objects.filter(name__startswith="voice.").values_list("payload", flat=True))
    )
    for secret in ("外送", "canary", "1380000", "补寄"):
        assert secret not in said


def test_an_open_case_can_be_asked_for_by_audiences(agent, customer):
    opened(customer_id=customer.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, open_cases, open_complaints FROM voice_v_open_case")
        assert cursor.fetchall() == [(customer.pk, 1, 1)]


@pytest.mark.django_db(transaction=True)
def test_eight_colleagues_answer_at_once_and_one_answer_counts(agent):
    number = opened("enquiry", owner_id=agent.pk)
    done: list[Exception | None] = []

    def go() -> None:
        try:
            answered(number, agent, at=TEN + HOUR)
            done.append(None)
        except Exception as failure:
            done.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [None] * 8
    assert len(facts_of("voice.case_answered")) == 1
    assert CaseStep.objects.filter(step="close").count() == 1
