"""Mails that came back, complaints, automatic answers and letters are told apart."""

import mailbox

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitou.connectors.imap import mailbox as imap_mailbox
from huitou.connectors.imap import server as imap_server
from huitou.connectors.smtp import Smtp, errors, mailfiles, statuses
from huitou.connectors.smtp.incoming import understood
from huitou.platform.messages.types import Surroundings
from huitou.settings import env
from huitou.testing.channels import ReportingContract
from tests.rules import returned_mails as samples
from tests.rules.returned_mails import complaint, dsn, letter, marked, told_in_words

HOUSE = Surroundings("山野咖啡", "https://shop.example", mark_key="key")
REF = "msg_01K9ZQ3S9Q7ZH4K001"
OURS = HOUSE.mark(REF)


def told(raw):
    """Outcome, message and code of each report in the mail."""
    return [(one.outcome, one.ref, one.detail) for one in understood(raw, HOUSE).reports]


def test_the_examples_of_the_standard_are_understood():
    assert told(marked(samples.RFC_3464_SIMPLE, OURS)) == [("later", REF, "4.0.0")]
    assert told(marked(samples.RFC_3464_THREE, OURS)) == [
        ("bounced", REF, "5.0.0"),
        ("bounced", REF, "5.0.0"),
    ]
    assert told(marked(samples.RFC_5965, OURS)) == [("complained", REF, "complaint")]
    assert told(marked(samples.QMAIL, OURS)) == [("bounced", REF, "")]


def test_a_delay_says_nothing_yet():
    delayed = understood(marked(samples.RFC_3464_DELAYED, OURS), HOUSE)
    assert (delayed.kind, delayed.reports) == ("automatic", ())


@pytest.mark.parametrize(
    ("status", "action", "outcome"),
    [
        ("5.1.1", "failed", "bounced"),
        ("5.1.10", "failed", "bounced"),
        ("5.2.1", "failed", "bounced"),
        ("5.2.2", "failed", "later"),
        ("4.4.7", "failed", "later"),
        ("5.7.1", "failed", "failed"),
        ("5.1.8", "failed", "failed"),
        ("4.4.1", "delayed", None),
        ("2.0.0", "delivered", None),
    ],
)
def test_only_what_failed_for_good_buries_an_address(status, action, outcome):
    # RFC 3463: x.1.8 is a bad address of the sender, x.2.2 a full box, x.7.1 a policy.
    assert told(dsn(OURS, status, action)) == ([(outcome, REF, status)] if outcome else [])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        # As the help pages of the providers list them.
        ("550 User not found: chen@163.com", "bounced"),
        ("550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?id=20022", "bounced"),
        ("550 Invalid User", "bounced"),
        ("559 Invalid rcptto [@sm080102]", "bounced"),
        ("550 RP:TRC user not exist", "failed"),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "bounced"),
        ("554 5.7.1 The message from (<a@b.cc>) was rejected by spam filter", "failed"),
        ("524 Host not found by dns resolve", "bounced"),
        ("423 Dns resolve error: host not found", "later"),
        ("该用户不存在", "bounced"),
        ("收件人空间不足", "later"),
        ("552 Quota exceed the hard limit for user chen@21cn.com", "later"),
        ("552 mailbox is full", "later"),
        ("550 user is locked", "later"),
        ("552 Daily sending quota exceeded", "failed"),
        ("554 DT:SPM 163 smtp6, please see http://mail.163.com/help", "failed"),
        ("550 MI:SPF 163 smtp", "failed"),
        ("550 Mail content denied. http://service.mail.qq.com/", "failed"),
        ("550 Connection frequency limited", "failed"),
        ("451 4.7.1 greylisted, try again later", "later"),
        ("550 something nobody ever heard of", "later"),
        ("", "later"),
    ],
)
def test_words_are_weighed_where_no_code_says_enough(words, outcome):
    assert statuses.weighed("", words).outcome == outcome
    assert statuses.weighed("5.0.0" if words.startswith("5") else "", words).outcome == outcome


def test_an_address_in_the_words_is_not_taken_for_a_reason():
    assert statuses.weighed("", "550 <spam-blocked@policy.example> user unknown").outcome == (
        "bounced"
    )


