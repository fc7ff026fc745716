"""Signing in with a code and joining: once, in time, by the owner of the address only."""

import re
import threading
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection, connections

from huitou.customers import errors, queries, services
from huitou.customers.types import NewcomerIn, Statement
from huitou.flows import joining
from huitou.flows.joining import Joining
from huitou.platform.models import Fact, Message
from huitou.programmes import queries as programmes
from huitou.programmes import services as programme_services
from huitou.programmes.types import Rules
from huitou.staff import services as staff
from huitou.staff.types import CompanyIn
from tests.services.mail_server import mail_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
MAIL = "yinuo@example.com"
OFFERS = Statement("email", "marketing", "given", "Portal, joining: Offers and news by e-mail")


@pytest.fixture
def shop(db):
    """A café with a programme."""
    about = CompanyIn("山野咖啡", "Asia/Shanghai", "CNY", "cafe")
    staff.found_company(company=about, store="人民广场店", actor="cli", now=NOW)
    programme_services.start(
        name="山野会员",
        rules=Rules(points_per_major=Fraction(1)),
        valid_from=NOW.date(),
        actor="cli",
        now=NOW,
    )


def ask(email=MAIL, *, now=NOW, address="10.0.0.1"):
    return services.issue_code(email=email, address=address, now=now)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_lets_in_once(shop):
    code = ask()
    assert services.check_code(email=" YiNuo@Example.com ", code=code, now=NOW) == MAIL
    with pytest.raises(errors.CodeOver):
        services.check_code(email=MAIL, code=code, now=NOW)


def test_five_wrong_tries_use_a_code_up_and_are_counted_for_good(shop):
    code = ask()
    for left in (4, 3, 2, 1):
        with pytest.raises(errors.CodeWrong) as refused:
            services.check_code(email=MAIL, code=wrong(code), now=NOW)
        assert refused.value.facts == {"left": left}
    for digits in (wrong(code), code):
        with pytest.raises(errors.CodeOver):
            services.check_code(email=MAIL, code=digits, now=NOW)


def test_a_newer_code_makes_the_older_one_worthless(shop):
    first = ask()
    second = ask(now=NOW + timedelta(minutes=1))
    if first != second:
        with pytest.raises(errors.CodeWrong):
            services.check_code(email=MAIL, code=first, now=NOW + timedelta(minutes=2))
    services.check_code(email=MAIL, code=second, now=NOW + timedelta(minutes=2))


def test_a_code_of_one_address_opens_no_other(shop):
    code = ask()
    with pytest.raises(errors.CodeOver):
        services.check_code(email="other@example.com", code=code, now=NOW)


def test_too_many_codes_have_to_wait_an_hour(shop):
    for n in range(5):
        ask(now=NOW + timedelta(minutes=n))
    with pytest.raises(errors.CodesLimited):
        ask(now=NOW + timedelta(minutes=6))
    ask(now=NOW + timedelta(minutes=61))


def test_one_network_address_cannot_ask_for_everybody(shop):
    for n in range(30):
        ask(f"m{n}@example.com")
    with pytest.raises(errors.CodesLimited):
        ask("one.more@example.com")
    ask("one.more@example.com", address="10.0.0.2")


def test_neither_code_nor_address_is_kept_as_it_is(shop):
    code = ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(c)::text FROM customers_signincode c")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert code not in kept
    assert "yinuo" not in kept
    assert "10.0.0.1" not in kept


def test_a_session_ends_by_itself_and_by_hand(shop):
    customer_id = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=NOW)
    token = services.open_session(customer_id=customer_id, now=NOW)
    other = services.open_session(customer_id=customer_id, now=NOW)
    found = queries.member_of_session(token, now=NOW)
    assert found is not None
    assert (found.customer_id, found.name) == (customer_id, "陈一诺")
    assert queries.member_of_session(token, now=NOW + timedelta(days=90)) is None
    services.close_session(token=token)
    assert queries.member_of_session(token, now=NOW) is None
    assert queries.member_of_session(other, now=NOW) is not None
    assert services.close_sessions(customer_id=customer_id) == 1


def test_the_letter_with_the_code_is_secret_and_soon_pointless(shop):
    joining.send_code(email=MAIL, address="10.0.0.1", language="en", now=NOW)
    letter = Message.objects.get()
    assert letter.address == MAIL
    assert letter.purpose == "service"
    assert letter.is_secret
    assert letter.not_after == NOW + timedelta(minutes=10)
    assert "is your code for 山野咖啡" in letter.subject


