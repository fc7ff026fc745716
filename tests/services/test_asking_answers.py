"""Answers given on our page: once, by whoever was asked, with how things stood at that moment."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from huitou.customers.models import Customer
from huitou.platform.models import Fact
from huitou.voice import errors, models, queries, services
from huitou.voice.types import Brought, Given, Sheet, SurveyIn, TouchpointIn
from tests.doors import shop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)  # half past midnight of July in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")
HAPPY = Given("very_satisfied", "very_likely", "likely", "手冲很稳定")


def survey(name="2026 夏", horizon_days=60):
    return services.open_survey(
        survey=SurveyIn(name, horizon_days=horizon_days), actor="user:1", now=NOW
    )


def place(public_id, name="收银台", store_id=None, kind="store"):
    return services.open_touchpoint(
        survey=public_id, touchpoint=TouchpointIn(kind, name, store_id), actor="user:1", now=NOW
    )


def invited(public_id, customer_id, *, key="k1", token="i" * 16, valid_days=30):
    wave, _ = models.Wave.objects.get_or_create(
        key=key,
        defaults={
            "public_id": f"wav_{key}",
            "survey": models.Survey.objects.get(public_id=public_id),
            "channel": "email",
            "rest_days": 90,
            "language": "zh-hans",
            "asked_by": "user:1",
            "asked_at": NOW,
            "expires_at": NOW + timedelta(days=valid_days),
        },
    )
    models.Invitation.objects.create(
        wave=wave, customer_id=customer_id, state="asked", token=token, asked_at=NOW
    )
    return token


def answer(token, given=HAPPY, *, key="a" * 32, member_id=None, now=NOW):
    return services.answer(
        sheet=Sheet(token, key, "zh-hans", given), member_id=member_id, zone=ZONE, now=now
    )


def test_looking_at_a_question_records_nothing():
    token = place(survey())
    before = Fact.objects.count()
    for _ in range(3):
        assert queries.question(token, now=NOW).state == "open"
    assert models.Answer.objects.count() == 0
    assert Fact.objects.count() == before


def test_an_invited_customer_s_answer_keeps_layer_store_and_order_as_they_are_now():
    measured = shop.measured()
    customer = measured.customers[2]
    public_id = survey()
    done = answer(invited(public_id, customer.pk))
    row = models.Answer.objects.get(pk=done.answer_id)
    newest = max(customer.order_set.all(), key=lambda order: order.ordered_at)
    assert (row.customer_id, row.layer, row.order_id) == (customer.pk, "high_win_back", newest.pk)
    assert row.store_id == newest.store_id
    assert (row.satisfaction, row.recommendation, row.repurchase_probability) == (
        "very_satisfied", "very_likely", 0.8,
    )  # fmt: skip
    assert (row.wave, row.answered_on.isoformat()) == ("2026 夏", "2026-07-01")  # Shanghai's day
    fact = Fact.objects.get(name="voice.answered")
    assert fact.payload == {
        "answer_id": row.pk, "survey_id": row.survey_id, "customer_id": customer.pk,
    }  # fmt: skip


def test_a_place_without_a_member_hears_nobody_and_belongs_to_its_store():
    stores = shop.company_with_stores()
    done = answer(place(survey(), store_id=stores[1].pk))
    row = models.Answer.objects.get(pk=done.answer_id)
    assert (row.customer_id, row.store_id, row.layer, row.order_id) == (
        None,
        stores[1].pk,
        None,
        None,
    )
    assert row.touchpoint == "收银台"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM voice_v_answer")
        assert cursor.fetchone() == (0,), "nobody's answer is no part of anybody's index"


def test_a_member_who_is_signed_in_answers_a_place_under_their_name():
    member = shop.measured().customers[1]
    done = answer(place(survey()), member_id=member.pk)
    assert models.Answer.objects.get(pk=done.answer_id).customer_id == member.pk


def test_pressing_twice_answers_once():
    token = place(survey())
    first, second = answer(token), answer(token, Given("dissatisfied"))
    assert (first.is_new, second.is_new) == (True, False)
    assert first.answer_id == second.answer_id
    assert models.Answer.objects.get().satisfaction == "very_satisfied"
    assert answer(token, key="b" * 32).is_new


def test_an_invitation_is_answered_once_whatever_the_form():
    customer = shop.measured().customers[0]
    token = invited(survey(), customer.pk)
    first = answer(token)
    again = answer(token, Given("dissatisfied"), key="c" * 32)
    assert again == (first.answer_id, False)
    assert queries.question(token, now=NOW).state == "answered"
    assert models.Invitation.objects.get().answered_at == NOW


@pytest.mark.parametrize("how", ["survey", "place", "expired"])
def test_what_is_over_takes_no_answer(how):
    customer = shop.measured().customers[0]
    public_id = survey()
    token, later = place(public_id), NOW + timedelta(days=30)
    if how == "survey":
        services.close_survey(survey=public_id, now=NOW)
    elif how == "place":
        services.close_touchpoint(survey=public_id, touchpoint=token, now=NOW)
    else:
        token = invited(public_id, customer.pk)
        assert answer(token, now=later - timedelta(seconds=1)).is_new
        token = invited(public_id, measured_other(customer), token="j" * 16)
    assert queries.question(token, now=later).state in {"closed", "expired"}
    with pytest.raises(errors.SurveyClosed):
        answer(token, key="d" * 32, now=later)


def measured_other(customer):
    return Customer.objects.exclude(pk=customer.pk).order_by("pk").first().pk


def test_a_closed_survey_can_be_opened_again_and_closing_twice_closes_once():
    public_id = survey()
    token = place(public_id)
    services.close_survey(survey=public_id, now=NOW)
    services.close_survey(survey=public_id, now=NOW)
    services.reopen_survey(survey=public_id)
    assert answer(token).is_new
    names = list(Fact.objects.order_by("id").values_list("name", flat=True))
    assert names == [
        "voice.survey_opened", "voice.touchpoint_opened", "voice.survey_closed",
        "voice.survey_reopened", "voice.answered",
    ]  # fmt: skip


def test_more_answers_from_one_place_than_people_can_give_are_put_off():
    token = place(survey())
    for number in range(60):
        answer(token, key=f"{number:032}")
    with pytest.raises(errors.TooManyAnswers):
        answer(token, key="e" * 32, now=NOW + timedelta(minutes=9))
    assert answer(token, key="e" * 32, now=NOW + timedelta(minutes=11)).is_new


def test_a_code_nobody_gave_out_asks_nothing():
    with pytest.raises(errors.QuestionMissing):
        queries.question("nobodyknows", now=NOW)
    with pytest.raises(errors.QuestionMissing):
        answer("nobodyknows")


def test_names_are_taken_once_and_kinds_are_known():
    public_id = survey()
    place(public_id)
    with pytest.raises(errors.SurveyTaken):
        survey()
    with pytest.raises(errors.SurveyInvalid):
        survey("  ")
    with pytest.raises(errors.TouchpointTaken):
        place(public_id)
    with pytest.raises(errors.TouchpointInvalid):
        place(public_id, "别处", kind="billboard")
    with pytest.raises(errors.SurveyMissing):
        place("svy_none")
    assert models.Survey.objects.count() == models.Touchpoint.objects.count() == 1


def test_the_tally_counts_answers_by_place_and_leaves_out_what_was_not_answered():
    public_id = survey()
    row = queries.survey(public_id)
    token = place(public_id)
    answer(token, Given("satisfied"), key="1" * 32)
    answer(token, Given("satisfied", "possible", "even"), key="2" * 32)
    answer(token, Given(comment="只写几句"), key="3" * 32)
    found = {(one.question, one.answer): one.answers for one in queries.tally(row.survey_id)}
    assert found == {
        ("satisfaction", "satisfied"): 2,
        ("recommendation", "possible"): 1,
        ("intention", "5"): 1,
    }
    assert queries.survey(public_id).answers == 3


def test_an_answer_another_system_took_comes_in_once_with_its_own_time():
    customer = shop.measured().customers[2]
    brought = Brought(
        survey(), "crm-1", Given("satisfied"), NOW - timedelta(days=3), customer_id=customer.pk
    )
    first = services.bring(brought=brought, zone=ZONE, now=NOW)
    assert services.bring(brought=brought, zone=ZONE, now=NOW) == (first.answer_id, False)
    row = models.Answer.objects.exclude(survey=None).get()
    assert (row.answered_on.isoformat(), row.layer) == ("2026-06-28", "high_win_back")
    with pytest.raises(errors.AnswerAhead):
        services.bring(
            brought=replace(brought, key="crm-2", answered_at=NOW + timedelta(hours=25)),
            zone=ZONE,
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_eight_people_pressing_at_one_invitation_answer_once():
    customer = Customer.objects.create(code="C1", created_at=NOW)
    token = invited(survey(), customer.pk)
    done, failures = [], []

    def press(number):
        try:
            done.append(answer(token, key=f"{number:032}"))
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert sorted(one.is_new for one in done) == [False] * 7 + [True]
    assert models.Answer.objects.count() == 1
