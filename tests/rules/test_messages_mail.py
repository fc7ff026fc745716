"""E-mails as they go out."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest

from huitou.connectors.smtp.mail import composed, wire_address
from huitou.connectors.smtp.server import Server
from huitou.platform.messages.types import Surroundings
from huitou.testing.channels import AT, message

HOUSE = Surroundings("山野咖啡", "https://shop.example", signature="山野咖啡", mark_key="key")
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
    assert sent["Message-ID"] == f"<{HOUSE.mark(REF)}@shop.example>"
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


def test_the_way_back_and_the_id_of_a_mail_prove_which_mail_it_was():
    server = Server.named(replace(HOUSE, smtp_url="smtp://h?from=a@b.cc&bounces=back%2B*@b.cc"))
    assert server is not None
    mark = HOUSE.mark(REF)
    assert server.return_path(mark) == f"back+{mark}@b.cc"
    assert len(server.return_path(mark).partition("@")[0]) <= 64  # RFC 5321, section 4.5.3.1.1
    assert HOUSE.marked(server.return_path(mark).upper()) == [REF], "servers change letters"


def test_a_mark_of_another_house_or_a_guessed_one_proves_nothing():
    mark = HOUSE.mark(REF)
    other = replace(HOUSE, mark_key="another")
    assert other.marked(mark) == []
    assert HOUSE.marked(mark[:-1] + ("a" if mark[-1] != "a" else "b")) == []
    assert HOUSE.marked("x" + mark) == []
    assert HOUSE.marked(f"<{mark}@shop.example> {REF}") == [REF]


def test_answers_go_where_the_address_of_the_server_says():
    one = message(1, channel="email", address="chen@example.com", purpose="service")
    made = composed(one, HOUSE, sender="a@b.cc", to="chen@example.com", reply_to="help@b.cc")
    assert made["Reply-To"] == "help@b.cc"