@given(st.text(max_size=80), st.text(max_size=12))
def test_whatever_a_server_says_is_weighed_and_no_address_is_kept(words, status):
    said = statuses.weighed(status, words)
    assert said.outcome in {"bounced", "later", "failed"}
    assert "@" not in said.detail
    assert len(said.detail) <= 11


@pytest.mark.parametrize(
    ("sender", "subject", "words", "expected"),
    [
        pytest.param(
            "postmaster@qq.com", "系统退信",
            "您的邮件被退回。\n收件人：1234567@qq.com\n退信原因：550 Mailbox not found",
            [("bounced", REF, "550")], id="QQ",
        ),
        pytest.param(
            "Postmaster@163.com", "系统退信/Systems bounce",
            "抱歉，您的邮件被退回来了……\n550 User suspended",
            [("later", REF, "550")], id="163",
        ),
        pytest.param(
            "postmaster@aliyun.com", "邮件投递失败 Mail delivery failed",
            "收件人地址无效 559 Invalid rcptto", [("bounced", REF, "559")], id="Alibaba",
        ),
        pytest.param(
            "MAILER-DAEMON@mx.example", "Warning: could not send message for past 4 hours",
            "4.4.1 connection timed out, delivery delayed", [], id="only late",
        ),
    ],
)  # fmt: skip
def test_mails_that_say_it_in_words_are_understood(sender, subject, words, expected):
    assert told(told_in_words(OURS, words, sender=sender, subject=subject)) == expected


def test_what_stands_in_our_own_words_is_no_reason():
    raw = told_in_words(OURS, "Sorry.", sender="postmaster@x.example", subject="Undeliverable")
    assert told(raw) == [("later", REF, "")], "the returned mail holds “550 user unknown”"


def test_a_report_that_proves_no_message_names_none():
    (one,) = understood(dsn(OURS, returned=False), HOUSE).reports
    assert (one.ref, one.address) == ("", "chen@example.com")
    (forged,) = understood(dsn(REF.lower().removeprefix("msg_")), HOUSE).reports
    assert forged.ref == "", "the id of a message is no secret; its mark is"


def test_the_return_path_alone_proves_the_message():
    raw = dsn(OURS, returned=False).replace(b"back@shop", f"back+{OURS}@shop".encode())
    assert told(raw) == [("bounced", REF, "5.1.1")]


@pytest.mark.parametrize(
    "extra",
    [
        "Auto-Submitted: auto-replied",  # RFC 3834, section 5
        "Auto-Submitted: auto-generated; x=1",
        "Precedence: bulk",
        "List-Id: <news.example.com>",
        "Return-Path: <>",
    ],
)
def test_what_nobody_wrote_is_no_letter(extra):
    assert understood(letter("我在休假。", extra=extra), HOUSE).kind == "automatic"


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("chen@qq.com", "自动回复：新茶到了"),
        ("chen@example.com", "Out of office: until Monday"),
        ("noreply@bank.example", "Your statement"),
        ("MAILER-DAEMON@x.example", "hello"),
    ],
)
def test_answers_of_programs_are_known_by_sender_and_subject(sender, subject):
    assert understood(letter("x", sender=sender, subject=subject), HOUSE).kind == "automatic"


def test_a_receipt_of_reading_is_no_letter():
    raw = letter("read").replace(
        b"Content-Type: text/plain",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B\r\nX: ",
    )
    assert understood(raw, HOUSE).kind == "automatic"


def test_a_letter_is_what_its_writer_wrote():
    text = "杯子漏了，怎么办？\n\n-- \n陈一诺\n\n在 2026年6月30日，山野咖啡写道：\n> 新茶到了\n"
    found = understood(letter(text, answers=OURS, extra="Auto-Submitted: no"), HOUSE)
    assert (found.kind, found.sender, found.sender_name) == (
        "letter", "chen@example.com", "陈一诺"
    )  # fmt: skip
    assert (found.text, found.refs, found.subject) == ("杯子漏了，怎么办？", (REF,), "订单")
    assert found.message_id == "<letter-1@example.com>"


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, Jun 30, 2026 at 9:00 AM Shop <shop@shop.example> wrote:\n> hi",
        "------------------ 原始邮件 ------------------\n发件人: 山野咖啡",
        "-----Original Message-----\nFrom: Shop",
        "________________________________\nFrom: Shop <shop@shop.example>",
        "发件人：山野咖啡 <shop@shop.example>\n发送时间：2026年6月30日",
    ],
)
def test_the_letter_it_answers_is_left_out(quoted):
    assert understood(letter(f"收到，谢谢。\n\n{quoted}\n"), HOUSE).text == "收到，谢谢。"