def test_the_code_arrives_by_mail_at_once_and_opens_the_door(shop, settings):
    known = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=NOW)
    programme_services.join(customer_id=known, source="till", actor="user:1", now=NOW)
    with mail_server() as (server, url):
        settings.SMTP_URL = url
        joining.send_code(email=MAIL, address="10.0.0.1", language="zh-hans", now=NOW)
    (mail,) = server.taken
    assert server.receivers == [MAIL]
    found = re.search(r"您的验证码是 (\d{6})", mail.get_content())
    assert found
    entered = joining.enter(email=MAIL, code=found.group(1), now=NOW + timedelta(minutes=2))
    assert queries.member_of_session(entered.token, now=NOW).customer_id == known
    letter = Message.objects.get()
    assert letter.state == "sent"
    assert found.group(1) not in letter.subject + letter.text


def test_who_is_new_joins_with_a_card_and_a_proof_of_consent(shop):
    code = ask()
    entered = joining.enter(email=MAIL, code=code, now=NOW)
    assert (entered.email, entered.customer_id, entered.token) == (MAIL, None, "")
    joined = joining.join(Joining(MAIL, "陈一诺", "13800001234", [OFFERS]), now=NOW)
    member = programmes.member(joined.customer_id)
    assert member is not None
    assert member.card_number.startswith("H")
    assert member.source == "portal"
    (said,) = queries.consents(joined.customer_id)
    assert (said.channel, said.purpose, said.state) == ("email", "marketing", "given")
    assert "Offers and news by e-mail" in said.evidence
    assert queries.member_of_session(joined.token, now=NOW).customer_id == joined.customer_id


def test_joining_twice_makes_one_member(shop):
    first = joining.join(Joining(MAIL, "陈一诺"), now=NOW)
    again = joining.join(Joining(MAIL, "陈一诺"), now=NOW + timedelta(minutes=1))
    assert first.customer_id == again.customer_id
    assert len(queries.by_email(MAIL)) == 1


def test_who_bought_before_keeps_their_history_and_their_name(shop):
    known = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=NOW)
    joined = joining.join(Joining(MAIL, "somebody else", "13800001234"), now=NOW)
    assert joined.customer_id == known
    contact = queries.contact(known)
    assert contact.phone == "+8613800001234"
    assert queries.member_of_session(joined.token, now=NOW).name == "陈一诺"


def test_of_several_with_one_address_the_member_is_meant(shop):
    services.welcome(newcomer=NewcomerIn("妈妈", MAIL), now=NOW)
    second = services.welcome(newcomer=NewcomerIn("女儿", MAIL), now=NOW + timedelta(days=1))
    programme_services.join(customer_id=second, source="till", actor="user:1", now=NOW)
    entered = joining.enter(email=MAIL, code=ask(), now=NOW)
    assert entered.customer_id == second
    assert entered.token


def test_a_refused_joining_leaves_no_trace(shop):
    with pytest.raises(errors.PhoneInvalid):
        joining.join(Joining(MAIL, "陈一诺", "12"), now=NOW)
    assert queries.by_email(MAIL) == []


def test_consent_is_added_never_changed_and_the_same_word_is_said_once(shop):
    customer_id = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=NOW)
    no = Statement("email", "marketing", "withdrawn", "Portal")

    def say(statement, minutes):
        at = NOW + timedelta(minutes=minutes)
        return services.state_consents(customer_id=customer_id, statements=[statement], now=at)

    assert [say(OFFERS, 0), say(OFFERS, 1), say(no, 2), say(OFFERS, 3)] == [1, 0, 1, 1]
    states = [row.state for row in queries.consent_history(customer_id)]
    assert states == ["given", "withdrawn", "given"]
    assert Fact.objects.filter(name="customers.consent_stated").count() == 3


def test_consent_without_proof_is_a_mistake_of_the_program(shop):
    customer_id = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=NOW)
    bare = Statement("email", "marketing", "given")
    with pytest.raises(ValueError, match="evidence"):
        services.state_consents(customer_id=customer_id, statements=[bare], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_with_one_code_let_one_in(shop):
    code = ask()
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def enter():
        try:
            start.wait()
            services.check_code(email=MAIL, code=code, now=NOW)
            outcomes.append("in")
        except errors.CodeOver:
            outcomes.append("over")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] + ["over"] * 7


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_no_more_codes_than_one_after_the_other(shop):
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def asks():
        try:
            start.wait()
            ask()
            outcomes.append("sent")
        except errors.CodesLimited:
            outcomes.append("limited")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=asks) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["limited"] * 3 + ["sent"] * 5
