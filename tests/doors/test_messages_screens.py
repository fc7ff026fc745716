"""The messages page, lists out and back, and the page that says no more."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huitou.cli import messages
from huitou.connectors.smtp.errors import NotMail
from huitou.customers import models as people
from huitou.flows import contacting, mailbox, sending
from huitou.platform import models
from huitou.platform.messages import handing, queries
from huitou.platform.messages.errors import NothingToSend, RowsUnreadable
from huitou.platform.messages.types import Dead
from tests.rules.returned_mails import dsn
from tests.services.mail_server import free_port
from tests.services.outbox_house import NOW, one, person, queue, states, subscriber

pytestmark = pytest.mark.django_db
Make = Callable[..., Client]


def sms(key: str, number: int) -> int:
    phone = f"+8613800000{number:03d}"
    pk = person(key, phone=phone, said="given")
    queue(key, pk, channel="sms", address=phone, now=timezone.now())
    return pk


def page(browser: Client) -> str:
    answer = browser.get("/messages")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_outbox_says_what_comes_here(signed_in: Make) -> None:
    text = page(signed_in("marketer"))
    assert "还没有名单" in text
    assert "HUITOU_SMTP_URL" in text, "without a mail server it says so"


@pytest.mark.parametrize(("role", "status"), [("cashier", 403), ("service_agent", 403)])
def test_who_sees_no_campaigns_sees_no_messages(signed_in: Make, role: str, status: int) -> None:
    assert signed_in(role).get("/messages").status_code == status


def test_an_analyst_looks_and_decides_nothing(signed_in: Make) -> None:
    queue("a", subscriber("a"), now=timezone.now())
    models.Message.objects.update(state="failed", reason="gave_up")
    browser = signed_in("analyst")
    assert 'name="ref"' not in page(browser)
    answer = browser.post("/messages/decide", {"ref": one("a").ref, "decision": "again"})
    assert answer.status_code == 403
    assert states() == {"a": ("failed", "gave_up")}


def test_what_is_in_doubt_is_listed_and_decided(signed_in: Make) -> None:
    for key in ("a", "b"):
        queue(key, subscriber(key), now=timezone.now())
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="in_doubt", reason="interrupted")
    browser = signed_in("marketer")
    assert page(browser).count('name="ref"') == 2
    answer = browser.post("/messages/decide", {"ref": one("a").ref, "decision": "left"})
    assert answer.status_code == 302
    assert states() == {"a": ("sent", "said_by_person"), "b": ("in_doubt", "interrupted")}
    browser.post("/messages/decide", {"decision": "left"})
    browser.post("/messages/decide", {"ref": "msg_none", "decision": "left"})
    assert states()["b"] == ("in_doubt", "interrupted")


def test_a_refused_address_is_not_tried_again_until_somebody_says_that_it_works(
    signed_in: Make,
) -> None:
    pk = subscriber("a")
    queue("a", pk, now=timezone.now())
    models.Message.objects.update(state="failed", reason="address_refused", detail="550 5.1.1")
    handing.bury([Dead("email", one("a").address_digest, "refused", "550 5.1.1")], now=NOW)
    browser = signed_in("marketer")
    assert "550 5.1.1" in page(browser)
    browser.post("/messages/decide", {"ref": one("a").ref, "decision": "again"})
    assert states() == {"a": ("failed", "address_refused")}
    asked = {"channel": "email", "purpose": "marketing", "now": timezone.now()}
    assert sending.may_contact([pk], **asked) == {pk: "address_dead"}
    browser.post("/messages/decide", {"ref": one("a").ref, "decision": "works"})
    assert sending.may_contact([pk], **asked) == {pk: None}


def test_the_mailbox_of_returned_mail_says_how_it_stands(
    signed_in: Make, settings: Any, client: Client
) -> None:
    browser = signed_in("marketer", language="en")
    assert "No mailbox is set up" in page(browser)
    assert client.get("/healthz").json()["mailbox"] == {"state": "not_set_up", "read_at": None}
    settings.IMAP_URL = "imaps://back%40shop.example:secret@mail.example/INBOX"
    assert "has not been read yet" in page(browser)
    models.MailboxReading.objects.create(
        name=mailbox.name(), looked_at=NOW, trouble="sign_in", trouble_since=NOW, reports=7
    )
    text = page(browser)
    assert "corrects user and password in HUITOU_IMAP_URL" in text
    assert "secret" not in text
    assert client.get("/healthz").json()["mailbox"]["state"] == "sign_in"
    assert "mail.example" not in client.get("/healthz").content.decode()
    models.MailboxReading.objects.update(trouble="", trouble_since=None, read_at=NOW)
    assert "corrects user" not in page(browser)


def test_rows_that_are_left_out_are_shown_before_anything_is_written(signed_in: Make) -> None:
    sms("a", 1)
    browser = signed_in("marketer", language="en")
    browser.post("/messages/lists", {"channel": "sms"})
    rows = f"message_id,status\n{one('a').ref},sent\n{one('a').ref},=cmd()\n,failed\n"
    sent = SimpleUploadedFile("back.csv", rows.encode())
    answer = browser.post("/messages/reports", {"channel": "sms", "file": sent})
    text = answer.content.decode()
    assert "=cmd()" in text
    assert "Write down the others" in text
    assert states() == {"a": "sending"}
    token = text.partition('name="token" value="')[2].partition('"')[0]
    browser.post("/messages/reports", {"channel": "sms", "step": "apply", "token": token})
    assert states() == {"a": "sent"}


def test_the_page_asks_the_database_a_dozen_times_at_most(
    signed_in: Make, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(5):
        sms(f"k{number}", number)
    browser = signed_in("marketer")
    browser.post("/messages/lists", {"channel": "sms"})
    page(browser)  # shows, and forgets, what was said of the list
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page(browser)


def test_a_list_goes_out_and_comes_back(signed_in: Make) -> None:
    sms("a", 1)
    sms("b", 2)
    browser = signed_in("marketer", language="en")
    browser.post("/messages/lists", {"channel": "sms"})
    (made,) = queries.latest_lists()
    answer = browser.get(f"/messages/lists/{made.public_id}")
    noted = models.AuditEntry.objects.get(action="messages.list_export")
    assert (noted.subject, noted.actor.partition(":")[0]) == (f"list:{made.public_id}", "user")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{made.public_id}.csv"'
    assert answer.content.decode("utf-8-sig").count("13800000001") == 1
    file = SimpleUploadedFile("back.csv", f"message_id,status\n{one('a').ref},sent\n".encode())
    shown = browser.post("/messages/reports", {"channel": "sms", "list": "", "file": file})
    text = shown.content.decode()
    assert "Nothing has been written yet" in text
    assert states() == {"a": "sending", "b": "sending"}
    token = text.split('name="token" value="')[1].split('"')[0]
    browser.post("/messages/reports", {"step": "apply", "channel": "sms", "token": token})
    assert states() == {"a": "sent", "b": "sending"}
    browser.post(f"/messages/lists/{made.public_id}/close", {"rest": "not_sent"})
    assert states() == {"a": "sent", "b": ("failed", "said_by_person")}


def test_nobody_applies_a_file_another_sent(signed_in: Make) -> None:
    sms("a", 1)
    browser = signed_in("marketer")
    browser.post("/messages/lists", {"channel": "sms"})
    file = SimpleUploadedFile("back.csv", f"message_id,status\n{one('a').ref},sent\n".encode())
    text = browser.post("/messages/reports", {"channel": "sms", "file": file}).content.decode()
    token = text.split('name="token" value="')[1].split('"')[0]
    signed_in("manager").post(
        "/messages/reports", {"step": "apply", "channel": "sms", "token": token}
    )
    assert states() == {"a": "sending"}


def test_a_file_that_cannot_be_read_is_said_so(signed_in: Make) -> None:
    browser = signed_in("marketer", language="en")
    file = SimpleUploadedFile("back.csv", b"x,y\n1,2\n")
    browser.post("/messages/reports", {"channel": "sms", "file": file})
    assert "needs a column" in page(browser)
    browser.post("/messages/reports", {"channel": "sms"})
    assert "Choose a file" in page(browser)
    assert browser.post("/messages/reports", {"channel": "pigeon"}).status_code == 404


def test_a_list_nobody_made_is_not_found(signed_in: Make) -> None:
    assert signed_in("marketer").get("/messages/lists/lst_none").status_code == 404


@pytest.fixture
def token(company: None) -> str:
    queue("a", subscriber("a"), now=timezone.now())
    return str(one("a").token)


def withdrawn() -> int:
    return people.Consent.objects.filter(state="withdrawn").count()


def test_looking_at_the_page_withdraws_nothing(token: str, client: Client) -> None:
    answer = client.get(f"/u/{token}")
    assert (answer.status_code, withdrawn()) == (200, 0)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.head(f"/u/{token}").status_code == 200
    assert withdrawn() == 0


def test_a_mail_program_withdraws_by_one_post_without_cookies(token: str) -> None:
    program = Client(enforce_csrf_checks=True)
    answer = program.post(
        f"/u/{token}",
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, withdrawn()) == (200, 1), "no other address is named (RFC 8058)"


def test_a_mistake_is_taken_back_on_the_page(token: str, client: Client) -> None:
    text = client.post(f"/u/{token}", {"wish": "stop"}).content.decode()
    assert 'value="keep"' in text
    client.post(f"/u/{token}", {"wish": "keep"})
    assert people.Consent.objects.latest("pk").state == "given"


def test_everything_can_be_stopped_at_once(token: str, client: Client) -> None:
    client.post(f"/u/{token}", {"wish": "stop_all"})
    assert withdrawn() == 12


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_nobody_made_is_not_found(company: None, client: Client, language: str) -> None:
    for method in (client.get, client.post):
        answer = method("/u/nothing-like-this", headers={"Accept-Language": language})
        assert answer.status_code == 404


def test_the_command_lists_writes_and_takes_back(
    company: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sms("a", 1)
    assert command("list", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(row["channel"], row["messages"]) for row in shown["messages"]] == [("sms", 1)]
    assert command("out", str(tmp_path / "list.csv")) == 0
    assert "13800000001" in (tmp_path / "list.csv").read_text("utf-8-sig")
    with pytest.raises(NothingToSend):
        command("out", str(tmp_path / "again.csv"))
    assert not (tmp_path / "again.csv").exists()
    back = tmp_path / "back.csv"
    back.write_text(f"message_id,status\n{one('a').ref},sent\n")
    capsys.readouterr()
    assert command("back", str(back), "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["outcomes"] == {"sent": 1}
    assert states() == {"a": "sending"}
    assert command("back", str(back)) == 0
    assert states() == {"a": "sent"}
    assert command("send") == 0
    with pytest.raises(NotMail):
        command("bounces", str(back))


def test_the_command_lists_bad_rows_and_writes_nothing_unless_told(
    company: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sms("a", 1)
    command("out", str(tmp_path / "list.csv"))
    back = tmp_path / "back.csv"
    back.write_text(f"message_id,status\n{one('a').ref},sent\n{one('a').ref},perhaps\n")
    capsys.readouterr()
    with pytest.raises(RowsUnreadable):
        command("back", str(back))
    assert capsys.readouterr().err.startswith("3\tstatus\tperhaps\t")
    assert states() == {"a": "sending"}
    assert command("back", str(back), "--skip-rejected", "--json") == 0
    assert json.loads(capsys.readouterr().out)["rejected"] == [
        {"line": 3, "field": "status", "value": "perhaps", "reason": "status_unknown"}
    ]
    assert states() == {"a": "sent"}


def test_the_command_takes_one_mail_and_says_how_the_mailbox_stands(
    company: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    queue("a", subscriber("a"), now=timezone.now())
    models.Message.objects.update(state="sending")
    models.Message.objects.update(state="sent", began_at=NOW, ended_at=NOW)
    mark = contacting.surroundings("email", now=NOW).mark(one("a").ref)
    (tmp_path / "mail").write_bytes(dsn(mark, to="a@example.com"))
    assert command("take", str(tmp_path / "mail"), "--json") == 0
    taken = {"kind": "report", "reports": 1, "unmatched": 0, "case": ""}
    assert json.loads(capsys.readouterr().out) == taken
    assert states() == {"a": ("bounced", "came_back")}
    assert command("mailbox") == 0
    assert "HUITOU_IMAP_URL" in capsys.readouterr().out
    settings.IMAP_URL = f"imap://u:p@localhost:{free_port()}/INBOX"
    assert command("mailbox", "--json") == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["mailbox"]["trouble"] == "no_connection"


def command(*argv: str) -> int:
    """``huitou messages``, in a house that is open already."""
    parser = argparse.ArgumentParser()
    messages.add_arguments(parser)
    return messages.run(parser.parse_args(argv))