def test_a_letter_in_html_is_read_without_its_markup():
    raw = (
        letter("x")
        .replace(b"text/plain", b"text/html")
        .replace(b"\nx\n", b"\n<style>p{}</style><p>Hello<br>there</p><script>1</script>\n")
    )
    assert understood(raw, HOUSE).text == "Hello\nthere"


def test_a_letter_in_chinese_letters_of_old_is_read():
    raw = (
        letter("x")
        .replace(b'charset="utf-8"', b'charset="gb2312"')
        .replace(b"\nx\n", "\n杯子漏了\n".encode("gb18030"))
    )
    assert understood(raw, HOUSE).text == "杯子漏了"


@given(st.binary(max_size=400))
def test_no_mail_makes_the_reader_stumble(raw):
    assert understood(raw, HOUSE).kind in {"report", "automatic", "letter"}


@given(st.integers(0, 2_000), st.binary(max_size=6), st.sampled_from([dsn(OURS), complaint(OURS)]))
def test_a_broken_report_makes_nobody_stumble(place, noise, raw):
    assert understood(raw[:place] + noise + raw[place:], HOUSE).kind


def test_a_mailbox_a_folder_and_a_single_mail_are_read(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    box.add(dsn(OURS))
    box.add(letter("thanks"))
    box.add(complaint(OURS))
    box.close()
    (tmp_path / "one.eml").write_bytes(dsn(OURS))
    maildir = mailbox.Maildir(tmp_path / "dir")
    maildir.add(dsn(OURS))
    maildir.close()
    for name, count in (("box", 2), ("one.eml", 1), ("dir", 1)):
        assert len(list(mailfiles.reports(tmp_path / name, HOUSE))) == count


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"phone,status\n138,ok\n"])
def test_what_is_no_mailbox_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(errors.NotMail):
        list(mailfiles.reports(tmp_path / "x", HOUSE))


class TestReportsOfMail(ReportingContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def reader(self):
        return Smtp(HOUSE)

    def files(self):
        (self.folder / "one.eml").write_bytes(dsn(OURS))
        (self.folder / "two.eml").write_bytes(complaint(OURS))
        return [(self.folder / "one.eml", 1), (self.folder / "two.eml", 1)]


@pytest.mark.parametrize(
    ("folder", "wire"),
    [
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),  # RFC 3501, section 5.1.3
        ("R&D", '"R&-D"'),
        ('a"b', '"a\\"b"'),
    ],
)
def test_a_folder_is_named_as_mailboxes_name_it(folder, wire):
    assert imap_mailbox._quoted(folder) == wire


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "folder"),
    [
        ("imaps://a%40b.cc:p%3A%2F@mail.example", "mail.example", 993, "a@b.cc", "p:/", "INBOX"),
        ("imap://u:p@h:1143/%E9%80%80%E4%BF%A1", "h", 1143, "u", "p", "退信"),
    ],
)
def test_the_address_of_the_mailbox_says_where_it_is(url, host, port, user, password, folder):
    server = imap_server.Server.named(url)
    assert server is not None
    assert (server.host, server.port, server.user, server.password, server.folder) == (
        host, port, user, password, folder
    )  # fmt: skip
    assert password not in server.name.split("@", 1)[1]


@pytest.mark.parametrize(
    "url", ["http://u:p@h", "imaps://h/INBOX", "imaps://u@h", "imaps://u:p@", "imaps://u:p@h:x"]
)
def test_an_address_that_is_no_mailbox_stops_the_start(url):
    with pytest.raises(env.EnvironmentInvalid, match="HUITOU_IMAP_URL must be imaps://"):
        env.read({"HUITOU_HOME": "/tmp/x", "HUITOU_IMAP_URL": url})
