"""Sending through a real conversation with a mail server."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from huitou.customers import services as customers
from huitou.customers.types import Statement
from huitou.flows import sending
from huitou.platform import models
from huitou.platform.messages import handing
from huitou.platform.messages import services as outbox
from huitou.staff import services as staff
from huitou.testing.channels import ChannelContract
from tests.services.mail_server import Handler, free_port, mail_server
from tests.services.outbox_house import (
    NOW,
    found_company,
    one,
    outgoing,
    person,
    queue,
    states,
    subscriber,
)

NIGHT = NOW + timedelta(hours=11)  # 23:00 in Shanghai


@pytest.fixture
def company(db):
    found_company()


@pytest.fixture
def server(company, settings):
    with mail_server() as (handler, url):
        settings.SMTP_URL = url
        settings.PUBLIC_URL = "https://shop.example"
        yield handler


def test_a_mail_reaches_the_server_as_it_was_meant(server):
    queue("chen", subscriber("chen"), subject="新茶\n到了", text="您好：{unsubscribe_url}")
    tally = sending.send_due(NOW)
    assert (tally.sent, states()) == (1, {"chen": "sent"})
    (mail,) = server.taken
    assert server.receivers == ["chen@example.com"]
    assert mail["Subject"] == "新茶 到了"
    assert mail.get_content().strip() == f"您好：https://shop.example/u/{one('chen').token}"
    assert mail["List-Unsubscribe"] == f"<https://shop.example/u/{one('chen').token}>"
    assert one("chen").provider_id == mail["Message-ID"]


def test_one_connection_carries_many_mails_in_their_order(server):
    for number in range(5):
        queue(f"k{number}", subscriber(f"k{number}"))
    sending.send_due(NOW)
    assert server.receivers == [f"k{number}@example.com" for number in range(5)]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("nobody", ("failed", "address_refused")),
        ("full", ("failed", "message_refused")),
        ("spam", ("failed", "message_refused")),
        ("badtext", ("failed", "message_refused")),
        ("greylisted", "queued"),
        ("closing", "queued"),
        ("lost", ("in_doubt", "answer_lost")),
    ],
)
def test_what_a_server_answers_decides_what_becomes_of_marketing(server, name, state):
    queue(name, subscriber(name))
    queue("next", subscriber("next"))
    sending.send_due(NOW)
    assert states()[name] == state
    assert states()["next"] == ("queued" if name == "closing" else "sent")
    assert "@" not in one(name).detail


def test_service_whose_answer_was_lost_waits_and_is_the_same_mail_again(server):
    queue("lost", purpose="service", source="case:1")
    sending.send_due(NOW)
    assert states() == {"lost": "queued"}
    sending.send_due(NOW + timedelta(minutes=2))
    assert len(server.taken) == 2
    assert len({str(mail["Message-ID"]) for mail in server.taken}) == 1


def test_a_refused_address_is_never_tried_again(server):
    queue("nobody", subscriber("nobody"))
    sending.send_due(NOW)
    pk = models.Message.objects.get(key="nobody").customer_id
    may = sending.may_contact([pk], channel="email", purpose="marketing", now=NOW)
    assert may == {pk: "address_dead"}


def test_tries_end_after_a_while(server):
    queue("greylisted", subscriber("greylisted"))
    now = NOW
    for _ in range(10):
        sending.send_due(now)
        now += timedelta(days=1)
    assert states() == {"greylisted": ("failed", "gave_up")}
    assert one("greylisted").attempts == 8


def test_a_server_that_is_down_costs_no_try_and_loses_nothing(company, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}?from=shop@shop.example"
    for number in range(3):
        queue(f"k{number}", subscriber(f"k{number}"))
    for minutes in range(0, 60, 5):
        sending.send_due(NOW + timedelta(minutes=minutes))
    assert set(states().values()) == {"queued"}
    assert {row.attempts for row in models.Message.objects.all()} == {0}


def test_without_a_server_mails_wait_and_it_is_said_so(company, settings):
    settings.SMTP_URL = ""
    queue("a", subscriber("a"))
    assert sending.send_due(NOW).sent == 0
    assert states() == {"a": "queued"}
    assert "HUITOU_SMTP_URL" in (sending.trouble("email", now=NOW) or "")


def test_a_password_is_never_sent_without_tls(company, settings):
    with mail_server() as (handler, url):
        settings.SMTP_URL = url.replace("smtp://", "smtp://shop:secret@")
        queue("a", subscriber("a"))
        sending.send_due(NOW)
        assert (handler.taken, states()) == ([], {"a": "queued"})


def test_consent_is_asked_again_when_the_message_leaves(server):
    pk = subscriber("a")
    queue("a", pk)
    statements = [Statement("email", "marketing", "withdrawn", "test")]
    later = NOW + timedelta(seconds=1)
    customers.state_consents(customer_id=pk, statements=statements, now=later)
    tally = sending.send_due(NOW)
    assert (tally.refused, states(), server.taken) == (1, {"a": ("refused", "withdrawn")}, [])


def test_of_many_messages_to_one_person_the_first_fill_the_cap(server):
    pk = subscriber("a")
    staff.set_setting(
        name="contact_caps", value="2/30", valid_from=NOW.date(), actor="cli", now=NOW
    )
    for key in ("one", "two", "three"):
        queue(key, pk)
    sending.send_due(NOW)
    assert states() == {"one": "sent", "two": "sent", "three": ("refused", "cap")}


def test_in_quiet_hours_service_leaves_and_marketing_waits_for_the_morning(server):
    queue("offer", subscriber("a"), now=NIGHT)
    queue("answer", person("b", email="b@example.com"), purpose="service", now=NIGHT)
    sending.send_due(NIGHT)
    assert states() == {"offer": "queued", "answer": "sent"}
    sending.send_due(NIGHT + timedelta(hours=8, minutes=59))
    assert states()["offer"] == "queued"
    sending.send_due(NIGHT + timedelta(hours=9))  # 08:00
    assert states()["offer"] == "sent"


def test_a_message_waits_for_its_time_and_is_pointless_after_it(server):
    queue("early", subscriber("a"), not_before=NOW + timedelta(hours=1))
    queue("late", subscriber("b"), not_after=NOW)
    sending.send_due(NOW)
    assert states() == {"early": "queued", "late": ("refused", "too_late")}
    sending.send_due(NOW + timedelta(hours=1))
    assert states()["early"] == "sent"


def test_service_goes_before_marketing_that_waited_longer(server):
    queue("offer", subscriber("offer"))
    queue("code", purpose="service", source="code", now=NOW + timedelta(seconds=5))
    sending.send_due(NOW + timedelta(seconds=10))
    assert server.receivers == ["code@example.com", "offer@example.com"]


def test_a_code_leaves_at_once_and_is_forgotten(server):
    pk = queue("chen", purpose="service", source="code", text="123456", is_secret=True)
    offer = queue("offer", subscriber("offer"))
    sending.send_now([pk, offer], now=NOW)
    assert states() == {"chen": "sent", "offer": "queued"}
    assert "123456" in server.taken[0].get_content()
    assert "123456" not in str(list(models.Message.objects.values()))


def test_an_address_that_cannot_be_one_is_refused_without_a_word_to_the_server(server):
    queue("x", subscriber("x"), address="not an address")
    sending.send_due(NOW)
    assert (states(), server.receivers) == ({"x": ("failed", "address_refused")}, [])


def test_what_a_dead_sender_left_is_in_doubt_unless_it_may_go_twice(server):
    queue("offer", subscriber("offer"))
    queue("answer", purpose="service", source="case:1")
    dead = {"state": "sending", "sender": 12345, "began_at": NOW, "attempts": 1}
    models.Message.objects.update(**dead)
    tally = sending.send_due(NOW)
    assert tally.in_doubt == 2
    assert states() == {"offer": ("in_doubt", "interrupted"), "answer": "sent"}
    assert server.receivers == ["answer@example.com"]


def test_nothing_happens_before_there_is_a_company(db):
    assert sending.send_due(NOW) == sending.Tally()


@pytest.mark.django_db(transaction=True)
def test_what_a_living_sender_holds_is_left_alone():
    found_company()
    queue("offer", subscriber("offer"))
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with handing.sender() as number:
                models.Message.objects.update(state="sending", sender=number)
                held.set()
                done.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    assert handing.recover(now=NOW) == 0
    done.set()
    thread.join()
    assert handing.recover(now=NOW) == 1
    assert states() == {"offer": ("in_doubt", "interrupted")}


@pytest.mark.django_db(transaction=True)
def test_eight_senders_at_once_send_each_message_once(settings):
    found_company()
    outbox.queue_all(
        [outgoing(f"k{number}", subscriber(f"k{number}")) for number in range(20)]
        + [outgoing(f"s{number}", purpose="service", source="case:1") for number in range(20)],
        now=NOW,
    )
    with mail_server() as (handler, url):
        settings.SMTP_URL = url

        def send():
            try:
                sending.send_due(NOW)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sending.send_due(NOW)
        assert len(handler.refs()) == len(set(handler.refs())) == 40
    assert set(states().values()) == {"sent"}


class TestSmtpKeepsThePromises(ChannelContract):
    @pytest.fixture(autouse=True)
    def _server(self):
        with mail_server(Handler()) as (_, url):
            self.url = url
            yield

    def working(self):
        return self._smtp(self.url)

    def down(self):
        return self._smtp(f"smtp://127.0.0.1:{free_port()}?from=shop@shop.example")

    def refused_address(self):
        return "nobody@example.com"

    def _smtp(self, url):
        from huitou.connectors.smtp import Smtp
        from huitou.platform.messages.types import Surroundings

        return Smtp(Surroundings("山野咖啡", "https://shop.example", smtp_url=url))
