"""The portal: a stranger is led to the door, a member sees what is theirs and nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from huitou.customers import queries as customers
from huitou.customers import services
from huitou.customers.types import NewcomerIn
from huitou.platform.models import Message
from huitou.programmes import queries as programmes
from tests.doors import member_shop
from tests.doors.member_shop import MAIL, buy, member, signed_in, start_programme

pytestmark = pytest.mark.django_db
ARGUMENTS = {"order_id": 999_999, "public_id": "case_0", "token": "0" * 24, "key": "0" * 24}
PUBLIC = {
    "case_follow",
    "case_tell",
    "portal_answer",
    "portal_answer_thanks",
    "portal_code",
    "portal_join",
    "portal_preferences",
    "portal_rules",
    "portal_sign_in",
    "unsubscribe",
}
MOST_STATEMENTS = 12


def patterns(resolver: Any = None) -> Iterator[URLPattern]:
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        elif getattr(found.callback, "door", "") == "portal":
            yield found


def address(pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    return reverse(pattern.name or "", kwargs={name: ARGUMENTS[name] for name in wanted})


def the_code() -> str:
    found = re.search(r"\d{6}", Message.objects.latest("id").subject)
    assert found
    return found.group()


def test_only_these_pages_are_for_everyone():
    assert {one.name for one in patterns() if one.callback.access == "public"} == PUBLIC
    assert {one.callback.access for one in patterns()} == {"public", "member"}


def test_a_stranger_is_led_to_the_door(company):
    for pattern in patterns():
        if pattern.name in PUBLIC:
            continue
        answer = Client().get(address(pattern))
        assert answer.status_code == 302, pattern.name
        assert answer.headers["Location"].startswith("/m/sign-in"), pattern.name


def test_staff_are_strangers_here_and_members_at_the_console(company, signed_in):
    assert signed_in("owner").get("/m/").headers["Location"] == "/m/sign-in"
    start_programme()
    assert member().browser.get("/customers").headers["Location"].startswith("/sign-in")


def test_joining_from_an_address_to_the_card(company):
    start_programme()
    browser = Client(headers={"Accept-Language": "en"})
    asked = browser.post("/m/sign-in", {"email": "New@Example.com", "next": "/m/coupons"})
    assert asked.headers["Location"] == "/m/code"
    assert "new@example.com" in browser.get("/m/code").content.decode().lower()
    entered = browser.post("/m/code", {"code": the_code()})
    assert entered.headers["Location"] == "/m/join"
    refused = browser.post("/m/join", {"name": "Ann"})
    assert refused.status_code == 422
    assert "Joining needs your agreement" in refused.content.decode()
    said = {"name": "Ann", "has_agreed": "on", "marketing_email": "on", "marketing_sms": "on"}
    joined = browser.post("/m/join", said)
    assert joined.headers["Location"] == "/m/coupons"
    home = browser.get("/m/").content.decode()
    assert "Ann" in home
    (customer_id,) = customers.by_email("new@example.com")
    assert programmes.member(customer_id) is not None
    # No number was given, so there is nothing to agree to about SMS.
    said_to = [(row.channel, row.state) for row in customers.consents(customer_id)]
    assert said_to == [("email", "given")]


def test_who_is_known_comes_back_by_code_alone(company):
    start_programme()
    member()
    browser = Client(headers={"Accept-Language": "en"})
    browser.post("/m/sign-in", {"email": MAIL})
    assert browser.post("/m/code", {"code": "abc"}).status_code == 422
    entered = browser.post("/m/code", {"code": the_code()})
    assert entered.headers["Location"] == "/m/"
    assert browser.get("/m/").status_code == 200
    assert browser.get("/m/sign-in").headers["Location"] == "/m/"
    browser.post("/m/sign-out")
    assert browser.get("/m/").status_code == 302


def test_the_same_is_said_to_who_is_known_and_who_is_not(company):
    start_programme()
    member()
    answers = []
    for email in (MAIL, "nobody@example.com"):
        browser = Client(headers={"Accept-Language": "en"})
        asked = browser.post("/m/sign-in", {"email": email})
        shown = browser.get("/m/code").content.decode().replace(email, "")
        shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)
        answers.append((asked.status_code, asked.headers["Location"], shown))
    assert answers[0] == answers[1]


def test_joining_needs_a_proven_address(company):
    assert Client().get("/m/join").headers["Location"] == "/m/sign-in"
    browser = Client()
    browser.post("/m/sign-in", {"email": MAIL})
    assert browser.get("/m/join").headers["Location"] == "/m/sign-in"
    browser.cookies["huitou_joining"] = "forged:cookie"
    assert browser.get("/m/join").headers["Location"] == "/m/sign-in"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_the_way_back_never_leads_elsewhere(company, elsewhere):
    start_programme()
    known = member()
    assert known.browser.get("/m/sign-in", {"next": elsewhere}).headers["Location"] == "/m/"
    moved = known.browser.post("/m/preferences", {"next": elsewhere, "theme": "dark"})
    assert moved.headers["Location"] == "/m/"


def test_every_page_of_a_member_answers_within_twelve_statements(
    company, django_assert_max_num_queries
):
    start_programme()
    known = member()
    receipt = buy(known, 4_800, key="a" * 32)
    buy(known, 12_000, key="b" * 32)
    pages = ["", "points", "card", "card.svg", "coupons", "orders", "me", "about", "privacy"]
    pages += ["rules", "cases", "privacy/forget", f"orders/{receipt.order_id}"]
    for page in pages:
        with django_assert_max_num_queries(MOST_STATEMENTS):
            answer = known.browser.get(f"/m/{page}")
        assert answer.status_code == 200, page


def test_points_are_shown_with_their_reason(company):
    start_programme()
    known = member()
    buy(known, 4_860, key="a" * 32)
    buy(known, 12_000, key="b" * 32)
    page = known.browser.get("/m/points").content.decode()
    assert "Purchase of ¥48.60" in page
    assert "¥48.60 × 1 points, rounded down" in page
    assert "+48" in page
    home = known.browser.get("/m/").content.decode()
    assert "Gold" in home  # 168 qualifying points reach the tier of 100


def test_the_code_of_the_card_is_a_drawing_for_its_owner_only(company):
    start_programme()
    known = member()
    drawing = known.browser.get("/m/card.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawing.content
    assert drawing.headers["Cache-Control"] == "no-store, private"
    spaced = f"{known.card_number[:4]} {known.card_number[4:8]} {known.card_number[8:]}"
    assert spaced in known.browser.get("/m/card").content.decode()


def test_a_coupon_shows_its_code_and_what_it_takes_off(company):
    start_programme()
    known = member()
    page = known.browser.get("/m/coupons").content.decode()
    assert f"{known.coupon[:4]} {known.coupon[4:8]} {known.coupon[8:]}" in page
    assert "from ¥20.00" in page


def test_another_member_order_is_not_there(company):
    start_programme()
    receipt = buy(member(), 4_800, key="a" * 32)
    other = services.welcome(newcomer=NewcomerIn("别人", "o@example.com"), now=timezone.now())
    stranger = signed_in(other)
    for order_id in (receipt.order_id, 10**30):
        assert stranger.get(f"/m/orders/{order_id}").status_code == 404
    assert "48.00" not in stranger.get("/m/orders").content.decode()
    beyond = {"after": "0001-01-01T00:00:00+23:59~1"}
    assert stranger.get("/m/orders", beyond).status_code == 200


def test_consent_is_given_and_withdrawn_with_the_words_that_were_read(company):
    start_programme()
    known = member(language="zh")
    known.browser.post("/m/privacy", {"marketing_email": "on"})
    known.browser.post("/m/privacy", {})
    history = customers.consent_history(known.customer_id)
    # Surveys may be sent as long as nobody says no: saying nothing twice says no.
    said = [(row.channel, row.purpose, row.state) for row in history]
    assert ("email", "marketing", "given") in said
    assert said[-1][2] == "withdrawn"
    assert any(row.evidence == "会员端 · 同意与隐私: 邮件：优惠与新品" for row in history)
    now_said = {
        (row.channel, row.purpose): row.state for row in customers.consents(known.customer_id)
    }
    assert now_said[("email", "marketing")] == "withdrawn"


def test_one_press_stops_everything_and_can_be_taken_back(company):
    start_programme()
    known = member()
    known.browser.post("/m/privacy/stop", {"stop": "1"})
    assert customers.is_not_to_be_contacted(known.customer_id)
    assert "We write nothing to you" in known.browser.get("/m/privacy").content.decode()
    known.browser.post("/m/privacy/stop", {"allow": "1"})
    assert not customers.is_not_to_be_contacted(known.customer_id)


def test_the_file_to_take_along_holds_what_is_kept(company):
    start_programme()
    known = member()
    buy(known, 4_800, key="a" * 32)
    answer = known.browser.get("/m/privacy/data")
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.content)
    assert found["customer"]["email"] == MAIL
    assert found["membership"]["card_number"] == known.card_number
    assert [order["total_minor"] for order in found["orders"]] == [4_800]
    assert [row["points"] for row in found["points"]] == [48]
    assert found["coupons"][0]["code"] == known.coupon
    parts = {"answers", "attitudes", "campaigns", "cases", "consents", "estimates", "invitations"}
    assert parts | {"messages", "tier_changes"} <= set(found)


def test_the_wish_to_be_forgotten_becomes_a_case_once_a_day(company):
    start_programme()
    known = member()
    first = known.browser.post("/m/privacy/forget")
    again = known.browser.post("/m/privacy/forget")
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["Location"].startswith("/m/cases/")


def test_a_name_and_a_number_are_put_right(company):
    start_programme()
    known = member()
    refused = known.browser.post("/m/about", {"name": "陈一诺", "phone": "12"})
    assert refused.status_code == 422
    known.browser.post("/m/about", {"name": "陈 一诺", "phone": "139 0000 5678"})
    contact = customers.contact(known.customer_id)
    assert contact is not None
    assert contact.phone == "+8613900005678"


def test_language_and_theme_are_the_readers_choice(company):
    browser = Client(headers={"Accept-Language": "en"})
    assert "Join or sign in" in browser.get("/m/sign-in").content.decode()
    browser.post("/m/preferences", {"language": "zh-hans", "next": "/m/sign-in"})
    page = browser.get("/m/sign-in")
    assert "入会或登录" in page.content.decode()
    assert page.headers["Content-Language"] == "zh-Hans"
    browser.post("/m/preferences", {"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/m/sign-in").content.decode()


def test_without_a_programme_the_portal_still_opens(company):
    customer_id = services.welcome(newcomer=NewcomerIn("陈一诺", MAIL), now=timezone.now())
    browser = member_shop.signed_in(customer_id)
    for page in ("", "points", "card", "coupons", "orders", "me", "privacy", "rules"):
        assert browser.get(f"/m/{page}").status_code == 200, page
    assert browser.get("/m/card.svg").status_code == 404


@pytest.mark.parametrize("address", ["/m/nothing", "/m/orders/x", "/a/nobody-asked", "/c/nothing"])
def test_an_address_that_leads_nowhere_is_answered_in_the_shops_colours(company, address):
    answer = Client(headers={"Accept-Language": "en"}).get(address)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'data-app="portal"' in page
    assert "To the home page" in page


def test_a_form_that_is_too_old_says_so_in_the_shops_colours(company):
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    answer = browser.post("/m/sign-in", {"email": MAIL})
    assert answer.status_code == 403
    assert 'data-app="portal"' in answer.content.decode()
    assert Message.objects.count() == 0
