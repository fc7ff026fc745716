"""What comes back by mail, read in a real conversation with a mailbox."""

import contextlib
import socket
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from huitou.customers import models as people
from huitou.flows import incoming, mailbox, sending
from huitou.platform import models
from huitou.platform.messages import queries, reporting
from tests.rules.returned_mails import complaint, dsn, told_in_words
from tests.services.mail_server import free_port, mail_server
from tests.services.mailbox_server import tls_from_start
from tests.services.outbox_house import (
    NOW,
    one,
    queue,
    states,
    subscriber,
)
from tests.services.returned_house import look, mark, may, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def test_a_mail_that_left_by_smtp_and_came_back_is_on_record_with_its_reason(box, settings):
    pk = subscriber("chen")
    queue("chen", pk)
    with mail_server() as (handler, url):
        settings.SMTP_URL = url.replace("back@", "back%2B*@")
        sending.send_due(NOW)
    (path,) = handler.senders
    assert path == f"back+{mark('chen')}@shop.example"
    box.put(
        dsn(mark("chen"), to="chen@example.com", returned=False).replace(
            b"back@", path[:-12].encode()
        )
    )
    row = look()
    assert (row.reports, row.unmatched) == (1, 0)
    assert (states(), one("chen").detail) == ({"chen": ("bounced", "came_back")}, "5.1.1")
    assert may(pk) == "address_dead"
    dead = queries.dead_ones("email", ["chen@example.com"])["chen@example.com"]
    assert (dead.reason, dead.detail, dead.since) == ("came_back", "5.1.1", NOW)
    assert box.seen() == [True], "nobody need look at it any more"


def test_reading_again_changes_nothing_and_a_second_mail_is_found(box):
    for key in ("a", "b"):
        sent(key, customer_id=subscriber(key))
    box.put(dsn(mark("a"), to="a@example.com"))
    assert look().reports == 1
    assert look(NOW + timedelta(minutes=3)).reports == 1
    box.put(dsn(mark("b"), to="b@example.com"))
    row = look(NOW + timedelta(minutes=6))
    assert (row.reports, set(states().values())) == (2, {("bounced", "came_back")})


def test_a_mailbox_that_numbers_anew_is_read_again_and_nothing_is_counted_twice(box):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), "5.2.2", to="a@example.com"))
    look()
    models.MailboxReading.objects.update(validity=1, uid=99_999)
    look()
    assert models.Return.objects.count() == 1


def test_a_full_box_counts_and_the_third_within_the_days_makes_the_address_unreachable(box):
    pk = subscriber("a")
    for number, now in enumerate([NOW, NOW + timedelta(days=8), NOW + timedelta(days=20)]):
        assert may(pk, now=now) in {None, "cap"}
        box.put(
            dsn(
                sent(f"k{number}", customer_id=pk, address="a@example.com"),
                "5.2.2",
                to="a@example.com",
            )
        )
        look(now)
    assert may(pk, now=NOW + timedelta(days=20)) == "address_dead"
    dead = queries.dead_ones("email", ["a@example.com"])["a@example.com"]
    assert (dead.reason, dead.detail) == ("came_back_often", "5.2.2")
    assert set(states().values()) == {("failed", "came_back_for_now")}


def test_full_boxes_long_apart_count_for_nothing(box):
    pk = subscriber("a")
    for number in range(3):
        box.put(
            dsn(
                sent(f"k{number}", customer_id=pk, address="a@example.com"),
                "4.2.2",
                to="a@example.com",
            )
        )
        look(NOW + timedelta(days=31 * number))
    assert may(pk, now=NOW + timedelta(days=70)) is None


def test_what_is_held_against_our_sending_makes_no_address_unreachable(box):
    pk = subscriber("a")
    for number in range(4):
        made = sent(f"k{number}", customer_id=pk, address="a@example.com")
        box.put(dsn(made, "5.7.1", to="a@example.com", words="554 5.7.1 blocked as spam"))
    look()
    assert may(pk, now=NOW + timedelta(days=60)) is None
    assert set(states().values()) == {("failed", "message_refused")}


def test_the_mailbox_somebody_forwards_to_is_not_the_address_we_wrote_to(box):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), to="another@elsewhere.example"))
    look()
    assert may(pk, now=NOW + timedelta(days=60)) is None
    assert states() == {"a": ("failed", "came_back_for_now")}


def test_a_complaint_withdraws_consent_with_its_proof(box):
    pk = subscriber("a")
    made = sent("a", customer_id=pk)
    queue("next", pk)
    box.put(complaint(made))
    look()
    said = people.Consent.objects.filter(customer_id=pk, channel="email").latest("pk")
    assert (said.state, said.purpose) == ("withdrawn", "marketing")
    assert said.evidence == f"complaint (feedback report) about {one('a').ref}"
    assert states() == {"a": "sent", "next": ("refused", "withdrawn")}


