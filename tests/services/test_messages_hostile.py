"""Mail servers that are slow, refuse, hang up or fail at TLS: whatever they do, it is known what
became of each message, nobody is lost and nobody gets marketing twice."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from huitou.connectors.smtp import conversation
from huitou.flows import contacting, sending
from tests.services.mail_server import mail_server
from tests.services.mailbox_server import PEM
from tests.services.outbox_house import NOW, found_company, one, queue, states, subscriber

pytestmark = pytest.mark.django_db
Talk = Callable[[socket.socket], None]


@pytest.fixture(autouse=True)
def _company(db, monkeypatch):
    found_company()
    monkeypatch.setattr(conversation, "TIMEOUT_SECONDS", 0.6)


@contextmanager
def server(talk: Talk) -> Iterator[str]:
    """Somebody who talks with whoever comes as ``talk`` says; the address for HUITOU_SMTP_URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                end, _ = listener.accept()
            except OSError:
                return
            with end, contextlib.suppress(OSError, ssl.SSLError):
                talk(end)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"smtp://localhost:{listener.getsockname()[1]}?from=shop@shop.example"
    finally:
        listener.close()


def talker(**replies: str) -> Talk:
    """A server that takes everything but where ``replies`` says otherwise, by the verb: a reply,
    ``-`` hangs up, ``…`` says nothing for a long time."""
    usual = {
        "banner": "220 here", "ehlo": "250-here\r\n250 SIZE", "mail": "250 ok", "rcpt": "250 ok",
        "data": "354 go on", "text": "250 taken", "rset": "250 ok", "quit": "221 bye",
        "starttls": "220 go on",
    }  # fmt: skip
    says = usual | replies

    def talk(end: socket.socket) -> None:
        lines = end.makefile("rb")
        if not reply(end, says["banner"]):
            return
        is_text = False
        for raw in lines:
            line = raw.rstrip(b"\r\n").decode("latin-1")
            if is_text and line != ".":
                if says["text"] == "--":  # in the middle of the text
                    return
                continue
            verb = "text" if is_text else line.split(" ")[0].lower()
            is_text = verb == "data" and says["data"].startswith("354")
            if not reply(end, says.get(verb, "500 what?")) or verb == "quit":
                return

    return talk


def reply(end: socket.socket, text: str) -> bool:
    """Say it; whether the conversation goes on."""
    if text == "…":
        time.sleep(2)
        return False
    if text in {"-", "--"}:
        return False
    end.sendall(f"{text}\r\n".encode())
    return True


def sent_to(url, settings, *, purpose="marketing", now=NOW):
    settings.SMTP_URL = url
    queue("a", subscriber("a"), address="a@example.com", purpose=purpose)
    sending.send_due(now)
    return states()["a"]


@pytest.mark.parametrize(
    ("replies", "state", "attempts"),
    [
        pytest.param({"banner": "554 no"}, "queued", 0, id="refuses whoever comes"),
        pytest.param({"banner": "…"}, "queued", 0, id="says nothing at all"),
        pytest.param({"ehlo": "-"}, "queued", 0, id="hangs up at the greeting"),
        pytest.param({"mail": "550 not you"}, "queued", 0, id="refuses us as the sender"),
        pytest.param({"mail": "-"}, "queued", 1, id="hangs up after the sender"),
        pytest.param({"rcpt": "…"}, "queued", 1, id="is silent about the receiver"),
        pytest.param({"rcpt": "-"}, "queued", 1, id="hangs up at the receiver"),
        pytest.param({"data": "-"}, "queued", 1, id="hangs up before the text"),
        pytest.param({"data": "451 later"}, "queued", 1, id="wants the text later"),
        pytest.param({"text": "451 later"}, "queued", 1, id="has read it and wants it later"),
        pytest.param({"text": "552 too much"}, ("failed", "message_refused"), 1, id="too large"),
        pytest.param({"text": "--"}, ("in_doubt", "answer_lost"), 1, id="hangs up in the text"),
        pytest.param({"text": "-"}, ("in_doubt", "answer_lost"), 1, id="hangs up after it"),
        pytest.param({"text": "…"}, ("in_doubt", "answer_lost"), 1, id="is silent after it"),
        pytest.param({"text": "nonsense"}, ("in_doubt", "answer_lost"), 1, id="says nonsense"),
    ],
)
def test_whatever_a_server_does_what_became_of_the_offer_is_known(
    replies, state, attempts, settings
):
    with server(talker(**replies)) as url:
        assert sent_to(url, settings) == state
    assert one("a").attempts == attempts


def test_what_is_in_doubt_goes_again_only_if_it_is_service(settings):
    with server(talker(text="-")) as url:
        assert sent_to(url, settings, purpose="service") == "queued"
    with server(talker()) as url:
        settings.SMTP_URL = url
        sending.send_due(NOW + timedelta(minutes=2))
    assert states() == {"a": "sent"}


