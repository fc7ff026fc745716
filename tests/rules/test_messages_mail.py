"""E-mails as they go out, and mails that came back."""

import mailbox
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest

from huitou.connectors.smtp import bounces, errors
from huitou.connectors.smtp.mail import composed, wire_address
from huitou.connectors.smtp.server import Server
from huitou.platform.messages.types import Surroundings
from huitou.testing.channels import AT, ReportingContract, message

HOUSE = Surroundings("山野咖啡", "https://shop.example", signature="山野咖啡")
REF = "msg_01K9ZQ3S9Q7ZH4K001"


def mail(purpose="marketing", **changes):
    one = message(1, channel="email", address="chen@example.com", purpose=purpose)
    made = composed(one, HOUSE, sender="shop@shop.example", to="chen@example.com")
    return message_from_bytes(made.as_bytes(), policy=default)


def test_marketing_can_be_refused_by_one_click():
    sent = mail()
    assert sent["List-Unsubscribe"] == "<https://shop.example/u/token-1>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # RFC 8058, section 3.1
    assert "https://shop.example/u/token-1" in sent.get_content()


def test_service_carries_no_way_to_refuse():
    sent = mail("service")
    assert sent["List-Unsubscribe"] is None
    assert "/u/" not in sent.get_content()
    assert sent["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_the_same_mail_every_time():
    sent = mail()
    assert sent.as_bytes() == mail().as_bytes()
    assert sent["Message-ID"] == f"<{REF}@shop.example>"
    assert parsedate_to_datetime(sent["Date"]) == AT
    assert str(sent["From"]) == "山野咖啡 <shop@shop.example>"
    assert sent["Subject"] == "新茶到了"


def test_a_line_end_in_a_name_cannot_add_a_header():
    house = Surroundings("山野\r\nBcc: all@example.com", "https://shop.example")
    one = message(1, channel="email", address="chen@example.com")
    sent = composed(one, house, sender="shop@shop.example", to="chen@example.com")
    assert sent["Bcc"] is None


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ("chen@example.com", "chen@example.com"),
        ("chen@例子.中国", "chen@xn--fsqu00a.xn--fiqs8s"),
        ("陈@example.com", "陈@example.com"),
    ],
)
def test_a_domain_is_written_as_every_server_knows_it(given, wire):
    assert wire_address(given) == wire


@pytest.mark.parametrize("given", ["", "chen", "@example.com", "chen@", "a b@example.com", "a@b@"])
def test_what_is_no_address_is_said_so(given):
    with pytest.raises(ValueError, match="no address"):
        wire_address(given)


@pytest.mark.parametrize(
    ("url", "host", "port", "sender"),
    [
        ("smtp://mail.example:2525?from=a@b.example", "mail.example", 2525, "a@b.example"),
        ("smtp://a%40b.example:pw@mail.example", "mail.example", 587, "a@b.example"),
        ("smtps://u:p@mail.example?from=a@b.example", "mail.example", 465, "a@b.example"),
        ("smtp://localhost", "localhost", 25, ""),
    ],
)
def test_the_address_of_the_server_says_who_sends(url, host, port, sender):
    server = Server.named(Surroundings("x", "https://x", smtp_url=url))
    assert server is not None
    assert (server.host, server.port, server.sender) == (host, port, sender)


def test_the_setting_of_the_company_wins_over_the_address():
    house = Surroundings("x", "https://x", smtp_url="smtp://h?from=a@b.cc", mail_from="c@d.ee")
    server = Server.named(house)
    assert server is not None
    assert (server.sender, server.bounces_to) == ("c@d.ee", "c@d.ee")


def dsn(status="5.1.1", action="failed", *, returned=True):
    """A delivery status as Postfix writes it (RFC 3464, appendix E)."""
    tail = (
        f"--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: shop@shop.example\r\n"
        f"X-Huitou-Message: {REF}\r\nMessage-ID: <{REF}@shop.example>\r\nSubject: x\r\n\r\nbody\r\n"
    )
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: back@shop.example\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n'
        "MIME-Version: 1.0\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; Chen@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} <chen@example.com> unknown\r\n\r\n"
        f"{tail if returned else ''}--B--\r\n"
    ).encode()


def complaint():
    """A feedback report as RFC 5965, appendix B.1."""
    return (
        "From: fbl@mx.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n\r\n"
        "--B\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: FBL/1.0\r\nVersion: 1\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{REF}@shop.example>\r\n\r\n"
        "--B--\r\n"
    ).encode()


def reported(raw):
    return list(bounces.of_mail(message_from_bytes(raw, policy=default), number=1))


@pytest.mark.parametrize(
    ("status", "action", "outcome"),
    [
        ("5.1.1", "failed", "bounced"),
        ("5.2.1", "failed", "bounced"),
        ("5.2.2", "failed", "failed"),
        ("5.7.1", "failed", "failed"),
        ("4.4.7", "failed", "failed"),
        ("4.4.1", "delayed", None),
        ("2.0.0", "delivered", None),
    ],
)
def test_only_what_failed_for_good_buries_an_address(status, action, outcome):
    found = reported(dsn(status, action))
    assert [one.outcome for one in found] == ([] if outcome is None else [outcome])
    for one in found:
        assert (one.ref, one.address, one.detail) == (REF, "chen@example.com", status)


def test_without_the_returned_mail_the_address_is_what_is_known():
    (one,) = reported(dsn(returned=False))
    assert (one.ref, one.address) == ("", "chen@example.com")


def test_a_complaint_is_a_wish_to_hear_no_more():
    (one,) = reported(complaint())
    assert (one.outcome, one.ref) == ("unsubscribed", REF)


def test_an_ordinary_mail_says_nothing():
    assert reported(b"From: chen@example.com\r\nSubject: hi\r\n\r\nThanks!\r\n") == []


def test_a_mailbox_a_folder_and_a_single_mail_are_read(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    box.add(dsn())
    box.add(complaint())
    box.close()
    (tmp_path / "one.eml").write_bytes(dsn())
    maildir = mailbox.Maildir(tmp_path / "dir")
    maildir.add(dsn())
    maildir.close()
    for name, count in (("box", 2), ("one.eml", 1), ("dir", 1)):
        assert len(list(bounces.reports(tmp_path / name))) == count


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"phone,status\n138,ok\n"])
def test_what_is_no_mailbox_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(errors.NotMail):
        list(bounces.reports(tmp_path / "x"))


class TestReportsOfMail(ReportingContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def reader(self):
        from huitou.connectors.smtp import Smtp

        return Smtp(HOUSE)

    def files(self):
        (self.folder / "one.eml").write_bytes(dsn())
        (self.folder / "two.eml").write_bytes(complaint())
        return [(self.folder / "one.eml", 1), (self.folder / "two.eml", 1)]
