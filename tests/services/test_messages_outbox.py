"""The outbox on a real database: one message per key, states that only go forward, who may be
written to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huitou.customers import services as customers
from huitou.customers.queries import is_not_to_be_contacted
from huitou.flows import costs, sending
from huitou.platform import models
from huitou.platform.messages import deciding, erasure, errors, handing, queries
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Dead
from huitou.staff import services as staff
from tests.services.outbox_house import (
    NOW,
    consent,
    found_company,
    one,
    outgoing,
    person,
    queue,
    states,
    subscriber,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db):
    found_company()


def setting(name, value, scope=""):
    staff.set_setting(
        name=name, value=value, valid_from=NOW.date(), scope=scope, actor="cli", now=NOW
    )


def may(*ids, channel="email", purpose="marketing", now=NOW):
    return sending.may_contact(ids, channel=channel, purpose=purpose, now=now)


def test_the_same_key_is_the_same_message():
    first = queue("a")
    assert queue("a") == first
    assert models.Message.objects.count() == 1


def test_another_message_under_a_known_key_is_refused_and_leaves_no_trace():
    queue("a")
    with pytest.raises(errors.KeyReused):
        outbox.queue_all([outgoing("b"), outgoing("a", text="other words")], now=NOW)
    assert list(states()) == ["a"]


def test_a_batch_that_was_cut_short_is_queued_again_as_a_whole():
    ids = outbox.queue_all([outgoing("a"), outgoing("b")], now=NOW)
    again = outbox.queue_all([outgoing("a"), outgoing("b"), outgoing("c")], now=NOW)
    assert again[:2] == ids
    assert list(states()) == ["a", "b", "c"]


def test_a_batch_is_queued_in_one_statement_whatever_its_size(django_assert_max_num_queries):
    batch = [outgoing(f"k{number}") for number in range(500)]
    with django_assert_max_num_queries(12):
        assert len(outbox.queue_all(batch, now=NOW)) == 500


def test_the_words_of_a_secret_are_not_to_be_guessed_from_what_is_kept():
    queue("a", text="your code is 123456", is_secret=True)
    queue("b", text="your code is 654321", is_secret=True)
    kept = {row.digest for row in models.Message.objects.all()}
    outbox.queue(outgoing("a", text="your code is 999999", is_secret=True), now=NOW)
    assert len(kept) == 2  # by their addresses, not by their codes


@pytest.mark.parametrize(
    ("was", "to"),
    [("sent", "queued"), ("refused", "queued"), ("bounced", "sent"), ("cancelled", "sending")],
)
def test_the_database_lets_no_message_go_back(was, to):
    pk = queue("a")
    path = {"sent": ["sending", "sent"], "bounced": ["sending", "bounced"]}.get(was, [was])
    for state in path:
        models.Message.objects.filter(pk=pk).update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Message.objects.filter(pk=pk).update(state=to)


def test_cancelling_takes_back_only_what_still_waits():
    queue("a")
    queue("b")
    models.Message.objects.filter(key="a").update(state="sending")
    assert outbox.cancel(source="campaign:cmp_1") == 1
    assert states() == {"a": "sending", "b": "cancelled"}


def test_only_who_gave_consent_gets_marketing_and_each_other_has_a_reason():
    yes = subscriber("yes")
    asked = {
        yes: None,
        person("silent", email="s@example.com"): "no_consent",
        person("no", email="n@example.com", said="refused"): "refused",
        person("nomore", email="m@example.com", said="withdrawn"): "withdrawn",
        person("unreachable", said="given"): "no_address",
        999_999_999: "no_such_customer",
    }
    assert may(*asked) == asked


def test_service_reaches_who_never_answered_and_a_survey_not_who_refused_marketing():
    silent = person("silent", email="s@example.com")
    no = person("no", email="n@example.com", said="refused")
    assert may(silent, no, purpose="service") == {silent: None, no: None}
    assert may(silent, no, purpose="survey") == {silent: None, no: "refused"}
    consent(no, "email", "given", purpose="survey")
    assert may(no, purpose="survey") == {no: None}


def test_who_shares_an_address_shares_its_strictest_answer():
    one_name = person("one", email="home@example.com", said="given")
    other_name = person("other", email="home@example.com", said="withdrawn")
    assert may(one_name, other_name) == {one_name: "withdrawn", other_name: "withdrawn"}
    silent = person("silent", email="home2@example.com", said="given")
    person("lodger", email="home2@example.com")
    assert may(silent) == {silent: None}, "silence of another is no refusal"


def test_a_phone_number_is_shared_too():
    first = person("one", phone="+8613800000001", said="given")
    person("other", phone="+8613800000001", said="refused")
    assert may(first, channel="sms") == {first: "refused"}


def test_do_not_contact_stops_all_but_service_until_taken_back():
    pk = subscriber("a")
    assert customers.stop_contact(customer_id=pk, evidence="by phone", now=NOW)
    assert not customers.stop_contact(customer_id=pk, evidence="again", now=NOW)
    assert is_not_to_be_contacted(pk)
    assert may(pk) == {pk: "do_not_contact"}
    assert may(pk, purpose="survey") == {pk: "do_not_contact"}
    assert may(pk, purpose="service") == {pk: None}
    customers.allow_contact(customer_id=pk, evidence="by phone", now=NOW + timedelta(days=1))
    assert may(pk) == {pk: None}


def test_do_not_contact_holds_for_whoever_shares_the_address():
    stopped = person("stopped", email="home@example.com", phone="+8613800000001")
    mail = person("mail", email="home@example.com", said="given")
    phone = person("phone", email="p@example.com", phone="+8613800000001", said="given")
    customers.stop_contact(customer_id=stopped, evidence="by phone", now=NOW)
    assert may(mail, phone) == {mail: "do_not_contact", phone: None}
    assert may(phone, channel="sms") == {phone: "do_not_contact"}
    assert may(mail, purpose="service") == {mail: None}
    customers.allow_contact(customer_id=stopped, evidence="by phone", now=NOW + timedelta(days=1))
    assert may(mail) == {mail: None}


def test_the_cap_counts_what_was_sent_and_what_waits_within_its_days():
    pk = subscriber("a")
    setting("contact_caps", "2/30")
    queue("one", pk)
    assert may(pk) == {pk: None}
    queue("two", pk, channel="sms", address="+8613800000001")
    assert may(pk) == {pk: "cap"}
    assert may(pk, purpose="survey") == {pk: None}, "counted by purpose"
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="sent", began_at=NOW)
    # Noon of 30 June in Shanghai: the last of thirty civil days is 29 July.
    midnight = datetime(2026, 7, 29, 16, 0, tzinfo=UTC)
    assert may(pk, now=midnight - timedelta(seconds=1)) == {pk: "cap"}
    assert may(pk, now=midnight) == {pk: None}, "a new day begins at the company's midnight"
    setting("contact_caps", "none")
    assert may(pk) == {pk: None}


def test_a_dead_address_is_not_written_to_but_answered():
    pk = subscriber("a")
    queue("before", address="a@example.com", purpose="service")
    digest = outbox.address_digest("email", "A@example.com ")
    handing.bury([Dead("email", digest, "came_back")], now=NOW)
    assert may(pk) == {pk: "address_dead"}
    assert may(pk, purpose="service") == {pk: None}


def test_a_million_people_are_asked_set_by_set(django_assert_max_num_queries):
    ids = [subscriber(f"c{number}") for number in range(30)]
    with django_assert_max_num_queries(6):
        assert set(may(*ids).values()) == {None}


@pytest.mark.parametrize(
    ("decide", "state"),
    [
        (deciding.it_left, ("sent", "said_by_person")),
        (deciding.it_did_not_leave, ("failed", "said_by_person")),
        (deciding.send_again, "queued"),
    ],
)
def test_a_person_decides_what_is_in_doubt_and_it_is_on_record(decide, state):
    queue("a")
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="in_doubt", reason="interrupted")
    assert decide([one("a").ref], actor="user:1", now=NOW) == 1
    assert states() == {"a": state}
    assert models.AuditEntry.objects.get(action="settle_message").actor == "user:1"


def test_a_refused_address_is_not_tried_again_by_hand():
    queue("a")
    models.Message.objects.update(state="failed", reason="address_refused")
    with pytest.raises(errors.StateDisagrees):
        deciding.send_again([one("a").ref], actor="user:1", now=NOW)
    with pytest.raises(errors.MessageMissing):
        deciding.send_again(["msg_none"], actor="user:1", now=NOW)


def test_erasing_a_person_forgets_to_whom_and_what_but_not_that():
    pk = subscriber("a")
    queue("one", pk)
    queue("two", pk)
    models.Message.objects.filter(key="one").update(state="sending")
    assert [row["address"] for row in erasure.export(pk)] == ["one@example.com", "two@example.com"]
    assert erasure.erase(pk, now=NOW) == 2
    assert states() == {"one": "sending", "two": ("refused", "erased")}
    assert erasure.export(pk) == []
    assert "example.com" not in str(list(models.Message.objects.values()))


def test_the_cost_of_a_thousand_sms_in_a_month_is_sixty_five_yuan():
    assert costs.estimate_minor("sms", messages=1_000, now=NOW) == 6_500
    queue("a", channel="sms", address="+8613800000001")
    models.Message.objects.update(state="sending", began_at=NOW - timedelta(days=1))
    assert costs.estimate_minor("sms", messages=1_000, now=NOW) == 5_000
    next_month = NOW + timedelta(days=1)  # 1 July in Shanghai
    assert costs.estimate_minor("sms", messages=1_000, now=next_month) == 6_500
    assert costs.estimate_minor("wechat", messages=1_000, now=NOW) is None
    setting("tariff_minor", "0/8", "channel:wechat")
    assert costs.estimate_minor("wechat", messages=1_000, now=NOW) == 8_000


def test_long_texts_cost_by_their_parts():
    signed = "【山野咖啡】" + "，拒收请回复R"
    assert costs.parts_of("sms", "茶" * (70 - len(signed)), purpose="marketing", now=NOW) == 1
    assert costs.parts_of("sms", "茶" * (71 - len(signed)), purpose="marketing", now=NOW) == 2
    assert costs.parts_of("email", "茶" * 999, purpose="marketing", now=NOW) == 1


def test_who_sent_them_sees_what_became_of_them():
    pk = subscriber("a")
    queue("one", pk)
    models.Message.objects.update(state="refused", reason="cap")
    assert queries.by_state("campaign:cmp_1") == {"refused": 1}
    assert queries.fates("campaign:cmp_1") == {pk: ("refused", "cap")}
    assert [row.state for row in queries.of_customer(pk)] == ["refused"]