def test_a_forged_report_about_an_address_changes_nothing(box):
    pk = subscriber("a")
    sent("a", customer_id=pk)
    box.put(dsn(one("a").ref.lower().removeprefix("msg_"), to="a@example.com"))
    row = look()
    assert (row.reports, row.unmatched, may(pk, now=NOW + timedelta(days=60))) == (0, 1, None)
    assert box.seen() == [False]


def test_a_mail_of_qq_that_says_it_in_words_is_understood(box):
    pk = subscriber("a")
    box.put(
        told_in_words(
            sent("a", customer_id=pk), "退信原因：550 Mailbox not found",
            sender="postmaster@qq.com", subject="系统退信",
        )
    )  # fmt: skip
    look()
    assert may(pk) == "address_dead"


def test_somebody_who_knows_that_the_address_works_says_so(box):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), to="a@example.com"))
    look()
    assert may(pk) == "address_dead"
    assert reporting.revive([one("a").ref], actor="user:1", now=NOW) == 1
    assert may(pk, now=NOW + timedelta(days=60)) is None
    entry = models.AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor) == ("revive_address", "user:1")


def test_tls_from_the_start_is_spoken_too(box, port, settings):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), to="a@example.com"))
    with tls_from_start(port) as secure:
        settings.IMAP_URL = box.url(scheme="imaps", port=secure)
        look()
    assert may(pk) == "address_dead"


def trouble(url, settings):
    settings.IMAP_URL = url
    assert mailbox.read(NOW) is False
    row = mailbox.state()
    assert row is not None
    assert (row.read_at, row.trouble_since) == (None, NOW)
    said = mailbox.trouble()
    assert said is not None
    return row.trouble


def test_what_is_wrong_with_a_mailbox_is_said(box, port, settings, monkeypatch):
    assert trouble(box.url(password="wrong"), settings) == "sign_in"
    assert trouble(box.url() + "-not-there", settings) == "folder"
    assert trouble(box.url(port=free_port()), settings) == "no_connection"
    with Talker(b"* BYE go away\r\n") as deaf:
        assert trouble(box.url(port=deaf.port), settings) in {"no_connection", "protocol"}
    monkeypatch.delenv("SSL_CERT_FILE")
    assert trouble(box.url(), settings) == "tls"
    with tls_from_start(port) as secure:
        assert trouble(box.url(scheme="imaps", port=secure), settings) == "tls"


def test_a_mailbox_that_is_well_again_is_read_where_it_was_left(box, settings):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), to="a@example.com"))
    name = mailbox.name()
    models.MailboxReading.objects.create(
        name=name, looked_at=NOW, trouble="no_connection", trouble_since=NOW
    )
    assert mailbox.trouble()
    look()
    assert (may(pk), mailbox.trouble()) == ("address_dead", None)


def test_a_mail_met_while_the_database_failed_is_taken_next_time(box, monkeypatch):
    pk = subscriber("a")
    box.put(dsn(sent("a", customer_id=pk), to="a@example.com"))

    def fails(*_, **__):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(reporting, "keep_returns", fails)
        with pytest.raises(OperationalError):
            mailbox.read(NOW)
    assert may(pk) is None
    look()
    assert may(pk) == "address_dead"


def test_without_a_mailbox_nobody_looks(settings):
    settings.IMAP_URL = ""
    assert mailbox.read(NOW) is False
    assert (mailbox.name(), mailbox.state(), mailbox.trouble()) == ("", None, None)


def test_the_name_of_a_mailbox_holds_no_secret(box):
    look()
    assert "p:w/d@" not in models.MailboxReading.objects.get().name
    assert "%3A" not in models.MailboxReading.objects.get().name


def test_a_mail_handed_in_is_taken_like_one_of_the_mailbox():
    pk = subscriber("a")
    raw = dsn(sent("a", customer_id=pk), to="a@example.com")
    for _ in range(2):
        taken = incoming.take(raw, letters=False, received_at=None, now=NOW)
        assert (taken.kind, taken.reports) == ("report", 1)
    assert may(pk) == "address_dead"


def test_a_password_is_never_said_in_the_open(box, settings):
    with Talker(b"* OK IMAP4rev1 ready\r\n", capability=b"IMAP4rev1 AUTH=PLAIN") as plain:
        assert trouble(box.url(port=plain.port), settings) == "tls"
    assert plain.heard
    assert not any(b"LOGIN" in line or b"AUTH" in line for line in plain.heard)


class Talker:
    """Somebody who greets whoever comes, says what they can do if asked, and hangs up."""

    def __init__(self, greeting, *, capability=b""):
        self._greeting, self._capability = greeting, capability
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heard = []

    def __enter__(self):
        threading.Thread(target=self._talk, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _talk(self):
        with contextlib.suppress(OSError):
            end, _ = self._listener.accept()
            with end:
                end.sendall(self._greeting)
                for line in end.makefile("rb"):
                    self.heard.append(line)
                    tag = line.split(b" ")[0]
                    if b"CAPABILITY" not in line:
                        return
                    end.sendall(
                        b"* CAPABILITY " + self._capability + b"\r\n" + tag + b" OK done\r\n"
                    )
