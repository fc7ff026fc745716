"""Inviting to a survey: everyone looked at is kept with the decision, and a letter goes to exactly
those on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from huitou.customers.models import Consent, Customer
from huitou.flows import inviting
from huitou.platform.models import Fact, Message
from huitou.voice import errors, models, queries, services
from huitou.voice.types import SurveyIn, WaveIn
from tests.doors import shop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
LINKS = "https://example.com/a/"


@pytest.fixture
def people():
    """Twelve customers with an address each, one of them unreachable, one who refused."""
    found = shop.measured().customers
    for place, customer in enumerate(found):
        customer.email = "" if place == 3 else f"c{place}@example.com"
        customer.save()
    Consent.objects.all().delete()
    Consent.objects.create(
        customer=found[4], channel="email", purpose="survey", state="refused", stated_at=NOW
    )
    return found


def survey(name="2026 夏"):
    return services.open_survey(
        survey=SurveyIn(name, greeting_zh="请说说您的感受。", horizon_days=60),
        actor="user:1",
        now=NOW,
    )


def wave(key="k1", *, size=None, rest_days=90, **more):
    return WaveIn(
        key=key, channel="email", language="zh-hans", rest_days=rest_days, sample_size=size, **more
    )


def invite(public_id, wished, now=NOW):
    return inviting.invite(
        survey=public_id, wave=wished, sight=None, links=LINKS, actor="user:1", now=now
    )


def test_a_plan_says_who_is_asked_and_why_not_and_writes_nothing(people):
    public_id = survey()
    before = Fact.objects.count()
    found = inviting.plan(survey=public_id, wave=wave(), sight=None, now=NOW)
    # One answered in a file on 2026-06-30: rest.
    assert found.counts == {"": 9, "asked_lately": 1, "no_address": 1, "refused": 1}
    assert found.some("no_address", 5) == [people[3].pk]
    assert (models.Wave.objects.count(), Message.objects.count()) == (0, 0)
    assert Fact.objects.count() == before


def test_what_was_looked_at_is_what_is_asked_and_every_decision_is_kept(people):
    public_id = survey()
    wished = wave(size=4)
    looked = inviting.plan(survey=public_id, wave=wished, sight=None, now=NOW)
    wave_id = invite(public_id, wished)
    rows = models.Invitation.objects.filter(wave__public_id=wave_id)
    asked = set(rows.filter(state="asked").values_list("customer_id", flat=True))
    assert asked == set(looked.people[looked.reasons == ""].tolist())
    assert len(asked) == 4
    survey_id = queries.survey(public_id).survey_id
    assert list(queries.reasons(survey_id).values()) == [
        {"not_drawn": 5, "asked_lately": 1, "no_address": 1, "refused": 1}
    ]
    letters = Message.objects.all()
    assert {letter.customer_id for letter in letters} == asked
    assert {letter.purpose for letter in letters} == {"survey"}
    for letter in letters:
        token = rows.get(customer_id=letter.customer_id).token
        assert f"{LINKS}{token}\n" in letter.text
        assert f'href="{LINKS}{token}?s=5"' in letter.html
        assert "请说说您的感受。" in letter.text
    assert Fact.objects.get(name="voice.asked").payload["asked"] == 4


def test_the_same_form_sent_twice_asks_once(people):
    public_id = survey()
    first = invite(public_id, wave(size=4))
    assert invite(public_id, wave(size=4)) == first
    assert models.Wave.objects.count() == 1
    assert Message.objects.count() == 4


def test_whoever_was_asked_rests_and_a_survey_asks_nobody_twice(people):
    public_id = survey()
    invite(public_id, wave())
    with pytest.raises(errors.NobodyToAsk):
        invite(public_id, wave("k2"))
    other = survey("另一份")
    soon = inviting.plan(survey=other, wave=wave("k3"), sight=None, now=NOW + timedelta(days=89))
    assert soon.counts["asked_lately"] == 10
    assert soon.asked == 0
    rested = inviting.plan(survey=other, wave=wave("k3"), sight=None, now=NOW + timedelta(days=90))
    assert rested.asked == 10
    same = inviting.plan(
        survey=public_id, wave=wave("k4"), sight=None, now=NOW + timedelta(days=90)
    )
    assert same.counts["in_this_survey"] == 9


def test_nobody_to_ask_leaves_no_trace(people):
    Customer.objects.update(email="")
    public_id = survey()
    before = Fact.objects.count()
    with pytest.raises(errors.NobodyToAsk) as refused:
        invite(public_id, wave())
    assert refused.value.facts == {"considered": 12}
    assert models.Invitation.objects.count() == models.Wave.objects.count() == 0
    assert Fact.objects.count() == before


def test_a_closed_survey_invites_nobody(people):
    public_id = survey()
    services.close_survey(survey=public_id, now=NOW)
    with pytest.raises(errors.SurveyClosed):
        invite(public_id, wave())


def test_an_audience_narrows_whom_a_wave_looks_at(people):
    layers = {"v": 1, "where": {"field": "layer", "op": "eq", "value": "high_win_back"}}
    found = inviting.plan(
        survey=survey(), wave=wave(expression=layers, audience="易挽回"), sight=None, now=NOW
    )
    assert sorted(found.people.tolist()) == [people[place].pk for place in (2, 6, 10)]


def test_a_customer_s_invitations_tell_why_they_were_not_asked(people):
    public_id = survey()
    invite(public_id, wave())
    assert [(one.state, one.reason) for one in queries.invitations_of(people[3].pk)] == [
        ("not_asked", "no_address")
    ]
    assert [(one.state, one.reason) for one in queries.invitations_of(people[5].pk)] == [
        ("asked", "")
    ]


def test_the_database_keeps_no_decision_without_a_reason(people):
    from django.db import IntegrityError, transaction

    invite(survey(), wave())
    row = models.Wave.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Invitation.objects.filter(wave=row, state="not_asked").update(reason="")


def test_twenty_thousand_people_are_looked_at_in_one_pass(people):
    with connection.cursor() as cursor:
        # Read again for every customer, the addresses of all would take minutes.
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute(
            "INSERT INTO customers_customer (code, name, name_folded, name_pinyin, name_initials,"
            " kind, phone, phone_reversed, phone_is_masked, email, birth_calendar, acquired_from,"
            " tags, created_at) SELECT 'x' || g, '', '', '', '', 'person', '', '', false,"
            " 'x' || g || '@example.com', 'solar', '', '{}', now() FROM generate_series(1, 20000) g"
        )
    found = inviting.plan(survey=survey(), wave=wave(size=500), sight=None, now=NOW)
    assert (found.asked, found.counts["not_drawn"]) == (500, 19_509)