def test_first_later_then_taken(settings):
    with server(talker(rcpt="451 4.7.1 greylisted")) as url:
        assert sent_to(url, settings) == "queued"
        sending.send_due(NOW + timedelta(seconds=30))
        assert one("a").attempts == 1, "not before its time"
    with server(talker()) as url:
        settings.SMTP_URL = url
        sending.send_due(NOW + timedelta(minutes=2))
    assert (states(), one("a").attempts) == ({"a": "sent"}, 2)


def test_a_server_that_hangs_up_between_two_mails_gets_both(settings):
    with server(talker(rset="-")) as url:
        settings.SMTP_URL = url
        for key in ("a", "b", "c"):
            queue(key, subscriber(key))
        sending.send_due(NOW)
    assert set(states().values()) == {"sent"}


def test_a_slow_server_ends_no_run_in_the_middle_of_a_mail(settings, monkeypatch):
    monkeypatch.setattr(sending, "BUDGET_SECONDS", 0.3)
    monkeypatch.setattr(conversation, "TIMEOUT_SECONDS", 5.0)

    def slow(end: socket.socket) -> None:
        time.sleep(0.4)
        talker()(end)

    with server(slow) as url:
        settings.SMTP_URL = url
        for key in ("a", "b"):
            queue(key, subscriber(key))
        tally = sending.send_due(NOW)
        assert (tally.sent, tally.is_unfinished) == (1, True)
        assert states() == {"a": "sent", "b": "queued"}
        sending.send_due(NOW)
    assert set(states().values()) == {"sent"}


def over_tls(end: socket.socket) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with context.wrap_socket(end, server_side=True) as secure:
        talker()(secure)


def test_tls_from_the_start_needs_a_certificate_we_trust(settings, monkeypatch):
    with server(over_tls) as url:
        secure = url.replace("smtp://", "smtps://")
        assert sent_to(secure, settings) == "queued"
        assert (one("a").attempts, one("a").detail) == (0, "TLS")
        monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
        sending.send_due(NOW + timedelta(minutes=2))
    assert states() == {"a": "sent"}


def test_a_plain_server_where_tls_was_asked_for_gets_nothing(settings):
    with server(talker()) as url:
        assert sent_to(url.replace("smtp://", "smtps://"), settings) == "queued"
    assert one("a").attempts == 0


@pytest.mark.parametrize("starttls", ["454 not now", "220 go on", "-"])
def test_a_server_that_offers_tls_and_cannot_gets_nothing(settings, starttls):
    with server(talker(ehlo="250-here\r\n250 STARTTLS", starttls=starttls)) as url:
        assert sent_to(url, settings) == "queued"
    assert one("a").attempts == 0


def test_a_password_is_never_said_in_the_open(settings):
    heard: list[bytes] = []

    def listen(end: socket.socket) -> None:
        end.sendall(b"220 here\r\n")
        for line in end.makefile("rb"):
            heard.append(line)
            end.sendall(b"250-here\r\n250 AUTH PLAIN LOGIN\r\n")

    with server(listen) as url:
        assert sent_to(url.replace("smtp://", "smtp://u:secret@"), settings) == "queued"
    assert not any(b"AUTH" in line for line in heard)
    assert one("a").detail == "no TLS for the password"


def test_a_server_that_gives_reports_is_told_what_to_repeat_in_them(settings):
    heard: list[str] = []

    def listen(end: socket.socket) -> None:
        end.sendall(b"220 here\r\n")
        for raw in end.makefile("rb"):
            line = raw.decode().strip()
            heard.append(line)
            end.sendall(b"250-here\r\n250 DSN\r\n" if line.startswith("ehlo") else b"250 ok\r\n")

    with server(listen) as url:
        settings.SMTP_URL = url + "&bounces=back%2B*@shop.example"
        queue("a", subscriber("a"), address="li+x=y@example.com")
        sending.send_due(NOW)
    mark = contacting.surroundings("email", now=NOW).mark(one("a").ref)
    (mail,) = [line for line in heard if line.lower().startswith("mail")]
    (to,) = [line for line in heard if line.lower().startswith("rcpt")]
    assert mail.lower().startswith(f"mail from:<back+{mark}@shop.example>")
    assert f"ENVID={mark}" in mail
    assert "RET=HDRS" in mail
    # RFC 3461, section 4: + and = are written in hexadecimal.
    assert to.endswith("NOTIFY=FAILURE ORCPT=rfc822;li+2Bx+3Dy@example.com")


def test_a_run_that_meets_the_quiet_hours_stops_there(settings, monkeypatch):
    late = NOW.replace(hour=12, minute=59, second=59)  # 20:59:59 in Shanghai
    with mail_server() as (handler, url):
        settings.SMTP_URL = url
        handler.delay_seconds = 0.7
        monkeypatch.setattr(conversation, "TIMEOUT_SECONDS", 5.0)
        for number in range(5):
            queue(f"k{number}", subscriber(f"k{number}"))
        sending.send_due(late)
    assert 1 <= len(handler.taken) <= 2, "whatever began before nine has left, and no more"
    assert sorted(set(states().values())) == ["queued", "sent"]
